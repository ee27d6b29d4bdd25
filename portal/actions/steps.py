"""The one way in which a state changes: compare, set, note, audit."""

from portal.actions import audit
from portal.actions.errors import Conflict, NotAllowed
from portal.domain import workflow
from portal.domain.access import can


def take_step(actor, obj, action: str, *, note: str = "", expected: int | None = None) -> None:
    """Take a workflow step on ``obj`` and record it.

    ``expected`` is the version that the person saw. Conflict when somebody changed the object in
    between or the step does not start from its state; NotAllowed without the step's permission;
    ValueError when the step needs a note and has none.
    """
    step = workflow.find_step(obj.WORKFLOW, action)
    if not can(actor, step.permission, obj):
        raise NotAllowed(step.permission)
    if expected is not None and obj.version != expected:
        raise Conflict(obj)
    if step.note and not note.strip():
        raise ValueError("this step needs a note")
    try:
        target = workflow.take(obj.WORKFLOW, action, obj.state)
    except workflow.StepNotAllowed as error:
        raise Conflict(obj) from error
    changes = {"state": (obj.state, target)}
    if note.strip() or step.note:
        changes["note"] = (None, note.strip())
        obj.state_note = note.strip()[:300]
    obj.state = target
    audit.record(actor, f"{obj.WORKFLOW}.{action}", obj, changes)


def expect_version(obj, expected: int | None) -> None:
    """Raise Conflict when the object is no longer the version that the person based the change on."""
    if expected is not None and obj.version != expected:
        raise Conflict(obj)
