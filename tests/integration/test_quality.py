"""Quality analysis of a common test: four steps in their order, by whom, who reads, what becomes of it (S4-36)."""

import io
import re
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook
from sqlalchemy.exc import IntegrityError

from portal.domain.access import can
from portal.extensions import db
from portal.models import Activity, AuditEntry, Meeting, Problem, QualityAnalysis, QualityStep, Resource
from portal.queries import quality
from tests.support.cast_names import ACCOUNTS
from tests.support.queries import counted_queries

TITLE = "五年级数学期中统一检测"
ABOUT = {"title": TITLE, "subject": "数学", "grade": "五年级", "resource": ""}
MEMBERS = {"lead", "principal", "office", "teacher", "mentee", "mentor", "colleague", "nanjiao_principal"}
TEXTS = {"survey": "平均分82.4", "analyse": "失分在读题", "discuss": "议定联片教研", "improve": "已试教一周"}


def text(answer) -> str:
    return answer.get_data(as_text=True)


def add(row):
    db.session.add(row)
    db.session.commit()
    return row


def the(title=TITLE) -> QualityAnalysis:
    db.session.expire_all()
    return db.session.scalars(sa.select(QualityAnalysis).filter_by(title=title)).one()


def steps() -> list[tuple]:
    rows = db.session.scalars(sa.select(QualityStep).order_by(QualityStep.held_on, QualityStep.id))
    return [(row.kind, row.held_on, row.who, row.text, row.created_by.name) for row in rows]


@pytest.fixture
def begin(as_, world):
    def send(who="lead", cluster=None, **changes):
        cluster = cluster or world.cluster
        data = {**ABOUT, "term": str(world.term.id), **changes}
        return as_(who).post(f"/resources/clusters/{cluster.id}/quality/new", data=data)

    return send


@pytest.fixture
def write(as_):
    def send(step, day, who="principal", row=None, **changes):
        data = {
            "held_on": f"2025-11-{day:02}",
            "who": "各校教研组",
            "text": TEXTS[step],
            "place": "",
            **changes,
        }
        return as_(who).post(f"/resources/quality/{(row or the()).id}/steps/{step}", data=data)

    return send


def meeting(w, title="十一月例会", cluster=None):
    return add(
        Meeting(
            district_id=w.east.id, cluster_id=(cluster or w.cluster).id, term_id=w.term.id, title=title,
            starts_at=datetime(2025, 11, 12, 6, tzinfo=UTC), state="held", created_by_id=w.lead.id,
        )
    )  # fmt: skip


def activity(w, cluster=None):
    return add(
        Activity(
            district_id=w.east.id, cluster_id=(cluster or w.cluster).id, term_id=w.term.id, theme="读题教研",
            kind="zone_research", host_school_id=w.gongchen.id, state="held", created_by_id=w.lead.id,
            starts_at=datetime(2025, 11, 14, 6, tzinfo=UTC),
        )
    )  # fmt: skip


def test_four_steps_are_written_in_their_order_and_the_state_follows(as_, begin, write, world):
    assert begin().status_code == 303
    row, met, joint = the(), meeting(world), activity(world)
    page = f"/resources/quality/{row.id}"
    assert "待调研" in text(as_("teacher").get(page))
    assert write("analyse", 11).status_code == 404  # the first is not there yet
    assert write("survey", 10).status_code == 303
    assert "待分析" in text(as_("teacher").get(page))
    early = write("analyse", 9)
    assert (early.status_code, "日期不能早于前一步" in text(early), TEXTS["analyse"] in text(early)) == (
        422,
        True,
        True,
    )
    assert "日期不能在今天以后" in text(write("analyse", 20))
    assert write("analyse", 11, who="nanjiao_principal").status_code == 303
    assert write("discuss", 12, place=f"meeting:{met.id}").status_code == 303
    assert write("improve", 14, who="office", place=f"activity:{joint.id}").status_code == 303
    assert steps() == [
        ("survey", date(2025, 11, 10), "各校教研组", TEXTS["survey"], "吴静姝"),
        ("analyse", date(2025, 11, 11), "各校教研组", TEXTS["analyse"], "江若谷"),
        ("discuss", date(2025, 11, 12), "各校教研组", TEXTS["discuss"], "吴静姝"),
        ("improve", date(2025, 11, 14), "各校教研组", TEXTS["improve"], "许清和"),
    ]
    of_lead, of_teacher = text(as_("lead").get(page)), text(as_("teacher").get(page))
    assert ("四步已完成" in of_teacher, "读题教研" in of_teacher) == (True, True)
    # What is said at meetings is for those who follow the cluster: not even the title of one.
    assert ("十一月例会" in of_lead, "十一月例会" in of_teacher) == (True, False)
    actions = sa.select(AuditEntry.action).filter_by(object_id=row.id).order_by(AuditEntry.number)
    assert db.session.scalars(actions).all() == [
        f"quality_analysis.{step}" for step in ("create", "survey", "analyse", "discuss", "improve")
    ]


