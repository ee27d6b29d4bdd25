"""Clusters and their members over time: founding, joining, leaving, the lead, and a past that stays."""

import io
import re
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from portal.actions import clusters as actions
from portal.actions.errors import Refused
from portal.domain.access import can
from portal.extensions import db
from portal.models import (
    AuditEntry,
    Cluster,
    Membership,
    Notification,
    Resource,
    SummarySnapshot,
    TermSummary,
)
from portal.queries import clusters
from tests import factories as make
from tests.conftest import NOW
from tests.support.cast_names import ACCOUNTS
from tests.support.queries import counted_queries

TODAY = NOW.date()


def rows_of(cluster):
    """(school, role, from, to) of every membership, in order."""
    return [(m.school.name, m.role, m.starts_on, m.ends_on) for m in clusters.memberships_of(cluster)]


def names_on(cluster, day):
    return [(m.school.name, m.role) for m in clusters.members_on(cluster, day)]


def text(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def xincun(world):
    """A school in no cluster, with a sub-school."""
    centre = make.school(world.east, "新村中心小学", location="rural")
    make.school(world.east, "后坪小学", location="rural", parent_id=centre.id)
    db.session.commit()
    return centre


NEW = {"name": "北苑片区", "kind": "zone", "scheme_code": "D0", "profile": "", "since": "2025-09-01"}


def found_cluster(as_, xincun, **changes):
    data = {**NEW, "lead": str(xincun.id), "aims": "师资互派", **changes}
    return as_("bureau").post("/clusters/new", data=data)


def test_bureau_founds_a_cluster_with_the_profile_of_its_scheme(as_, world, xincun):
    answer = found_cluster(as_, xincun, scheme_code="E5", members=[str(world.huoban.id)])
    cluster = db.session.scalars(db.select(Cluster).where(Cluster.name == "北苑片区")).one()
    assert answer.location == f"/clusters/{cluster.id}"
    assert (cluster.profile, cluster.aims) == ("convenor", "师资互派")
    start = date(2025, 9, 1)
    assert sorted(rows_of(cluster)) == [
        ("伙伴小学", "member", start, None),
        ("新村中心小学", "lead", start, None),
    ]
    # 伙伴小学 counts for its older cluster, so it is counted once.
    assert {m.school.name: m.is_main for m in cluster.memberships} == {
        "新村中心小学": True,
        "伙伴小学": False,
    }
    told = db.session.scalars(db.select(Notification).where(Notification.kind == "school_joined")).all()
    assert [n.person_id for n in told] == [world.equal_member.id]


def test_founding_again_under_the_same_name_keeps_what_was_typed(as_, world, xincun):
    answer = found_cluster(as_, xincun, name="麟峰小学片区")
    assert answer.status_code == 422
    assert "本区已有同名片区" in text(answer)
    assert "师资互派" in text(answer)
    assert db.session.scalar(db.select(db.func.count()).select_from(Cluster)) == 3


def test_a_township_zone_does_without_a_lead(as_, world, xincun):
    found_cluster(as_, xincun, lead="", kind="township_zone", members=[str(xincun.id)])
    cluster = db.session.scalars(db.select(Cluster).where(Cluster.name == "北苑片区")).one()
    assert rows_of(cluster) == [("新村中心小学", "member", date(2025, 9, 1), None)]
    assert "没有领衔学校" in text(as_("bureau").get(f"/clusters/{cluster.id}"))


@pytest.mark.parametrize("who", ["lead", "principal", "teacher", "personnel", "liaison"])
def test_only_the_education_office_changes_the_structure(as_, world, who):
    client = as_(who)
    membership = clusters.memberships_of(world.cluster)[1]
    addresses = ["/clusters/new", "/clusters/schools/new", f"/clusters/memberships/{membership.id}/end"]
    addresses += [f"/clusters/{world.cluster.id}/{page}" for page in ("edit", "close", "members/new", "lead")]
    assert [client.get(address).status_code for address in addresses] == [403] * len(addresses)


@pytest.mark.parametrize("who", ["equal_lead", "west_bureau", "west_lead"])
def test_an_outsider_finds_no_cluster(as_, world, who):
    client = as_(who)
    membership = clusters.memberships_of(world.cluster)[1]
    addresses = [
        f"/clusters/{world.cluster.id}{page}" for page in ("", "/members", "/edit", "/lead", "/aims")
    ]
    addresses += [f"/clusters/memberships/{membership.id}/end", f"/clusters/schools/{world.gongchen.id}"]
    assert [client.get(address).status_code for address in addresses] == [404] * len(addresses)


def test_the_list_puts_the_own_cluster_first_and_leads_into_it(as_, world):
    page = text(as_("teacher").get("/clusters/"))
    assert "进入麟峰小学片区" in page
    assert "麟峰小学 · 陈怀瑾" in page
    assert "城南组团" not in page
    bureau = text(as_("bureau").get("/clusters/"))
    assert bureau.index("城南组团") < bureau.index("麟峰小学片区")
    assert "缺 9月、10月" in bureau
    block = text(as_("bureau").get("/clusters/?kind=school_district", htmx="cluster_list"))
    assert "没有符合条件的片区" in block
    assert "<html" not in block


def test_the_list_costs_the_same_for_many_clusters(as_, world):
    client = as_("bureau")
    client.get("/clusters/")
    with counted_queries() as few:
        client.get("/clusters/")
    for number in range(8):
        lead = make.school(world.east, f"第{number}小学")
        make.cluster(world.east, f"第{number}片区", lead)
    with counted_queries() as many:
        client.get("/clusters/")
    assert many.count == few.count
    assert few.count <= 22, "\n".join(few.texts)


def test_the_page_names_the_leading_group_in_the_words_of_the_scheme(as_, world):
    page = text(as_("teacher").get(f"/clusters/{world.cluster.id}"))
    for words in ("陈怀瑾", "组长", "麟峰小学校长 · 第一责任人", "副组长", "江若谷", "联络员", "卓怀远"):
        assert words in page
    assert "1 所领衔学校 · 2 所成员校 · 8 名教职工 · 组长负责制" in page
    assert "所属：" in page  # 南郊小学 stands under 拱辰中心小学
    zone = text(as_("west_teacher").get(f"/clusters/{world.zone.id}"))
    assert "召集人" in zone
    assert "1 所责任校" in zone
    assert "第一责任人" not in zone


def test_a_school_joins_with_its_sub_schools(as_, world, xincun):
    data = {"school": str(xincun.id), "with_below": "y", "since": "2025-11-01", "is_main": "y"}
    answer = as_("bureau").post(
        f"/clusters/{world.cluster.id}/members/new", data={**data, "version": world.cluster.version}
    )
    assert answer.status_code == 303
    assert ("后坪小学", "member") not in names_on(world.cluster, date(2025, 10, 31))
    assert names_on(world.cluster, date(2025, 11, 1)) == [
        ("麟峰小学", "lead"), ("拱辰中心小学", "member"), ("南郊小学", "member"), ("新村中心小学", "member"),
        ("后坪小学", "member"),
    ]  # fmt: skip
    page = text(as_("lead").get(f"/clusters/{world.cluster.id}/members"))
    assert "后坪小学 <b>加入</b>" in page


@pytest.mark.parametrize(
    ("school", "since", "extra", "words"),
    [
        ("huoban", "2025-11-01", {"is_main": "y"}, "一所学校同一时间只有一个主片区"),
        ("xincun", "2025-07-04", {}, "2025-07-04 及以前属于已结束的学期"),
        ("xincun", "昨天", {}, "请按 2025-09-01 的样子填写日期"),
        ("gongchen", "2025-11-01", {}, "请从列出的选项里选择"),
        ("nanguan", "2025-11-01", {}, "请从列出的选项里选择"),
    ],
)
def test_a_joining_that_cannot_be_is_refused_with_the_input_kept(
    as_, world, xincun, school, since, extra, words
):
    chosen = xincun if school == "xincun" else getattr(world, school)
    before = rows_of(world.cluster)
    data = {"school": str(chosen.id), "since": since, "correction": "", **extra}
    answer = as_("bureau").post(f"/clusters/{world.cluster.id}/members/new", data=data)
    assert answer.status_code == 422
    assert words in text(answer)
    assert f'value="{since}"' in text(answer)
    assert rows_of(world.cluster) == before


def when(correction=""):
    return actions.When(NOW, TODAY, correction)


def test_an_overlapping_joining_is_refused(world, actor_of):
    with pytest.raises(Refused, match="时间不能重叠"):
        actions.join(
            actor_of("bureau"), world.cluster, [world.gongchen], since=TODAY, is_main=False, expected=None,
            when=when(),
        )  # fmt: skip


def sign_last_summary(world):
    """A signed summary of the cluster's last term."""
    summary = TermSummary(district_id=world.east.id, cluster_id=world.cluster.id, term_id=world.last_term.id)
    db.session.add(summary)
    db.session.flush()
    snapshot = SummarySnapshot(
        district_id=world.east.id,
        summary_id=summary.id,
        edition=1,
        content={},
        content_hash="0" * 64,
        signed_by_id=world.lead.id,
        signed_at=NOW,
    )
    db.session.add(snapshot)
    db.session.flush()
    summary.snapshot_id, summary.state = snapshot.id, "signed"
    db.session.flush()


def test_a_term_that_is_over_is_corrected_with_a_reason_until_it_is_signed(world, actor_of, xincun):
    bureau, day = actor_of("bureau"), date(2025, 5, 1)
    values = {"since": day, "is_main": True, "expected": None}
    actions.join(bureau, world.cluster, [xincun], when=when("漏登记"), **values)
    assert ("新村中心小学", "member") in names_on(world.cluster, day)
    sign_last_summary(world)
    with pytest.raises(Refused, match="总结已经签署"):
        actions.change_lead(
            bureau, world.cluster, world.gongchen, since=day, expected=None, when=when("漏登记")
        )


def test_leaving_keeps_every_day_before_it(as_, world):
    membership = next(m for m in clusters.memberships_of(world.cluster) if m.school == world.nanjiao)
    data = {"last_day": "2025-11-30", "reason": "并入乡镇片", "version": world.cluster.version}
    answer = as_("bureau").post(f"/clusters/memberships/{membership.id}/end", data=data)
    assert answer.location == f"/clusters/{world.cluster.id}/members"
    assert ("南郊小学", "member") in names_on(world.cluster, date(2025, 11, 30))
    assert ("南郊小学", "member") not in names_on(world.cluster, date(2025, 12, 1))
    told = db.session.scalars(db.select(Notification).where(Notification.kind == "school_left")).one()
    assert (told.person_id, told.words["day"]) == (world.nanjiao_principal.id, "2025-12-01")
    page = text(as_("nanjiao_principal").get(f"/clusters/{world.cluster.id}"))
    assert "并入乡镇片" in page  # the history says why


def test_the_lead_school_does_not_leave_without_a_successor(as_, world):
    membership = next(m for m in clusters.memberships_of(world.cluster) if m.is_lead)
    answer = as_("bureau").post(
        f"/clusters/memberships/{membership.id}/end", data={"last_day": "2025-11-30", "reason": "撤并"}
    )
    assert answer.status_code == 422
    assert "请先更换领衔学校" in text(answer)
    assert membership.ends_on is None


def change_lead(as_, world, since="2025-11-20"):
    return as_("bureau").post(
        f"/clusters/{world.cluster.id}/lead",
        data={"school": str(world.gongchen.id), "since": since, "version": world.cluster.version},
    )


def test_the_role_of_lead_principal_follows_from_membership(as_, world):
    from portal.queries import people

    assert change_lead(as_, world).status_code == 303
    day_before, day = date(2025, 11, 19), date(2025, 11, 20)
    assert names_on(world.cluster, day_before)[0] == ("麟峰小学", "lead")
    assert names_on(world.cluster, day)[0] == ("拱辰中心小学", "lead")
    assert ("麟峰小学", "member") in names_on(world.cluster, day)
    old, new = (people.account_by_username(name) for name in ("lead", "principal"))
    leads = [
        (bool(people.actor_of(old, when).leads), bool(people.actor_of(new, when).leads))
        for when in (day_before, day)
    ]
    assert leads == [(True, False), (False, True)]


def test_a_planned_change_of_lead_is_taken_back_whole(as_, world):
    before = rows_of(world.cluster)
    change_lead(as_, world, since="2026-02-01")
    planned = [m for m in clusters.memberships_of(world.cluster) if m.starts_on > TODAY]
    assert sorted((m.school.name, m.role) for m in planned) == [
        ("拱辰中心小学", "lead"),
        ("麟峰小学", "member"),
    ]
    page = text(as_("bureau").get(f"/clusters/{world.cluster.id}/members"))
    assert "已安排、还没开始" in page
    lead, follower = sorted(planned, key=lambda m: m.role)
    refused = as_("bureau").post(f"/clusters/memberships/{follower.id}/cancel")
    assert refused.status_code == 409
    assert as_("bureau").post(f"/clusters/memberships/{lead.id}/cancel").status_code == 303
    assert rows_of(world.cluster) == before


def test_a_second_change_before_a_planned_one_is_refused(as_, world):
    change_lead(as_, world, since="2026-02-01")
    answer = as_("bureau").post(
        f"/clusters/{world.cluster.id}/lead", data={"school": str(world.nanjiao.id), "since": "2025-12-01"}
    )
    assert answer.status_code == 422
    assert "之后已经安排过更换领衔学校" in text(answer)


def test_two_bureau_windows_do_not_overwrite_each_other(as_, world, xincun):
    stale = world.cluster.version
    data = {"school": str(xincun.id), "since": "2025-11-01", "version": stale}
    assert as_("bureau").post(f"/clusters/{world.cluster.id}/members/new", data=data).status_code == 303
    membership = next(m for m in clusters.memberships_of(world.cluster) if m.school == world.nanjiao)
    answer = as_("bureau").post(
        f"/clusters/memberships/{membership.id}/end",
        data={"last_day": "2025-11-30", "reason": "另有安排", "version": stale},
    )
    assert answer.status_code == 409
    assert "另有安排" in text(answer)
    assert membership.ends_on is None


def test_the_lead_writes_the_aims_and_a_stale_text_is_kept(as_, world):
    client, stale = as_("lead"), world.cluster.version
    address = f"/clusters/{world.cluster.id}/aims"
    assert client.post(address, data={"aims": "资源共享", "version": stale}).status_code == 303
    answer = client.post(address, data={"aims": "统一教学", "version": stale})
    assert (answer.status_code, world.cluster.aims) == (409, "资源共享")
    assert "资源共享" in text(answer)
    assert "统一教学" in text(answer)
    assert as_("teacher").get(address).status_code == 403
    assert "资源共享" in text(as_("teacher").get(f"/clusters/{world.cluster.id}"))


def test_editing_a_cluster_is_on_record(as_, world):
    data = {"name": "麟峰片区", "kind": "zone", "scheme_code": "D0", "profile": "convenor", "version": 1}
    answer = as_("bureau").post(
        f"/clusters/{world.cluster.id}/edit", data={**data, "version": world.cluster.version}
    )
    assert answer.status_code == 303
    page = text(as_("lead").get(f"/clusters/{world.cluster.id}"))
    assert "召集人制" in page
    assert "片区名称" in page  # in the history
    entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.action == "cluster.edit")).one()
    assert {v.field: (v.old, v.new) for v in entry.values} == {
        "cluster_name": ("麟峰小学片区", "麟峰片区"),
        "profile": ("directing", "convenor"),
    }


