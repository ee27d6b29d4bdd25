"""Pairs and records for tests: each function makes one row that stands in the database."""

from datetime import date

from portal.extensions import db
from portal.models import MentoringPair, SchoolPairing, WorkRecord


def _kept(row):
    db.session.add(row)
    db.session.commit()
    return row


def mentoring_pair(world, mentor="mentor", mentee="mentee", **facts) -> MentoringPair:
    """周以宁 带 江念一, every two weeks since September, under way."""
    people = {
        "mentor_id": getattr(world, mentor).id,
        "mentee_id": getattr(world, mentee).id if mentee else None,
    }
    return _kept(
        MentoringPair(
            **{
                "district_id": world.east.id,
                "cluster_id": world.cluster.id,
                "mentee_school_id": world.gongchen.id,
                "subject": "音乐",
                "every_weeks": 2,
                "starts_on": date(2025, 9, 10),
                "ends_on": date(2026, 7, 10),
                "state": "active",
                "mentor_accepted": True,
                "mentee_accepted": bool(mentee),
                "created_by_id": world.principal.id,
                **people,
                **facts,
            }
        )
    )


def school_pairing(world, donor="linfeng", beneficiary="gongchen", **facts) -> SchoolPairing:
    """麟峰小学 帮扶 拱辰中心小学 for the school year, approved."""
    return _kept(
        SchoolPairing(
            **{
                "district_id": world.east.id,
                "cluster_id": world.cluster.id,
                "donor_id": getattr(world, donor).id,
                "beneficiary_id": getattr(world, beneficiary).id,
                "starts_on": date(2025, 9, 1),
                "ends_on": date(2026, 8, 31),
                "goals": "教研上一个台阶",
                "state": "active",
                "donor_agreed_by_id": world.lead.id,
                "beneficiary_agreed_by_id": world.principal.id,
                "created_by_id": world.lead.id,
                **facts,
            }
        )
    )


def work_record(writer, **facts) -> WorkRecord:
    """A lesson heard on 6 November."""
    facts = {"kind": "observation", "happened_on": date(2025, 11, 6), "line": "听了一节课", **facts}
    return _kept(WorkRecord(district_id=writer.district_id, person_id=writer.id, **facts))