def test_a_step_is_changed_by_its_writer_or_by_who_runs_the_cluster(as_, begin, write, world):
    begin(), write("survey", 10), write("analyse", 12)
    assert write("survey", 10, who="nanjiao_principal", text="改").status_code == 403
    assert write("survey", 10, who="teacher", text="改").status_code == 403
    assert "日期不能晚于后一步" in text(write("survey", 13))
    version = {"version": "1"}
    assert write("survey", 11, text="平均分82.6", **version).status_code == 303
    stale = write("survey", 11, who="lead", text="平均分82.7", **version)
    assert (stale.status_code, "平均分82.6" in text(stale), "平均分82.7" in text(stale)) == (409, True, True)
    assert write("survey", 11, who="lead", text="平均分82.7", version="2").status_code == 303
    assert [line[3] for line in steps()] == ["平均分82.7", TEXTS["analyse"]]
    assert "平均分82.6" in text(as_("teacher").get(f"/resources/quality/{the().id}"))  # in its history


def test_two_who_write_one_step_at_once_make_one(begin, world):
    begin()
    row = the()
    base = {
        "district_id": row.district_id,
        "analysis_id": row.id,
        "kind": "survey",
        "who": "组",
        "text": "总",
    }
    base |= {"held_on": date(2025, 11, 10), "created_by_id": world.lead.id}
    add(QualityStep(**base))
    with pytest.raises(IntegrityError):
        add(QualityStep(**base))
    db.session.rollback()


def test_who_begins_writes_and_reads(as_, begin, write, actor_of, world):
    begun = {who: begin(who, title=who).status_code for who in ("bureau", "liaison", "principal", "teacher")}
    assert begun == {"bureau": 403, "liaison": 403, "principal": 403, "teacher": 403}
    assert begin("west_lead").status_code == 404
    assert begin("equal_teacher", cluster=world.team).status_code == 403
    assert begin("equal_member", cluster=world.team, title="组团检测").status_code == 303
    begin()
    assert write("survey", 10, who="bureau").status_code == 403
    row, team = the(), the("组团检测")
    readers = {who for who in ACCOUNTS if as_(who).get(f"/resources/quality/{row.id}").status_code == 200}
    assert readers == MEMBERS | {"bureau", "personnel", "liaison"}
    for each in (row, team):
        for who in ACCOUNTS:
            actor = actor_of(who)
            found = set(db.session.scalars(quality.visible_to(actor)))
            assert (each in found) == can(actor, "quality.view", each), (who, each.title)
    assert as_("lead").get(f"/resources/quality/{team.id}/edit").status_code == 404
    assert as_("principal").get(f"/resources/quality/{row.id}/edit").status_code == 403
    changed = {**ABOUT, "title": "改名", "term": str(world.term.id), "version": "1"}
    assert as_("lead").post(f"/resources/quality/{row.id}/edit", data=changed).status_code == 303
    stale = as_("lead").post(f"/resources/quality/{row.id}/edit", data={**changed, "title": "又改"})
    assert (stale.status_code, "又改" in text(stale)) == (409, True)
    assert the("改名").id == row.id


def test_the_list_filters_by_the_address_and_goes_out_as_a_workbook(as_, begin, write, world):
    begin(), begin(title="六年级语文检测", subject="语文", grade="六年级")
    begin(title="上学期检测", subject="英语", term=str(world.last_term.id))
    begin("equal_member", cluster=world.team, title="组团检测")
    write("survey", 10)

    def listed(query: str, who="colleague") -> list[str]:
        page = text(as_(who).get(f"/resources/quality?{query}"))
        return [each for each in (TITLE, "六年级语文检测", "上学期检测", "组团检测") if f">{each}<" in page]

    assert listed("") == [TITLE, "六年级语文检测"]
    assert listed("subject=语文") == ["六年级语文检测"]
    assert listed("step=analyse") == [TITLE]
    assert listed("step=survey") == ["六年级语文检测"]
    assert listed("step=done") == []
    assert listed("q=五年级") == [TITLE]
    assert listed(f"term={world.last_term.code}") == ["上学期检测"]
    assert listed("", "bureau") == [TITLE, "六年级语文检测", "组团检测"]
    assert listed(f"cluster={world.team.id}", "bureau") == ["组团检测"]
    assert listed("", "west_lead") == []
    book = as_("teacher").get("/resources/quality.xlsx?subject=数学").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows[0] == [
        *("名称", "片区", "学科", "年级", "进展", "调研日期", "调研", "分析日期", "分析"),
        *("研讨日期", "研讨", "改进日期", "改进"),
    ]
    assert rows[1:] == [
        [TITLE, "麟峰小学片区", "数学", "五年级", "待分析", date(2025, 11, 10), TEXTS["survey"], *[""] * 6]
    ]


