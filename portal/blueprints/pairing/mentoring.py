"""Mentoring pairs: list, proposal, the pair's page, steps and records (W3)."""

from flask import request
from flask_babel import gettext as _

from portal import formats, labels
from portal.actions import mentoring as actions
from portal.actions import records as record_actions
from portal.auth import actor, can, now, requires, today
from portal.blueprints.pairing import bp
from portal.blueprints.pairing.forms import AgreementForm, MentoringForm, PairRecordForm, coming_year
from portal.blueprints.pairing.names import pair_name
from portal.documents.tables import table_workbook
from portal.forms import as_uuid
from portal.queries import (
    clusters,
    mentoring,
    mentoring_cycle,
    observation_forms,
    pairing,
    people,
    terms,
)
from portal.web import commit, go, history_of, read_step, render, saved, send_workbook, steps_for


def _filters(asked) -> dict:
    return {
        "cluster_id": as_uuid(asked.get("cluster")),
        "state": asked.get("state", "")[:32],
        "kind": asked.get("kind", "")[:32],
        "school_id": as_uuid(asked.get("school")),
        "mine": asked.get("mine") == "1",
    }


@bp.get("/")
@requires("pairing.list")
def index():
    """Mentoring pairs in sight, the latest first, with their rhythm."""
    who, asked = actor(), request.args
    page = mentoring.pair_page(who, cursor=asked.get("at"), **_filters(asked))
    counts = mentoring.record_counts(who.district_id, [pair.id for pair in page.rows])
    return render(
        "pairing/index.html",
        fragments=("pair_list",),
        page=page,
        asked=asked,
        counts=counts,
        due=mentoring.due_days(page.rows, counts, terms.current_term(who.district_id, today())),
        homes=mentoring.home_schools(who.district_id, [pair.mentor_id for pair in page.rows]),
        clusters=clusters.all_clusters(who),
        schools=pairing.schools_in_sight(who),
        may_create=[c for c in clusters.own_clusters(who) if can("mentoring.create", c)],
        ways=_ways(who, asked),
    )


def _ways(who, asked) -> list:
    """The clusters whose wishes, lists and coverage are a step away: one's own, or the one that is looked at."""
    own = clusters.own_clusters(who)
    if own:
        return own[:3]
    chosen = clusters.cluster_by_id(who.district_id, as_uuid(asked.get("cluster")))
    return [chosen] if chosen and can("cluster.view", chosen) else []


@bp.get("/mentoring.xlsx")
@requires("pairing.list")
def pair_export():
    """The list as a workbook: people, agreement and counts, never what was written."""
    who = actor()
    rows = mentoring.all_matching(who, **_filters(request.args))
    counts = mentoring.record_counts(who.district_id, [pair.id for pair in rows])
    due = mentoring.due_days(rows, counts, terms.current_term(who.district_id, today()))
    homes = mentoring.home_schools(who.district_id, [pair.mentor_id for pair in rows])
    title = _("师徒结对")
    columns = [_("片区"), _("类别"), _("导师"), _("导师学校"), _("徒弟"), _("徒弟学校"), _("学科")]
    columns += [_("间隔周数"), _("开始日期"), _("结束日期"), _("状态"), _("记录（条）"), _("最近一次")]
    columns += [_("下一次联系")]
    content = table_workbook(
        title, columns, (_exported(pair, homes, counts.get(pair.id, (0, None)), due) for pair in rows)
    )
    return send_workbook(content, f"{title}.xlsx")


def _exported(pair, homes, count, due) -> list:
    home, state = homes.get(pair.mentor_id), labels.STATE["mentoring_pair"][pair.state]
    return [
        pair.cluster.name,
        _(labels.MENTORING_KIND[pair.kind]),
        pair.mentor.name,
        home.name if home else None,
        pair.mentee.name if pair.mentee else pair.mentee_name,
        pair.mentee_school.name if pair.mentee_school else None,
        pair.subject,
        pair.every_weeks,
        pair.starts_on,
        pair.ends_on,
        _(state),
        *count,
        due.get(pair.id),
    ]


@bp.route("/clusters/<uuid:cluster_id>/mentoring/new", methods=["GET", "POST"])
@requires("mentoring.create", clusters.cluster_by_id)
def pair_new(cluster):
    """Bring a mentor and a mentee together."""
    first, last = coming_year(today())
    members = [m.school for m in clusters.members_on(cluster, today())]
    form = MentoringForm(schools=members, starts_on=max(first, today()), ends_on=last, **_asked_people())
    if form.validate_on_submit() and _people_found(form, members):
        pair = saved(
            form,
            lambda: actions.propose(
                actor(),
                cluster,
                kind=form.kind.data,
                mentor=_person(form, "mentor", members),
                mentee=_person(form, "mentee", members),
                mentee_name=form.mentee_name.data,
                mentee_school_id=as_uuid(form.mentee_school.data),
                now=now(),
                dates=form.dates,
                **form.agreement_values,
            ),
        )
        if pair:
            return go("pairing.pair", _("已提出，对方会收到通知"), pair_id=pair.id)
    return render("pairing/pair_new.html", form=form, cluster=cluster)


