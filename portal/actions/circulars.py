"""A circular is issued: its figures are frozen under a number and a day; what comes later is another edition."""

from datetime import date

from portal.actions import audit, notices
from portal.actions.errors import NotAllowed, Refused
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.summary_content import content_hash
from portal.domain.words import N_
from portal.extensions import db
from portal.models import CircularEdition, Term
from portal.queries import circulars

FORMAT = 1


def issue(actor, term: Term, *, number: str, issued_on: date, opening: str, now) -> CircularEdition:
    """Freeze the figures of a term as its next edition, and tell the principals (S3-27).

    Refused for a term that has not begun, a day that is still to come or lies before the term, and while there is
    no cluster. The figures are those of this moment, whatever day the paper bears.
    """
    if not can(actor, "circular.issue"):
        raise NotAllowed("circular.issue")
    today = local_day(now)
    if today < term.first_day:
        raise Refused(N_("学期还没有开始"))
    if issued_on > today or issued_on < term.first_day:
        raise Refused(N_("签发日期要在学期开始以后，不晚于今天"), field="issued_on")
    db.session.refresh(term, with_for_update=True)  # in line with others who issue one at this moment
    lines = circulars.lines_of(actor.district_id, term, today)
    if not lines:
        raise Refused(N_("还没有可以通报的片区"))
    people = circulars.receivers(actor.district_id, today)
    content = {
        "format": FORMAT,
        "term": term.code,
        "as_of": today.isoformat(),
        "issued_by": actor.name,
        "sent_to": len(people),
        "lines": lines,
    }
    row = CircularEdition(
        district_id=actor.district_id,
        term_id=term.id,
        edition=1 + max((each.edition for each in circulars.editions_of(term)), default=0),
        number=number,
        issued_on=issued_on,
        opening=opening,
        content=content,
        content_hash=content_hash(content),
        issued_by_id=actor.person_id,
        issued_at=now,
    )
    db.session.add(row)
    db.session.flush()  # the audit entry needs the key, and a number that is taken breaks its constraint here
    audit.record(
        actor, "circular_edition.issue", row, {"number": (None, number), "edition": (None, row.edition)}
    )
    notices.tell(
        people,
        "circular_issued",
        district_id=actor.district_id,
        link=f"/supervision/circulars/{row.id}",
        now=now,
        besides=actor.person_id,
        what=number,
    )
    return row
