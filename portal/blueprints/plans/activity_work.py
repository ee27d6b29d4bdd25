"""What belongs to a joint activity: sign-up, partners, new dates, the code at the door, feedback (W7)."""

from flask import abort, request, url_for
from flask_babel import gettext as _

from portal.actions import activity_day, activity_signups
from portal.auth import actor, now, requires, today
from portal.blueprints.plans import bp
from portal.blueprints.plans.activities import activity_page
from portal.blueprints.plans.forms_activities import (
    DoorForm,
    EnrolmentForm,
    FeedbackForm,
    PartnersForm,
    PostponeForm,
    SignupForm,
)
from portal.domain.moments import local, local_day
from portal.forms import as_uuid
from portal.pictures import qr_code
from portal.queries import activities, activity_work, people
from portal.web import commit, go, render, saved


@bp.route("/activities/<uuid:activity_id>/enrolment", methods=["GET", "POST"])
@requires("activity.edit", activities.by_id)
def activity_enrolment(activity):
    """Say that people sign up, until when and how many of each school."""
    found = activity_work.enrolment_of(activity)
    closes = local(found.closes_at) if found and found.closes_at else None
    form = EnrolmentForm(
        obj=found,
        schools=activity_work.schools_of(activity),
        quotas=activity_work.quotas_of(activity),
        closes_on=closes.date() if closes else None,
        closes_clock=closes.time() if closes else None,
    )

    def act():
        values = {**form.enrolment_values, "expected": form.expected_version, "now": now()}
        return activity_signups.open_enrolment(actor(), activity, **values)

    if form.validate_on_submit() and saved(form, act, found, "per_school"):
        return go("plans.activity", _("报名设定已保存"), activity_id=activity.id, _anchor="signups")
    return render("plans/activity_enrolment.html", form=form, activity=activity, enrolment=found)


@bp.post("/activities/<uuid:activity_id>/signups")
@requires("activity.view", activities.by_id)
def activity_signup_new(activity):
    """Sign up oneself, or a teacher of the own school."""
    form = SignupForm(staff=activity_work.own_staff(actor(), activity))
    if form.validate_on_submit():
        who = people.person_by_id(activity.district_id, form.person_id) if form.person_id else None
        row = saved(form, lambda: activity_signups.join(actor(), activity, who, now=now()))
        if row:
            message = _("已报名") if row.place else _("名额已满，已列入候补；有人退出时自动递补")
            return go("plans.activity", message, activity_id=activity.id, _anchor="signups")
    return activity_page(activity, signup_form=form)


@bp.post("/activity-signups/<uuid:activity_signup_id>/leave")
@requires("activity_signup.edit", activity_work.signup_by_id)
def activity_signup_leave(activity_signup):
    """Take a sign-up back; who waits moves up."""
    activity_id = activity_signup.activity_id
    name = activity_signups.leave(actor(), activity_signup, now=now())
    commit()
    return go(
        "plans.activity", _("已取消报名：%(name)s", name=name), activity_id=activity_id, _anchor="signups"
    )


@bp.route("/activities/<uuid:activity_id>/postpone", methods=["GET", "POST"])
@requires("activity.edit", activities.by_id)
def activity_postpone(activity):
    """Give a planned activity another time, with a reason."""
    here = local(activity.starts_at)
    form = PostponeForm(
        starts_on=here.date(),
        starts_clock=here.time(),
        ends_clock=local(activity.ends_at).time() if activity.ends_at else None,
    )
    if form.validate_on_submit():
        values = {**form.moments, "expected": form.expected_version, "now": now()}
        if saved(form, lambda: activity_day.postpone(actor(), activity, **values) or activity):
            return go("plans.activity", _("已改期，报名的人和各校校长会收到通知"), activity_id=activity.id)
    return render("plans/activity_postpone.html", form=form, activity=activity)


@bp.route("/activities/<uuid:activity_id>/partners", methods=["GET", "POST"])
@requires("activity.edit", activities.by_id)
def activity_partners(activity):
    """Which further clusters hold it too. What the whole district holds has no partners."""
    if activity.cluster_id is None:
        abort(404)
    chosen = [str(row.cluster_id) for row in activity.held_with]
    form = PartnersForm(possible=activity_work.possible_partners(activity), clusters=chosen)
    if form.validate_on_submit():
        keys = [as_uuid(key) for key in form.clusters.data]
        if saved(form, lambda: activity_day.hold_with(actor(), activity, keys, now=now()) or activity):
            return go("plans.activity", _("已保存"), activity_id=activity.id)
    return render("plans/activity_partners.html", form=form, activity=activity)


@bp.get("/activities/<uuid:activity_id>/code")
@requires("activity.edit", activities.by_id)
def activity_code(activity):
    """The code for the door, to be shown or printed, and who came so far."""
    code = activity_work.door_code(activity)
    address = url_for("plans.activity_sign_in", activity_id=activity.id, code=code, _external=True)
    return render(
        "plans/activity_code.html",
        activity=activity,
        code=code,
        picture=qr_code(address),
        participants=activities.participants_of(activity),
        is_today=local_day(activity.starts_at) == today(),
    )


@bp.route("/activities/<uuid:activity_id>/sign-in", methods=["GET", "POST"])
@requires("activity.view", activities.by_id)
def activity_sign_in(activity):
    """Where who comes enters the code of the door."""
    form = DoorForm(code=request.args.get("code", "")[:12])
    if form.validate_on_submit():
        found = activity_day.arrive(actor(), activity, form.code.data.replace(" ", ""), now=now())
        commit()  # a wrong code counts too
        if found.result in ("done", "again"):
            message = _("已签到") if found.result == "done" else _("您已经签到过")
            return go("plans.activity", message, activity_id=activity.id, _anchor="participants")
        form.add_error("code", _arrival_words(found))
    return render("plans/activity_sign_in.html", form=form, activity=activity)


def _arrival_words(found) -> str:
    return {
        "day": _("只有活动当天可以签到"),
        "school": _("只有参加学校的教职工可以签到"),
        "locked": _("今天输错的次数太多，请承办学校在名单里登记"),
    }.get(found.result) or _("签到码不对；还可以试 %(left)s 次", left=found.left)


@bp.route("/activities/<uuid:activity_id>/feedback", methods=["GET", "POST"])
@requires("activity.view", activities.by_id)
def activity_feedback(activity):
    """Say how it was."""
    found = activity_day.own_feedback(actor(), activity)
    form = FeedbackForm(obj=found)

    def act():
        values = form.values("usefulness", "gained", "wished")
        return activity_day.give_feedback(
            actor(), activity, **values, expected=form.expected_version, now=now()
        )

    if form.validate_on_submit() and saved(form, act, found, "gained", "wished"):
        return go("plans.activity", _("谢谢您的反馈"), activity_id=activity.id, _anchor="feedback")
    return render("plans/activity_feedback.html", form=form, activity=activity, feedback=found)