def _asked_people() -> dict:
    """Names and subject that another page has filled in, such as somebody without a mentor."""
    asked = request.args
    return {name: asked[name][:90] for name in ("mentor", "mentee", "subject") if name in asked}


def _person(form, name: str, members):
    if not form[name].data:
        return None
    ids = [school.id for school in members]
    return people.resolve_person(actor(), form[name].data, form.chosen(name), school_ids=ids)


def _people_found(form, members) -> bool:
    """Whether every name that was typed means one person of the cluster."""
    for name in ("mentor", "mentee") if form.kind.data == "apprentice" else ("mentor",):
        if form[name].data and _person(form, name, members) is None:
            form.add_error(name, _("片区各校没有找到，或有同名的人：请写成“姓名（学校）”"))
    return not form.errors


@bp.get("/mentoring/<uuid:pair_id>")
@requires("mentoring.view", mentoring.by_id)
def pair(pair):
    """One pair: next contact, goals, agreement; records for the two alone."""
    return _pair_page(pair, PairRecordForm(happened_on=today(), templates=observation_forms.in_use(actor())))


def _pair_page(pair, form):
    # What the two have written is loaded for them alone; everybody else gets counts and days.
    reads = can("mentoring.read_records", pair)
    both = [person for person in (pair.mentor_id, pair.mentee_id) if person]
    homes = mentoring.home_schools(pair.district_id, both)
    mentor_home = homes.get(pair.mentor_id)
    term = terms.current_term(pair.district_id, today())
    records = mentoring.records_of(pair) if reads else None
    return render(
        "pairing/pair.html",
        form=form,
        pair=pair,
        name=pair_name(pair),
        cadence=mentoring.cadence(pair, today(), term) if pair.state == "active" else None,
        dates=mentoring_cycle.dates_of(pair),
        **_checks(pair, reads),
        counts=mentoring.kind_counts(pair),
        records=records,
        sheets=observation_forms.with_sheet(pair.district_id, [row.id for row in records or ()]),
        may_record=pair.state in ("active", "finished") and can("mentoring.record", pair),
        homes=homes,
        title=mentoring.titles_of(pair.district_id, [pair.mentor_id], today()).get(pair.mentor_id),
        school_pair=pairing.between(
            pair.district_id, mentor_home.id if mentor_home else None, pair.mentee_school_id
        ),
        steps=_open_steps(pair),
        history=history_of(pair),
    )


def _checks(pair, reads: bool) -> dict:
    """What was written half way and at the end, for the two; for others who has written, and when."""
    reviews = mentoring_cycle.reviews_of(pair)
    renewals = mentoring_cycle.renewals_of(pair)
    return {
        "reviews": reviews,
        "reads": reads,
        "check": mentoring_cycle.check_of(pair, today()),
        "renewals": renewals,
        "asked": next((row for row in renewals if not row.settled_on and not row.withdrawn_on), None),
        "round_no": mentoring_cycle.round_of(pair),
    }


def _open_steps(pair) -> list:
    """The steps that this person may take; a word given once is not asked for again."""
    given = {"accept_mentor": pair.mentor_accepted, "accept_mentee": pair.mentee_accepted}
    return [step for step in steps_for(pair) if not given.get(step.key)]


@bp.route("/mentoring/<uuid:pair_id>/edit", methods=["GET", "POST"])
@requires("mentoring.edit", mentoring.by_id)
def pair_edit(pair):
    """Change goals, subject, rhythm and time."""
    form = AgreementForm(obj=pair)
    if not form.is_submitted():
        form.show_dates(mentoring_cycle.dates_of(pair))
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.edit(
            actor(),
            pair,
            expected=form.expected_version,
            now=now(),
            dates=form.dates,
            **form.agreement_values,
        ),
        pair,
        "subject",
        "goals",
        "every_weeks",
    ):
        return go("pairing.pair", _("已保存"), pair_id=pair.id)
    return render("pairing/pair_edit.html", form=form, pair=pair, name=pair_name(pair))


@bp.post("/mentoring/<uuid:pair_id>/step")
@requires("mentoring.view", mentoring.by_id)
def pair_step(pair):
    """Accept, withdraw, finish or break off."""
    step = read_step("mentoring_pair")
    actions.take(actor(), pair, step.action, note=step.note, expected=step.expected, now=now())
    commit()
    return go("pairing.pair", _("已办理"), pair_id=pair.id)


@bp.post("/mentoring/<uuid:pair_id>/records")
@requires("mentoring.record", mentoring.by_id)
def pair_record(pair):
    """Write a record of the pair; both sides read it."""
    form = PairRecordForm(templates=observation_forms.in_use(actor()))
    if form.validate_on_submit():
        link = f"pair:{pair.id}"
        made = saved(form, lambda: record_actions.jot(actor(), link=link, now=now(), **form.record_values))
        if made and form.template.data and made.kind == "observation":
            return go("pairing.sheet", _("已记下，请填听课表"), record_id=made.id, form=form.template.data)
        if made:
            day = formats.day(form.happened_on.data)
            return go("pairing.pair", _("已记下 %(day)s 这一次", day=day), pair_id=pair.id, _anchor="records")
    return _pair_page(pair, form)
