"""Meetings: notice, attendance, minutes, tasks, confirmation (W6)."""

from flask import request
from flask_babel import gettext as _

from portal import labels
from portal.actions import meetings as actions
from portal.actions.errors import Conflict, Refused
from portal.auth import actor, can, may_on, now, requires, today
from portal.blueprints.plans import bp
from portal.blueprints.plans.filters import list_filters
from portal.blueprints.plans.forms import MeetingForm, MinutesForm, TaskForm
from portal.domain.moments import local, local_day
from portal.forms import as_uuid, clean_line
from portal.queries import clusters, meeting_people, meetings, terms
from portal.web import commit, go, history_of, read_step, render, term_title


@bp.get("/meetings/")
@requires("plan.view")
def meeting_list():
    """Meetings in sight, newest first, with filters in the address."""
    asked = request.args
    page = meetings.meeting_page(actor(), cursor=asked.get("at"), **list_filters())
    return render(
        "plans/meetings.html",
        fragments=("meeting_list",),
        page=page,
        asked=asked,
        clusters=clusters.names_in_sight(actor()),
        terms=[(t.code, term_title(t)) for t in terms.all_terms(actor().district_id)],
        may_create=[c for c in clusters.own_clusters(actor()) if can("meeting.create", c)],
    )


@bp.route("/clusters/<uuid:cluster_id>/meetings/new", methods=["GET", "POST"])
@requires("meeting.create", clusters.cluster_by_id)
def meeting_new(cluster):
    """Call a meeting of a cluster."""
    form = MeetingForm()
    if form.validate_on_submit():
        try:
            meeting = actions.schedule(actor(), cluster, now=now(), **form.meeting_values)
        except Refused as refused:
            form.refuse(refused)
        else:
            if commit(form):
                return go("plans.meeting", _("会议已安排，各校校长会收到通知"), meeting_id=meeting.id)
    return render("plans/meeting_form.html", form=form, cluster=cluster, meeting=None)


@bp.get("/meetings/<uuid:meeting_id>")
@requires("meeting.view", meetings.by_id)
def meeting(meeting):
    """One meeting with everything that belongs to it."""
    return _meeting_page(meeting)


def _meeting_page(meeting, minutes_form=None, task_form=None):
    members = clusters.members_on(meeting.cluster, local_day(meeting.starts_at))
    form = minutes_form or MinutesForm(obj=meeting)
    return render(
        "plans/meeting.html",
        form=form,
        task_form=task_form or TaskForm(schools=[m.school for m in members]),
        meeting=meeting,
        members=members,
        attendance={a.school_id: a for a in meetings.attendance_of(meeting)},
        heads=meeting_people.heads_of(meeting),
        history=history_of(meeting),
        is_over=meeting.starts_at <= now(),
        today=today(),
        status=422 if task_form is not None and task_form.errors else None,
    )


@bp.route("/meetings/<uuid:meeting_id>/edit", methods=["GET", "POST"])
@requires("meeting.edit", meetings.by_id)
def meeting_edit(meeting):
    """Change the notice."""
    here = local(meeting.starts_at)
    form = MeetingForm(obj=meeting, starts_on=here.date(), starts_clock=here.time())
    if form.validate_on_submit():
        try:
            actions.edit(actor(), meeting, expected=form.expected_version, now=now(), **form.meeting_values)
        except Refused as refused:
            form.refuse(refused)
        except Conflict:
            form.show_conflict(meeting, "title", "place", "agenda")
            return render(
                "plans/meeting_form.html", form=form, cluster=meeting.cluster, meeting=meeting, status=409
            )
        else:
            if commit(form):
                return go("plans.meeting", _("已保存"), meeting_id=meeting.id)
    return render("plans/meeting_form.html", form=form, cluster=meeting.cluster, meeting=meeting)


@bp.post("/meetings/<uuid:meeting_id>/minutes")
@requires("meeting.edit", meetings.by_id)
def meeting_minutes(meeting):
    """Save the minutes; a stale form keeps both texts."""
    form = MinutesForm()
    if form.validate_on_submit():
        try:
            actions.write_minutes(
                actor(), meeting, form.minutes.data, expected=form.expected_version, now=now()
            )
        except Refused as refused:
            form.refuse(refused)
        except Conflict:
            form.show_conflict(meeting, "minutes")
            answer = _meeting_page(meeting, minutes_form=form)
            answer.status_code = 409
            return answer
        else:
            if commit(form):
                return go("plans.meeting", _("纪要已保存"), meeting_id=meeting.id)
    return _meeting_page(meeting, minutes_form=form)


@bp.post("/meetings/<uuid:meeting_id>/attendance")
@requires("meeting.edit", meetings.by_id)
def meeting_attendance(meeting):
    """Save the attendance of all schools at once."""
    members = clusters.members_on(meeting.cluster, local_day(meeting.starts_at))
    rows = {}
    for member in members:
        key = str(member.school_id)
        status = request.form.get(f"status-{key}", "")
        heads = request.form.get(f"heads-{key}", "1")
        if status in labels.ATTENDANCE:
            count = int(heads) if heads.isdecimal() and len(heads) <= 3 else 1
            who = clean_line(request.form.get(f"who-{key}", ""))[:60]
            rows[member.school_id] = (status, min(count, 500) if status == "present" else 0, who)
    expected = request.form.get("version", "")
    actions.keep_attendance(
        actor(), meeting, rows, expected=int(expected) if expected.isdecimal() else None, now=now()
    )
    commit()
    return go("plans.meeting", _("到会情况已保存"), meeting_id=meeting.id)


@bp.post("/meetings/<uuid:meeting_id>/tasks")
@requires("meeting.edit", meetings.by_id)
def meeting_task_new(meeting):
    """Register what the meeting decided."""
    members = clusters.members_on(meeting.cluster, local_day(meeting.starts_at))
    form = TaskForm(schools=[m.school for m in members])
    if form.validate_on_submit():
        try:
            actions.add_task(
                actor(),
                meeting,
                text=form.text.data,
                school_id=as_uuid(form.school.data),
                due_on=form.due_on.data,
                now=now(),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            commit()
            return go("plans.meeting", _("议定事项已登记"), meeting_id=meeting.id)
    return _meeting_page(meeting, task_form=form)


@bp.post("/meetings/<uuid:meeting_id>/step")
@requires("meeting.view", meetings.by_id)
def meeting_step(meeting):
    """Confirm, return, cancel or reopen."""
    step = read_step("meeting")
    actions.take(actor(), meeting, step.action, note=step.note, expected=step.expected, now=now())
    commit()
    return go("plans.meeting", _("已办理"), meeting_id=meeting.id)


@bp.post("/tasks/<uuid:task_id>/step")
@requires("task.view", meetings.task_by_id)
def task_step(task):
    """Finish, drop or resume a task of a meeting."""
    may_on("meeting.view", task.meeting)
    step = read_step("meeting_task")
    actions.take_task(actor(), task, step.action, note=step.note, expected=step.expected)
    commit()
    return go("plans.meeting", _("已办理"), meeting_id=task.meeting_id, _anchor="tasks")