def test_a_closed_cluster_keeps_its_past_and_leaves_the_lists(as_, world):
    data = {"last_day": "2025-11-18", "reason": "合并", "version": world.cluster.version}
    assert as_("bureau").post(f"/clusters/{world.cluster.id}/close", data=data).status_code == 303
    assert names_on(world.cluster, TODAY) == []
    assert len(names_on(world.cluster, date(2025, 11, 18))) == 3
    bureau = as_("bureau")
    assert "麟峰小学片区" not in text(bureau.get("/clusters/", htmx="cluster_list"))
    assert "麟峰小学片区" in text(bureau.get("/clusters/?closed=yes", htmx="cluster_list"))
    page = text(bureau.get(f"/clusters/{world.cluster.id}"))
    assert "已撤销" in page
    assert "陈怀瑾" in page


def test_members_are_shown_as_of_any_day(as_, world):
    change_lead(as_, world)
    client = as_("liaison")
    now = text(client.get(f"/clusters/{world.cluster.id}/members", htmx="member_list"))
    then = text(client.get(f"/clusters/{world.cluster.id}/members?on=2025-11-20", htmx="member_list"))
    before = text(client.get(f"/clusters/{world.cluster.id}/members?on=2024-08-31", htmx="member_list"))
    assert "2025年11月19日的成员" in now
    assert now.index("麟峰小学</a>") < now.index("拱辰中心小学</a>")
    assert then.index("拱辰中心小学</a>") < then.index("麟峰小学</a>")
    assert "那一天没有成员校" in before
    assert client.get(f"/clusters/{world.cluster.id}/members?on=never").status_code == 200


