"""Secondment from recommendation to the way back, over both engines (S0-18, S4-01...10, S4-28, S4-33, S4-60...66)."""

import re
from datetime import date

import pytest
import sqlalchemy as sa

from portal.extensions import db
from portal.models import (
    AuditValue,
    Posting,
    SecondmentContact,
    SecondmentEntry,
    SecondmentLeave,
    SecondmentScore,
    StudyPlan,
    StudyTrip,
    WorkRecord,
)
from portal.queries import secondment_work, secondments, summaries
from portal.queries.figures import term_figures
from tests.support.secondments import (
    PLAN,
    PROGRAMME,
    assignment,
    open_programme,
    recommend,
    send,
    step,
)

LIST = "/exchange/secondments/"


def posting() -> Posting:
    return db.session.scalars(sa.select(Posting)).one()


def text(answer) -> str:
    return answer.get_data(as_text=True)


def heard(case, day: date, periods: int, line: str = "板书清楚") -> None:
    db.session.add(
        WorkRecord(
            district_id=case.district_id,
            person_id=case.person_id,
            kind="observation",
            happened_on=day,
            periods=periods,
            line=line,
        )
    )
    db.session.commit()


def facts(case):
    db.session.expire_all()
    return secondment_work.facts_of([case], date(2025, 11, 19))[case.id]


def test_a_secondment_from_recommendation_to_the_way_back(app, world, as_):
    case = send(as_, world, open_programme(as_))
    address, teacher = f"{LIST}{case.id}", as_("teacher")
    one = posting()
    assert (one.form, one.state, one.arrived_on, one.host_school_id) == (
        *("secondment", "active", date(2025, 9, 18)),
        world.gongchen.id,
    )
    owed = db.session.scalars(sa.select(SecondmentEntry.title).order_by(SecondmentEntry.title)).all()
    assert owed == sorted(["学习体会", "教研制度草案", "班级管理思路"])
    # A plan of four parts is kept and not handed in.
    answer = teacher.post(address + "/plan", data={**PLAN, "homework": "", "hand_in": "1"})
    assert answer.status_code == 422
    assert teacher.post(address + "/plan", data={**PLAN, "homework": ""}).status_code == 303
    plan = db.session.scalars(sa.select(StudyPlan)).one()
    assert (plan.handed_in_on, plan.homework) == (None, "")
    form = {**PLAN, "hand_in": "1", "version": plan.version}
    assert teacher.post(address + "/plan", data=form).status_code == 303
    db.session.expire_all()
    assert (case.state, plan.handed_in_on) == ("active", date(2025, 11, 19))
    # The report waits for the last day.
    form = {"report": "学到很多", "hand_in": "1", "version": case.version}
    assert teacher.post(address + "/report", data=form).status_code == 422
    case.ends_on = one.ends_on = date(2025, 11, 18)
    db.session.commit()
    assert teacher.post(address + "/report", data={**form, "version": case.version}).status_code == 303
    db.session.expire_all()
    assert (case.state, case.report_on, one.state) == ("finished", date(2025, 11, 19), "completed")
    # Both evaluate, never the secondee.
    for side in ("host", "office"):
        refused = teacher.post(f"{address}/evaluate?way={side}", data={"text": "很好"})
        assert refused.status_code == 403
    assert as_("principal").post(f"{address}/evaluate?way=host", data={"text": "很好"}).status_code == 303
    db.session.expire_all()
    assert case.state == "finished"
    made = as_("personnel").post(f"{address}/evaluate?way=office", data={"text": "同意", "grade": "优秀"})
    assert made.status_code == 303
    db.session.expire_all()
    assert case.state == "evaluated"
    form = {"outcome": "used", "follow_up": "任副校长", "version": case.version}
    assert as_("personnel").post(address + "/follow-up", data=form).status_code == 303
    db.session.expire_all()
    assert (case.state, case.outcome, case.follow_up) == ("followed_up", "used", "任副校长")
    page = text(teacher.get(address))
    assert "任副校长" in page
    assert "优秀" in page