def test_a_long_list_costs_no_more_and_has_pages(as_, begin, world):
    client, costs = as_("teacher"), []
    for many in (1, 60):
        for number in range(many):
            row = {"title": f"检测{many}-{number}", "subject": "数学", "grade": "五年级"}
            base = {"cluster_id": world.cluster.id, "term_id": world.term.id, "created_by_id": world.lead.id}
            db.session.add(QualityAnalysis(district_id=world.east.id, **base, **row))
        db.session.commit()
        client.get("/resources/quality")
        with counted_queries() as found:
            page = text(client.get("/resources/quality"))
        costs.append(found.count)
    assert costs[0] == costs[1]
    assert (page.count('data-label="年级"'), "at=" in page) == (50, True)


def test_an_analysis_follows_a_joint_test_once(as_, begin, world):
    base = {"district_id": world.east.id, "kind": "joint_test", "subject": "数学", "grade": "五年级"}
    base |= {"held_on": date(2025, 11, 5), "details": "总体情况"}
    own = {"cluster_id": world.cluster.id, "school_id": world.linfeng.id, "created_by_id": world.lead.id}
    other = {"cluster_id": world.team.id, "school_id": world.ziyuan.id, "created_by_id": world.equal_lead.id}
    test = add(Resource(**base, **own, title="期中联考"))
    foreign = add(Resource(**base, **other, title="别处联考"))
    form = text(as_("lead").get(f"/resources/clusters/{world.cluster.id}/quality/new?test={test.id}"))
    assert ("期中联考" in form, "别处联考" in form, 'value="五年级"' in form) == (True, False, True)
    assert begin(resource=str(foreign.id)).status_code == 422
    assert begin(resource=str(test.id)).status_code == 303
    again = begin(resource=str(test.id), title="又一次")
    assert "这次联考这个年级、这门学科已有质量分析" in text(again)
    assert begin(resource=str(test.id), title="另一门", subject="语文").status_code == 303
    page = text(as_("teacher").get(f"/resources/{test.id}"))
    assert (TITLE in page, "另一门" in page, "开始质量分析" in page) == (True, True, False)
    assert "期中联考" in text(as_("teacher").get(f"/resources/quality/{the().id}"))
    test = db.session.get(Resource, (world.east.id, test.id))
    test.removed_at = datetime(2025, 11, 18, tzinfo=UTC)
    db.session.commit()
    assert "期中联考" not in text(as_("teacher").get(f"/resources/quality/{the().id}"))


def test_a_place_elsewhere_is_refused(begin, write, world):
    begin()
    for foreign in (
        f"meeting:{meeting(world, '组团例会', world.team).id}",
        f"activity:{activity(world, world.team).id}",
        "term:1",
    ):
        assert write("survey", 10, place=foreign).status_code == 422
    assert steps() == []


def test_measures_are_lines_of_the_register_with_school_and_day(as_, begin, write, world):
    begin(), write("survey", 10)
    row = the()
    address = f"/supervision/quality/{row.id}/problem"
    assert "登记改进措施" in text(as_("principal").get(address))
    refused = {who: as_(who).get(address).status_code for who in ("teacher", "bureau", "equal_lead")}
    assert refused == {"teacher": 403, "bureau": 403, "equal_lead": 404}
    data = {"text": "每周一次读题练习", "category": "teaching", "owner": "", "due_on": "2025-12-12"}
    for who, school, words in (
        ("principal", world.gongchen, "每周一次读题练习"),
        ("lead", world.nanjiao, "读题课例共享"),
    ):
        sent = {**data, "school": str(school.id), "text": words}
        assert as_(who).post(address, data=sent).status_code == 303
    rows = db.session.scalars(sa.select(Problem).order_by(Problem.id)).all()
    assert [(each.text, each.school_id, each.due_on, each.analysis_id, each.state) for each in rows] == [
        ("每周一次读题练习", world.gongchen.id, date(2025, 12, 12), row.id, "open"),
        ("读题课例共享", world.nanjiao.id, date(2025, 12, 12), row.id, "open"),
    ]

    def shown(who: str) -> list[bool]:
        page = text(as_(who).get(f"/resources/quality/{row.id}"))
        return [each.text in page for each in rows]

    assert {who: shown(who) for who in ("lead", "bureau", "principal", "nanjiao_principal", "teacher")} == {
        "lead": [True, True],
        "bureau": [True, True],
        "principal": [True, False],
        "nanjiao_principal": [False, True],
        "teacher": [False, False],
    }
    assert TITLE in text(as_("principal").get(f"/supervision/problems/{rows[0].id}"))


def test_the_search_finds_what_a_step_says_where_it_may_be_read(as_, begin, write, world):
    begin(), write("survey", 10, text="解决问题得分率偏低")
    found = {
        who: TITLE in unmarked(text(as_(who).get("/search/?q=得分率")))
        for who in ("teacher", "colleague", "bureau", "equal_teacher", "west_lead")
    }
    assert found == {
        "teacher": True,
        "colleague": True,
        "bureau": True,
        "equal_teacher": False,
        "west_lead": False,
    }


def unmarked(page: str) -> str:
    """The page without its marks."""
    return re.sub("<[^>]*>", "", page)
