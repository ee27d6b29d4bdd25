"""Postings through the pages: planned, arrived, ended; who sees and decides."""

import io

import openpyxl
import pytest

from portal.domain.access import can
from portal.extensions import db
from portal.models import Posting
from portal.queries import exchange
from tests.support.cast_names import ACCOUNTS

PLAN = {
    "form": "support_teaching", "starts_on": "2025-11-01", "ends_on": "2026-07-05", "subject": "音乐",
    "weekly_periods": "12", "counts_towards_quota": "y", "duties": "带一个班",
}  # fmt: skip


@pytest.fixture
def plan(as_, world):
    def make(who="lead", person="林晓岚", host="gongchen", **changes):
        data = {**PLAN, "person": person, "host_school": str(getattr(world, host).id), **changes}
        return as_(who).post("/exchange/postings/new", data=data)

    return make


def the_posting() -> Posting:
    return db.session.scalars(db.select(Posting)).one()


def test_a_posting_counts_from_the_arrival_that_the_host_confirms(as_, world, plan):
    assert plan().status_code == 303
    posting = the_posting()
    assert (posting.state, posting.arrived_on, posting.home_school_id) == ("planned", None, world.linfeng.id)
    steps = f"/exchange/postings/{posting.id}/step"
    own = as_("lead").post(steps, data={"action": "arrive", "day": "2025-11-03"})
    assert (own.status_code, posting.state) == (403, "planned")
    late = as_("principal").post(steps, data={"action": "arrive", "day": "2025-12-01"})
    assert (late.status_code, posting.state) == (409, "planned")
    done = as_("principal").post(steps, data={"action": "arrive", "day": "2025-11-03"})
    assert (done.status_code, posting.state, posting.arrived_on.isoformat()) == (303, "active", "2025-11-03")
    early = as_("principal").post(steps, data={"action": "complete"})
    assert (early.status_code, posting.state) == (409, "active")
    ended = as_("principal").post(
        steps, data={"action": "end_early", "day": "2025-11-18", "note": "原学校课务需要"}
    )
    assert (ended.status_code, posting.state, posting.ends_on.isoformat(), posting.state_note) == (
        303, "ended_early", "2025-11-18", "原学校课务需要",
    )  # fmt: skip


def test_nobody_decides_on_the_own_posting(as_, world, plan):
    assert plan("principal", person="吴静姝", host="linfeng").status_code == 403
    assert plan("office", person="吴静姝", host="linfeng").status_code == 303
    posting = the_posting()
    assert as_("principal").get(f"/exchange/postings/{posting.id}/edit").status_code == 403
    own = as_("principal").post(
        f"/exchange/postings/{posting.id}/step", data={"action": "cancel", "note": "不去了"}
    )
    assert (own.status_code, posting.state) == (403, "planned")


def test_two_postings_at_the_same_time_are_refused(plan):
    assert plan().status_code == 303
    answer = plan(host="nanjiao", starts_on="2026-03-01")
    assert answer.status_code == 422
    assert "时间不能重叠" in answer.get_data(as_text=True)
    assert plan(host="nanjiao", starts_on="2026-09-01", ends_on="2027-07-05").status_code == 303


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"person": "查无此人"}, "没有找到这位教师"),
        ({"host": "linfeng"}, "接收学校不能是本校"),
        ({"ends_on": "2025-01-01"}, "结束日期要在开始日期之后"),
        ({"starts_on": ""}, "请填写这一项"),
        ({"weekly_periods": "400"}, "请填写 0 到 40 之间的数"),
    ],
)
def test_a_wrong_plan_comes_back_with_the_reason(plan, changes, words):
    answer = plan(**changes)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert db.session.scalars(db.select(Posting)).all() == []


def test_a_principal_plans_for_the_own_schools_only(plan):
    assert plan("equal_lead").status_code == 403
    assert plan("west_lead").status_code == 422
    assert plan("teacher").status_code == 403


def test_list_and_permission_agree_for_everybody(plan, actor_of):
    assert plan().status_code == 303
    assert plan("lead", person="周以宁", host="huoban").status_code == 303
    rows = db.session.scalars(db.select(Posting)).all()
    for name in ACCOUNTS:
        actor = actor_of(name)
        seen = set(db.session.scalars(exchange.visible_to(actor)))
        assert seen == {row for row in rows if can(actor, "posting.view", row)}, name


def test_list_filters_by_direction_and_exports_the_same_rows(as_, plan):
    plan()
    plan("lead", person="周以宁", host="huoban")
    client = as_("lead")
    page = client.get("/exchange/?direction=urban_rural").get_data(as_text=True)
    assert "林晓岚" in page
    assert "周以宁" not in page
    book = openpyxl.load_workbook(
        io.BytesIO(client.get("/exchange/postings.xlsx?direction=urban_rural").get_data())
    )
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[0] for row in rows][-1] == "林晓岚"
    assert sum(1 for row in rows if row[1] == "支教") == 1


def test_a_stale_edit_is_a_conflict(as_, world, plan):
    plan()
    posting = the_posting()
    stale = posting.version
    data = {**PLAN, "person": "林晓岚", "host_school": str(world.gongchen.id), "version": stale}
    client = as_("lead")
    assert (
        client.post(f"/exchange/postings/{posting.id}/edit", data={**data, "duties": "先改的"}).status_code
        == 303
    )
    answer = client.post(f"/exchange/postings/{posting.id}/edit", data={**data, "duties": "后改的"})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, posting.duties) == (409, "先改的")
    assert "先改的" in page
    assert "后改的" in page


def test_teacher_reads_the_own_posting_and_is_told(as_, plan):
    plan()
    posting = the_posting()
    client = as_("teacher")
    assert "陈怀瑾 登记了到岗安排：林晓岚" in client.get("/messages/").get_data(as_text=True)
    assert client.get(f"/exchange/postings/{posting.id}").status_code == 200
    assert as_("colleague").get(f"/exchange/postings/{posting.id}").status_code == 404