def test_experts_score_others_than_their_own_and_ties_share_a_place(app, world, as_):
    programme = open_programme(as_)
    personnel = as_("personnel")
    at = f"{LIST}programmes/{programme.id}"
    for name in ("周以宁（麟峰小学）", "江念一（拱辰中心小学）", "何思源（南郊小学）"):
        assert personnel.post(at + "/experts", data={"person": name}).status_code == 303
    own = recommend(as_, programme)
    other = recommend(as_, programme, "许清和（拱辰中心小学）", "principal")
    for case in (own, other):
        assert step(personnel, case, "screen").status_code == 303
    scores = {"mentee": {own: 90}, "colleague": {own: 80, other: 85}, "mentor": {other: 85}}
    for account, given in scores.items():
        for case, score in given.items():
            made = as_(account).post(f"{LIST}{case.id}/score", data={"score": score, "note": ""})
            assert made.status_code == 303
    # 周以宁 works where 林晓岚 works: she neither scores nor sees her.
    assert as_("mentor").post(f"{LIST}{own.id}/score", data={"score": 100}).status_code == 404
    assert as_("mentor").get(f"{LIST}{own.id}").status_code == 404
    assert as_("colleague").post(f"{LIST}{own.id}/score", data={"score": 101}).status_code == 422
    db.session.expire_all()
    found = secondments.ranking(programme)
    assert {key: (one.place, float(one.mean), one.tied) for key, one in found.items()} == {
        own.id: (1, 85.0, True),
        other.id: (1, 85.0, True),
    }
    assert "第 1 名（并列）" in text(personnel.get(at))
    # No score of one expert is shown to another, nor kept in the history.
    assert 'value="80"' not in text(as_("mentee").get(at + "/scores"))
    assert db.session.scalars(sa.select(AuditValue.new).where(AuditValue.new == "85")).all() == []
    # Choosing waits for every expert who may score.
    db.session.execute(sa.delete(SecondmentScore).where(SecondmentScore.person_id == world.mentee.id))
    db.session.commit()
    refused = step(personnel, own, "shortlist")
    assert (refused.status_code, "还有 1 位专家没有评分" in text(refused)) == (422, True)


def test_nobody_decides_the_own_case(app, world, as_):
    programme = open_programme(as_)
    refused = as_("lead").post(
        f"{LIST}programmes/{programme.id}/nominate",
        data={"person": "陈怀瑾（麟峰小学）", "kind": "secondment", "opinion": "自己推荐"},
    )
    assert (refused.status_code, "自己由别人推荐" in text(refused)) == (422, True)
    case = send(as_, world, programme)
    case.person_id = world.principal.id  # the head of the host itself is the secondee
    leave = SecondmentLeave(
        district_id=case.district_id,
        secondment_id=case.id,
        first_day=date(2025, 11, 20),
        last_day=date(2025, 11, 20),
    )
    db.session.add(leave)
    db.session.commit()
    address = f"{LIST}leaves/{leave.id}/step"
    assert as_("principal").post(address, data={"action": "approve"}).status_code == 403
    assert step(as_("principal"), case, "end_early").status_code == 403
    assert step(as_("office"), case, "end_early").status_code == 303


def test_a_leave_is_decided_by_one_and_its_reason_read_by_two(app, world, as_):
    case = send(as_, world, open_programme(as_))
    form = {"first_day": "2025-11-20", "last_day": "2025-11-21", "reason": "产检复查"}
    made = as_("teacher").post(f"{LIST}{case.id}/leave", data=form)
    address = made.headers["Location"]
    leave = db.session.scalars(sa.select(SecondmentLeave)).one()
    readers = {
        role
        for role in ("teacher", "principal", "office", "lead", "personnel", "bureau")
        if "产检复查" in text(as_(role).get(address))
    }
    assert readers == {"teacher", "principal"}
    assert as_("colleague").get(address).status_code == 404
    raw = db.session.execute(sa.text("SELECT reason FROM secondment_leave")).scalar_one()
    assert "产检" not in raw
    again = as_("teacher").post(f"{LIST}{case.id}/leave", data=form)
    assert (again.status_code, "这几天已经请过假" in text(again)) == (422, True)
    assert as_("office").post(address + "/step", data={"action": "approve"}).status_code == 403
    assert as_("principal").post(address + "/step", data={"action": "approve"}).status_code == 303
    # Before the first day there is nothing to report back from.
    assert as_("teacher").post(address + "/step", data={"action": "report_back"}).status_code == 422
    leave.first_day = leave.last_day = date(2025, 11, 18)
    db.session.commit()
    assert [gap.code for gap in secondment_work.gaps_of([case], date(2025, 11, 19))[case.id]].count(
        "leave"
    ) == 1
    assert as_("teacher").post(address + "/step", data={"action": "report_back"}).status_code == 303
    db.session.expire_all()
    assert (leave.state, leave.back_on, leave.decided_by_id) == (
        *("back", date(2025, 11, 19)),
        world.principal.id,
    )


