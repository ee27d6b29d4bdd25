"""Deliveries for tests: one of each kind for the populated world, and short ways to publish and sign up."""

from datetime import date, datetime

import sqlalchemy as sa

from portal.domain.moments import SHANGHAI
from portal.extensions import db
from portal.models import (
    Delivery,
    DeliverySignup,
    OfferSchool,
    Person,
    Programme,
    ProgrammeTarget,
    ServiceCertificate,
    TeachingOffer,
    Volunteer,
)

AT = datetime(2025, 11, 12, 9, tzinfo=SHANGHAI)
FORM = {
    "kind": "volunteer_service",
    "title": "合唱指导",
    "subject": "音乐",
    "stage": "primary",
    "starts_on": "2025-11-27",
    "ends_on": "",
    "starts_clock": "16:00",
    "hours": "1.5",
    "rhythm": "",
    "wanted": "2",
    "direct": "1",
    "audience": "",
    "details": "",
}


def fill(add, base: dict, word: str, *, cluster, term, member, teacher, principal) -> None:
    """One record of each kind of a cluster: a call for help of a member school, and all that belongs to it."""
    delivery = add("delivery", new_delivery(base, cluster, member, principal, title="合唱" + word, wanted=2))
    add("signup", new_signup(delivery, teacher, state="waiting", state_note=""))
    person = Person(**base, name="志愿" + word, pinyin="zhiyuan", initials="zy", phone="13800001234")
    db.session.add(person)
    db.session.flush()
    kept = {"person_id": person.id, "school_id": member.id, "cluster_id": cluster.id}
    add("volunteer", Volunteer(**base, **kept, background="退休" + word, created_by_id=principal.id))
    offer = add(
        "offer",
        TeachingOffer(
            **base,
            cluster_id=cluster.id,
            person_id=teacher.id,
            school_id=member.id,
            kind="volunteer_service",
            subject="音乐",
            starts_on=date(2025, 11, 1),
            times="周二" + word,
            created_by_id=teacher.id,
        ),
    )
    add("offer_school", OfferSchool(**base, offer_id=offer.id, school_id=member.id))
    programme = add(
        "programme",
        Programme(
            **base, name="百名" + word, starts_on=date(2025, 9, 1), ends_on=date(2027, 8, 31), note=word
        ),
    )
    add("target", ProgrammeTarget(**base, programme_id=programme.id, kind="volunteers", target=100))
    content = {"person": teacher.name, "of": "", "school": member.name, "cluster": cluster.name}
    content |= {"term": word, "services": [], "minutes": 0, "periods": 0}
    add(
        "certificate",
        ServiceCertificate(
            **base,
            person_id=teacher.id,
            school_id=member.id,
            term_id=term.id,
            year=2025,
            number=1,
            content=content,
            content_hash="0" * 64,
            issued_on=date(2025, 11, 12),
            issued_by_id=principal.id,
        ),
    )


def new_delivery(base: dict, cluster, school, author, **facts) -> Delivery:
    """A call for help on a Thursday in a week, unless ``facts`` say otherwise."""
    usual = {
        "kind": "volunteer_service",
        "title": "合唱指导",
        "starts_on": date(2025, 11, 27),
        "starts": 960,
        "minutes": 90,
        "cluster_id": cluster.id if cluster else None,
        "school_id": school.id,
        "created_by_id": author.id,
    }
    return Delivery(**base, **{**usual, **facts})


def new_signup(delivery: Delivery, person, **facts) -> DeliverySignup:
    """Somebody on a delivery."""
    usual = {"state": "waiting", "signed_at": AT, "created_by_id": person.id}
    return DeliverySignup(
        district_id=delivery.district_id,
        delivery_id=delivery.id,
        person_id=person.id,
        **{**usual, **facts},
    )


def publish(world, **facts) -> Delivery:
    """A committed call for help of 拱辰中心小学, or of the school in ``facts``."""
    school = facts.pop("school", world.gongchen)
    row = new_delivery({"district_id": world.east.id}, world.cluster, school, world.principal, **facts)
    db.session.add(row)
    db.session.commit()
    return row


def take_place(delivery: Delivery, person, place: int = 1, **facts) -> DeliverySignup:
    """A committed place on a delivery."""
    row = new_signup(delivery, person, state="taken", place=place, **facts)
    db.session.add(row)
    db.session.commit()
    return row


def add_volunteer(world, name: str = "钟雅宁", school=None, **facts) -> Volunteer:
    """A committed volunteer whom 拱辰中心小学 keeps, or the school given; None keeps it open to the district."""
    person = Person(district_id=world.east.id, name=name, pinyin="x", initials="x", phone="13800001234")
    db.session.add(person)
    db.session.flush()
    keeper = school if school is not None or facts.pop("of_bureau", False) else world.gongchen
    row = Volunteer(
        district_id=world.east.id,
        person_id=person.id,
        school_id=keeper.id if keeper else None,
        cluster_id=world.cluster.id if keeper else None,
        background="退休教师",
        created_by_id=world.principal.id if keeper else world.bureau.id,
    )
    db.session.add(row)
    db.session.commit()
    return row


def states(delivery_id) -> dict[str, tuple]:
    """Name -> (state, place) of everybody on a delivery, as the database has it now."""
    db.session.rollback()
    rows = db.session.execute(
        sa.select(Person.name, DeliverySignup.state, DeliverySignup.place)
        .join(Person, Person.id == DeliverySignup.person_id)
        .where(DeliverySignup.delivery_id == delivery_id)
    )
    return {name: (state, place) for name, state, place in rows}


def state_of(delivery_id) -> str:
    """The state of a delivery, as the database has it now."""
    db.session.rollback()
    found = db.session.scalar(sa.select(Delivery.state).where(Delivery.id == delivery_id))
    db.session.rollback()
    return found
