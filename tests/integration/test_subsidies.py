"""The monthly list of subsidies: computed, checked by the school, decided and accepted by the bureau, exported."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
import sqlalchemy as sa

from portal.extensions import db
from portal.models import HomePeriods, Posting, SubsidyItem, SubsidyList, SubsidyTier
from portal.queries import subsidies, todo
from tests.support.months import OCTOBER, close, visits

# 23 days of October teach: 10 a week at home comes to 46, 3 a week at 拱辰 to 13.8 and a third of it to 4.6.
DAYS = [date(2025, 10, day) for day in (9, 14, 16, 21, 23)]


@pytest.fixture
def october(world):
    """Averages, five visits, and the periods at home with which both conditions are just met."""
    world.linfeng.average_periods, world.gongchen.average_periods, world.gongchen.remoteness = 10, 3, 2
    visits(world, DAYS)
    stated = HomePeriods(
        district_id=world.east.id,
        person_id=world.teacher.id,
        school_id=world.linfeng.id,
        month=OCTOBER,
        periods=41,
        stated_by_id=world.lead.id,
    )
    db.session.add(stated)
    db.session.commit()
    return stated


def text(answer) -> str:
    return answer.get_data(as_text=True)


def lists(world) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(SubsidyList))


def tiers(world, *rows) -> None:
    for start, amount in rows:
        db.session.add(
            SubsidyTier(district_id=world.east.id, basis="remoteness", from_value=start, amount=amount)
        )
    db.session.commit()


def sheet_of(world) -> SubsidyList:
    return db.session.scalars(
        sa.select(SubsidyList).filter_by(month=OCTOBER).execution_options(populate_existing=True)
    ).one()


def address(world) -> str:
    return f"/visiting/schools/{world.linfeng.id}/subsidies"


def check(as_, world):
    return as_("lead").post(address(world), data={"month": "2025-10"})


def step(client, sheet, action, **more):
    data = {"action": action, "version": sheet.version, **more}
    return client.post(f"/visiting/subsidies/{sheet.id}/step", data=data)


def items() -> list:
    rows = db.session.scalars(sa.select(SubsidyItem).execution_options(populate_existing=True)).all()
    return [(row.kind, row.state, row.outcome, row.amount) for row in rows]


def test_the_list_waits_until_both_schools_have_closed_the_month(as_, world, october):
    tiers(world, (1, 300), (2, 600))
    page = text(as_("lead").get(f"{address(world)}?month=2025-10"))
    assert "还没有关账" in page
    early = check(as_, world)
    assert (early.status_code, "拱辰中心小学的走教课时还没有关账" in text(early)) == (409, True)
    close(world, as_=as_)
    assert check(as_, world).status_code == 303
    assert items() == [("circuit", "computed", "met", 600)]
    page = text(as_("lead").get(f"{address(world)}?month=2025-10"))
    assert "本校 41 节加走教 5 节共 46 节，达到麟峰小学人均 46 节" in page
    assert "在拱辰中心小学 5 节，达到该校人均的三分之一（4.6 节）" in page


@pytest.mark.parametrize(
    ("own", "average", "outcome", "words"),
    [
        (41, 3, "met", "没有金额：区教育局还没有设定补助标准"),
        (40, 3, "not_met", "本校 40 节加走教 5 节共 45 节，不到麟峰小学人均 46 节"),
        (41, 4, "not_met", "在拱辰中心小学 5 节，不到该校人均的三分之一（6.2 节）"),
        (41, None, "unknown", "数据不全：拱辰中心小学没有登记人均周课时"),
    ],
)
def test_the_boundaries_hold_on_records(as_, world, october, own, average, outcome, words):
    october.periods, world.gongchen.average_periods = own, average
    db.session.commit()
    close(world, as_=as_)
    assert check(as_, world).status_code == 303
    assert items() == [("circuit", "computed", outcome, None)]
    assert words in text(as_("lead").get(f"{address(world)}?month=2025-10"))
    mine = text(as_("teacher").get("/visiting/workload?month=2025-10"))
    assert words in mine or outcome == "met"
    assert "不发放补助" in mine


def test_a_checked_list_keeps_its_facts(as_, world, october):
    tiers(world, (1, 300), (2, 600))
    close(world, as_=as_)
    check(as_, world)
    world.linfeng.average_periods = 30
    october.periods = 1
    db.session.execute(sa.update(SubsidyTier).values(amount=900))
    db.session.commit()
    assert items() == [("circuit", "computed", "met", 600)]
    assert step(as_("lead"), sheet_of(world), "take_back").status_code == 303
    assert step(as_("lead"), sheet_of(world), "check").status_code == 303
    assert items() == [("circuit", "computed", "not_met", None)]


def test_the_bureau_accepts_or_returns_with_a_reason(as_, world, october, actor_of):
    close(world, as_=as_)
    check(as_, world)
    waits = [(t.endpoint, t.words["count"]) for t in todo.waiting_for(actor_of("personnel"), world.today)]
    assert ("visiting.subsidy_list", 1) in waits
    bare = step(as_("personnel"), sheet_of(world), "return")
    assert (bare.status_code, sheet_of(world).state) == (409, "checked")
    assert step(as_("personnel"), sheet_of(world), "return", note="平均数请再核").status_code == 303
    assert "平均数请再核" in text(as_("lead").get(f"{address(world)}?month=2025-10"))
    stale = sheet_of(world).version
    assert step(as_("lead"), sheet_of(world), "check").status_code == 303
    old = as_("bureau").post(
        f"/visiting/subsidies/{sheet_of(world).id}/step", data={"action": "accept", "version": stale}
    )
    assert (old.status_code, sheet_of(world).state) == (409, "checked")
    assert step(as_("bureau"), sheet_of(world), "accept").status_code == 303
    row = sheet_of(world)
    assert (row.state, row.checked_by_id, row.accepted_by_id) == ("accepted", world.lead.id, world.bureau.id)
    assert step(as_("lead"), row, "take_back").status_code == 409


def test_others_see_and_do_nothing(as_, world, october):
    close(world, as_=as_)
    check(as_, world)
    sheet = sheet_of(world)
    expected = {"principal": 404, "teacher": 403, "mentor": 403, "west_bureau": 404, "equal_lead": 404}
    page = {who: as_(who).get(f"{address(world)}?month=2025-10").status_code for who in expected}
    assert page == {**expected, "teacher": 404, "mentor": 404}
    for who in expected:
        assert step(as_(who), sheet, "accept").status_code == 404, who
    assert step(as_("lead"), sheet, "accept").status_code == 403
    assert sheet_of(world).state == "checked"
    listed = text(as_("principal").get("/visiting/subsidies?month=2025-10"))
    assert f"{world.linfeng.id}/subsidies" not in listed


def test_an_amount_by_decision_needs_a_reason_and_somebody_else_who_approves(as_, world, october):
    close(world, as_=as_)
    propose = f"{address(world)}/propose?month=2025-10"
    bare = as_("lead").post(propose, data={"person": "周以宁", "amount": "500"})
    assert (bare.status_code, items()) == (422, [])
    own = as_("lead").post(propose, data={"person": "陈怀瑾", "amount": "500", "ground": "辛苦"})
    assert (own.status_code, "您本人的补助" in text(own)) == (422, True)
    foreign = as_("lead").post(propose, data={"person": "江念一", "amount": "500", "ground": "支援"})
    assert (foreign.status_code, "没有找到本校这位教师" in text(foreign)) == (422, True)
    data = {"person": "周以宁", "amount": "500", "ground": "卓越教师支援薄弱学科"}
    assert as_("lead").post(propose, data=data).status_code == 303
    assert as_("lead").post(propose, data=data).status_code == 422  # once a person and month
    assert check(as_, world).status_code == 303
    item = db.session.scalars(sa.select(SubsidyItem).filter_by(kind="discretionary")).one()
    assert (item.state, item.amount, item.proposed_by_id) == ("proposed", 500, world.lead.id)
    early = step(as_("bureau"), sheet_of(world), "accept")
    assert (early.status_code, "还有 1 笔酌情补助没有审定" in text(early)) == (409, True)
    where = f"/visiting/subsidy-items/{item.id}/step"
    assert as_("lead").post(where, data={"action": "approve", "version": item.version}).status_code == 403
    data = {"action": "decline", "note": "不在范围", "version": item.version}
    assert as_("personnel").post(where, data=data).status_code == 303
    db.session.refresh(item)
    assert (item.state, item.decided_by_id, item.state_note) == ("declined", world.personnel.id, "不在范围")
    assert step(as_("bureau"), sheet_of(world), "accept").status_code == 303


@pytest.mark.parametrize("broken", ["?month=9999-12", "?month=2025-1x", ""])
def test_a_form_for_a_month_that_cannot_be_read_writes_into_no_other(as_, world, october, broken):
    data = {"person": "周以宁", "amount": "500", "ground": "支援"}
    assert as_("lead").post(f"{address(world)}/propose{broken}", data=data).status_code == 400
    begin = {"month": broken[7:]} if broken else {}
    assert as_("lead").post(address(world), data=begin).status_code == 400
    assert (items(), lists(world)) == ([], 0)
    assert as_("lead").get(f"{address(world)}{broken}").status_code == (400 if broken else 200)


def test_nothing_is_proposed_for_a_month_that_has_not_begun(as_, world, october):
    data = {"person": "周以宁", "amount": "500", "ground": "支援"}
    ahead = as_("lead").post(f"{address(world)}/propose?month=2025-12", data=data)
    assert (ahead.status_code, "还没有到这个月" in text(ahead), items()) == (422, True, [])
    page = text(as_("lead").get(f"{address(world)}?month=2025-12"))
    assert ("还没有到这个月" in page, "提出一笔酌情补助" in page) == (True, False)
    assert as_("lead").post(f"{address(world)}/propose?month=2025-11", data=data).status_code == 303


def test_the_workbook_for_the_finance_office_says_that_nothing_is_paid(as_, world, october):
    tiers(world, (1, 300))
    close(world, as_=as_)
    data = {"person": "周以宁", "amount": "500", "ground": "=1+1"}
    as_("lead").post(f"{address(world)}/propose?month=2025-10", data=data)
    assert openpyxl_rows(as_("bureau").get("/visiting/subsidies.xlsx?month=2025-10"))[1:-1] == []
    check(as_, world)
    item = db.session.scalars(sa.select(SubsidyItem).filter_by(kind="discretionary")).one()
    as_("bureau").post(
        f"/visiting/subsidy-items/{item.id}/step", data={"action": "approve", "version": item.version}
    )
    rows = openpyxl_rows(as_("bureau").get("/visiting/subsidies.xlsx?month=2025-10"))
    by_name = {row[1]: row for row in rows[1:-1]}
    assert by_name["林晓岚"][0:9] == ("麟峰小学", "林晓岚", "走教", "拱辰中心小学", 41, 5, 10, 23, "符合")
    assert (by_name["林晓岚"][10], by_name["周以宁"][9:12]) == (300, ("=1+1；已同意", 500, "郑书恒"))
    assert "不发放补助" in rows[-1][0]
    assert openpyxl_rows(as_("principal").get("/visiting/subsidies.xlsx?month=2025-10"))[1:-1] == []
    assert as_("teacher").get("/visiting/subsidies.xlsx?month=2025-10").status_code == 403


def openpyxl_rows(answer) -> list:
    sheet = openpyxl.load_workbook(BytesIO(answer.get_data())).active
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


def test_support_teaching_is_judged_by_its_own_school(as_, world, actor_of):
    world.gongchen.average_periods, world.gongchen.remoteness = 14, 3
    posting = Posting(
        district_id=world.east.id,
        person_id=world.mentor.id,
        form="support_teaching",
        home_school_id=world.linfeng.id,
        host_school_id=world.gongchen.id,
        starts_on=date(2025, 9, 1),
        arrived_on=date(2025, 9, 1),
        weekly_periods=14,
        state="active",
        created_by_id=world.lead.id,
    )
    db.session.add(posting)
    tiers(world, (1, 300), (3, 900))

    def found(month):
        rows = subsidies.candidates(world.linfeng, month, world.today)
        return [(row.kind, row.judgement.outcome, row.award.amount) for row in rows]

    assert found(OCTOBER) == [("support", "met", 900)]
    assert found(date(2025, 8, 1)) == []
    posting.weekly_periods = 13
    db.session.commit()
    assert found(OCTOBER) == [("support", "not_met", None)]


def test_the_bureau_sets_its_own_tiers_within_the_span(as_, world):
    where = "/visiting/subsidies/tiers"
    assert as_("lead").get(where).status_code == 403
    client, rows = as_("bureau"), {"from-1": "1", "amount-1": "300", "from-2": "3", "amount-2": "900"}
    wrong = client.post(where, data={**rows, "basis": "remoteness", "amount-2": "1000", "seen": ""})
    assert (wrong.status_code, "金额要在 300 到 900 元之间" in text(wrong)) == (422, True)
    assert 'value="1000"' in text(wrong)
    twice = client.post(where, data={**rows, "basis": "remoteness", "from-2": "1", "seen": ""})
    assert (twice.status_code, "起点和上面重复" in text(twice)) == (422, True)
    assert client.post(where, data={**rows, "basis": "remoteness", "seen": ""}).status_code == 303
    basis, known = subsidies.tiers_of(world.east.id)
    assert (basis, [(t.from_value, t.amount) for t in known]) == ("remoteness", [(1, 300), (3, 900)])
    stale = client.post(where, data={**rows, "basis": "minutes", "seen": ""})
    assert (stale.status_code, subsidies.tiers_of(world.east.id)[0]) == (409, "remoteness")
    assert subsidies.tiers_of(world.west.id) == (None, [])