def test_lessons_heard_are_counted_from_the_records_by_week(app, world, as_):
    case = send(as_, world, open_programme(as_))
    for day, periods in ((date(2025, 9, 17), 5), (date(2025, 9, 23), 3), (date(2025, 9, 25), 1)):
        heard(case, day, periods)
    heard(case, date(2025, 10, 14), 2, line="")
    found = facts(case)
    assert (found.lessons, found.notes) == (6, 2)  # what was heard before the arrival is not part of it
    page = text(as_("teacher").get(LIST + "mine"))
    assert "还差 4 节" in page
    listed = text(as_("personnel").get(LIST))
    assert "7 周听课不足" in listed
    assert "缺学习计划" in listed
    assert "久未联系" in listed
    form = {"held_on": "2025-11-18", "way": "phone", "note": "情况正常"}
    assert as_("personnel").post(f"{LIST}{case.id}/contacts", data=form).status_code == 303
    assert "久未联系" not in text(as_("personnel").get(LIST))
    assert as_("teacher").post(f"{LIST}{case.id}/contacts", data=form).status_code == 403
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SecondmentContact)) == 1


def test_the_term_summary_counts_secondments_and_names_them_to_those_who_may_see(app, world, as_):
    """F13: the lead of the cluster sees who; a principal of another member school the numbers."""
    case = send(as_, world, open_programme(as_))
    heard(case, date(2025, 9, 23), 3, line="只有自己看")
    found = term_figures(world.cluster, world.term, date(2025, 11, 19)).figures
    keys = ("secondees", "secondment_lessons", "secondment_lessons_mean", "secondment_on_target")
    assert [found[key].value for key in keys] == [1, 3, 3.0, 0.0]
    days = (date(2025, 11, 19) - case.arrived_on).days + 1
    assert found["secondment_days"].value == min(days, (case.ends_on - case.arrived_on).days + 1)
    as_("lead").post(f"/summaries/clusters/{world.cluster.id}/begin", data={"term": world.term.code})
    summary = summaries.of_cluster(world.cluster, world.term)
    for who, seen in (("lead", True), ("nanjiao_principal", False)):
        for key in ("secondees", "secondment_lessons"):
            page = text(as_(who).get(f"/summaries/{summary.id}/figures/{key}")).split("<main")[1]
            assert (case.person.name in page, "姓名不公开" in page) == (seen, not seen), (who, key)
            assert "只有自己看" not in page
    assert "挂职锻炼1人" in re.sub(r"<[^>]+>", "", text(as_("lead").get(f"/summaries/{summary.id}")))


def test_a_programme_without_numbers_holds_nobody_against_any(app, world, as_):
    empty = dict.fromkeys(
        ("lessons_per_week", "lessons_total", "books", "contact_weeks", "plan_days", "evaluation_days"), ""
    )
    case = send(as_, world, open_programme(as_, **empty))
    db.session.execute(sa.delete(SecondmentEntry))
    db.session.commit()
    gaps = secondment_work.gaps_of([case], date(2025, 11, 19))[case.id]
    assert [gap.code for gap in gaps] == ["plan"]
    assert "未设定" in text(as_("teacher").get(f"{LIST}programmes/{case.programme_id}"))
    assert "方案没有设定每周节数" in text(as_("teacher").get(LIST + "mine"))


def test_the_five_are_computed_from_what_is_there(app, world, as_):
    case = send(as_, world, open_programme(as_))
    address = f"{LIST}{case.id}"
    entries = address + "/entries/new?kind="
    assert as_("teacher").post(entries + "topic", data={"title": "集体备课"}).status_code == 303
    book = {"title": "教育漫话", "happened_on": "2025-11-01", "body": "摘抄", "compared": "本校少读"}
    assert as_("teacher").post(entries + "book", data=book).status_code == 303
    assert (
        as_("teacher").post(entries + "book", data={**book, "title": "另一本", "body": ""}).status_code == 303
    )
    form = {"time_guarantee": "两节课由何老师接替", "version": case.version}
    assert as_("teacher").post(address + "/time", data=form).status_code == 403
    assert as_("lead").post(address + "/time", data=form).status_code == 303
    found = facts(case)
    assert (found.topics, found.books, found.books_noted, found.time_stated) == (1, 2, 1, True)
    # The host sets duties and nothing of the secondee's own.
    assert as_("office").post(entries + "duty", data={"title": "主持教研"}).status_code == 303
    assert as_("office").post(entries + "book", data=book).status_code == 403
    assert as_("lead").post(entries + "duty", data={"title": "主持教研"}).status_code == 403
    bad = as_("teacher").post(entries + "product", data={"title": "方案", "address": "javascript:alert(1)"})
    assert bad.status_code == 422


