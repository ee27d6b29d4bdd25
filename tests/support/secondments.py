"""Secondments for tests: one of each kind for the populated world, and short ways to come as far as needed."""

import uuid
from datetime import date, datetime

import sqlalchemy as sa

from portal.domain.moments import SHANGHAI
from portal.extensions import db
from portal.models import (
    Secondment,
    SecondmentBatch,
    SecondmentContact,
    SecondmentEntry,
    SecondmentEvaluation,
    SecondmentExpert,
    SecondmentLeave,
    SecondmentProgramme,
    SecondmentScore,
    StudyPlan,
    StudyTrip,
)

PROGRAMME = {
    "name": "后备干部挂职",
    "basis": "教人〔2025〕12号",
    "starts_on": "2025-09-01",
    "ends_on": "2026-07-10",
    "candidates": "28",
    "full_score": "100",
    "lessons_per_week": "4",
    "lessons_total": "",
    "books": "2",
    "contact_weeks": "2",
    "plan_days": "7",
    "evaluation_days": "14",
    "blocks": "教研制度草案\n班级管理思路",
    "assignments": "学习体会",
    "note": "",
}
BATCH = {
    "name": "第一批",
    "starts_on": "2025-09-15",
    "ends_on": "2025-12-30",
    "nominate_by": "2025-09-05",
    "sent_off_on": "2025-09-06",
    "sent_off_place": "教育局会议室",
    "arrive_from": "2025-09-15",
    "arrive_to": "2025-09-20",
    "places": "13",
}
PLAN = {
    "goals": "学管理",
    "contents": "教研、班级",
    "measures": "听课、访谈",
    "topics": "集体备课",
    "homework": "五项作业",
}


def fill(add, base: dict, word: str, *, home, host, teacher, head, expert) -> None:
    """One of each kind of a cluster: somebody of the lead school who may go to a member school."""
    programme = add(
        "secondment_programme",
        SecondmentProgramme(
            **base,
            name="挂职" + word,
            basis="文件" + word,
            starts_on=date(2025, 9, 1),
            ends_on=date(2026, 7, 10),
            full_score=100,
            lessons_per_week=4,
            note="说明" + word,
        ),
    )
    batch = add(
        "batch",
        SecondmentBatch(
            **base,
            programme_id=programme.id,
            name="批次" + word,
            starts_on=date(2025, 9, 15),
            ends_on=date(2025, 12, 30),
            arrive_to=date(2025, 9, 20),
        ),
    )
    add("expert", SecondmentExpert(**base, programme_id=programme.id, person_id=expert.id))
    case = add(
        "secondment",
        Secondment(
            **base,
            programme_id=programme.id,
            batch_id=batch.id,
            person_id=teacher.id,
            home_school_id=home.id,
            host_kind="school",
            host_school_id=host.id,
            opinion="推荐" + word,
            host_post="校长助理",
            starts_on=date(2025, 9, 15),
            ends_on=date(2025, 12, 30),
            arrived_on=date(2025, 9, 16),
            state="active",
            created_by_id=head.id,
        ),
    )
    of = {"secondment_id": case.id}
    add(
        "expert_score",
        SecondmentScore(
            **base,
            **of,
            person_id=expert.id,
            score=88,
            note="评语" + word,
            scored_at=datetime(2025, 9, 8, 9, tzinfo=SHANGHAI),
        ),
    )
    add(
        "study_entry",
        SecondmentEntry(**base, **of, kind="topic", title="专题" + word, created_by_id=teacher.id),
    )
    add(
        "study_leave",
        SecondmentLeave(
            **base,
            **of,
            first_day=date(2025, 11, 24),
            last_day=date(2025, 11, 25),
            reason="原因" + word,
        ),
    )
    add("study_plan", StudyPlan(**base, **of, goals="目标" + word, handed_in_on=date(2025, 9, 20)))
    add(
        "study_contact",
        SecondmentContact(**base, **of, person_id=head.id, held_on=date(2025, 11, 10), note="联系" + word),
    )
    add(
        "appraisal",
        SecondmentEvaluation(
            **base,
            **of,
            side="office",
            person_id=head.id,
            text="评价" + word,
            written_at=datetime(2025, 11, 12, 9, tzinfo=SHANGHAI),
        ),
    )
    add(
        "study_trip",
        StudyTrip(
            **base,
            school_id=home.id,
            secondment_id=case.id,
            title="考察" + word,
            place="名校",
            starts_on=date(2025, 11, 16),
            ends_on=date(2025, 11, 18),
            size=9,
            created_by_id=head.id,
        ),
    )


def the_case() -> Secondment:
    """The only secondment."""
    return db.session.scalars(sa.select(Secondment)).one()


def step(client, case, action: str, note: str = "同意", **more):
    """Take a step as the page's button does."""
    form = {"action": action, "note": note, "version": case.version, **more}
    return client.post(f"/exchange/secondments/{case.id}/step", data=form)


def open_programme(as_, *, score: str = "", **more) -> SecondmentProgramme:
    """A programme with one batch, entered by 人事科; without experts."""
    personnel = as_("personnel")
    made = personnel.post("/exchange/secondments/programmes/new", data={**PROGRAMME, **more})
    assert made.status_code == 303, made.get_data(as_text=True)
    made = personnel.post(made.headers["Location"] + "/batches/new", data=BATCH)
    assert made.status_code == 303, made.get_data(as_text=True)
    return db.session.scalars(sa.select(SecondmentProgramme)).one()


def recommend(as_, programme, name="林晓岚（麟峰小学）", by="lead") -> Secondment:
    """Somebody recommended by the own school."""
    form = {"person": name, "kind": "secondment", "present_post": "教导主任", "opinion": "工作踏实"}
    made = as_(by).post(f"/exchange/secondments/programmes/{programme.id}/nominate", data=form)
    assert made.status_code == 303, made.get_data(as_text=True)
    return db.session.get(
        Secondment, (programme.district_id, uuid.UUID(made.headers["Location"].split("/")[-1]))
    )


def assignment(case, **more) -> dict:
    """The form that assigns a candidate to 拱辰中心小学."""
    batch = db.session.scalars(sa.select(SecondmentBatch).filter_by(programme_id=case.programme_id)).one()
    return {
        "batch": str(batch.id),
        "host_kind": "school",
        "host_post": "校长助理",
        "starts_on": "2025-09-15",
        "ends_on": "2025-12-30",
        "version": str(case.version),
        **more,
    }


def send(as_, world, programme) -> Secondment:
    """Somebody who has arrived at 拱辰中心小学 on 18 September."""
    case = recommend(as_, programme)
    personnel, office = as_("personnel"), as_("office")
    assert step(personnel, case, "screen").status_code == 303
    db.session.refresh(case)
    assert step(personnel, case, "shortlist").status_code == 303
    db.session.refresh(case)
    address = f"/exchange/secondments/{case.id}"
    made = personnel.post(address + "/assign", data=assignment(case, host_school=str(world.gongchen.id)))
    assert made.status_code == 303, made.get_data(as_text=True)
    db.session.refresh(case)
    assert step(office, case, "agree").status_code == 303
    db.session.refresh(case)
    made = office.post(address + "/arrive", data={"day": "2025-09-18", "version": case.version})
    assert made.status_code == 303, made.get_data(as_text=True)
    db.session.refresh(case)
    return case
