"""A school pair through its years: visits, needs, plan, what was given, counts, reviews, renewal, summary."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from portal.extensions import db
from portal.models import (
    AuditValue,
    CycleSummary,
    PairingCount,
    PairingNeed,
    PairingPlanLine,
    PairingRenewal,
    PairingReview,
    SupportDetail,
    WorkRecord,
)
from portal.queries import pairing_cycle, todo_pairs
from tests.support.pairs import school_pairing

RECORD = {"kind": "support", "line": "教研员来校", "happened_on": "2025-11-18"}


def text(answer) -> str:
    return answer.get_data(as_text=True)


def only(model):
    return db.session.scalars(db.select(model)).one()


def all_of(model):
    return list(db.session.scalars(db.select(model)))


def need(client, row, school, words="没有专职音乐教师"):
    data = {"school": str(school.id), "topic": "teaching", "text": words}
    return client.post(f"/pairing/schools/{row.id}/survey", data=data)


def test_visits_come_before_the_plan_and_other_work_after_the_approval(as_, world):
    row = school_pairing(world, state="proposed")
    address = f"/pairing/schools/{row.id}/records"
    visit = {**RECORD, "kind": "visit", "giver": str(world.linfeng.id)}
    assert as_("lead").post(address, data=visit).status_code == 303
    assert as_("lead").post(address, data={**visit, "kind": "donation"}).status_code == 422
    assert [record.kind for record in all_of(WorkRecord)] == ["visit"]
    assert pairing_cycle.visits_of(row) == 1


def test_needs_are_answered_by_what_was_given(as_, world):
    row = school_pairing(world)
    assert need(as_("principal"), row, world.gongchen).status_code == 303
    found = only(PairingNeed)
    overview = "/pairing/schools/exchange"
    assert "没有专职音乐教师" in text(as_("principal").get(overview))
    data = {**RECORD, "kind": "donation", "giver": str(world.linfeng.id), "need": str(found.id)}
    data |= {"item": "竖笛", "quantity": "40", "worth": "2000"}
    assert as_("lead").post(f"/pairing/schools/{row.id}/records", data=data).status_code == 303
    detail = only(SupportDetail)
    assert (detail.giver_id, detail.need_id, detail.item, detail.worth) == (
        world.linfeng.id,
        found.id,
        "竖笛",
        2000,
    )
    page = text(as_("principal").get(f"/pairing/schools/{row.id}"))
    assert "竖笛" in page
    assert "2000 元" in page
    page = text(as_("principal").get(overview))
    assert "没有专职音乐教师" not in page
    assert "登记的需求都有回应" in page
    back = {**RECORD, "giver": str(world.gongchen.id)}
    assert as_("mentee").post(f"/pairing/schools/{row.id}/records", data=back).status_code == 303
    given = pairing_cycle.given_in([row], date(2025, 9, 1), date(2026, 8, 31))
    assert [(g.giver.name, g.receiver.name, g.records, g.pieces, g.worth) for g in given] == [
        ("拱辰中心小学", "麟峰小学", 1, 0, 0),
        ("麟峰小学", "拱辰中心小学", 1, 40, 2000),
    ]
    book = as_("bureau").get(f"{overview}.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.get_data())).get_sheet_by_index(0).to_python()
    assert ["麟峰小学", "拱辰中心小学", 1, 0, 40, 2000] in [row[:6] for row in rows]


def test_a_record_cannot_answer_the_need_of_another_pair(as_, world):
    row = school_pairing(world)
    other = school_pairing(world, beneficiary="nanjiao")
    need(as_("bureau"), other, world.nanjiao)
    need(as_("lead"), other, world.nanjiao)
    data = {**RECORD, "giver": str(world.linfeng.id), "need": str(only(PairingNeed).id)}
    assert as_("lead").post(f"/pairing/schools/{row.id}/records", data=data).status_code == 422
    assert all_of(WorkRecord) == []


def test_needs_are_for_who_acts_for_the_schools(as_, world):
    row = school_pairing(world)
    for name, status in (("teacher", 403), ("colleague", 404), ("west_lead", 404), ("office", 303)):
        assert need(as_(name), row, world.linfeng).status_code == status, name
    found = only(PairingNeed)
    drop = f"/pairing/needs/{found.id}/drop"
    assert as_("teacher").post(drop, data={}).status_code == 403
    assert as_("west_lead").post(drop, data={}).status_code == 404
    assert as_("lead").post(drop, data={"version": found.version}).status_code == 303
    assert as_("lead").post(drop, data={"version": "1"}).status_code == 409


def test_a_changed_plan_asks_both_principals_anew(as_, world):
    row = school_pairing(world, state="proposed")
    data = {
        "school-0": str(world.linfeng.id),
        "who-0": "周以宁",
        "post-0": "音乐教师",
        "content-0": "每周两节",
    }
    data |= {"school-1": str(world.linfeng.id), "who-1": "", "version": row.version}
    assert as_("office").post(f"/pairing/schools/{row.id}/plan", data=data).status_code == 303
    line = only(PairingPlanLine)
    assert (line.who, line.post, line.content) == ("周以宁", "音乐教师", "每周两节")
    db.session.refresh(row)
    assert (row.donor_agreed_by_id, row.beneficiary_agreed_by_id) == (None, None)
    assert "每周两节" in text(as_("principal").get(f"/pairing/schools/{row.id}"))
    stale = as_("office").post(f"/pairing/schools/{row.id}/plan", data={**data, "who-1": "林晓岚"})
    assert stale.status_code == 409
    assert "林晓岚" in text(stale)


def test_a_plan_that_stands_is_not_changed(as_, world):
    row = school_pairing(world)
    data = {"school-0": str(world.linfeng.id), "who-0": "周以宁", "version": row.version}
    assert as_("office").post(f"/pairing/schools/{row.id}/plan", data=data).status_code == 422
    assert all_of(PairingPlanLine) == []


def test_classes_and_pupils_are_numbers_only(as_, world):
    row = school_pairing(world)
    data = {"kind": "class_pairs", "day": "2025-11-18", "number": "6"}
    for number in ("6", "8"):
        answer = as_("principal").post(f"/pairing/schools/{row.id}/counts", data={**data, "number": number})
        assert answer.status_code == 303
    assert only(PairingCount).number == 8
    wrong = as_("principal").post(f"/pairing/schools/{row.id}/counts", data={**data, "day": "2030-01-01"})
    assert wrong.status_code == 422
    assert "日期不能晚于今天" in text(wrong)
    assert {column.name for column in PairingCount.__table__.columns} >= {"number"}
    assert "班级结对（对）" in text(as_("teacher").get(f"/pairing/schools/{row.id}"))


REVIEW = {"done": "送教四次", "problems": "路远", "wish": "renew"}


def test_each_school_reviews_the_year(as_, world):
    row = school_pairing(world, ends_on=date(2025, 12, 1))
    assert "填写年度评议：麟峰小学—拱辰中心小学" in text(as_("principal").get("/"))
    address = f"/pairing/schools/{row.id}/review"
    assert as_("principal").post(address, data=REVIEW).status_code == 303
    assert "填写年度评议" not in text(as_("principal").get("/"))
    found = only(PairingReview)
    assert (found.school_id, found.year, found.wish) == (world.gongchen.id, "2025-2026", "renew")
    assert "送教四次" in text(as_("lead").get(f"/pairing/schools/{row.id}"))
    assert as_("principal").post(address, data={**REVIEW, "version": "9"}).status_code == 409
    for name, status in (("bureau", 403), ("teacher", 403), ("colleague", 404)):
        assert as_(name).get(address).status_code == status, name


def renewal(client, row, ends_on="2027-08-31"):
    return client.post(f"/pairing/schools/{row.id}/renew", data={"ends_on": ends_on, "changes": "换一位教师"})


def test_a_renewal_is_agreed_by_both_and_approved_by_the_bureau(as_, world):
    row = school_pairing(world)
    assert renewal(as_("lead"), row).status_code == 303
    asked = only(PairingRenewal)
    assert (asked.donor_agreed_by_id, asked.beneficiary_agreed_by_id) == (world.lead.id, None)
    address = f"/pairing/school-renewals/{asked.id}"
    assert as_("bureau").post(f"{address}/approve", data={}).status_code == 409
    assert as_("office").post(f"{address}/agree", data={}).status_code == 403
    assert "同意结对续期" in text(as_("principal").get("/"))
    assert as_("principal").post(f"{address}/agree", data={"version": asked.version}).status_code == 303
    assert "批准结对续期" in text(as_("bureau").get("/"))
    assert as_("principal").post(f"{address}/approve", data={}).status_code == 403
    assert as_("west_bureau").post(f"{address}/approve", data={}).status_code == 404
    assert as_("bureau").post(f"{address}/approve", data={}).status_code == 303
    db.session.refresh(row)
    assert (row.ends_on, row.state) == (date(2027, 8, 31), "active")
    assert as_("lead").post(f"{address}/withdraw", data={}).status_code == 409


def test_a_cycle_of_kindergartens_ends_after_two_years(as_, world):
    for school in (world.linfeng, world.gongchen):
        school.kind = "kindergarten"
    db.session.commit()
    row = school_pairing(world)
    answer = renewal(as_("lead"), row, "2028-08-31")
    assert answer.status_code == 422
    assert "一个周期 2 年，到 2027-08-31 为止" in text(answer)
    assert "第 1 年 / 共 2 年" in text(as_("lead").get(f"/pairing/schools/{row.id}"))
    assert renewal(as_("lead"), row, "2027-08-31").status_code == 303


def test_a_summary_keeps_its_counts(as_, world):
    row = school_pairing(world)
    need(as_("principal"), row, world.gongchen)
    data = {**RECORD, "kind": "donation", "giver": str(world.linfeng.id), "quantity": "40", "worth": "2000"}
    as_("lead").post(f"/pairing/schools/{row.id}/records", data=data)
    wrote = {"last_day": "2025-11-19", "achieved": "教研上了台阶", "lessons": "路远", "commended": "周以宁"}
    assert as_("lead").post(f"/pairing/schools/{row.id}/summary", data=wrote).status_code == 303
    found = only(CycleSummary)
    assert found.figures == {
        "records": 1,
        "periods": 0,
        "pieces": 40,
        "worth": 2000,
        "needs": 1,
        "answered": 0,
    }
    page = text(as_("principal").get(f"/pairing/schools/{row.id}"))
    assert "教研上了台阶" in page
    assert "表彰：周以宁" in page
    wrong = as_("lead").post(f"/pairing/schools/{row.id}/summary", data={**wrote, "last_day": "2031-01-01"})
    assert wrong.status_code == 422
    assert as_("teacher").get(f"/pairing/schools/{row.id}/summary").status_code == 403


@pytest.mark.parametrize(
    ("day", "asked"), [((2025, 8, 20), True), ((2025, 9, 20), True), ((2025, 11, 19), False)]
)
def test_in_august_schools_without_a_pair_are_reminded(app, world, actor_of, day, asked):
    lines = [
        line
        for line in todo_pairs.waiting(actor_of("lead"), date(*day))
        if line[2] == "pairing.school_pair_new"
    ]
    assert [(line[4], line[5]) for line in lines] == (
        [(date(2025, 8, 31), {"name": "麟峰小学"})] if asked else []
    )
    school_pairing(world, state="proposed")
    assert [
        line
        for line in todo_pairs.waiting(actor_of("lead"), date(*day))
        if line[2] == "pairing.school_pair_new"
    ] == []


def test_overview_is_for_who_acts_for_schools(as_, world):
    for name, status in (("teacher", 403), ("lead", 200), ("bureau", 200), ("west_lead", 200)):
        assert as_(name).get("/pairing/schools/exchange").status_code == status, name
    row = school_pairing(world)
    need(as_("principal"), row, world.gongchen)
    assert "没有专职音乐教师" not in text(as_("west_lead").get("/pairing/schools/exchange"))
    assert not any("没有专职" in (value.old or "") for value in all_of(AuditValue))
