"""Writing, submitting, taking back and commenting reflection logs (W8)."""

from portal.actions import audit, notices
from portal.actions.errors import Refused
from portal.actions.steps import expect_version, take_step
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Reflection, ReflectionComment
from portal.queries import people, reflections, terms

TEXTS = ("experience", "problem", "solution")


def save_draft(
    actor, reflection: Reflection | None, values: dict, *, expected, once_key: str, now
) -> Reflection:
    """Keep what was written so far. A second arrival of the same ``once_key`` continues the first.

    Conflict when another device saved in between; a submitted log keeps its state.
    """
    if reflection is None and once_key:
        reflection = reflections.by_once_key(actor, once_key)
    if reflection is None:
        return _begin(actor, values, once_key=once_key)
    expect_version(reflection, expected)
    if reflection.state == "submitted" and not any(values[name] for name in TEXTS):
        raise Refused(N_("经验、问题、解决办法至少写一项"), field="experience")
    _check_activity(actor, values)
    changes = audit.changes_of(reflection, values)
    # Who may read a log is worth a line in its history; each autosaved word is not.
    told = {name: change for name, change in changes.items() if name in ("visibility", "kind")}
    if told or (changes and reflection.state == "submitted"):
        audit.record(actor, "reflection.edit", reflection, told)
    return reflection


def submit(actor, reflection: Reflection, *, expected, now) -> None:
    """Hand in a log that has at least one of its three parts."""
    if not any(getattr(reflection, name) for name in TEXTS):
        raise Refused(N_("经验、问题、解决办法至少写一项"), field="experience")
    reflection.submitted_at = now
    take_step(actor, reflection, "submit", expected=expected)


def take_back(actor, reflection: Reflection, *, expected) -> None:
    """Make a submitted log a draft again: only its writer sees it."""
    reflection.submitted_at = None
    take_step(actor, reflection, "take_back", expected=expected)


def comment(actor, reflection: Reflection, text: str, *, now) -> ReflectionComment:
    """Write under a log and tell its writer."""
    row = ReflectionComment(
        district_id=reflection.district_id,
        reflection_id=reflection.id,
        person_id=actor.person_id,
        text=text,
        created_at=now,
    )
    db.session.add(row)
    audit.record(actor, "reflection.comment", reflection)
    notices.tell(
        [reflection.person_id],
        "comment_written",
        district_id=reflection.district_id,
        link=f"/reflections/{reflection.id}",
        now=now,
        besides=actor.person_id,
        who=actor.name,
        what=reflection.title or reflection.happened_on.isoformat(),
    )
    return row


def _begin(actor, values: dict, *, once_key: str) -> Reflection:
    day = values["happened_on"]
    _check_activity(actor, values)
    school_id = people.home_school_ids(actor.district_id, [actor.person_id]).get(actor.person_id)
    term = terms.term_of_day(actor.district_id, day)
    reflection = Reflection(
        district_id=actor.district_id,
        person_id=actor.person_id,
        school_id=school_id,
        cluster_id=reflections.main_cluster_id(actor.district_id, school_id, day) if school_id else None,
        term_id=term.id if term else None,
        once_key=once_key or None,
        **values,
    )
    db.session.add(reflection)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "reflection.create", reflection)
    return reflection


def _check_activity(actor, values: dict) -> None:
    """Only an activity that the writer took part in may be linked."""
    wanted = values.get("activity_id")
    if wanted and wanted not in {a.id for a in reflections.linkable_activities(actor)}:
        raise Refused(N_("只能关联自己参加过的活动"), field="activity")
