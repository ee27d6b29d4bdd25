"""Wishes of mentors and mentees, the suggestion that is made of them, lists to bring in, and who has no pair."""

from flask import request
from flask_babel import gettext as _

from portal import labels
from portal.actions import mentoring_wishes as actions
from portal.actions.errors import Refused
from portal.auth import actor, now, requires, today
from portal.blueprints.pairing import bp
from portal.blueprints.pairing.cycle_forms import PLACES, PairListForm, SuggestionForm, WishForm, faults_words
from portal.blueprints.pairing.forms import coming_year
from portal.documents.tables import table_workbook
from portal.domain.pair_list import COLUMNS
from portal.domain.schemes import load_scheme
from portal.domain.words import N_
from portal.forms import as_whole
from portal.queries import clusters, mentoring_cycle, mentoring_wishes, people, terms
from portal.web import go, render, saved, send_workbook


@bp.route("/clusters/<uuid:cluster_id>/wishes", methods=["GET", "POST"])
@requires("mentoring.wish", clusters.cluster_by_id)
def wishes(cluster):
    """One's own wishes, as mentee or as mentor (``?side=``)."""
    side = request.values.get("side", "mentee")
    side = side if side in labels.WISH_SIDE else "mentee"
    row = mentoring_wishes.list_of(actor(), cluster, side)
    form = WishForm(obj=row)
    if row and not form.is_submitted():
        homes = mentoring_wishes.people_in(cluster, today())
        for name, choice in zip(PLACES, row.choices, strict=False):
            home = homes.get(choice.wanted_id)
            form[name].data = f"{choice.wanted.name}（{home.name}）" if home else choice.wanted.name
    if form.validate_on_submit():
        wanted = _wanted(form, cluster)
        if not form.errors and saved(
            form,
            lambda: actions.wish(
                actor(),
                cluster,
                side,
                wanted,
                capacity=form.capacity.data or 1,
                note=form.note.data,
                expected=form.expected_version,
                now=now(),
            ),
            row,
        ):
            return go("pairing.wishes", _("已保存"), cluster_id=cluster.id, side=side)
    return render("pairing/wishes.html", form=form, cluster=cluster, side=side, row=row, places=PLACES)


def _wanted(form, cluster) -> list:
    """The people that the names mean; names that mean nobody, or several, are errors at their fields."""
    members = [m.school_id for m in clusters.members_on(cluster, today())]
    found = []
    for name in PLACES:
        if not form[name].data:
            continue
        person = people.resolve_person(actor(), form[name].data, form.chosen(name), school_ids=members)
        if person is None:
            form.add_error(name, _("片区各校没有找到，或有同名的人：请写成“姓名（学校）”"))
        else:
            found.append(person)
    return found


@bp.route("/clusters/<uuid:cluster_id>/suggestion", methods=["GET", "POST"])
@requires("mentoring.match", clusters.cluster_by_id)
def suggestion(cluster):
    """What the wishes of both sides suggest, each line with its reason; the chosen ones are proposed."""
    first, last = coming_year(today())
    form = SuggestionForm(starts_on=max(first, today()), ends_on=last)
    if form.validate_on_submit():
        chosen = set(request.form.getlist("line")[:300])
        made = saved(
            form,
            lambda: actions.take_suggested(actor(), cluster, chosen, agreement=form.agreement, now=now()),
        )
        if made:
            return go(
                "pairing.index", _("已提出 %(count)s 对，双方会收到通知", count=made), cluster=cluster.id
            )
    found = mentoring_wishes.suggestion_for(cluster, today())
    return render("pairing/suggestion.html", form=form, cluster=cluster, found=found)


@bp.route("/clusters/<uuid:cluster_id>/mentoring/import", methods=["GET", "POST"])
@requires("mentoring.create", clusters.cluster_by_id)
def pair_list(cluster):
    """Bring in a pasted list or a workbook: looked at first, then proposed."""
    first, last = coming_year(today())
    form = PairListForm(starts_on=max(first, today()), ends_on=last)
    lines = None
    if form.validate_on_submit():
        lines = saved(form, lambda: _read(form, cluster)) or None
        if lines and "confirm" in request.form:
            made = saved(
                form, lambda: actions.bring_in(actor(), cluster, form.text.data, now=now(), **_rest(form))
            )
            if made:
                words = _("已提出 %(count)s 对，双方会收到通知", count=made)
                return go("pairing.index", words, cluster=cluster.id)
    return render("pairing/pair_list.html", form=form, cluster=cluster, lines=lines, said=faults_words)


def _read(form, cluster):
    if form.file.data and form.file.data.filename:
        form.text.data = actions.text_of_file(form.file.data.read(), form.file.data.filename)
    if not form.text.data:
        raise Refused(N_("请粘贴名单，或选一个文件"), field="text")
    return actions.preview(actor(), cluster, form.text.data, now=now())


def _rest(form) -> dict:
    return form.values("every_weeks", "starts_on", "ends_on")


@bp.get("/mentoring-list.xlsx")
@requires("pairing.list")
def pair_list_blank():
    """An empty workbook with the columns of the list."""
    return send_workbook(table_workbook(_("师徒结对"), list(COLUMNS), []), _("师徒结对名单.xlsx"))


@bp.get("/clusters/<uuid:cluster_id>/coverage")
@requires("mentoring.coverage", clusters.cluster_by_id)
def coverage(cluster):
    """Titled urban teachers without a mentee, novices without a mentor, and pairs whose contact is late."""
    found, years = _coverage(cluster)
    return render(
        "pairing/coverage.html",
        cluster=cluster,
        found=found,
        years=years,
        asked=request.args,
        late=mentoring_cycle.overdue(
            actor(), cluster, today(), terms.current_term(cluster.district_id, today())
        ),
    )


def _coverage(cluster):
    asked = request.args.get("years", "")
    set_by_scheme = load_scheme(cluster.scheme_code).params.get("novice_years")
    typed = as_whole(asked)
    years = typed if typed is not None and 1 <= typed <= 40 else set_by_scheme
    subject = request.args.get("subject", "")[:20]
    return mentoring_cycle.coverage(cluster, today(), years, subject), years


@bp.get("/clusters/<uuid:cluster_id>/coverage.xlsx")
@requires("mentoring.coverage", clusters.cluster_by_id)
def coverage_export(cluster):
    """Who has no pair, as a workbook."""
    found, _years = _coverage(cluster)
    rows = [
        [_("没有徒弟的有称号教师"), each.person.name, each.school.name, _title(each.title)]
        for each in found.alone
    ]
    rows += [
        [_("没有导师的青年教师"), each.person.name, each.school.name, each.since]
        for each in found.novices or ()
    ]
    title = _("%(name)s师徒结对覆盖情况", name=cluster.name)
    columns = [_("类别"), _("姓名"), _("学校"), _("称号或参加工作日期")]
    return send_workbook(table_workbook(title[:30], columns, rows), f"{title}.xlsx")


def _title(title) -> str:
    kind, level = title
    return (_(labels.LEVEL[level]) if level else "") + _(labels.HONOUR[kind])
