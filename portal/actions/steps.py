"""The one way in which a state changes: compare, set, note, audit."""

from portal.actions import audit
from portal.actions.errors import Conflict, NotAllowed
from portal.domain import workflow
from portal.domain.access import can


def take_step(
    actor,
    obj,
    action: str,
    *,
    note: str = "",
    expected: int | None = None,
    then: str = "",
    told: dict[str, tuple] | None = None,
) -> None:
    """Take a workflow step on ``obj`` and record it.

    ``then`` is a step that is taken in the same breath: the history tells of both in one entry, under the
    name of the first. ``told`` are further facts of that entry. ``expected`` is the version that the person
    saw. Conflict when somebody changed the object in between or the step does not start from its state;
    NotAllowed without the step's permission; ValueError when the step needs a note and has none.
    """
    steps = [workflow.find_step(obj.WORKFLOW, name) for name in (action, then) if name]
    for step in steps:
        if not can(actor, step.permission, obj):
            raise NotAllowed(step.permission)
    needs_note = any(step.note for step in steps)
    if expected is not None and obj.version != expected:
        raise Conflict(obj)
    if needs_note and not note.strip():
        raise ValueError("this step needs a note")
    target = obj.state
    try:
        for step in steps:
            target = workflow.take(obj.WORKFLOW, step.key, target)
    except workflow.StepNotAllowed as error:
        raise Conflict(obj) from error
    changes = {**(told or {}), "state": (obj.state, target)}
    if note.strip() or needs_note:
        changes["note"] = (None, note.strip())
        obj.state_note = note.strip()[:300]
    obj.state = target
    audit.record(actor, f"{obj.WORKFLOW}.{action}", obj, changes)


def expect_version(obj, expected: int | None) -> None:
    """Raise Conflict when the object is no longer the version that the person based the change on."""
    if expected is not None and obj.version != expected:
        raise Conflict(obj)
