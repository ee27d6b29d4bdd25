"""Writing, submitting and taking back reflection logs (W8)."""

import uuid

from sqlalchemy import update

from portal.actions import audit, typical_cases
from portal.actions.errors import Refused
from portal.actions.steps import expect_version, take_step
from portal.domain.access import can
from portal.domain.log_templates import PARTS
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Reflection
from portal.queries import log_links, people, reflections, terms

EMPTY = N_("至少写一项就可以提交")
# What a reader, or who chose the log as typical, relies on.
SHOWN = {*PARTS, "title", "lines", "visibility"}


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
    values = _linked(actor, values, reflection)
    if reflection.state == "submitted" and not any(values.get(name, "") for name in PARTS):
        raise Refused(EMPTY, field="experience")
    changes = audit.changes_of(reflection, values)
    if SHOWN & changes.keys() and reflection.state == "submitted":
        typical_cases.before_change(actor, reflection)
    # Who may read a log is worth a line in its history; each autosaved word is not.
    names = {"visibility": "visibility", "kind": "log_kind"}
    told = {names[name]: change for name, change in changes.items() if name in names}
    if told or (changes and reflection.state == "submitted"):
        audit.record(actor, "reflection.edit", reflection, told)
    return reflection


def submit(actor, reflection: Reflection, *, expected, now) -> None:
    """Hand in a log that has at least one of its parts."""
    if not any(getattr(reflection, name) for name in PARTS):
        raise Refused(EMPTY, field="experience")
    reflection.submitted_at = now
    take_step(actor, reflection, "submit", expected=expected)


def take_back(actor, reflection: Reflection, *, expected) -> None:
    """Make a submitted log a draft again: only its writer sees it."""
    if can(actor, "reflection.edit", reflection):
        typical_cases.before_change(actor, reflection)
    reflection.submitted_at = None
    take_step(actor, reflection, "take_back", expected=expected)


def _begin(actor, values: dict, *, once_key: str) -> Reflection:
    day = values["happened_on"]
    values = _linked(actor, values, None)
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


def _linked(actor, values: dict, log: Reflection | None) -> dict:
    """The values with the columns that their ``link`` fills. Refused for what the person has nothing to do with."""
    if "link" not in values:
        return values
    values = dict(values)
    link = values.pop("link") or ""
    before = log_links.link_of(log) if log is not None else None
    if link == (before.value if before else ""):
        return values
    found = {each.value: each for each in log_links.choices(actor, log)} if link else {}
    if link and link not in found:
        raise Refused(N_("只能关联自己的课、记录、活动、结对和任职"), field="link")
    filled = dict.fromkeys(log_links.COLUMNS.values())
    if link:
        filled[log_links.COLUMNS[found[link].what]] = as_key(link)
    return values | filled


def forget_record(record) -> None:
    """A record goes; logs about it stay, without the link."""
    db.session.execute(
        update(Reflection)
        .where(Reflection.district_id == record.district_id, Reflection.record_id == record.id)
        .values(record_id=None)
        .execution_options(synchronize_session="fetch")
    )


def as_key(link: str) -> uuid.UUID:
    """The key in a link such as ``pair:<key>``."""
    return uuid.UUID(link.partition(":")[2])
