"""Joint activities: what a person may see, and who took part."""

from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Activity, ActivityParticipant, ActivitySignup, Employment, Person, School
from portal.queries.activity_work import held_with, of_cluster
from portal.queries.paging import Page, page_of


def by_id(district_id, activity_id) -> Activity | None:
    """One activity."""
    return db.session.get(Activity, (district_id, activity_id))


def visible_to(actor: Actor):
    """The activities that ``activity.view`` shows this person, as a select."""
    found = select(Activity).where(Activity.district_id == actor.district_id)
    if actor.offices:
        return found
    mine = actor.belongs_to | actor.oversees
    return found.where(
        or_(
            Activity.cluster_id.in_(mine),
            Activity.cluster_id.is_(None),
            held_with(*mine),
            Activity.is_open.is_(True),
        )
    )


def activity_page(
    actor: Actor,
    *,
    cluster_id=None,
    term_id=None,
    kind: str = "",
    state: str = "",
    mine: bool = False,
    of_district: bool = False,
    cursor: str | None = None,
    size: int = 50,
) -> Page:
    """One page of the activities in sight, newest first, filtered; ``mine`` are those one took part in.

    ``of_district`` are those that no cluster holds: the whole district's own.
    """
    found = visible_to(actor).options(joinedload(Activity.cluster), joinedload(Activity.host_school))
    for column, value in (
        (Activity.term_id, term_id),
        (Activity.kind, kind),
        (Activity.state, state),
    ):
        if value:
            found = found.where(column == value)
    if cluster_id:
        found = found.where(of_cluster(cluster_id))
    if of_district:
        found = found.where(Activity.cluster_id.is_(None))
    if mine:
        found = found.where(
            select(ActivityParticipant.id)
            .where(
                ActivityParticipant.district_id == Activity.district_id,
                ActivityParticipant.activity_id == Activity.id,
                ActivityParticipant.person_id == actor.person_id,
            )
            .exists()
        )
    return page_of(found, Activity.starts_at, Activity.id, cursor, size=size)


def participant_counts(district_id, activity_ids) -> dict:
    """Activity -> number of people who took part."""
    rows = db.session.execute(
        select(ActivityParticipant.activity_id, func.count())
        .where(
            ActivityParticipant.district_id == district_id,
            ActivityParticipant.activity_id.in_(activity_ids),
        )
        .group_by(ActivityParticipant.activity_id)
    )
    return {activity_id: count for activity_id, count in rows}


def visitors(rows: list[Activity]) -> dict:
    """Visit of principals (校长互访) -> the names of the schools that come, or came: who visits whom (S1-52)."""
    visits = {row.id: row.host_school_id for row in rows if row.kind == "principal_visit"}
    if not visits:
        return {}
    found: dict = {}
    for model in (ActivitySignup, ActivityParticipant):
        named = db.session.execute(
            select(model.activity_id, School.id, School.name)
            .join(School, and_(School.district_id == model.district_id, School.id == model.school_id))
            .where(model.district_id == rows[0].district_id, model.activity_id.in_(visits))
        )
        for activity_id, school_id, name in named:
            if school_id != visits[activity_id]:
                found.setdefault(activity_id, set()).add(name)
    return {activity_id: sorted(names) for activity_id, names in found.items()}


def participants_of(activity: Activity) -> list[ActivityParticipant]:
    """Who took part, by school and name."""
    found = db.session.scalars(
        select(ActivityParticipant)
        .where(
            ActivityParticipant.district_id == activity.district_id,
            ActivityParticipant.activity_id == activity.id,
        )
        .options(joinedload(ActivityParticipant.person), joinedload(ActivityParticipant.school))
    )
    return sorted(found, key=lambda row: (row.school.name, row.person.pinyin, row.person.name, row.id))


def staff_named(district_id, names, school_ids) -> list[tuple[Person, School]]:
    """The staff of these schools (None: of every school) who bear one of the names, with their school."""
    rows = db.session.execute(
        select(Person, School)
        .join(
            Employment,
            and_(Employment.district_id == Person.district_id, Employment.person_id == Person.id),
        )
        .join(School, and_(School.district_id == Employment.district_id, School.id == Employment.school_id))
        .where(
            Person.district_id == district_id,
            Person.name.in_(names),
            Employment.ends_on.is_(None),
            Employment.school_id.in_(school_ids) if school_ids is not None else true(),
        )
        .order_by(Person.id)
    )
    return [(person, school) for person, school in rows]
