"""The opinion box in the populated world: a representative, an opinion with the name, a collection with its answer."""

from datetime import UTC, date, datetime

from portal.extensions import db
from portal.models import Opinion, OpinionDigest, RoleAssignment

DAY = date(2025, 11, 12)


def fill(add, base: dict, word: str, *, term, school, writer, head, speaks: bool) -> None:
    """One of each kind at a school; ``speaks`` makes the writer its representative."""
    if speaks:
        since = {"role": "representative", "starts_on": date(2025, 9, 1)}
        db.session.add(RoleAssignment(**base, **since, person_id=writer.id, school_id=school.id))
    places = {"school_id": school.id, "term_id": term.id, "created_by_id": writer.id}
    moment = datetime(2025, 11, 12, tzinfo=UTC)
    add(
        "opinion",
        Opinion(
            **base,
            **places,
            topic="other",
            text="意见" + word,
            written_on=DAY,
            created_at=moment,
            updated_at=moment,
        ),
    )
    add(
        "opinion_digest",
        OpinionDigest(
            **base,
            **places,
            text="汇总" + word,
            submitted_on=DAY,
            reply="答复" + word,
            replied_by_id=head.id,
            replied_on=DAY,
            state="answered",
        ),
    )
