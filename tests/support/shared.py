"""Files, sign-ups and shared resources for tests: one of each kind for the populated world."""

import hashlib
from datetime import datetime, timedelta

from portal.domain.moments import SHANGHAI
from portal.extensions import files
from portal.models import (
    ActivityCredit,
    ActivityEnrolment,
    ActivityFeedback,
    ActivityFile,
    ActivityMove,
    ActivitySignup,
    Attachment,
    Resource,
    ResourceFile,
    ResourceUse,
)

AT = datetime(2025, 11, 12, 9, tzinfo=SHANGHAI)


def fill(add, base: dict, word: str, *, activity, cluster, school, teacher, principal) -> None:
    """A paper of the activity, a sign-up, what was said about it, and a shared paper with its use."""
    by = {**base, "person_id": principal.id}
    file = add("attachment", _paper(by, cluster, "activity", f"方案{word}.txt"))
    add("activity_file", ActivityFile(**base, attachment_id=file.id, activity_id=activity.id, kind="plan"))
    add("enrolment", ActivityEnrolment(**base, activity_id=activity.id, per_school=2))
    signup = {"activity_id": activity.id, "person_id": teacher.id, "school_id": school.id}
    add(
        "activity_signup",
        ActivitySignup(**base, **signup, place=1, signed_at=AT, created_by_id=teacher.id),
    )
    add(
        "credit",
        ActivityCredit(
            **base, activity_id=activity.id, kind="guest", name="来宾" + word, unit="教研院" + word
        ),
    )
    add(
        "activity_feedback",
        ActivityFeedback(
            **base, activity_id=activity.id, person_id=teacher.id, usefulness="much", gained="收获" + word
        ),
    )
    add(
        "activity_move",
        ActivityMove(
            **by,
            activity_id=activity.id,
            old_starts_at=AT - timedelta(days=7),
            new_starts_at=AT,
            reason="改期" + word,
            moved_at=AT - timedelta(days=9),
        ),
    )
    resource = add(
        "resource",
        Resource(
            **base,
            cluster_id=cluster.id,
            school_id=school.id,
            kind="lesson",
            title="教案" + word,
            subject="语文" + word,
            details="说明" + word,
            created_by_id=teacher.id,
        ),
    )
    paper = add("resource_paper", _paper(by, cluster, "resource", f"教案{word}.txt"))
    add(
        "resource_file",
        ResourceFile(**base, attachment_id=paper.id, resource_id=resource.id, number=1, note="初稿" + word),
    )
    add(
        "resource_use",
        ResourceUse(**by, resource_id=resource.id, school_id=school.id, kind="used", used_on=AT.date()),
    )


def _paper(by: dict, cluster, owner_kind: str, name: str) -> Attachment:
    content = f"内容在{name[2:-4]}\n".encode()
    files.put(by["district_id"], content)
    return Attachment(
        **by,
        owner_kind=owner_kind,
        cluster_id=cluster.id,
        name=name,
        media_type="text/plain",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        created_at=AT,
    )
