"""Bell times of a school and its ways to the schools it works with."""

from flask import request
from flask_babel import gettext as _

from portal.actions import school_times as actions
from portal.actions.errors import Refused
from portal.auth import actor, now, requires, today
from portal.blueprints.visiting import bp
from portal.domain.timetable import format_clock, parse_clock
from portal.extensions import db
from portal.forms import as_whole, clean_line, spoken
from portal.queries import schools, timetable, visiting
from portal.web import commit, go, render

PERIODS = range(1, 13)


@bp.route("/schools/<uuid:school_id>/bells", methods=["GET", "POST"])
@requires("school.edit", schools.by_id)
def bells(school):
    """The periods of a school with their clock times; lessons follow them from tomorrow on."""
    problems, typed = {}, _typed_bells() if request.method == "POST" else _known_bells(school)
    if request.method == "POST":
        rows = _read_bells(typed, problems)
        moved = (
            None
            if problems
            else _try(problems, lambda: actions.set_bells(actor(), school, rows, now=now(), seen=_seen()))
        )
        if not problems:
            commit()
            words = _("作息时间已保存")
            words += _("，%(count)s 节课的时间跟着改", count=moved) if moved else ""
            return go("visiting.bells", words, school_id=school.id)
    return render(
        "visiting/bells.html",
        school=school,
        periods=PERIODS,
        typed=typed,
        problems=problems,
        mark=visiting.times_mark(_bells(school)),
        status=422 if problems else None,
    )


def _seen() -> str | None:
    """The mark of what stood when the page was made."""
    return request.form.get("seen")


def _bells(school) -> dict:
    return visiting.bells_of(school.district_id, [school.id]).get(school.id, {})


def _known_bells(school) -> dict:
    found = _bells(school)
    return {
        f"{side}-{number}": format_clock(times[place])
        for number, times in found.items()
        for place, side in enumerate(("starts", "ends"))
    }


def _typed_bells() -> dict:
    names = (f"{side}-{number}" for number in PERIODS for side in ("starts", "ends"))
    return {name: clean_line(request.form.get(name, ""))[:40] for name in names}


def _read_bells(typed: dict, problems: dict) -> list[tuple[int, int, int]]:
    rows = []
    for number in PERIODS:
        names = f"starts-{number}", f"ends-{number}"
        if not any(typed[name] for name in names):
            continue
        times = []
        for name in names:
            try:
                times.append(parse_clock(typed[name]))
            except ValueError:
                problems[name] = _("时间写成 8:30 的样子")
        if len(times) == 2:
            rows.append((number, *times))
    return rows


@bp.route("/schools/<uuid:school_id>/ways", methods=["GET", "POST"])
@requires("school.edit", schools.by_id)
def ways(school):
    """Minutes on the road to the schools of the same clusters, and back."""
    others, problems = timetable.neighbours(school, today()), {}
    there, back = visiting.ways_of(school)
    typed = {f"to-{o.id}": there.get(o.id, "") for o in others}
    typed |= {f"from-{o.id}": back.get(o.id, "") for o in others}
    if request.method == "POST":
        typed = {name: clean_line(request.form.get(name, ""))[:40] for name in typed}
        minutes = {name: _minutes(name, text, problems) for name, text in typed.items()}
        if not problems:
            to = {o.id: minutes[f"to-{o.id}"] for o in others}
            fro = {o.id: minutes[f"from-{o.id}"] for o in others}
            _try(problems, lambda: actions.set_ways(actor(), school, to, fro, seen=_seen()))
        if not problems:
            commit()
            return go("visiting.ways", _("路程已保存"), school_id=school.id)
    return render(
        "visiting/ways.html",
        school=school,
        others=others,
        typed=typed,
        problems=problems,
        mark=visiting.times_mark(visiting.ways_of(school)),
        status=422 if problems else None,
    )


def _minutes(name: str, text: str, problems: dict) -> int | None:
    if not text:
        return None
    minutes = as_whole(text)
    if minutes is None or minutes > 600:
        problems[name] = _("分钟写成 0 到 600 之间的整数")
        return None
    return minutes


def _try(problems: dict, act):
    """Run an action; a refusal goes beside its field and nothing is kept."""
    try:
        return act()
    except Refused as refused:
        db.session.rollback()
        problems[refused.field] = _(refused.message, **spoken(refused.words))
        return None
