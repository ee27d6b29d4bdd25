"""Joint activities: plan, participants, mini-summary (W7)."""

from flask import flash, request
from flask_babel import gettext as _

from portal.actions import activities as actions
from portal.actions.errors import Conflict, Refused
from portal.auth import actor, can, now, requires, today
from portal.blueprints.plans import bp
from portal.blueprints.plans.filters import DISTRICT, activity_filters, list_filters
from portal.blueprints.plans.forms import ActivityForm, ParticipantsForm
from portal.blueprints.plans.forms_activities import SignupForm
from portal.domain.moments import local, local_day
from portal.queries import (
    activities,
    activity_credits,
    activity_work,
    clusters,
    group_activities,
    schools,
    terms,
)
from portal.web import commit, go, history_of, named, read_step, render, term_title


@bp.get("/activities/")
@requires("plan.view")
def activity_list():
    """Activities in sight, newest first, with filters in the address."""
    asked, who = request.args, actor()
    page = activities.activity_page(who, cursor=asked.get("at"), **list_filters(), **activity_filters())
    return render(
        "plans/activities.html",
        fragments=("activity_list",),
        page=page,
        asked=asked,
        dossiers=activity_work.dossiers(who.district_id, page.rows),
        visitors=activities.visitors(page.rows),
        counts=activities.participant_counts(who.district_id, [row.id for row in page.rows]),
        holders=_holders(who),
        terms=[(t.code, term_title(t)) for t in terms.all_terms(who.district_id)],
        may_create=[c for c in clusters.own_clusters(who) if can("activity.create", c)],
    )


def _holders(who) -> list[tuple[str, str]]:
    """Who may hold one, for the filter: all, the whole district, each cluster."""
    first, *others = named(clusters.all_clusters(who))
    return [first, (DISTRICT, _("全区")), *others]


@bp.route("/clusters/<uuid:cluster_id>/activities/new", methods=["GET", "POST"])
@requires("activity.create", clusters.cluster_by_id)
def activity_new(cluster):
    """Plan an activity of a cluster."""
    return _new_page(cluster, [m.school for m in clusters.members_on(cluster, today())])


@bp.route("/activities/new", methods=["GET", "POST"])
@requires("activity.into_district")
def district_activity_new():
    """Plan an activity of the whole district (S4-19, S4-55)."""
    return _new_page(None, schools.open_schools(actor().district_id))


def _new_page(cluster, hosts):
    form = ActivityForm(
        schools=hosts,
        groups=group_activities.in_force(actor().district_id, cluster.id if cluster else None, today()),
        of_district=cluster is None,
    )
    if form.validate_on_submit():
        try:
            activity = actions.plan(actor(), cluster, **form.activity_values)
        except Refused as refused:
            form.refuse(refused)
        else:
            if commit(form):
                return go("plans.activity", _("活动已登记"), activity_id=activity.id)
    return render("plans/activity_form.html", form=form, cluster=cluster, activity=None)


@bp.get("/activities/<uuid:activity_id>")
@requires("activity.view", activities.by_id)
def activity(activity):
    """One activity with its participants."""
    return activity_page(activity)


def activity_page(activity, form=None, signup_form=None):
    """The page of an activity, with the form of the part that came back with errors."""
    who, enrolment = actor(), activity_work.enrolment_of(activity)
    signups, quotas = activity_work.signups_of(activity), activity_work.quotas_of(activity)
    participants = activities.participants_of(activity)
    failed = any(each is not None and each.errors for each in (form, signup_form))
    return render(
        "plans/activity.html",
        form=form or ParticipantsForm(),
        signup_form=signup_form or SignupForm(staff=activity_work.own_staff(who, activity)),
        activity=activity,
        clusters=activity_work.clusters_of(activity),
        enrolment=enrolment,
        signups=signups,
        lines=activity_work.school_lines(activity, enrolment, quotas, signups, participants),
        participants=participants,
        came=any(row.person_id == who.person_id for row in participants),
        joined=next((row for row in signups if row.person_id == who.person_id), None),
        feedback=activity_work.feedback_of(activity),
        guests=activity_credits.of_kind(activity, "guest"),
        results=activity_credits.of_kind(activity, "result"),
        dossier=activity_work.dossier_of(activity),
        moves=activity_work.moves_of(activity),
        now=now(),
        is_today=local_day(activity.starts_at) == today(),
        history=history_of(activity),
        status=422 if failed else None,
    )


@bp.route("/activities/<uuid:activity_id>/edit", methods=["GET", "POST"])
@requires("activity.edit", activities.by_id)
def activity_edit(activity):
    """Change the plan or write the mini-summary."""
    here = local(activity.starts_at)
    form = ActivityForm(
        obj=activity,
        schools=activity_work.possible_hosts(activity),
        of_district=activity.cluster_id is None,
        groups=group_activities.offered(activity, here.date()),
        starts_on=here.date(),
        starts_clock=here.time(),
        ends_clock=local(activity.ends_at).time() if activity.ends_at else None,
    )
    status = None
    if form.validate_on_submit():
        try:
            actions.edit(actor(), activity, expected=form.expected_version, **form.activity_values)
        except Refused as refused:
            form.refuse(refused)
        except Conflict:
            form.show_conflict(activity, "theme", "place", "presenters", "summary", "improvement")
            status = 409
        else:
            if commit(form):
                return go("plans.activity", _("已保存"), activity_id=activity.id)
    return render(
        "plans/activity_form.html", form=form, cluster=activity.cluster, activity=activity, status=status
    )


@bp.post("/activities/<uuid:activity_id>/participants")
@requires("activity.edit", activities.by_id)
def activity_participants(activity):
    """Register a pasted list; lines that name nobody stay in the field."""
    form = ParticipantsForm()
    if form.validate_on_submit():
        try:
            added = actions.add_participants(actor(), activity, form.names.data, now=now())
        except Refused as refused:
            form.refuse(refused)
        else:
            commit()
            if not added.unknown:
                message = _("已登记 %(count)s 人", count=added.count)
                return go("plans.activity", message, activity_id=activity.id, _anchor="participants")
            flash(_("已登记 %(count)s 人", count=added.count), "done")
            form.names.data = "\n".join(added.unknown)
            form.add_error(
                "names",
                _("下面 %(count)s 行没有找到，或有同名的人：请写成“姓名（学校）”", count=len(added.unknown)),
            )
    return activity_page(activity, form)


@bp.post("/activities/<uuid:activity_id>/participants/<uuid:person>/remove")
@requires("activity.edit", activities.by_id)
def activity_participant_remove(activity, person):
    """Take one person off the list."""
    name = actions.remove_participant(actor(), activity, person, now=now())
    commit()
    message = _("已从名单移出：%(name)s", name=name)
    return go("plans.activity", message, activity_id=activity.id, _anchor="participants")


@bp.post("/activities/<uuid:activity_id>/step")
@requires("activity.view", activities.by_id)
def activity_step(activity):
    """Hold, close, cancel or reopen."""
    step = read_step("activity")
    actions.take(actor(), activity, step.action, note=step.note, expected=step.expected, now=now())
    commit()
    return go("plans.activity", _("已办理"), activity_id=activity.id)