def test_a_host_elsewhere_has_no_posting_and_the_office_stands_in(app, world, as_):
    programme = open_programme(as_)
    case = recommend(as_, programme)
    personnel = as_("personnel")
    for action in ("screen", "shortlist"):
        assert step(personnel, case, action).status_code == 303
        db.session.refresh(case)
    form = assignment(case, host_kind="outside", host_name="北京某校", host_place="北京")
    address = f"{LIST}{case.id}"
    refused = personnel.post(address + "/assign", data=form)
    assert (refused.status_code, "请写明对方同意的依据" in text(refused)) == (422, True)
    db.session.refresh(case)
    made = personnel.post(address + "/assign", data={**form, "host_consent": "9月1日来函"})
    assert made.status_code == 303
    db.session.refresh(case)
    assert (case.state, case.host, case.posting_id) == ("assigned", "北京某校", None)
    late = {"day": "2025-09-22", "version": case.version}
    assert as_("lead").post(address + "/arrive", data=late).status_code == 403
    assert personnel.post(address + "/arrive", data=late).status_code == 303
    assert "到岗晚于规定的最后一天" in text(personnel.get(address))
    assert db.session.scalars(sa.select(Posting)).all() == []


def test_two_who_swap_go_to_each_others_school(app, world, as_):
    programme = open_programme(as_)
    first = recommend(as_, programme)
    second = recommend(as_, programme, "江念一（拱辰中心小学）", "principal")
    third = recommend(as_, programme, "何思源（南郊小学）", "nanjiao_principal")
    personnel = as_("personnel")
    for case in (first, second, third):
        for action in ("screen", "shortlist"):
            assert step(personnel, case, action).status_code == 303
            db.session.refresh(case)
    form = assignment(first, host_school=str(world.gongchen.id), counterpart=str(third.id))
    refused = personnel.post(f"{LIST}{first.id}/assign", data=form)
    assert (refused.status_code, "对岗互派要互到对方学校" in text(refused)) == (422, True)
    db.session.refresh(first)
    form = assignment(first, host_school=str(world.gongchen.id), counterpart=str(second.id))
    assert personnel.post(f"{LIST}{first.id}/assign", data=form).status_code == 303
    db.session.expire_all()
    assert (first.counterpart_id, second.counterpart_id) == (second.id, first.id)
    # The host says no: both stand alone again.
    assert step(as_("principal"), first, "turn_down", "没有岗位").status_code == 303
    db.session.expire_all()
    assert (first.state, first.host_kind, first.counterpart_id, second.counterpart_id) == (
        *("candidate", None, None),
        None,
    )


def test_a_full_batch_and_another_posting_stand_in_the_way(app, world, as_):
    programme = open_programme(as_)
    first = send(as_, world, programme)
    second = recommend(as_, programme, "周以宁（麟峰小学）")
    personnel = as_("personnel")
    for action in ("screen", "shortlist"):
        assert step(personnel, second, action).status_code == 303
        db.session.refresh(second)
    first.batch.places = 1
    db.session.commit()
    form = assignment(second, host_school=str(world.gongchen.id))
    refused = personnel.post(f"{LIST}{second.id}/assign", data=form)
    assert (refused.status_code, "这一批 1 个名额已满" in text(refused)) == (422, True)
    first.batch.places = 2
    db.session.add(
        Posting(
            district_id=second.district_id,
            person_id=second.person_id,
            form="rotation",
            home_school_id=world.linfeng.id,
            host_school_id=world.nanjiao.id,
            starts_on=date(2025, 10, 1),
            created_by_id=world.lead.id,
        )
    )
    db.session.commit()
    db.session.refresh(second)
    form = assignment(second, host_school=str(world.gongchen.id))
    refused = personnel.post(f"{LIST}{second.id}/assign", data=form)
    assert (refused.status_code, "时间不能重叠" in text(refused)) == (422, True)


