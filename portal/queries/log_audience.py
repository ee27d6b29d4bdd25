"""Who can see a log, by names or numbers, and whom a comment may name."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select

from portal.extensions import db
from portal.models import Cluster, Employment, Membership, MentoringPair, Person, Reflection, School
from portal.queries.clusters import staff_counts


@dataclass(frozen=True)
class Audience:
    """Whom a log is open to: ``circle`` as chosen (own while it is a draft), with what stands behind it."""

    circle: str
    mentors: tuple[str, ...] = ()
    school: str = ""
    staff: int = 0
    cluster: str = ""
    schools: int = 0


def audiences(logs: Iterable[Reflection]) -> dict:
    """Log key -> its audience, for a page of logs, by a query for each kind of fact."""
    logs = list(logs)
    shared = [log for log in logs if log.state == "submitted" and log.visibility != "own"]
    if not shared:
        return {log.id: Audience("own") for log in logs}
    district = shared[0].district_id
    mentors = mentors_of_many(district, {log.person_id for log in shared})
    staff = staff_counts(district, {log.school_id for log in shared if log.school_id})
    schools = _names(School, district, {log.school_id for log in shared})
    clusters = _names(Cluster, district, {log.cluster_id for log in shared})
    counts = _school_counts(district, clusters)
    found = {log.id: Audience("own") for log in logs}
    for log in shared:
        found[log.id] = Audience(
            log.visibility,
            tuple(name for _, name in mentors.get(log.person_id, ())),
            schools.get(log.school_id, ""),
            staff.get(log.school_id, 0),
            clusters.get(log.cluster_id, ""),
            counts.get(log.cluster_id, 0),
        )
    return found


def of_choice(district_id, person_id, school_id, cluster_id) -> Audience:
    """What each choice would mean for a writer; ``circle`` is empty."""
    return Audience(
        "",
        tuple(name for _, name in mentors_of_many(district_id, [person_id]).get(person_id, ())),
        _names(School, district_id, {school_id}).get(school_id, ""),
        staff_counts(district_id, [school_id]).get(school_id, 0) if school_id else 0,
        _names(Cluster, district_id, {cluster_id}).get(cluster_id, ""),
        _school_counts(district_id, [cluster_id]).get(cluster_id, 0) if cluster_id else 0,
    )


def mentors_of_many(district_id, person_ids) -> dict:
    """Mentee -> [(mentor's key, name)] of the pairs under way."""
    rows = db.session.execute(
        select(MentoringPair.mentee_id, Person.id, Person.name)
        .join(
            Person,
            and_(Person.district_id == MentoringPair.district_id, Person.id == MentoringPair.mentor_id),
        )
        .where(
            MentoringPair.district_id == district_id,
            MentoringPair.mentee_id.in_(list(person_ids)),
            MentoringPair.state == "active",
        )
        .order_by(Person.pinyin, Person.id)
    )
    found: dict = {}
    for mentee, key, name in rows:
        if (key, name) not in found.setdefault(mentee, []):
            found[mentee].append((key, name))
    return found


def readers_named(log: Reflection, names: Iterable[str]) -> list[tuple[Person, str]]:
    """(person, school) of everybody of these names who may see the log now; its writer too."""
    circles = [Person.id == log.person_id]
    if log.state == "submitted" and log.visibility != "own":
        mentors = [key for key, _ in mentors_of_many(log.district_id, [log.person_id]).get(log.person_id, ())]
        circles.append(Person.id.in_(mentors))
        if log.visibility in ("school", "cluster"):
            circles.append(Employment.school_id == log.school_id)
        if log.visibility == "cluster":
            members = select(Membership.school_id).where(
                Membership.district_id == log.district_id,
                Membership.cluster_id == log.cluster_id,
                Membership.ends_on.is_(None),
            )
            circles.append(Employment.school_id.in_(members))
    rows = db.session.execute(
        select(Person, School.name)
        .join(
            Employment, and_(Employment.district_id == Person.district_id, Employment.person_id == Person.id)
        )
        .join(School, and_(School.district_id == Employment.district_id, School.id == Employment.school_id))
        .where(
            Person.district_id == log.district_id,
            Person.name.in_(list(names)),
            Employment.ends_on.is_(None),
            or_(*circles),
        )
        .order_by(Person.pinyin, Person.id)
    )
    return [tuple(row) for row in rows]


def _names(model, district_id, keys) -> dict:
    keys = [key for key in keys if key]
    if not keys:
        return {}
    rows = db.session.execute(
        select(model.id, model.name).where(model.district_id == district_id, model.id.in_(keys))
    )
    return {key: name for key, name in rows}


def _school_counts(district_id, cluster_ids) -> dict:
    rows = db.session.execute(
        select(Membership.cluster_id, func.count())
        .where(
            Membership.district_id == district_id,
            Membership.cluster_id.in_(list(cluster_ids)),
            Membership.ends_on.is_(None),
        )
        .group_by(Membership.cluster_id)
    )
    return {key: count for key, count in rows}
