"""Requests for instruction go level by level, reports go to any level; every level sees all opinions (S4-11)."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.domain import workflow
from portal.domain.school_requests import LEVEL_AT, LEVELS
from portal.extensions import db
from portal.models import AuditEntry, Cluster, Notification, SchoolRequest, SchoolRequestStep
from portal.queries import school_requests
from tests.support.cast_names import ACCOUNTS

TITLE = "增加一名英语走教教师的请示"


def text(answer) -> str:
    return answer.get_data(as_text=True)


def the(title=TITLE) -> SchoolRequest:
    db.session.expire_all()
    return db.session.scalars(sa.select(SchoolRequest).filter_by(title=title)).one()


def way(row=None) -> list[tuple]:
    return [(each.person.name, each.action, each.text) for each in school_requests.steps_of(row or the())]


def told(kind) -> list[str]:
    found = db.session.scalars(sa.select(Notification).filter_by(kind=kind).order_by(Notification.id))
    return [each.person_id for each in found]


@pytest.fixture
def send(as_, world):
    def post(who="mentee", school=None, cluster=None, **changes):
        data = {
            "kind": "request",
            "cluster": str((cluster or world.cluster).id),
            "office": "basic_education",
            "level": "school",
            "title": TITLE,
            "text": "四年级两个班没有英语教师，请示调剂。",
            **changes,
        }
        return as_(who).post(f"/instructions/schools/{(school or world.gongchen).id}/new", data=data)

    return post


@pytest.fixture
def step(as_):
    def post(who, action, note="同意", row=None, version=None):
        row = row or the()
        data = {"action": action, "note": note, "version": str(version or row.version)}
        return as_(who).post(f"/instructions/{row.id}/step", data=data)

    return post


def seen_by(as_) -> set[str]:
    address = f"/instructions/{the().id}"
    return {name for name in ACCOUNTS if as_(name).get(address).status_code == 200}


def test_a_request_takes_each_level_and_each_sees_every_opinion(as_, send, step, world):
    assert send().status_code == 303
    assert (the().state, the().level, seen_by(as_)) == ("at_school", "school", {"mentee", "principal"})
    assert told("request_waiting") == [world.principal.id]
    assert step("principal", "endorse", "情况属实").status_code == 303
    assert (the().state, seen_by(as_)) == ("at_cluster", {"mentee", "principal", "lead"})
    assert step("lead", "relay", "建议解决").status_code == 303
    assert (the().state, seen_by(as_)) == ("at_bureau", {"mentee", "principal", "lead", "bureau"})
    assert step("bureau", "answer", "由麟峰小学调剂").status_code == 303
    assert (the().state, told("request_answered")) == ("answered", [world.mentee.id])
    assert way() == [
        ("江念一", "submit", ""),
        ("吴静姝", "endorse", "情况属实"),
        ("陈怀瑾", "relay", "建议解决"),
        ("郑书恒", "answer", "由麟峰小学调剂"),
    ]
    for who in ("mentee", "principal", "lead", "bureau"):
        page = text(as_(who).get(f"/instructions/{the().id}"))
        assert [said in page for said in ("情况属实", "建议解决", "由麟峰小学调剂")] == [True, True, True]
    actions = sa.select(AuditEntry.action).filter_by(object_id=the().id).order_by(AuditEntry.number)
    assert db.session.scalars(actions).all() == [
        f"school_request.{key}" for key in ("create", "endorse", "relay", "answer")
    ]


def test_no_way_leads_past_a_level():
    """Every walk over the steps: a higher level has it only after each lower one passed it on."""
    reached, walks = {"at_school"}, [("at_school",)]
    while walks:
        walk = walks.pop()
        for each in workflow.STEPS["school_request"]:
            if walk[-1] not in each.sources:
                continue
            before, after = LEVEL_AT.get(walk[-1]), LEVEL_AT.get(each.target)
            if after:
                # From one level to the next one; a returned request begins at the first again.
                assert LEVELS.index(after) == (LEVELS.index(before) + 1 if before else 0)
            if each.target not in walk:
                walks.append((*walk, each.target))
                reached.add(each.target)
    assert reached == {"at_school", "at_cluster", "at_bureau", "returned", "answered", "withdrawn"}


def test_a_level_settles_within_its_power_or_returns_and_the_way_begins_again(as_, send, step, world):
    send()
    assert step("principal", "return_school", "写明班级").status_code == 303
    assert (the().state, told("request_returned")) == ("returned", [world.mentee.id])
    assert "修改退回的请示" in text(as_("mentee").get("/"))
    edit = f"/instructions/{the().id}/edit"
    assert "写明班级" in text(as_("mentee").get(edit))
    stale = {"office": "personnel", "title": TITLE, "text": "四（1）班、四（2）班", "version": "1"}
    assert as_("mentee").post(edit, data=stale).status_code == 409
    fresh = {**stale, "version": str(the().version)}
    assert as_("mentee").post(edit, data={**fresh, "text": ""}).status_code == 422
    assert as_("mentee").post(edit, data=fresh).status_code == 303
    assert (the().state, the().text, the().office) == ("at_school", "四（1）班、四（2）班", "personnel")
    assert as_("mentee").get(edit).status_code == 404
    assert step("principal", "endorse").status_code == 303
    assert step("lead", "settle_cluster", "片区调剂").status_code == 303
    assert the().state == "answered"
    assert [action for _name, action, _text in way()] == [
        "submit", "return_school", "resubmit", "endorse", "settle_cluster",
    ]  # fmt: skip
    assert step("bureau", "answer").status_code == 404  # it never came there


def test_the_writer_who_is_a_level_passes_it_and_decides_nothing(as_, send, step, world):
    assert send("principal").status_code == 303
    assert (the().state, [action for _n, action, _t in way()]) == ("at_cluster", ["submit", "pass_school"])
    assert send("lead", world.linfeng, title="领衔校的请示").status_code == 303
    row = the("领衔校的请示")
    assert (row.state, row.level) == ("at_bureau", "bureau")
    assert [action for _n, action, _t in way(row)] == ["submit", "pass_school", "pass_cluster"]
    assert send("teacher", world.linfeng, title="领衔校教师的请示").status_code == 303
    assert step("lead", "endorse", "属实", the("领衔校教师的请示")).status_code == 303
    row = the("领衔校教师的请示")
    assert row.state == "at_bureau"
    assert [(a, t) for _n, a, t in way(row)] == [("submit", ""), ("endorse", "属实"), ("pass_cluster", "")]


@pytest.mark.parametrize("profile", ["convenor", "equal"])
def test_a_lead_that_does_not_direct_comments_and_the_liaison_may(as_, send, step, world, profile):
    db.session.get(Cluster, (world.east.id, world.cluster.id)).profile = profile
    db.session.commit()
    send()
    step("principal", "endorse")
    assert seen_by(as_) == {"mentee", "principal", "lead", "liaison"}
    assert "只签意见" in text(as_("lead").get(f"/instructions/{the().id}"))
    assert step("lead", "settle_cluster").status_code == 403
    assert step("liaison", "return_cluster").status_code == 403
    assert step("liaison", "relay", "联络员意见").status_code == 303
    assert (the().state, way()[-1]) == ("at_bureau", ("卓怀远", "relay", "联络员意见"))


@pytest.mark.parametrize(
    ("level", "readers"),
    [("school", {"mentee", "principal"}), ("cluster", {"mentee", "lead"}), ("bureau", {"mentee", "bureau"})],
)
def test_a_report_goes_straight_to_one_level_and_asks_nothing(as_, send, step, world, level, readers):
    assert send(kind="report", level=level).status_code == 303
    assert (the().state, the().level, seen_by(as_)) == ("reported", level, readers)
    reader = (readers - {"mentee"}).pop()
    assert told("request_reported") == [getattr(world, reader).id]
    assert "办理请示" not in text(as_(reader).get("/"))
    assert step("mentee", "withdraw").status_code == 409


def test_the_section_is_the_one_that_it_was_written_to(as_, send, step):
    send("lead", None, title="不写", office="personnel")  # the lead does not work at 拱辰中心小学
    assert db.session.scalars(sa.select(SchoolRequest)).all() == []
    send(office="personnel")
    step("principal", "endorse")
    step("lead", "relay")
    assert seen_by(as_) == {"mentee", "principal", "lead", "personnel"}


def test_the_list_shows_what_the_page_shows_and_filters_in_the_address(as_, send, step):
    send()
    send(kind="report", level="cluster", title="开学准备情况报告")
    step("principal", "endorse")
    for name in ACCOUNTS:
        client = as_(name)
        page = text(client.get("/instructions/"))
        for row in db.session.scalars(sa.select(SchoolRequest)):
            assert (row.title in page) == (client.get(f"/instructions/{row.id}").status_code == 200), name
    filters = {"kind=report": 1, "state=at_cluster": 0, "state=mine": 0, "q=增加": 0, "q=%25": None}
    for asked, shown in filters.items():
        page = text(as_("lead").get(f"/instructions/?{asked}"))
        found = [title in page for title in (TITLE, "开学准备情况报告")]
        assert found == ([False, False] if shown is None else [shown == 0, shown == 1]), asked


def test_home_says_what_waits_and_for_how_long(as_, send, world):
    send()
    the().waits_since = world.today - timedelta(days=5)
    db.session.commit()
    assert {name for name in ACCOUNTS if "办理请示" in text(as_(name).get("/"))} == {"principal"}
    page = text(as_("mentee").get(f"/instructions/{the().id}"))
    assert ("5 天" in page, "吴静姝" in page) == (True, True)


def test_of_two_who_decide_at_once_the_second_is_told(as_, send, step):
    send()
    first = the().version
    assert step("principal", "endorse", "先", version=first).status_code == 303
    late = step("principal", "settle_school", "后", version=first)
    assert (late.status_code, the().state) == (409, "at_cluster")
    assert [action for _n, action, _t in way()] == ["submit", "endorse"]


def test_a_step_asks_for_its_opinion(send, step):
    send()
    assert step("principal", "endorse", "").status_code == 409
    assert the().state == "at_school"


def test_a_form_that_arrives_twice_makes_one(as_, world):
    client, address = as_("mentee"), f"/instructions/schools/{world.gongchen.id}/new"
    data = {
        "kind": "request", "cluster": str(world.cluster.id), "office": "personnel", "level": "school",
        "title": TITLE, "text": "请示", "sent_key": "0123456789abcdef0123456789abcdef",
    }  # fmt: skip
    assert [client.post(address, data=data).status_code for _ in range(2)] == [303, 303]
    assert the().title == TITLE


def test_writing_is_for_who_works_there_in_a_cluster_of_the_school(send, world):
    codes = {name: send(name, title=name).status_code for name in ACCOUNTS}
    assert {name for name, code in codes.items() if code == 303} == {"principal", "office", "mentee"}
    assert set(codes.values()) == {303, 403, 404}
    assert {codes[name] for name in ("west_bureau", "west_lead", "west_principal", "west_teacher")} == {404}
    assert send(cluster=world.team, title="别的片区").status_code == 422
    assert send(title="", text="留着").status_code == 422


def test_the_database_refuses_states_that_no_step_leads_to(send):
    send()
    row = the()
    # A report that waits, and a request at the bureau that the bureau has never had.
    for state, kind in (("at_school", "report"), ("at_bureau", "request")):
        with pytest.raises(IntegrityError):
            db.session.execute(sa.update(SchoolRequest).values(state=state, kind=kind))
        db.session.rollback()
    assert (row.state, db.session.scalar(sa.select(sa.func.count(SchoolRequestStep.id)))) == ("at_school", 1)


@pytest.mark.parametrize(
    ("state", "who", "step_key"),
    [
        ("at_school", "principal", "settle_school"),
        ("at_cluster", "lead", "settle_cluster"),
        ("at_bureau", "bureau", "answer"),
    ],
)
def test_nobody_answers_the_own_request(send, step, world, state, who, step_key):
    send()
    row = the()
    row.created_by_id, row.level, row.state = getattr(world, who).id, "bureau", state
    db.session.commit()
    assert (step(who, step_key).status_code, the().state) == (403, state)
    the().created_by_id = world.mentee.id
    db.session.commit()
    assert (step(who, step_key).status_code, the().state) == (303, "answered")


def test_a_lead_does_not_answer_for_the_own_school(send, step, world):
    send("teacher", world.linfeng)
    row = the()
    row.level, row.state = "cluster", "at_cluster"
    db.session.commit()
    assert (step("lead", "settle_cluster").status_code, the().state) == (403, "at_cluster")