def test_clusters_in_sight_are_those_that_may_be_seen(world, actor_of):
    rows = list(db.session.scalars(db.select(Cluster)))
    for name in ACCOUNTS:
        actor = actor_of(name)
        seen = set(db.session.scalars(clusters.visible_clusters(actor)))
        assert seen == {row for row in rows if can(actor, "cluster.view", row)}, name


def test_a_teacher_without_a_cluster_reads_what_comes_next(as_, world, xincun):
    person = make.person(world.east, "新来的", xincun)
    make.account(person, "newcomer")
    page = text(as_("newcomer").get("/clusters/"))
    assert "您的学校还没有加入片区" in page


# --- The past stays ---

SCHOOLS = ("linfeng", "gongchen", "nanjiao", "huoban", "ziyuan")
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["join", "leave", "lead", "cancel", "close"]),
        st.integers(0, len(SCHOOLS) - 1),
        st.integers(-400, 120),
    ),
    min_size=1,
    max_size=7,
)


def happen(actor, cluster, kind: str, school, day: date) -> None:
    rows = [m for m in clusters.memberships_of(cluster) if m.school_id == school.id]
    if kind == "join":
        actions.join(actor, cluster, [school], since=day, is_main=False, expected=None, when=when())
    elif kind == "lead":
        actions.change_lead(actor, cluster, school, since=day, expected=None, when=when())
    elif kind == "close":
        actions.close(actor, cluster, last_day=day, reason="x", expected=None, when=when())
    elif rows and kind == "leave":
        actions.leave(actor, cluster, rows[-1], last_day=day, reason="x", expected=None, when=when())
    elif rows:
        actions.cancel_planned(actor, cluster, rows[-1], expected=None, when=when())


