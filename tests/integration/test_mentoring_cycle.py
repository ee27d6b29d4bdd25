"""A mentoring pair through its time: wishes, a list, dates, forms, checks, the private word, renewal, coverage."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from portal.actions import mentoring_cycle as actions
from portal.documents.tables import table_workbook
from portal.domain.access import can
from portal.domain.pair_list import COLUMNS
from portal.extensions import db
from portal.models import (
    AuditEntry,
    AuditValue,
    MentoringPair,
    MentoringRenewal,
    Notification,
    ObservationSheet,
    ObservationTemplate,
    PairDate,
    PairFit,
    PersonTitle,
    TemplateEdition,
    WishList,
    WorkRecord,
)
from portal.queries import mentoring_wishes
from tests.support.pairs import mentoring_pair, work_record

AGREED = {"every_weeks": "2", "starts_on": "2025-11-19", "ends_on": "2026-07-10"}
SECRET = "他讲的我听不明白"


def text(answer) -> str:
    return answer.get_data(as_text=True)


def only(model):
    return db.session.scalars(db.select(model)).one()


def all_of(model):
    return list(db.session.scalars(db.select(model)))


def wish(client, world, side, *names, **more):
    places = ("first", "second", "third", "fourth", "fifth")
    data = {"side": side, **dict(zip(places, names, strict=False)), **more}
    return client.post(f"/pairing/clusters/{world.cluster.id}/wishes", data=data)


def test_wishes_of_both_sides_make_a_suggestion_that_says_why(as_, world):
    assert wish(as_("mentor"), world, "mentor", "江念一（拱辰中心小学）", capacity="1").status_code == 303
    assert wish(as_("mentee"), world, "mentee", "周以宁").status_code == 303
    address = f"/pairing/clusters/{world.cluster.id}/suggestion"
    page = text(as_("lead").get(address))
    assert "徒弟的第 1 意愿，导师的第 1 意愿。" in page
    line = f"{world.mentor.id}:{world.mentee.id}"
    assert as_("lead").post(address, data={**AGREED, "line": line}).status_code == 303
    pair = only(MentoringPair)
    assert (pair.mentor_id, pair.mentee_id, pair.state) == (world.mentor.id, world.mentee.id, "proposed")
    # What is open already is not suggested again, and an old page is told so.
    assert "还没有可以建议的搭配" in text(as_("lead").get(address))
    assert as_("lead").post(address, data={**AGREED, "line": line}).status_code == 422
    assert len(all_of(MentoringPair)) == 1


def test_wishes_are_their_writers_and_the_arrangers(as_, world):
    wish(as_("mentee"), world, "mentee", "周以宁", note="想学节奏教学")
    row = only(WishList)
    assert [choice.wanted_id for choice in row.choices] == [world.mentor.id]
    assert "周以宁" in text(as_("mentee").get(f"/pairing/clusters/{world.cluster.id}/wishes?side=mentee"))
    assert "想学节奏教学" not in text(as_("mentor").get(f"/pairing/clusters/{world.cluster.id}/wishes"))
    for name, status in (("mentor", 404), ("principal", 403), ("west_lead", 404), ("lead", 200)):
        answer = as_(name).get(f"/pairing/clusters/{world.cluster.id}/suggestion")
        assert answer.status_code == status, name
    assert as_("west_teacher").get(f"/pairing/clusters/{world.cluster.id}/wishes").status_code == 404


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("周以宁", "周以宁（麟峰小学）"), "同一个人只写一次"),
        (("江念一",), "不能写自己"),
        (("没有这个人",), "片区各校没有找到"),
    ],
)
def test_a_wrong_wish_comes_back_with_what_was_typed(as_, world, names, said):
    answer = wish(as_("mentee"), world, "mentee", *names)
    assert answer.status_code == 422
    assert said in text(answer)
    assert names[0] in text(answer)
    assert all_of(WishList) == []


def test_wishes_can_be_written_anew_and_an_old_page_is_told(as_, world):
    client = as_("mentee")
    wish(client, world, "mentee", "周以宁", "林晓岚")
    version = only(WishList).version
    assert wish(client, world, "mentee", "林晓岚", version=version).status_code == 303
    row = only(WishList)
    db.session.refresh(row)
    assert [choice.wanted_id for choice in row.choices] == [world.teacher.id]
    assert wish(client, world, "mentee", "周以宁", version=version).status_code == 409


def test_suggestion_leaves_out_people_who_left(as_, world):
    wish(as_("mentee"), world, "mentee", "周以宁")
    wish(as_("mentor"), world, "mentor", "江念一")
    for post in world.mentee.employments:
        post.ends_on = date(2025, 11, 1)
    db.session.commit()
    assert mentoring_wishes.suggestion_for(world.cluster, date(2025, 11, 19)).found.matches == ()


LIST = "导师\t徒弟\t徒弟学校\t学科\n周以宁\t江念一\t拱辰中心小学\t音乐\n"


def test_a_pasted_list_is_looked_at_before_it_is_proposed(as_, world):
    address, client = f"/pairing/clusters/{world.cluster.id}/mentoring/import", as_("principal")
    look = client.post(address, data={**AGREED, "text": LIST, "look": "1"})
    assert look.status_code == 200
    assert "可以提出" in text(look)
    assert "全部提出（1 对）" in text(look)
    assert all_of(MentoringPair) == []
    assert client.post(address, data={**AGREED, "text": LIST, "confirm": "1"}).status_code == 303
    pair = only(MentoringPair)
    assert (pair.mentor_id, pair.mentee_id, pair.subject, pair.every_weeks, pair.ends_on) == (
        world.mentor.id,
        world.mentee.id,
        "音乐",
        2,
        date(2026, 7, 10),
    )
    again = client.post(address, data={**AGREED, "text": LIST, "confirm": "1"})
    assert again.status_code == 422
    assert "这两位已经结对" in text(again)


def test_one_wrong_row_keeps_the_whole_list_back(as_, world):
    words = LIST + "林晓岚\t没有这个人\t\t音乐\n"
    address = f"/pairing/clusters/{world.cluster.id}/mentoring/import"
    answer = as_("principal").post(address, data={**AGREED, "text": words, "confirm": "1"})
    assert answer.status_code == 422
    assert "片区各校没有找到“没有这个人”，或有同名的人" in text(answer)
    assert all_of(MentoringPair) == []


def test_a_workbook_is_read_like_a_pasted_list(as_, world):
    book = table_workbook(
        "师徒", list(COLUMNS), [["周以宁", None, "江念一", None, "音乐", 3, None, None, None]]
    )
    data = {**AGREED, "text": "", "file": (io.BytesIO(book), "名单.xlsx")}
    answer = as_("principal").post(
        f"/pairing/clusters/{world.cluster.id}/mentoring/import",
        data={**data, "look": "1"},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 200
    assert "每 3 周一次" in text(answer)
    broken = {**AGREED, "text": "", "file": (io.BytesIO(b"no workbook"), "名单.xlsx"), "look": "1"}
    answer = as_("principal").post(
        f"/pairing/clusters/{world.cluster.id}/mentoring/import",
        data=broken,
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422


def test_first_dates_stand_in_the_agreement_and_both_hear_of_a_change(as_, world):
    pair = mentoring_pair(world)
    data = {"goals": "上好一节课", **AGREED, "starts_on": "2025-09-10", "version": pair.version}
    data |= {
        "first_on": "2025-12-02",
        "first_what": "听一节课",
        "second_on": "2025-12-02",
        "second_what": "评课",
    }
    assert as_("mentor").post(f"/pairing/mentoring/{pair.id}/edit", data=data).status_code == 303
    assert [(row.day, row.what) for row in all_of(PairDate)] == [(date(2025, 12, 2), "评课")]
    page = text(as_("mentee").get(f"/pairing/mentoring/{pair.id}"))
    assert "评课" in page
    assert "修改了结对约定" in text(as_("mentee").get("/messages/"))


@pytest.fixture
def template(as_, world):
    data = {"name": "片区听课表", "items": "教学设计：10\n课堂效果：5\n优点"}
    assert (
        as_("lead").post(f"/pairing/clusters/{world.cluster.id}/templates/new", data=data).status_code == 303
    )
    return only(ObservationTemplate)


def test_a_lesson_is_noted_with_the_form_that_both_sides_read(as_, world, template):
    pair = mentoring_pair(world)
    data = {
        "kind": "observation",
        "line": "节奏游戏很顺",
        "happened_on": "2025-11-18",
        "template": template.id,
    }
    answer = as_("mentor").post(f"/pairing/mentoring/{pair.id}/records", data=data)
    record = only(WorkRecord)
    sheet = f"/pairing/records/{record.id}/sheet"
    assert answer.headers["Location"] == f"{sheet}?form={template.id}"
    filled = {"item-0": "8", "item-1": "5", "item-2": "等待时间够"}
    assert as_("mentor").post(f"{sheet}?form={template.id}", data=filled).status_code == 303
    for name in ("mentor", "mentee"):
        page = text(as_(name).get(f"/records/{record.id}"))
        assert "13 / 15 分" in page
        assert "等待时间够" in page
        assert "第 1 版" in page
    assert as_("lead").get(f"/records/{record.id}").status_code == 404
    assert as_("lead").get(sheet).status_code == 404
    assert as_("mentee").get(sheet).status_code == 403


def test_a_sheet_keeps_the_edition_it_was_filled_with(as_, world, template):
    pair = mentoring_pair(world)
    record = work_record(world.mentor, mentoring_pair_id=pair.id)
    sheet = f"/pairing/records/{record.id}/sheet"
    as_("mentor").post(f"{sheet}?form={template.id}", data={"item-0": "8"})
    data = {"name": "片区听课表", "items": "教学设计：20", "version": template.version}
    assert as_("lead").post(f"/pairing/templates/{template.id}/edit", data=data).status_code == 303
    assert [row.number for row in all_of(TemplateEdition)] == [1, 2]
    assert "8 / 10 分" in text(as_("mentee").get(f"/records/{record.id}"))
    assert "满分 10" in text(as_("mentor").get(sheet))
    stale = as_("lead").post(f"/pairing/templates/{template.id}/edit", data=data)
    assert stale.status_code == 409


@pytest.mark.parametrize(
    ("given", "said"), [({"item-0": "11"}, "请检查：教学设计"), ({"item-2": ""}, "至少填一项")]
)
def test_a_sheet_that_does_not_fit_comes_back(as_, world, template, given, said):
    record = work_record(world.mentor)
    answer = as_("mentor").post(f"/pairing/records/{record.id}/sheet?form={template.id}", data=given)
    assert answer.status_code == 422
    assert said in text(answer)
    assert all(f'value="{value}"' in text(answer) for value in given.values() if value)
    assert all_of(ObservationSheet) == []


def test_templates_are_the_clusters_and_suggestions_their_editors(as_, world, template):
    address = f"/pairing/templates/{template.id}"
    assert as_("mentee").post(f"{address}/suggest", data={"text": "加一项合唱"}).status_code == 303
    assert "加一项合唱" in text(as_("lead").get(address))
    assert "加一项合唱" in text(as_("mentee").get(address))
    assert "加一项合唱" not in text(as_("mentor").get(address))
    for name, status in (("mentor", 403), ("principal", 403), ("west_lead", 404), ("equal_lead", 404)):
        assert as_(name).get(f"{address}/edit").status_code == status, name
    assert as_("lead").get("/pairing/templates/new").status_code in (403, 404)
    assert as_("lead").post(f"{address}/retire", data={"version": template.version}).status_code == 303
    pair = mentoring_pair(world)
    assert str(template.id) not in text(as_("mentor").get(f"/pairing/mentoring/{pair.id}"))


def test_a_rated_item_without_points_is_asked_for_its_points(as_, world):
    data = {"name": "表", "items": "课堂效果："}
    answer = as_("bureau").post("/pairing/templates/new", data=data)
    assert answer.status_code == 422
    assert "第 1 行：请写上满分" in text(answer)
    assert (
        as_("bureau").post("/pairing/templates/new", data={**data, "items": "课堂效果：5"}).status_code == 303
    )
    assert only(ObservationTemplate).cluster_id is None


REVIEW = {"reached": "partly", "progress": "独立上了两节课", "further": "再磨一节"}


def test_checks_are_read_by_the_two_and_others_learn_that_they_are_written(as_, world):
    pair = mentoring_pair(world, starts_on=date(2025, 9, 1), ends_on=date(2026, 1, 31))
    page = text(as_("mentee").get(f"/pairing/mentoring/{pair.id}"))
    assert "中期检查" in page
    assert "去填写" in page
    assert "填写中期检查：周以宁—江念一" in text(as_("mentee").get("/"))
    answer = as_("mentee").post(f"/pairing/mentoring/{pair.id}/review?kind=midterm", data=REVIEW)
    assert answer.status_code == 303
    assert "填写中期检查：周以宁—江念一" not in text(as_("mentee").get("/"))
    assert "独立上了两节课" in text(as_("mentor").get(f"/pairing/mentoring/{pair.id}"))
    for name in ("lead", "principal", "bureau", "liaison"):
        page = text(as_(name).get(f"/pairing/mentoring/{pair.id}"))
        assert "江念一已填写" in page
        assert "独立上了两节课" not in page
        assert "部分达到" not in page
    values = [row.new or "" for row in all_of(AuditValue)]
    assert not any("独立上了两节课" in value for value in values)
    assert as_("lead").get(f"/pairing/mentoring/{pair.id}/review").status_code == 403
    stale = as_("mentee").post(
        f"/pairing/mentoring/{pair.id}/review?kind=midterm", data={**REVIEW, "version": "7"}
    )
    assert stale.status_code == 409


def test_the_private_word_reaches_who_arranges_and_never_the_other_side(as_, world, actor_of):
    pair = mentoring_pair(world)
    page = text(as_("mentee").get(f"/pairing/mentoring/{pair.id}/fit"))
    assert "只有您和片区负责人能看到，对方看不到。" in page
    data = {"answer": "change", "text": SECRET}
    assert as_("mentee").post(f"/pairing/mentoring/{pair.id}/fit", data=data).status_code == 303
    fit = only(PairFit)
    told = [row for row in all_of(Notification) if row.kind == "pair_fit"]
    assert [row.person_id for row in told] == [world.lead.id]
    assert SECRET in text(as_("lead").get(f"/pairing/fit/{fit.id}"))
    for name in ("mentor", "principal", "office", "bureau", "liaison", "west_lead"):
        assert as_(name).get(f"/pairing/fit/{fit.id}").status_code == 404, name
        assert not can(actor_of(name), "fit.view", fit)
    for name in ("mentor", "lead", "bureau"):
        assert SECRET not in text(as_(name).get(f"/pairing/mentoring/{pair.id}"))
    assert not any(SECRET in (row.new or "") for row in all_of(AuditValue))
    # The pair's own history does not say that anything was asked.
    assert [row.action for row in all_of(AuditEntry) if row.object_id == pair.id] == []


def test_a_lead_who_is_the_other_side_does_not_read_the_word(as_, world):
    pair = mentoring_pair(world, mentor="lead")
    as_("mentee").post(f"/pairing/mentoring/{pair.id}/fit", data={"answer": "change", "text": SECRET})
    fit = only(PairFit)
    assert as_("lead").get(f"/pairing/fit/{fit.id}").status_code == 404
    assert [row for row in all_of(Notification) if row.kind == "pair_fit"] == []


def test_pairing_anew_ends_the_pair_without_a_reason_and_leads_on(as_, world):
    pair = mentoring_pair(world)
    as_("mentee").post(f"/pairing/mentoring/{pair.id}/fit", data={"answer": "change", "text": SECRET})
    fit = only(PairFit)
    address = f"/pairing/fit/{fit.id}/rematch"
    assert as_("mentee").post(address, data={"version": pair.version}).status_code == 403
    assert as_("lead").post(address, data={"version": pair.version + 5}).status_code == 409
    answer = as_("lead").post(address, data={"version": pair.version})
    assert answer.status_code == 303
    assert "mentee=" in answer.headers["Location"]
    db.session.refresh(pair)
    assert (pair.state, pair.state_note) == ("finished", "")
    page = text(as_("lead").get(answer.headers["Location"]))
    assert 'value="江念一"' in page
    said = text(as_("mentor").get("/messages/"))
    assert "结对另作安排：周以宁—江念一。这不是评价。" in said
    assert SECRET not in said


def test_among_equal_partners_the_own_principal_reads_the_word(as_, world, actor_of):
    pair = mentoring_pair(
        world,
        mentor="equal_lead",
        mentee="equal_teacher",
        cluster_id=world.team.id,
        mentee_school_id=world.huoban.id,
    )
    as_("equal_teacher").post(f"/pairing/mentoring/{pair.id}/fit", data={"answer": "talk", "text": SECRET})
    fit = only(PairFit)
    told = [row.person_id for row in all_of(Notification) if row.kind == "pair_fit"]
    assert told == [world.equal_member.id]
    assert can(actor_of("equal_member"), "fit.view", fit)
    assert not can(actor_of("equal_lead"), "fit.view", fit)
    assert not can(actor_of("lead"), "fit.view", fit)


def test_a_renewal_needs_both_words(as_, world):
    pair = mentoring_pair(world)
    data = {"ends_on": "2027-07-10", "goals": "带出一节展示课"}
    assert as_("mentor").post(f"/pairing/mentoring/{pair.id}/renew", data=data).status_code == 303
    row = only(MentoringRenewal)
    assert (row.mentor_agreed, row.mentee_agreed, pair.ends_on) == (True, False, date(2026, 7, 10))
    second = as_("mentee").post(f"/pairing/mentoring/{pair.id}/renew", data={"ends_on": "2028-07-10"})
    assert second.status_code == 422
    assert "已经有一个续期等双方同意" in text(second)
    assert "同意结对续期：周以宁—江念一" in text(as_("mentee").get("/"))
    assert as_("lead").post(f"/pairing/renewals/{row.id}/agree", data={}).status_code == 403
    agree = as_("mentee").post(f"/pairing/renewals/{row.id}/agree", data={"version": row.version})
    assert agree.status_code == 303
    db.session.refresh(pair)
    assert (pair.ends_on, pair.goals, pair.state) == (date(2027, 7, 10), "带出一节展示课", "active")
    late = as_("mentee").post(f"/pairing/renewals/{row.id}/withdraw", data={})
    assert late.status_code == 409


def test_a_renewal_that_is_not_later_is_refused(as_, world):
    pair = mentoring_pair(world)
    answer = as_("mentor").post(f"/pairing/mentoring/{pair.id}/renew", data={"ends_on": "2026-07-10"})
    assert answer.status_code == 422
    assert "要晚于现在的结束日期" in text(answer)


def test_coverage_lists_who_has_nobody_and_opens_the_proposal(as_, world):
    db.session.add(
        PersonTitle(
            district_id=world.east.id, person_id=world.mentor.id, kind="backbone_teacher", level="county"
        )
    )
    world.linfeng.location = "urban"
    world.mentee.facts = {**world.mentee.facts, "work_started_on": "2024-09-01"}
    db.session.commit()
    address, client = f"/pairing/clusters/{world.cluster.id}/coverage", as_("lead")
    page = text(client.get(address))
    assert "城区有称号 1 人，已带徒 0 人" in page
    assert "未设定" in page
    page = text(client.get(f"{address}?years=3"))
    assert "给他找徒弟" in page
    assert "给他找导师" in page
    form = client.get(f"/pairing/clusters/{world.cluster.id}/mentoring/new?mentee=江念一（拱辰中心小学）")
    assert 'value="江念一（拱辰中心小学）"' in text(form)
    mentoring_pair(world)
    page = text(client.get(f"{address}?years=3"))
    assert "城区有称号 1 人，已带徒 1 人" in page
    assert "都带了徒弟" in page
    book = as_("bureau").get(f"/pairing/clusters/{world.cluster.id}/coverage.xlsx?years=3")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.get_data())).get_sheet_by_index(0).to_python()
    assert all(world.mentor.name not in row for row in rows)
    assert as_("teacher").get(address).status_code == 404


def test_the_lead_sees_late_pairs_by_day_and_never_by_word(as_, world):
    pair = mentoring_pair(world)
    work_record(world.mentor, mentoring_pair_id=pair.id, line=SECRET, happened_on=date(2025, 10, 1))
    page = text(as_("lead").get(f"/pairing/clusters/{world.cluster.id}/coverage"))
    assert "应在 10月15日 前" in page
    assert SECRET not in page


def test_two_answers_to_one_renewal_leave_one(app, world, actor_of):
    pair = mentoring_pair(world)
    from datetime import UTC, datetime

    from portal.actions.errors import Conflict

    now = datetime(2025, 11, 19, 4, tzinfo=UTC)
    row = actions.ask_renewal(actor_of("mentor"), pair, ends_on=date(2027, 7, 10), goals="", now=now)
    db.session.commit()
    actions.agree_renewal(actor_of("mentee"), row, expected=row.version, now=now)
    db.session.commit()
    with pytest.raises(Conflict):
        actions.agree_renewal(actor_of("mentee"), row, expected=None, now=now)
