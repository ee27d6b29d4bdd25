"""What a posting is to reach: written beforehand, changed in sight of all, judged at the end (S1-70)."""

from portal.actions import audit
from portal.actions.errors import Refused
from portal.actions.posting_news import tell
from portal.actions.steps import expect_version
from portal.domain.handovers import ENDED
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Posting, PostingResult
from portal.queries import handovers, secondments


def write(posting: Posting, text: str) -> dict[str, tuple]:
    """Keep the criteria of a posting that is being planned; what changed, for its entry in the history."""
    row = handovers.result_of(posting)
    before = row.criteria if row else ""
    if before == text:
        return {}
    if row is None:
        db.session.add(PostingResult(district_id=posting.district_id, posting_id=posting.id, criteria=text))
    else:
        row.criteria = text
    return {"result_criteria": (before or None, text)}


def amend(actor, posting: Posting, text: str, why: str, *, expected, now) -> PostingResult:
    """Change the criteria after the person has arrived: with a reason that everybody who sees them reads."""
    if secondments.of_posting(posting):
        raise Refused(N_("挂职的目标写在学习计划里"))
    if posting.state != "active":
        raise Refused(N_("到岗以前在安排里修改，结束以后不再修改"))
    row = handovers.result_of(posting)
    if row is not None:
        expect_version(row, expected)
    changes = write(posting, text)
    if not changes:
        raise Refused(N_("没有改动"), field="criteria")
    db.session.flush()  # two who write the first criteria at once: the second is refused here
    audit.record(actor, handovers.AMENDED, posting, {**changes, "note": (None, why)})
    tell(actor, posting, "criteria_amended", now, who=actor.name)
    return handovers.result_of(posting)


def judge(actor, posting: Posting, reached: str, words: str, *, expected, now) -> PostingResult:
    """Say at the end how far the criteria were reached; the person and both principals are told."""
    row = handovers.result_of(posting)
    if row is None or not row.criteria:
        raise Refused(N_("这次安排没有写成效标准"))
    expect_version(row, expected)
    if posting.state not in ENDED:
        raise Refused(N_("期满或提前结束以后才评定"))
    changes = audit.changes_of(row, {"reached": reached, "judgement": words})
    if not changes:
        return row
    row.judged_by_id, row.judged_on = actor.person_id, local_day(now)
    told = {"reached": "result_reached", "judgement": "result_judgement"}
    audit.record(actor, "posting.judge", posting, {told[name]: pair for name, pair in changes.items()})
    tell(actor, posting, "posting_judged", now, who=actor.name)
    return row