def test_a_posting_of_a_programme_is_handled_on_its_own_page(app, world, as_):
    case = send(as_, world, open_programme(as_))
    one = posting()
    page = text(as_("office").get(f"/exchange/postings/{one.id}"))
    assert "这是挂职项目里的安排" in page
    assert 'value="end_early"' not in page
    refused = as_("office").post(
        f"/exchange/postings/{one.id}/step",
        data={"action": "end_early", "note": "走了", "version": one.version},
    )
    assert refused.status_code == 422
    # What carries the posting along is no step of its page.
    for hidden in ("follow_cancel", "follow_early_end"):
        form = {"action": hidden, "note": "x", "version": one.version}
        assert as_("teacher").post(f"/exchange/postings/{one.id}/step", data=form).status_code == 400
    # Nobody arrives twice.
    again = {"day": "2025-09-19", "version": case.version}
    assert as_("office").post(f"{LIST}{case.id}/arrive", data=again).status_code == 409
    assert step(as_("office"), case, "end_early", "身体原因").status_code == 303
    db.session.expire_all()
    assert (case.state, one.state, one.ends_on) == ("ended_early", "ended_early", date(2025, 11, 19))


def test_a_stale_form_and_a_second_recommendation_are_told(app, world, as_):
    programme = open_programme(as_)
    case = recommend(as_, programme)
    form = {"kind": "secondment", "present_post": "主任", "opinion": "改", "version": case.version}
    assert as_("lead").post(f"{LIST}{case.id}/edit", data=form).status_code == 303
    stale = as_("lead").post(f"{LIST}{case.id}/edit", data={**form, "opinion": "再改"})
    assert (stale.status_code, "再改" in text(stale)) == (409, True)
    again = as_("lead").post(
        f"{LIST}programmes/{programme.id}/nominate",
        data={"person": "林晓岚（麟峰小学）", "kind": "secondment", "opinion": "再推荐"},
    )
    assert (again.status_code, "这一位已经推荐过" in text(again)) == (422, True)


@pytest.mark.parametrize(
    "bad", [{"ends_on": "2025-08-01"}, {"lessons_per_week": "0"}, {"books": "很多"}, {"name": ""}]
)
def test_a_programme_with_bad_input_is_refused_with_what_was_typed(app, world, as_, bad):
    answer = as_("personnel").post("/exchange/secondments/programmes/new", data={**PROGRAMME, **bad})
    assert (answer.status_code, "教人〔2025〕12号" in text(answer)) == (422, True)
    assert as_("lead").post("/exchange/secondments/programmes/new", data=PROGRAMME).status_code == 403


def test_a_delegation_is_kept_with_its_size(app, world, as_):
    case = send(as_, world, open_programme(as_))
    form = {
        "kind": "delegation",
        "school": str(world.linfeng.id),
        "secondment": str(case.id),
        "title": "到拱辰考察",
        "place": "拱辰中心小学",
        "starts_on": "2025-11-16",
        "ends_on": "2025-11-17",
        "size": "9",
    }
    made = as_("lead").post(LIST + "trips/new", data=form)
    assert made.status_code == 303
    trip = db.session.scalars(sa.select(StudyTrip)).one()
    assert (trip.size, trip.days, trip.secondment_id) == (9, 2, case.id)
    assert "到拱辰考察" in text(as_("mentor").get(LIST + "trips"))
    assert as_("mentee").get(f"{LIST}trips/{trip.id}").status_code == 404
    assert "到拱辰考察" in text(as_("personnel").get(f"{LIST}{case.id}"))


def test_the_list_is_filtered_and_exported(app, world, as_):
    case = send(as_, world, open_programme(as_))
    personnel = as_("personnel")
    assert case.person.name in text(personnel.get(LIST + "?state=away&missing=1&way=in"))
    assert case.person.name not in text(personnel.get(LIST + "?state=declined"))
    book = personnel.get(LIST + "list.xlsx")
    assert book.mimetype.endswith("sheet")
    assert case.person.name not in text(as_("mentor").get(LIST))
    assert as_("west_bureau").get(f"{LIST}{case.id}").status_code == 404
