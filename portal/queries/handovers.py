"""Handovers of postings, and what a posting is to reach."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.extensions import db
from portal.models import Handover, HandoverSignature, Posting, PostingResult
from portal.queries.audit import history

AMENDED = "posting.amend_criteria"
_WITH = (
    joinedload(Handover.giver),
    joinedload(Handover.taker),
    joinedload(Handover.posting).joinedload(Posting.person),
    joinedload(Handover.posting).joinedload(Posting.home_school),
    joinedload(Handover.posting).joinedload(Posting.host_school),
    selectinload(Handover.signatures).joinedload(HandoverSignature.person),
    selectinload(Handover.signatures).joinedload(HandoverSignature.account),
)


def by_id(district_id, handover_id) -> Handover | None:
    """One sheet."""
    return db.session.get(Handover, (district_id, handover_id), options=_WITH)


def of_posting(posting: Posting) -> list[Handover]:
    """The sheets of a posting: leaving before coming back, the first of a place before the further ones."""
    rows = db.session.scalars(
        select(Handover)
        .where(Handover.district_id == posting.district_id, Handover.posting_id == posting.id)
        .options(*_WITH)
    )
    return sorted(rows, key=lambda row: (row.phase == "end", not row.at_home, row.number))


def last_of(posting: Posting, phase: str, at_home: bool) -> Handover | None:
    """The newest sheet of a phase and place, cancelled ones too."""
    return db.session.scalar(
        select(Handover)
        .where(
            Handover.district_id == posting.district_id,
            Handover.posting_id == posting.id,
            Handover.phase == phase,
            Handover.at_home.is_(at_home),
        )
        .order_by(Handover.number.desc())
        .limit(1)
    )


def signatures_of(row: Handover) -> list[HandoverSignature]:
    """All signatures that stand now, read anew."""
    return list(
        db.session.scalars(
            select(HandoverSignature)
            .where(HandoverSignature.district_id == row.district_id, HandoverSignature.handover_id == row.id)
            .order_by(HandoverSignature.side)
        )
    )


def result_of(posting: Posting) -> PostingResult | None:
    """What the posting is to reach, with how far it was reached."""
    return db.session.scalar(
        select(PostingResult)
        .where(PostingResult.district_id == posting.district_id, PostingResult.posting_id == posting.id)
        .options(joinedload(PostingResult.judged_by))
    )


def amendments_of(posting: Posting) -> list[dict]:
    """How the criteria were changed after the person had arrived, newest first: when, who, before, why."""
    found = []
    for line in history(posting):
        if line.action == AMENDED:
            said = {field: (old, new) for field, old, new in line.changes}
            found.append(
                {
                    "at": line.at,
                    "who": line.who,
                    "before": said.get("result_criteria", ("", ""))[0] or "",
                    "why": said.get("note", ("", ""))[1] or "",
                }
            )
    return found
