"""Certificates of service: what a school confirmed about somebody in a term, frozen under a number of its own."""

from datetime import date, timedelta

from sqlalchemy import select

from portal.actions import audit, notices
from portal.actions.errors import Refused
from portal.domain.calendar import term_title
from portal.domain.deliveries import certificate_content, content_hash
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import DeliverySignup, School, ServiceCertificate
from portal.queries import clusters, people, schools, terms, volunteers

DAY = timedelta(days=1)


def issue(actor, row: DeliverySignup, *, now) -> ServiceCertificate:
    """Certify what the school of this service confirmed about the person in its term.

    The same content is not certified twice. Refused while nothing is confirmed.
    """
    delivery = row.delivery
    if delivery.state != "confirmed" or not row.came:
        raise Refused(N_("接收学校确认时长以后才能开具证明"))
    # Numbers of a school are given one after the other.
    db.session.execute(
        select(School.id)
        .where(School.district_id == row.district_id, School.id == delivery.school_id)
        .with_for_update(key_share=True)
    )
    school = schools.by_id(row.district_id, delivery.school_id)
    term = terms.term_of_day(row.district_id, delivery.held_on)
    if term is None:
        raise Refused(N_("还没有学期，请先由区教育局设置校历"))
    content = content_of(row.person, school, term)
    key = content_hash(content)
    known = volunteers.certificate_of(row.person_id, school, term, key)
    if known is not None:
        return known
    day = local_day(now)
    made = ServiceCertificate(
        district_id=row.district_id,
        person_id=row.person_id,
        school_id=school.id,
        term_id=term.id,
        year=day.year,
        number=volunteers.last_number(school, day.year) + 1,
        content=content,
        content_hash=key,
        issued_on=day,
        issued_by_id=actor.person_id,
    )
    db.session.add(made)
    db.session.flush()  # the audit entry needs the key
    told = {"person": (None, row.person.name), "number": (None, made.number), "school": (None, school.name)}
    audit.record(actor, "service_certificate.issue", made, told)
    notices.tell(
        [row.person_id],
        "certificate_issued",
        district_id=row.district_id,
        link=f"/visiting/certificates/{made.id}",
        now=now,
        besides=actor.person_id,
        what=school.name,
    )
    return made


def content_of(person, school: School, term) -> dict:
    """What a certificate would say now. ValueError when nothing is confirmed."""
    district = school.district_id
    first, last = term_span(term)
    rows = volunteers.confirmed_at(district, person.id, school.id, first, last)
    return certificate_content(
        person=person.name,
        of=_of(person),
        school=school.name,
        cluster=_cluster_name(school, rows),
        term=term_title(term.code, "zh"),
        services=[
            {
                "day": row.delivery.held_on.isoformat(),
                "title": row.delivery.title,
                "kind": row.delivery.kind,
                "minutes": row.minutes or 0,
                "periods": row.periods or 0,
            }
            for row in rows
        ],
    )


def is_current(certificate: ServiceCertificate) -> bool:
    """Whether the records still say what was certified."""
    try:
        content = content_of(certificate.person, certificate.school, certificate.term)
    except ValueError:
        return False
    return content_hash(content) == certificate.content_hash


def term_span(term) -> tuple[date, date]:
    """The first and last day of the services that belong to a term: holidays count to the term after them."""
    others = terms.all_terms(term.district_id)
    before = max((each.last_day for each in others if each.last_day < term.first_day), default=None)
    is_last = not any(each.first_day > term.last_day for each in others)
    return (before + DAY if before else date.min), (date.max if is_last else term.last_day)


def _of(person) -> str:
    """Where somebody works, or who a volunteer is."""
    home = people.home_school(person)
    if home is not None:
        return home.name
    volunteer = volunteers.of_person(person.district_id, person.id)
    return volunteer.background if volunteer else ""


def _cluster_name(school: School, rows) -> str:
    """The cluster of the school when the last of the services was published."""
    for row in reversed(rows):
        if row.delivery.cluster_id:
            return clusters.cluster_by_id(school.district_id, row.delivery.cluster_id).name
    return ""
