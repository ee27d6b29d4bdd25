"""News of a posting: told to the person and to the principals of both schools, whoever writes it."""

from portal.actions import notices
from portal.domain.moments import local_day
from portal.models import Posting
from portal.queries import clusters


def tell(actor, posting: Posting, kind: str, now, **words) -> None:
    """One notice of this kind to each of them but the writer; ``words`` go into its text."""
    heads = clusters.principals_of(posting.district_id, list(posting.access_schools), local_day(now))
    notices.tell(
        [posting.person_id, *(head.id for head in heads.values())],
        kind,
        district_id=posting.district_id,
        link=f"/exchange/postings/{posting.id}",
        now=now,
        besides=actor.person_id,
        what=f"{posting.person.name}（{posting.host_school.name}）",
        **words,
    )
