"""Volunteers without a post, programmes with what stands against their targets, certificates of service."""

from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.domain.deliveries import TARGETS, Records, actual
from portal.domain.exchange import SUPPORT
from portal.extensions import db
from portal.models import (
    Delivery,
    DeliverySignup,
    Person,
    Posting,
    Programme,
    SchoolPairing,
    ServiceCertificate,
    Volunteer,
)
from portal.queries import signups
from portal.queries.paging import Page, page_by_text

ARRIVED = ("active", "completed", "ended_early")
SECONDED = ("secondment", "upward_secondment")


def by_id(district_id, volunteer_id) -> Volunteer | None:
    """One volunteer."""
    return db.session.get(Volunteer, (district_id, volunteer_id))


def of_person(district_id, person_id) -> Volunteer | None:
    """The volunteer's entry of a person."""
    return db.session.scalar(
        select(Volunteer).where(Volunteer.district_id == district_id, Volunteer.person_id == person_id)
    )


def visible_to(actor: Actor):
    """The volunteers that ``volunteer.view`` shows this person, as a select."""
    found = select(Volunteer).where(Volunteer.district_id == actor.district_id)
    if actor.offices:
        return found
    conditions = [
        Volunteer.school_id.in_(actor.manages_schools),
        Volunteer.cluster_id.in_(actor.manages),
    ]
    if actor.manages_schools:
        conditions.append(Volunteer.school_id.is_(None))
    return found.where(or_(*conditions))


def _with_person(found):
    return found.join(
        Person, and_(Person.district_id == Volunteer.district_id, Person.id == Volunteer.person_id)
    ).options(joinedload(Volunteer.person), joinedload(Volunteer.school))


def volunteer_page(actor: Actor, *, words: str = "", cursor: str | None = None) -> Page:
    """One page of the volunteers in sight by name; ``words`` begin a name or its pinyin."""
    found = _with_person(visible_to(actor))
    if words:
        low = words.lower().replace(" ", "")
        found = found.where(
            or_(
                Person.name.startswith(words, autoescape=True),
                Person.pinyin.startswith(low, autoescape=True),
                Person.initials.startswith(low, autoescape=True),
            )
        )
    return page_by_text(found, Person.pinyin, Volunteer.id, cursor, read=_read)


def _read(statement):
    return [_Line(volunteer) for volunteer in db.session.scalars(statement)]


class _Line:
    """A volunteer in a list, with the pinyin that the list is ordered by."""

    def __init__(self, volunteer: Volunteer):
        self.volunteer, self.id, self.pinyin = volunteer, volunteer.id, volunteer.person.pinyin


def all_in_sight(actor: Actor, limit: int = 500) -> list[Volunteer]:
    """The volunteers in sight by name: the choices of a form."""
    found = _with_person(visible_to(actor))
    return list(db.session.scalars(found.order_by(Person.pinyin, Volunteer.id).limit(limit)))


def services_of(district_id, person_id, limit: int = 100) -> list[DeliverySignup]:
    """Somebody's sign-ups, the latest first."""
    return list(
        db.session.scalars(
            select(DeliverySignup)
            .join(
                Delivery,
                and_(
                    Delivery.district_id == DeliverySignup.district_id,
                    Delivery.id == DeliverySignup.delivery_id,
                ),
            )
            .where(DeliverySignup.district_id == district_id, DeliverySignup.person_id == person_id)
            .options(joinedload(DeliverySignup.delivery).joinedload(Delivery.school))
            .order_by(Delivery.starts_on.desc(), Delivery.id)
            .limit(limit)
        )
    )


def namesakes(actor: Actor, name: str) -> list[Volunteer]:
    """The volunteers in sight of that name."""
    found = _with_person(visible_to(actor)).where(Person.name == name)
    return list(db.session.scalars(found))


# Programmes


def programme_by_id(district_id, programme_id) -> Programme | None:
    """One programme."""
    return db.session.get(Programme, (district_id, programme_id))


def programmes(district_id, on: date | None = None) -> list[Programme]:
    """The programmes of a district, the latest first; with a day those that run on it."""
    found = select(Programme).where(Programme.district_id == district_id)
    if on is not None:
        found = found.where(Programme.starts_on <= on, Programme.ends_on >= on)
    return list(db.session.scalars(found.order_by(Programme.starts_on.desc(), Programme.id)))


