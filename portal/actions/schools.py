"""Schools: their facts, their centre school, closing and opening again."""

from datetime import date

from portal.actions import audit
from portal.actions.clusters import hold_structure
from portal.actions.errors import Refused
from portal.actions.steps import expect_version
from portal.domain.words import N_
from portal.extensions import db
from portal.models import School
from portal.queries import schools

# Facts that the school itself keeps; everything else is set by the bureau.
OWN_FACTS = ("authorised_posts", "actual_staff", "average_periods")


def create(actor, **facts) -> School:
    """Add a school to the district. ``parent_id`` names its centre school."""
    hold_structure(actor.district_id)
    _refuse_taken(actor.district_id, facts["name"])
    school = School(district_id=actor.district_id, **facts)
    _check_parent(school, facts.get("parent_id"))
    db.session.add(school)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "school.create", school, {"school_name": (None, school.name)})
    return school


def edit(actor, school: School, *, expected, **facts) -> None:
    """Change the facts of a school."""
    hold_structure(school.district_id)
    expect_version(school, expected)
    if facts.get("name", school.name) != school.name:
        _refuse_taken(school.district_id, facts["name"])
    if "parent_id" in facts and facts["parent_id"] != school.parent_id:
        _check_parent(school, facts["parent_id"])
    changes = audit.changes_of(school, facts)
    if not changes:
        return
    for plain, clear in (("name", "school_name"), ("kind", "school_kind")):
        if plain in changes:
            changes[clear] = changes.pop(plain)
    if "parent_id" in changes:
        changes["parent"] = tuple(_name(school, key) for key in changes.pop("parent_id"))
    audit.record(actor, "school.edit", school, changes)


def close(actor, school: School, *, on: date, reason: str, expected) -> None:
    """Close a school on a day. Its people, sub-schools and memberships are dealt with first."""
    hold_structure(school.district_id)
    expect_version(school, expected)
    if school.closed_on is not None:
        raise Refused(N_("这所学校已经停办"))
    inside = schools.memberships_after(school, on)
    if inside:
        raise Refused(
            N_("那天以后它还在%(cluster)s，请先登记退出片区"), field="on", cluster=inside[0].cluster.name
        )
    people = schools.people_on_staff(school)
    if people:
        raise Refused(N_("还有 %(count)s 人在这所学校，请先办理调动或离开"), field="on", count=people)
    below = schools.sub_schools(school, closed=False)
    if below:
        raise Refused(N_("还有 %(count)s 所所属学校，请先改变它们的中心校"), field="on", count=len(below))
    school.closed_on = on
    audit.record(actor, "school.close", school, {"closed_on": (None, on), "note": (None, reason)})


def reopen(actor, school: School, *, expected) -> None:
    """Open a closed school again."""
    expect_version(school, expected)
    if school.closed_on is None:
        raise Refused(N_("这所学校没有停办"))
    audit.record(actor, "school.reopen", school, {"closed_on": (school.closed_on, None)})
    school.closed_on = None


def _refuse_taken(district_id, name: str) -> None:
    if schools.by_name(district_id, name):
        raise Refused(N_("本区已有同名学校"), field="name")


def _check_parent(school: School, parent_id) -> None:
    """A centre school and its sub-schools are two levels, never three or a circle (中心校, 一般校)."""
    if parent_id is None:
        return
    parent = schools.by_id(school.district_id, parent_id)
    if parent is None or parent.closed_on is not None:
        raise Refused(N_("请从列出的选项里选择"), field="parent")
    if parent.id == school.id:
        raise Refused(N_("学校不能是自己的中心校"), field="parent")
    if parent.parent_id is not None:
        raise Refused(N_("%(school)s自己属于另一所中心校"), field="parent", school=parent.name)
    if school.id and schools.sub_schools(school):
        raise Refused(N_("它有所属学校，不能再属于另一所中心校"), field="parent")


def _name(school: School, key) -> str | None:
    found = schools.by_id(school.district_id, key) if key else None
    return found.name if found else None
