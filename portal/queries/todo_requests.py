"""What waits about requests for instruction."""

from portal.domain.access import Actor
from portal.domain.words import N_
from portal.extensions import db
from portal.models import SchoolRequest
from portal.queries import school_requests

KIND = N_("请示")


def waiting(actor: Actor):
    """(kind, sentence, endpoint, target, due, words) of everything that waits for this person."""
    found = school_requests.waiting_for(actor).order_by(SchoolRequest.waits_since, SchoolRequest.id)
    for row in db.session.scalars(found.limit(100)):
        what = N_("修改退回的请示：%(what)s") if row.state == "returned" else N_("办理请示：%(what)s")
        target = {"school_request_id": row.id}
        yield KIND, what, "instructions.school_request", target, None, {"what": row.title}
