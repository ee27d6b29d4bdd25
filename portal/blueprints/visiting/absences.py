"""Absences: the list, entering one on the phone, its page with the lessons and what can be done."""

from datetime import date

from flask import request
from flask_babel import gettext as _

from portal import formats, labels
from portal.actions import absence_cover
from portal.actions import absences as actions
from portal.auth import actor, can, now, requires, today
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.forms_absences import AbsenceForm, sentence, slot_words
from portal.documents.tables import table_workbook
from portal.forms import as_uuid, clean_line
from portal.queries import absences, pairing, people, substitutes, visiting
from portal.web import commit, go, history_of, read_step, render, saved, send_workbook

# How many suggestions a lesson shows before its own page.
FIRST = 2


def _filters() -> dict:
    asked = request.args
    return {
        "state": asked.get("state", "")[:16],
        "school_id": as_uuid(asked.get("school")),
        "name": clean_line(asked.get("name", ""))[:60],
        "first": _day(asked.get("first")),
        "last": _day(asked.get("last")),
    }


def _day(text) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


@bp.get("/absences/")
@requires("absence.list")
def absence_list():
    """Who is away, with what is left to arrange; filters stand in the address."""
    who = actor()
    page = absences.absence_page(who, today(), cursor=request.args.get("at"), **_filters())
    return render(
        "visiting/absences.html",
        fragments=("absence_rows",),
        page=page,
        counts=absences.counts_of(page.rows, who, today()),
        asked=request.args,
        times=times_words,
        today=today(),
        schools=pairing.schools_in_sight(who) if who.manages_schools or who.directed_schools else [],
        asks=len(absences.asks_of(who, today())[0]),
        waiting=visiting.unconfirmed(who, today()),
    )


@bp.get("/absences.xlsx")
@requires("absence.list")
def absence_export():
    """The list as a workbook; the kind only where it is one's business."""
    who = actor()
    rows = absences.all_matching(who, today(), **_filters())
    counts = absences.counts_of(rows, who, today())
    lines = [
        [
            row.person.name,
            row.home_school.name,
            times_words(row),
            _(labels.ABSENCE_KIND[row.kind]) if can("absence.kind", row) else None,
            counts[row.id][0],
            counts[row.id][1],
            state_words(row),
        ]
        for row in rows
    ]
    columns = [_("教师"), _("学校"), _("时间"), _("请假类别"), _("走教课节数"), _("待安排节数"), _("状态")]
    title = _("请假与代课")
    return send_workbook(table_workbook(title, columns, lines), f"{title}.xlsx")


def state_words(row) -> str:
    """Away, back again, or taken back."""
    if row.state == "open" and row.last_day < today():
        return _("已结束")
    word = labels.state_word("absence", row.state)
    return _(word)


def times_words(row) -> str:
    """From when to when, in words; whole days without their halves."""
    first, last = formats.full_day(row.first_day), formats.full_day(row.last_day)
    whole = row.first_half == "am" and row.last_half == "pm"
    if row.first_day == row.last_day:
        return first if whole else f"{first} {_(labels.HALF[row.first_half])}"
    if whole:
        return f"{first} — {last}"
    return f"{first} {_(labels.HALF[row.first_half])} — {last} {_(labels.HALF[row.last_half])}"


@bp.route("/absences/new", methods=["GET", "POST"])
@requires("absence.create")
def absence_new():
    """A teacher says so, or the own school's office for a teacher."""
    form = AbsenceForm(first_day=today(), last_day=today())
    if form.validate_on_submit():
        person = _person(form)
        if person is None:
            form.add_error("person", _("没有找到这位教师，或有同名的人：请写成“姓名（学校）”"))
        else:
            made = saved(form, lambda: actions.enter(actor(), person, form.absence_values, now=now()))
            if made:
                return go("visiting.absence", _("已登记，受影响的走教课列在下面"), absence_id=made.id)
    return render("visiting/absence_form.html", form=form, absence=None, for_others=_for_others())


def _person(form):
    who = actor()
    if not _for_others() or not form.person.data:
        return people.person_by_id(who.district_id, who.person_id)
    return people.resolve_person(who, form.person.data, form.chosen_person)


def _for_others() -> bool:
    return bool(actor().manages_schools)


@bp.get("/absences/<uuid:absence_id>")
@requires("absence.view", absences.by_id)
def absence(absence):
    """One absence: its lessons, each with whom to ask, where to move it, or what became of it."""
    lines = [cover for cover in absences.covers_of(absence) if can("cover.view", cover)]
    waits = [cover for cover in lines if absences.waits(cover, today())]
    may_arrange = [cover for cover in waits if can("cover.arrange", cover)]
    looks = {each.cover.id: each for each in substitutes.outlooks(may_arrange, today())}
    return render(
        "visiting/absence.html",
        absence=absence,
        lines=lines,
        open_count=len(waits),
        looks=looks,
        asks=absences.asks_for(lines),
        first=FIRST,
        times=times_words(absence),
        slot_words=slot_words,
        sentence=sentence,
        sees_kind=can("absence.kind", absence),
        reason=absence.reason if can("absence.reason", absence) else None,
        may_edit=absence.state == "open" and can("absence.edit", absence),
        history=history_of(absence) if can("absence.kind", absence) else [],
    )


@bp.route("/absences/<uuid:absence_id>/edit", methods=["GET", "POST"])
@requires("absence.edit", absences.by_id)
def absence_edit(absence):
    """Longer, shorter, or of another kind."""
    form = AbsenceForm(absence=absence, reads_reason=can("absence.reason", absence))
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.edit(
            actor(), absence, form.absence_values, expected=form.expected_version, now=now()
        ),
        absence,
        "first_day",
        "last_day",
    ):
        return go("visiting.absence", _("已保存，课的安排跟着改"), absence_id=absence.id)
    return render("visiting/absence_form.html", form=form, absence=absence, for_others=False)


@bp.post("/absences/<uuid:absence_id>/step")
@requires("absence.view", absences.by_id)
def absence_step(absence):
    """Withdraw it: the teacher is there after all."""
    step = read_step("absence")
    actions.withdraw(actor(), absence, expected=step.expected, now=now())
    commit()
    return go("visiting.absence", _("已撤销，还没上的课恢复原来的安排"), absence_id=absence.id)


@bp.post("/absences/<uuid:absence_id>/repair")
@requires("absence.arrange", absences.by_id)
def absence_repair(absence):
    """Ask and move as the plan with the fewest moves says."""
    asked, moved, left = absence_cover.repair(actor(), absence, now=now())
    commit()
    words = _("已请 %(asked)s 节的代课教师，改期 %(moved)s 节", asked=asked, moved=moved)
    words += _("，%(left)s 节还没有办法", left=left) if left else ""
    return go("visiting.absence", words, absence_id=absence.id)