def records_of(programme: Programme) -> Records:
    """What the targets of a programme are held against."""
    district, first, last = programme.district_id, programme.starts_on, programme.ends_on
    arrived = select(Posting.person_id).where(
        Posting.district_id == district,
        Posting.state.in_(ARRIVED),
        Posting.arrived_on <= last,
        or_(Posting.ends_on.is_(None), Posting.ends_on >= first),
    )
    pairs = select(SchoolPairing.id).where(
        SchoolPairing.district_id == district,
        SchoolPairing.state.in_(("active", "closed")),
        SchoolPairing.starts_on <= last,
        or_(SchoolPairing.ends_on.is_(None), SchoolPairing.ends_on >= first),
    )

    def people(condition) -> frozenset:
        return frozenset(db.session.scalars(arrived.where(condition)))

    return Records(
        served=tuple(signups.served_in_district(district, first, last)),
        volunteer_postings=people(Posting.is_volunteer.is_(True)),
        support_postings=people(Posting.form.in_(SUPPORT) & Posting.is_volunteer.is_(False)),
        secondments=people(Posting.form.in_(SECONDED)),
        school_pairs=frozenset(db.session.scalars(pairs)),
    )


def standing(programme: Programme, records: Records | None = None) -> list[tuple[str, int, int]]:
    """(kind, actual, target) of each target of a programme."""
    records = records or records_of(programme)
    span = programme.starts_on, programme.ends_on
    targets = sorted(programme.targets, key=lambda each: TARGETS.index(each.kind))
    return [(each.kind, actual(each.kind, records, *span), each.target) for each in targets]


def signed_up_only(programme: Programme, records: Records) -> int:
    """Volunteers who have a place and have not served yet: they count in no figure."""
    here = set(
        db.session.scalars(
            select(DeliverySignup.person_id)
            .join(
                Delivery,
                and_(
                    Delivery.district_id == DeliverySignup.district_id,
                    Delivery.id == DeliverySignup.delivery_id,
                ),
            )
            .where(
                DeliverySignup.district_id == programme.district_id,
                DeliverySignup.state == "taken",
                DeliverySignup.is_volunteer.is_(True),
                Delivery.state.in_(("open", "filled", "held")),
                Delivery.starts_on.between(programme.starts_on, programme.ends_on),
            )
        )
    )
    return len(here - {each.person_id for each in records.served if each.is_volunteer})


# Certificates


def certificate_by_id(district_id, certificate_id) -> ServiceCertificate | None:
    """One certificate."""
    return db.session.get(ServiceCertificate, (district_id, certificate_id))


def confirmed_at(district_id, person_id, school_id, first: date, last: date) -> list[DeliverySignup]:
    """Somebody's confirmed services at a school in a stretch of days."""
    return list(
        db.session.scalars(
            select(DeliverySignup)
            .join(
                Delivery,
                and_(
                    Delivery.district_id == DeliverySignup.district_id,
                    Delivery.id == DeliverySignup.delivery_id,
                ),
            )
            .where(
                DeliverySignup.district_id == district_id,
                DeliverySignup.person_id == person_id,
                DeliverySignup.came.is_(True),
                Delivery.school_id == school_id,
                Delivery.state == "confirmed",
                Delivery.held_on.between(first, last),
            )
            .options(joinedload(DeliverySignup.delivery))
            .order_by(Delivery.held_on, Delivery.id)
        )
    )


def certificate_of(person_id, school, term, content_hash: str) -> ServiceCertificate | None:
    """The certificate that says exactly this, if it was given before."""
    return db.session.scalar(
        select(ServiceCertificate).where(
            ServiceCertificate.district_id == school.district_id,
            ServiceCertificate.person_id == person_id,
            ServiceCertificate.school_id == school.id,
            ServiceCertificate.term_id == term.id,
            ServiceCertificate.content_hash == content_hash,
        )
    )


def newer_certificate(certificate: ServiceCertificate) -> ServiceCertificate | None:
    """The certificate of the same service that was given later, after a correction or another service."""
    return db.session.scalar(
        select(ServiceCertificate)
        .where(
            ServiceCertificate.district_id == certificate.district_id,
            ServiceCertificate.person_id == certificate.person_id,
            ServiceCertificate.school_id == certificate.school_id,
            ServiceCertificate.term_id == certificate.term_id,
            ServiceCertificate.id > certificate.id,
        )
        .order_by(ServiceCertificate.id.desc())
        .limit(1)
    )


def last_number(school, year: int) -> int:
    """The last number that a school gave in a year."""
    return (
        db.session.scalar(
            select(func.max(ServiceCertificate.number)).where(
                ServiceCertificate.district_id == school.district_id,
                ServiceCertificate.school_id == school.id,
                ServiceCertificate.year == year,
            )
        )
        or 0
    )
