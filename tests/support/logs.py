"""Logs as people write them through the form, and a pair of mentor and mentee."""

from datetime import date

from portal.extensions import db
from portal.models import MentoringPair, Reflection

KEY = "0123456789abcdef" * 2
LOG = {
    "kind": "lesson",
    "title": "节奏游戏",
    "happened_on": "2025-11-18",
    "experience": "先画旋律线再唱",
    "problem": "",
    "solution": "",
    "visibility": "school",
    "once_key": KEY,
}


def a_log(key: str = KEY) -> Reflection:
    """The log that was written with a key."""
    return db.session.scalars(db.select(Reflection).filter_by(once_key=key)).one()


def share(client, visibility: str, **changes) -> Reflection:
    """A submitted log of the client, written through the form."""
    answer = client.post("/reflections/new", data={**LOG, "visibility": visibility, **changes})
    assert answer.status_code == 303
    return a_log(changes.get("once_key", KEY))


def make_pair(world, mentee=None) -> MentoringPair:
    """The mentor with the teacher (or somebody else), under way."""
    row = MentoringPair(
        district_id=world.east.id,
        cluster_id=world.cluster.id,
        mentor_id=world.mentor.id,
        mentee_id=(mentee or world.teacher).id,
        mentor_accepted=True,
        mentee_accepted=True,
        state="active",
        starts_on=date(2025, 9, 1),
        created_by_id=world.lead.id,
    )
    db.session.add(row)
    db.session.commit()
    return row
