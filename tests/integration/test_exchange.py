"""Postings through the pages: planned, arrived, ended; who sees and decides."""

import io
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest

from portal.domain.access import can
from portal.extensions import db
from portal.models import Posting
from portal.queries import exchange
from tests.support.cast_names import ACCOUNTS
from tests.support.queries import counted_queries

PLAN = {
    "kind": "support_teaching", "starts_on": "2025-11-01", "ends_on": "2026-07-05", "subject": "音乐",
    "weekly_periods": "12", "duties": "带一个班",
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
    assert (late.status_code, posting.state) == (422, "planned")
    assert "到岗日期不能在今天以后" in late.get_data(as_text=True)
    done = as_("principal").post(steps, data={"action": "arrive", "day": "2025-11-03"})
    assert (done.status_code, posting.state, posting.arrived_on.isoformat()) == (303, "active", "2025-11-03")
    early = as_("principal").post(steps, data={"action": "complete"})
    assert (early.status_code, posting.state) == (422, "active")
    assert "还没有到期；要提前离开，请登记提前结束" in early.get_data(as_text=True)
    bare = as_("principal").post(steps, data={"action": "end_early", "day": "2025-11-18"})
    assert (bare.status_code, posting.state) == (422, "active")
    assert "请写明理由" in bare.get_data(as_text=True)
    ended = as_("principal").post(
        steps, data={"action": "end_early", "day": "2025-11-18", "note": "原学校课务需要"}
    )
    assert (ended.status_code, posting.state, posting.ends_on.isoformat(), posting.state_note) == (
        303, "ended_early", "2025-11-18", "原学校课务需要",
    )  # fmt: skip


@pytest.mark.promise(9)
def test_nobody_decides_on_the_own_posting(as_, world, plan):
    own = plan("principal", person="吴静姝", host="linfeng")
    assert own.status_code == 422
    assert "自己的交流由别人登记" in own.get_data(as_text=True)
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
    answer = plan("equal_lead")
    assert answer.status_code == 422
    assert "只能登记本校教师" in answer.get_data(as_text=True)
    assert plan("west_lead").status_code == 422
    receiving = plan("principal")  # the school that would gain the teacher
    assert (receiving.status_code, "由派出学校或区教育局登记" in receiving.text) == (422, True)
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


def test_form_decides_transfer_and_quota_unless_they_are_chosen(plan):
    plan(kind="surplus_adjustment")
    by_form = the_posting()
    assert (by_form.personnel_transfer, by_form.counts_towards_quota, by_form.is_volunteer) == (
        True,
        True,
        False,
    )
    plan(person="周以宁", kind="volunteer_teaching", personnel_transfer="1", counts_towards_quota="1")
    chosen = db.session.scalars(db.select(Posting).where(Posting.form == "volunteer_teaching")).one()
    assert (chosen.personnel_transfer, chosen.counts_towards_quota, chosen.is_volunteer) == (True, True, True)


def test_lists_of_support_and_of_volunteers_are_kept_apart(as_, world, plan):
    plan(kind="rotation")
    plan(person="周以宁", kind="support_teaching", is_volunteer="y")
    client = as_("lead")
    shown = {
        address: [name for name in ("林晓岚", "周以宁") if name in client.get(address).get_data(as_text=True)]
        for address in (
            "/exchange/",
            "/exchange/?kind=support",
            "/exchange/?kind=volunteer",
            f"/exchange/?cluster={world.cluster.id}",
            f"/exchange/?cluster={world.team.id}",
            f"/exchange/?school={world.gongchen.id}&way=in&term=2025-2026-1",
            f"/exchange/?school={world.gongchen.id}&way=out",
            "/exchange/?state=active",
        )
    }
    assert list(shown.values()) == [
        ["林晓岚", "周以宁"],
        ["周以宁"],
        ["周以宁"],
        ["林晓岚", "周以宁"],
        [],
        ["林晓岚", "周以宁"],
        [],
        [],
    ]


def test_edit_shows_what_is_there_and_tells_what_changed(as_, plan, world):
    plan()
    posting = the_posting()
    client = as_("lead")
    form = client.get(f"/exchange/postings/{posting.id}/edit").get_data(as_text=True)
    assert "带一个班" in form
    data = {
        **PLAN,
        "host_school": str(world.nanjiao.id),
        "personnel_transfer": "0",
        "counts_towards_quota": "0",
        "version": posting.version,
    }
    assert client.post(f"/exchange/postings/{posting.id}/edit", data=data).status_code == 303
    assert (posting.host_school_id, posting.counts_towards_quota) == (world.nanjiao.id, False)
    page = client.get(f"/exchange/postings/{posting.id}").get_data(as_text=True)
    changes = re.findall(r"<dt>(\w+)</dt><dd><del>.*?</span>(\w+)</del>.*?<ins>.*?</span>(\w+)</ins>", page)
    assert sorted(changes) == [("接收学校", "拱辰中心小学", "南郊小学"), ("计入学校交流比例", "是", "否")]
    assert as_("principal").get(f"/exchange/postings/{posting.id}").status_code == 404
    assert (
        as_("nanjiao_principal")
        .post(f"/exchange/postings/{posting.id}/step", data={"action": "arrive", "day": "2025-11-03"})
        .status_code
        == 303
    )
    late = client.post(f"/exchange/postings/{posting.id}/edit", data={**data, "version": posting.version})
    assert late.status_code == 422
    assert "已经到岗或取消，不能再修改" in late.get_data(as_text=True)


def test_a_step_from_an_old_page_changes_nothing(as_, plan):
    plan()
    posting = the_posting()
    address, old = f"/exchange/postings/{posting.id}/step", posting.version
    as_("lead").post(address, data={"action": "cancel", "note": "计划有变", "version": old})
    assert (posting.state, posting.state_note) == ("cancelled", "计划有变")
    answer = as_("principal").post(address, data={"action": "arrive", "day": "2025-11-03", "version": old})
    assert (answer.status_code, posting.state, posting.arrived_on) == (409, "cancelled", None)
    assert as_("principal").post(address, data={"action": "fly"}).status_code == 400


def test_first_visit_says_what_to_do_and_costs_few_queries(as_, plan):
    empty = as_("lead").get("/exchange/").get_data(as_text=True)
    assert "还没有交流或支教" in empty
    plan()
    client = as_("lead")
    client.get("/exchange/")
    with counted_queries() as one:
        client.get("/exchange/")
    plan(person="周以宁")
    with counted_queries() as two:
        client.get("/exchange/")
    assert two.count == one.count
    assert two.count <= 20


def test_eight_principals_at_once_plan_one_posting(app, world):
    """The teacher's row puts the writers in line: one posting, seven clear refusals."""
    hosts = [world.gongchen.id, world.nanjiao.id] * 4
    clients = [app.test_client().log_in("lead") for _ in hosts]
    db.session.commit()
    barrier = threading.Barrier(len(hosts))

    def send(client, host):
        data = {**PLAN, "person": "林晓岚", "host_school": str(host)}
        with app.app_context():
            barrier.wait()
            return client.post("/exchange/postings/new", data=data).status_code

    with ThreadPoolExecutor(len(hosts)) as pool:
        answers = list(pool.map(send, clients, hosts))
    assert sorted(answers) == [303] + [422] * 7
    assert len(db.session.scalars(db.select(Posting)).all()) == 1
