"""The schools of a cluster's term, each counted in its main cluster only, with staff and titles."""

from collections import defaultdict
from datetime import date

from sqlalchemy import and_, func, or_, select

from portal.domain import term_facts
from portal.extensions import db
from portal.models import Cluster, Employment, Membership, PersonTitle, School, Term

# D0 四、2(4) and E5: 名师, 教学能手, 骨干教师, 学科带头人, of the county or higher.
MENTOR_TITLES = ("master_teacher", "teaching_expert", "backbone_teacher", "subject_leader")
COUNTY_OR_HIGHER = ("county", "district", "city", "province", "national")


def school_facts(cluster: Cluster, first: date, last: date) -> tuple[term_facts.SchoolFact, ...]:
    """The schools that count in this cluster: the lead first, then by name."""
    main = _main_memberships(cluster, first, last)
    ids = [membership.school_id for membership in main]
    rows = {
        row.id: row
        for row in db.session.execute(
            select(School.id, School.name, School.location, School.actual_staff).where(
                School.district_id == cluster.district_id, School.id.in_(ids)
            )
        )
    }
    staff = _staff_counts(cluster, ids, last)
    titled = _titled(cluster, [i for i in ids if rows[i].location == "urban"], last)
    found = [
        term_facts.SchoolFact(
            id=m.school_id,
            name=rows[m.school_id].name,
            # A school without a roster has an unknown number of teachers, not none.
            teacher_count=staff.get(m.school_id) or rows[m.school_id].actual_staff,
            is_lead=m.role == "lead",
            location=rows[m.school_id].location,
            titled=frozenset(titled[m.school_id]),
        )
        for m in main
    ]
    return tuple(sorted(found, key=lambda school: (not school.is_lead, school.name)))


def _main_memberships(cluster: Cluster, first: date, last: date) -> list:
    """One membership for each school whose main cluster this is; the latest of the term decides."""
    own = select(Membership.school_id).where(
        Membership.district_id == cluster.district_id,
        Membership.cluster_id == cluster.id,
        *overlaps(Membership, first, last),
    )
    rows = db.session.execute(
        select(Membership.school_id, Membership.cluster_id, Membership.role)
        .where(
            Membership.district_id == cluster.district_id,
            Membership.is_main.is_(True),
            Membership.school_id.in_(own),
            *overlaps(Membership, first, last),
        )
        .order_by(Membership.starts_on, Membership.id)
    )
    latest = {row.school_id: row for row in rows}
    return [row for row in latest.values() if row.cluster_id == cluster.id]


def other_members(cluster: Cluster, term: Term, as_of: date) -> list[str]:
    """Names of members of the term that count in another cluster, their main one."""
    first, last = term.first_day, max(term.first_day, min(term.last_day, as_of))
    counted = [row.school_id for row in _main_memberships(cluster, first, last)]
    return list(
        db.session.scalars(
            select(School.name)
            .join(
                Membership,
                and_(Membership.district_id == School.district_id, Membership.school_id == School.id),
            )
            .where(
                Membership.district_id == cluster.district_id,
                Membership.cluster_id == cluster.id,
                Membership.school_id.not_in(counted),
                *overlaps(Membership, first, last),
            )
            .distinct()
            .order_by(School.name)
        )
    )


def _staff_counts(cluster: Cluster, school_ids: list, day: date) -> dict:
    rows = db.session.execute(
        select(Employment.school_id, func.count(Employment.person_id.distinct()))
        .where(
            Employment.district_id == cluster.district_id,
            Employment.school_id.in_(school_ids),
            *overlaps(Employment, day, day),
        )
        .group_by(Employment.school_id)
    )
    return {school_id: count for school_id, count in rows}


def _titled(cluster: Cluster, school_ids: list, day: date) -> dict:
    """School -> its staff who hold a title that makes a mentor, on a day."""
    found = defaultdict(set)
    rows = db.session.execute(
        select(Employment.school_id, Employment.person_id)
        .join(
            PersonTitle,
            and_(
                PersonTitle.district_id == Employment.district_id,
                PersonTitle.person_id == Employment.person_id,
            ),
        )
        .where(
            Employment.district_id == cluster.district_id,
            Employment.school_id.in_(school_ids),
            PersonTitle.kind.in_(MENTOR_TITLES),
            PersonTitle.level.in_(COUNTY_OR_HIGHER),
            *overlaps(Employment, day, day),
            *overlaps(PersonTitle, day, day),
        )
    )
    for school_id, person_id in rows:
        found[school_id].add(person_id)
    return found


def overlaps(model, first: date, last: date) -> tuple:
    """A dated row is in force on at least one of the days; both ends count, an open end is open."""
    return (
        or_(model.starts_on.is_(None), model.starts_on <= last),
        or_(model.ends_on.is_(None), model.ends_on >= first),
    )
