"""School pairs, mentoring pairs and their records."""

from datetime import timedelta

from portal.demo import texts
from portal.domain.ids import uuid7
from portal.models import MentoringPair, SchoolPairing, WorkRecord


def load(scene, cluster, term) -> None:
    """Pairs of the school year begin with its first term; records are written in every term."""
    if term.code.endswith("-1") or not hasattr(cluster, "pairs"):
        cluster.pairs = _mentoring_pairs(scene, cluster, term)
        cluster.pairings = _school_pairings(scene, cluster, term)
    last = min(term.last_day, scene.today - timedelta(days=1))
    records = []
    for pair in cluster.pairs:
        records += _pair_records(scene, pair, term.first_day + timedelta(days=10), last)
    for pairing in cluster.pairings:
        records += _pairing_records(scene, cluster, pairing, term.first_day + timedelta(days=20), last)
    scene.add_many(WorkRecord, records)


def _mentoring_pairs(scene, cluster, term) -> list[dict]:
    rows, lead_staff = [], cluster.staff[cluster.lead.id]
    current = scene.today <= _year_ends(term)
    for number, school in enumerate(cluster.schools[1:8]):
        mentor_id, mentee_id = lead_staff[14 + number][0], cluster.staff[school.id][3][0]
        subject = lead_staff[14 + number][2]
        if school.name == "拱辰中心小学" and cluster.row.name == "麟峰小学片区":
            mentor_id, mentee_id, subject = scene.named["mentor"].id, scene.named["mentee"].id, "音乐"
        waits = current and number == 5
        rows.append(
            {
                "id": uuid7(),
                "cluster_id": cluster.row.id,
                "kind": "apprentice",
                "mentor_id": mentor_id,
                "mentee_id": mentee_id,
                "mentee_name": "",
                "mentee_school_id": school.id,
                "subject": subject,
                "goals": "一学期内独立上好一节片区展示课。",
                "every_weeks": scene.rng.choice((2, 3, 4)),
                "starts_on": term.first_day,
                "ends_on": _year_ends(term),
                "state_note": "",
                "state": "proposed" if waits else "active" if current else "finished",
                "mentor_accepted": True,
                "mentee_accepted": not waits,
                "created_by_id": cluster.principals[cluster.lead.id],
            }
        )
    if cluster.row.name == "麟峰小学片区":
        # The teacher of the demonstration is somebody's mentor and somebody's mentee at once.
        teacher = scene.named["teacher"].id
        sub = cluster.schools[4]
        for mentor_id, mentee_id, school in (
            (teacher, cluster.staff[sub.id][4][0], sub),
            (scene.named["mentor"].id, teacher, cluster.lead),
        ):
            rows.append(
                {
                    **rows[0],
                    "id": uuid7(),
                    "mentor_id": mentor_id,
                    "mentee_id": mentee_id,
                    "mentee_school_id": school.id,
                    "subject": "音乐",
                    "every_weeks": 4,
                    "state": "active" if current else "finished",
                    "mentee_accepted": True,
                }
            )
    scene.add_many(MentoringPair, rows)
    return [row for row in rows if row["state"] != "proposed"]


def _year_ends(term):
    year = term.first_day.year + (1 if term.code.endswith("-1") else 0)
    return term.first_day.replace(year=year, month=7, day=5)


def _school_pairings(scene, cluster, term) -> list[dict]:
    rows, current = [], scene.today <= _year_ends(term)
    rural = [s for s in cluster.schools[1:] if s.location == "rural"][:2] or cluster.schools[1:2]
    for number, school in enumerate(rural):
        waits = current and number == 1 and cluster.row.profile == "directing"
        rows.append(
            {
                "id": uuid7(),
                "cluster_id": cluster.row.id,
                "donor_id": cluster.lead.id,
                "beneficiary_id": school.id,
                "starts_on": term.first_day,
                "ends_on": _year_ends(term),
                "goals": texts.GOALS,
                "contents": texts.CONTENTS,
                "frequency": "每月一次",
                "state_note": "",
                "state": "agreed" if waits else "active" if current else "closed",
                "donor_agreed_by_id": cluster.principals[cluster.lead.id],
                "beneficiary_agreed_by_id": cluster.principals[school.id],
                "created_by_id": cluster.principals[cluster.lead.id],
            }
        )
    scene.add_many(SchoolPairing, rows)
    return [row for row in rows if row["state"] != "agreed"]


def _pair_records(scene, pair, first, last) -> list[dict]:
    rows, day, rng = [], first + timedelta(days=scene.rng.randrange(7)), scene.rng
    # One pair in eight falls silent half way: the overview has something true to show.
    stops = first + (last - first) / 3 if rng.random() < 0.12 else last
    while day <= min(last, stops):
        kind = rng.choice(("observation", "observation", "lesson", "talk", "joint_preparation"))
        by_mentor = rng.random() < 0.6
        rows.append(
            {
                "id": uuid7(),
                "person_id": pair["mentor_id"] if by_mentor else pair["mentee_id"],
                "with_person_id": pair["mentee_id"] if by_mentor else pair["mentor_id"],
                "mentoring_pair_id": pair["id"],
                "school_pairing_id": None,
                "kind": kind,
                "happened_on": scene.school_day(day),
                "line": rng.choice(texts.OBSERVATION),
                "body": "",
                "periods": 1 if kind in ("observation", "lesson") else None,
                "quantity": None,
                "school_id": None,
            }
        )
        day += timedelta(days=7 * pair["every_weeks"] + rng.randint(-3, 4))
    return [row for row in rows if row["happened_on"] <= last]


def _pairing_records(scene, cluster, pairing, first, last) -> list[dict]:
    rows, day = [], first
    while day <= last:
        line = scene.rng.choice(texts.SUPPORT)
        rows.append(
            {
                "id": uuid7(),
                "person_id": cluster.principals[cluster.lead.id],
                "with_person_id": None,
                "mentoring_pair_id": None,
                "school_pairing_id": pairing["id"],
                "line": line,
                "body": "",
                "kind": "donation" if "捐赠" in line else "visit" if "跟岗" in line else "support",
                "happened_on": scene.school_day(day),
                "school_id": cluster.lead.id,
                "periods": None,
                "quantity": 120 if "捐赠" in line else None,
            }
        )
        day += timedelta(days=30 + scene.rng.randint(-5, 8))
    return [row for row in rows if row["happened_on"] <= last]
