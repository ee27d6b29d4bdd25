"""Who was at a meeting, name by name; what it decided, changed later."""

from flask import request
from flask_babel import gettext as _

from portal.actions import meeting_people as actions
from portal.actions import meeting_tasks
from portal.auth import actor, now, requires
from portal.blueprints.plans import bp
from portal.blueprints.plans.forms import ParticipantsForm, TaskForm
from portal.domain.moments import local_day
from portal.forms import as_uuid
from portal.queries import clusters, meeting_people, meetings
from portal.web import commit, go, history_of, render, saved


@bp.get("/meetings/<uuid:meeting_id>/people")
@requires("meeting.view", meetings.by_id)
def meeting_people_list(meeting):
    """The list of who was there, and the field that takes a pasted one."""
    return _page(meeting, ParticipantsForm())


def _page(meeting, form, added=None):
    rows = meeting_people.participants_of(meeting)
    by_school: dict = {}
    for row in rows:
        by_school.setdefault(row.school.name, []).append(row)
    return render(
        "plans/meeting_people.html",
        form=form,
        meeting=meeting,
        added=added,
        count=len(rows),
        by_school=by_school,
        is_over=meeting.starts_at <= now(),
    )


@bp.post("/meetings/<uuid:meeting_id>/people")
@requires("meeting.edit", meetings.by_id)
def meeting_people_add(meeting):
    """Register a pasted list; the lines that name nobody stay in the field, the others are kept."""
    actions.refuse_closed(meeting)
    form, key = ParticipantsForm(), meeting.id
    if not form.validate_on_submit():
        return _page(meeting, form)
    added = saved(form, lambda: actions.add(actor(), meeting, form.names.data, now=now()))
    meeting = meetings.by_id(actor().district_id, key)
    if not added:
        return _page(meeting, form)
    left = [*added.unknown, *added.several]
    if not left:
        message = _("已登记 %(count)s 人，原来已有 %(known)s 人", count=added.count, known=added.known)
        return go("plans.meeting_people_list", message, meeting_id=key)
    form.names.data = "\n".join(left)
    form.add_error("names", _("还有 %(count)s 行没有登记，改好再登记一次", count=len(left)))
    return _page(meeting, form, added)


@bp.post("/meetings/<uuid:meeting_id>/people/<uuid:person>/remove")
@requires("meeting.edit", meetings.by_id)
def meeting_people_remove(meeting, person):
    """Take one person off the list."""
    name = actions.remove(actor(), meeting, person, now=now())
    commit()
    message = _("已从名单移出：%(name)s", name=name)
    return go("plans.meeting_people_list", message, meeting_id=meeting.id)


@bp.route("/tasks/<uuid:task_id>/edit", methods=["GET", "POST"])
@requires("task.define", meetings.task_by_id)
def task_edit(task):
    """Change a task: its words, who does it, by when."""
    meeting = task.meeting
    members = clusters.members_on(meeting.cluster, local_day(meeting.starts_at))
    owner = str(task.school_id or "")
    form = TaskForm(obj=task, schools=[m.school for m in members])
    if request.method == "GET":
        form.school.data = owner
    if form.validate_on_submit():
        values = {"text": form.text.data, "school_id": as_uuid(form.school.data), "due_on": form.due_on.data}
        expected = form.expected_version
        act = lambda: meeting_tasks.edit(actor(), task, **values, expected=expected, now=now())  # noqa: E731
        if saved(form, act, task, "text", "due_on"):
            return go("plans.meeting", _("已保存"), meeting_id=task.meeting_id, _anchor="tasks")
    return render(
        "plans/task_form.html", form=form, task=task, meeting=task.meeting, history=history_of(task)
    )
