"""Ranked wishes of mentors and mentees, and the suggestion that is made of them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.domain.access import Actor
from portal.domain.matching import Suggestion, Wishes, suggest
from portal.extensions import db
from portal.models import Cluster, Employment, MentoringPair, WishChoice, WishList
from portal.queries import clusters, mentoring

OPEN = ("proposed", "active")


def list_of(actor: Actor, cluster: Cluster, side: str) -> WishList | None:
    """A person's own list in a cluster."""
    return db.session.scalar(
        select(WishList)
        .where(
            WishList.district_id == actor.district_id,
            WishList.cluster_id == cluster.id,
            WishList.person_id == actor.person_id,
            WishList.side == side,
        )
        .options(selectinload(WishList.choices).joinedload(WishChoice.wanted))
    )


def lists_in(cluster: Cluster, day: date) -> list[WishList]:
    """The lists of those who work at a member school on a day, with the names on them."""
    staff = people_in(cluster, day)
    rows = db.session.scalars(
        select(WishList)
        .where(WishList.district_id == cluster.district_id, WishList.cluster_id == cluster.id)
        .options(joinedload(WishList.person), selectinload(WishList.choices).joinedload(WishChoice.wanted))
        .order_by(WishList.id)
    )
    return [row for row in rows if row.person_id in staff]


def people_in(cluster: Cluster, day: date) -> dict:
    """Person -> home school, for everybody whose home is a member school on a day."""
    members = [m.school_id for m in clusters.members_on(cluster, day)]
    ids = db.session.scalars(
        select(Employment.person_id).where(
            Employment.district_id == cluster.district_id,
            Employment.school_id.in_(members),
            Employment.ends_on.is_(None),
        )
    )
    return mentoring.home_schools(cluster.district_id, list(ids))


@dataclass(frozen=True)
class Suggested:
    """The suggestion of a cluster with the people that it names, how many lists it rests on, and what was said."""

    found: Suggestion
    people: dict
    homes: dict
    mentors: int
    mentees: int
    notes: list[WishList]


def suggestion_for(cluster: Cluster, day: date) -> Suggested:
    """What the lists of a cluster suggest. Pairs that are open take their mentor's places and their mentee out."""
    lists = lists_in(cluster, day)
    taken, paired = {}, set()
    for mentor_id, mentee_id in db.session.execute(
        select(MentoringPair.mentor_id, MentoringPair.mentee_id).where(
            MentoringPair.district_id == cluster.district_id,
            MentoringPair.kind == "apprentice",
            MentoringPair.state.in_(OPEN),
        )
    ):
        taken[mentor_id] = taken.get(mentor_id, 0) + 1
        paired.add(mentee_id)
    mentors = {
        row.person_id: Wishes(_order(row), row.capacity - taken.get(row.person_id, 0))
        for row in lists
        if row.side == "mentor"
    }
    mentees = {
        row.person_id: Wishes(_order(row))
        for row in lists
        if row.side == "mentee" and row.person_id not in paired
    }
    people = {row.person_id: row.person for row in lists}
    people |= {choice.wanted_id: choice.wanted for row in lists for choice in row.choices}
    return Suggested(
        suggest(mentors, mentees),
        people,
        mentoring.home_schools(cluster.district_id, list(people)),
        len(mentors),
        len(mentees),
        [row for row in lists if row.note],
    )


def _order(row: WishList) -> tuple:
    return tuple(choice.wanted_id for choice in row.choices)