@given(events=EVENTS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_event_changes_the_members_of_a_term_that_is_over(world, actor_of, events):
    db.session.rollback()
    actor, cluster = actor_of("bureau"), world.cluster
    over = [world.last_term.first_day + timedelta(days=n) for n in range(0, 138, 7)] + [
        world.last_term.last_day
    ]
    before = [names_on(cluster, day) for day in over]
    for kind, index, offset in events:
        state = rows_of(cluster)
        day = TODAY + timedelta(days=offset)
        savepoint = db.session.begin_nested()
        try:
            happen(actor, cluster, kind, getattr(world, SCHOOLS[index]), day)
            db.session.flush()
        except Refused:
            savepoint.rollback()
            assert rows_of(cluster) == state
        else:
            savepoint.commit()
            untouched = [row for row in state if row[3] is not None and row[3] < day - timedelta(days=1)]
            assert [row for row in untouched if row not in rows_of(cluster)] == []
        for probe in (TODAY, TODAY + timedelta(days=90), TODAY + timedelta(days=200)):
            inside = names_on(cluster, probe)
            assert len({name for name, _ in inside}) == len(inside)
            assert sum(role == "lead" for _, role in inside) <= 1
    assert [names_on(cluster, day) for day in over] == before
    assert db.session.scalar(db.select(db.func.count()).select_from(Membership)) >= 4
    db.session.rollback()


def test_the_list_is_exported_as_it_is_filtered(as_, world):
    """Each line of the list with its lead and numbers; what is out of sight is not in the file."""

    def book(who, **asked):
        data = as_(who).get("/clusters/list.xlsx", query_string=asked).data
        return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()

    everything = book("bureau")
    assert everything[0][:6] == ["片区", "片区类别", "管理方式", "领衔学校", "负责人", "学校（所）"]
    east = {cluster.name for cluster in clusters.open_clusters(world.east.id)}
    assert sorted(row[0] for row in everything[1:]) == sorted(east)
    mine = next(row for row in everything if row[0] == world.cluster.name)
    members = clusters.members_on(world.cluster, TODAY)
    staff = sum(clusters.staff_counts(world.east.id, [m.school_id for m in members]).values())
    assert mine[2:7] == ["组长负责制", world.linfeng.name, world.lead.name, len(members), staff]
    assert [row[0] for row in book("lead")[1:]] == [world.cluster.name]
    assert book("bureau", closed="yes")[1:] == []
    west = {row[0] for row in book("west_bureau")[1:]}
    assert west == {cluster.name for cluster in clusters.open_clusters(world.west.id)}


def test_the_page_of_a_cluster_has_its_four_parts(as_, world):
    """S3-20: people, resources, teaching and assessment, each with its records; equals bind nobody."""

    def parts(who, cluster):
        """(heads of the parts, words of the lines, numbers of the lines) of the panel of the term."""
        panel = re.search(r'id="counts".*?</section>', text(as_(who).get(f"/clusters/{cluster.id}")), re.S)[0]
        rows = re.findall(r'<th scope="row">(?:<a[^>]*>)?([^<]+).*?<td class="end">(\d+)', panel, re.S)
        return re.findall(r'scope="rowgroup"[^>]*>([^<]+)', panel), dict(rows)

    heads, lines = parts("lead", world.cluster)
    assert heads == ["师资互派", "资源共享", "统一教学", "捆绑考核"]
    assert list(lines) == [
        "会议", "反思日志", "交流与支教", "走教", "学校结对", "师徒结对", "共享资源", "联合活动", "考核"
    ]  # fmt: skip
    assert (lines["共享资源"], lines["考核"]) == ("0", "0")
    own = {"cluster_id": world.cluster.id, "school_id": world.linfeng.id, "created_by_id": world.lead.id}
    for title, removed in (("分数教学设计", None), ("撤下的课件", NOW)):
        base = {"district_id": world.east.id, "kind": "lesson", "removed_at": removed}
        db.session.add(Resource(**base, **own, title=title))
    db.session.commit()
    assert parts("lead", world.cluster)[1]["共享资源"] == "1"
    assert parts("equal_lead", world.team)[0][-1] == "考核"
