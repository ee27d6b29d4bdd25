"""The bulletin of a month: what was recorded in it, whose it was, for those who follow the cluster (S4-26)."""

import io
from datetime import UTC, date, datetime

from python_calamine import CalamineWorkbook

from portal.extensions import db
from portal.models import Activity, LedgerEntry, Meeting, MeetingTask, Resource
from portal.queries import meeting_people


def add(row):
    db.session.add(row)
    db.session.flush()
    return row


def activity(w, theme, day, cluster=None, **more):
    base = {"kind": "zone_research", "state": "held", "host_school_id": w.nanjiao.id, **more}
    return add(
        Activity(
            district_id=w.east.id, cluster_id=(cluster or w.cluster).id, term_id=w.term.id, theme=theme,
            starts_at=datetime(2025, 10, day, 6, tzinfo=UTC), created_by_id=w.lead.id, **base,
        )
    )  # fmt: skip


def test_a_bulletin_holds_the_month_and_nothing_else(as_, world):
    base = {"district_id": world.east.id, "cluster_id": world.cluster.id}
    # 23:30 of the last of October in the district is still October in UTC, and 00:30 of the first is November here.
    meeting = add(
        Meeting(
            **base, term_id=world.term.id, kind="monthly", title="十月例会", state="held", created_by_id=world.lead.id,
            starts_at=datetime(2025, 10, 31, 15, 30, tzinfo=UTC),
        )
    )  # fmt: skip
    add(
        Meeting(
            **base, term_id=world.term.id, kind="monthly", title="十一月例会", state="held",
            created_by_id=world.lead.id, starts_at=datetime(2025, 10, 31, 16, 30, tzinfo=UTC),
        )
    )  # fmt: skip
    task = {"district_id": world.east.id, "meeting_id": meeting.id, "school_id": world.gongchen.id}
    stamp = {"updated_at": datetime(2025, 10, 20, tzinfo=UTC)}
    add(MeetingTask(**task, **stamp, text="报送教研计划", state="done"))
    add(MeetingTask(**task, **stamp, text="还没有办的事", state="open"))
    activity(world, "大单元教学", 16, is_large=True)
    activity(world, "只是打算", 17, state="planned")
    activity(world, "别的片区的活动", 16, cluster=world.team, host_school_id=world.huoban.id)
    ledger = {
        "title": "心理健康培训",
        "kind": "training",
        "held_on": date(2025, 10, 8),
        "category": "teaching",
    }
    add(LedgerEntry(**base, term_id=world.term.id, created_by_id=world.lead.id, **ledger, persons=20))
    add(
        Resource(
            **base, school_id=world.linfeng.id, kind="rule", rule="duty", title="值班制度修订",
            created_by_id=world.lead.id, created_at=datetime(2025, 9, 2, tzinfo=UTC), **stamp,
        )
    )  # fmt: skip
    db.session.commit()

    address = f"/clusters/{world.cluster.id}/bulletin"
    page = as_("lead").get(address, query_string={"month": "2025-10"}).get_data(as_text=True)
    there = ("十月例会", "报送教研计划", "大单元教学", "大型活动", "心理健康培训", "值班制度修订")
    assert [words in page for words in there] == [True] * len(there)
    main = page.split("<main")[1]
    assert [words in main for words in ("十一月例会", "还没有办的事", "只是打算", "别的片区的活动")] == [
        False
    ] * 4
    book = as_("liaison").get(f"{address}.xlsx", query_string={"month": "2025-10"}).data
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book))
    lines = sheets.get_sheet_by_index(0).to_python()
    assert {line[3]: line[4] for line in lines if line[0] in ("联合活动", "办结的议定事项")} == {
        "大单元教学": "南郊小学",
        "报送教研计划": "拱辰中心小学",
    }
    schools = {line[0]: line[1:] for line in sheets.get_sheet_by_index(1).to_python()}
    assert (schools["南郊小学"][1], schools["拱辰中心小学"][3]) == (1, 1)
    # An empty or unreadable question is answered with the month under way.
    for asked in ("", "2025-13", "昨天"):
        answer = as_("principal").get(address, query_string={"month": asked})
        assert (answer.status_code, "2025年11月" in answer.get_data(as_text=True)) == (200, True)
    who = ("teacher", "equal_lead", "west_bureau")
    assert [as_(name).get(address).status_code for name in who] == [403, 404, 404]


def test_a_theme_that_is_taken_up_again_counts_once_against_its_target(world):
    """E5 四、1: one or two themes of research a term; a lesson shown is no theme, nor is what is only planned."""
    world.cluster.scheme_code = "E5"
    for theme, more in (
        ("大单元教学", {}),
        ("大单元教学", {"kind": "forum"}),
        ("作业设计", {"kind": "salon"}),
        ("示范课", {"kind": "demonstration_lesson"}),
        ("以后再说", {"state": "planned"}),
    ):
        activity(world, theme, 16, **more)
    db.session.commit()
    found = meeting_people.tallies_of([world.cluster], world.term)[world.cluster.id]
    assert [(t.actual, t.target, t.is_met) for t in found if t.counter.key == "theme"] == [(2, 1, True)]
