"""A school becomes part of another one, and counts in another cluster: what was before stays."""

import io
from datetime import date

from python_calamine import CalamineWorkbook

from portal.extensions import db
from portal.models import Employment, Membership, Notification, Posting, SchoolPairing
from portal.queries import clusters, figure_schools, mergers, schools
from tests import factories as make
from tests.conftest import NOW

TODAY = NOW.date()
LAST = date(2025, 11, 14)


def text(answer):
    return answer.get_data(as_text=True)


def sheet(answer):
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data())).get_sheet_by_index(0).to_python()


def staff_names(school):
    return [person.name for person in db.session.scalars(schools.staff_of(school))]


def names_on(cluster, day):
    return [m.school.name for m in clusters.members_on(cluster, day)]


def test_a_school_merges_in_the_middle_of_a_term_and_the_past_stays(as_, world):
    school, into = world.nanjiao, world.gongchen
    below = make.school(world.east, "南郊教学点", parent_id=school.id)
    people = staff_names(school)
    before = names_on(world.cluster, LAST)
    db.session.commit()
    bureau, address = as_("bureau"), f"/clusters/schools/{school.id}/merge"
    data = {"into": str(into.id), "last_day": LAST.isoformat(), "reason": "布局调整"}
    assert "南郊教学点" in text(bureau.get(address))
    for wrong, words in (
        ({"last_day": TODAY.isoformat()}, "日期要在今天以前"),
        ({"last_day": "1990-01-01"}, "那天以后它才加入"),
        ({"into": str(below.id)}, "请先改变中心校"),
        ({"into": str(school.id)}, "请从列出的选项里选择"),
    ):
        answer = bureau.post(address, data={**data, **wrong})
        assert (answer.status_code, "布局调整" in text(answer)) == (422, True)
        assert words in text(answer)
        assert schools.by_id(school.district_id, school.id).closed_on is None
    assert bureau.post(address, data={**data, "version": school.version}).status_code == 303
    assert bureau.post(address, data=data).status_code == 422  # sent twice: it has ended
    db.session.expire_all()
    assert (school.closed_on, below.parent_id) == (LAST, into.id)
    assert names_on(world.cluster, LAST) == before
    assert names_on(world.cluster, TODAY) == [name for name in before if name != "南郊小学"]
    assert set(staff_names(into)) >= set(people)
    ended = db.session.scalars(db.select(Employment).filter_by(school_id=school.id)).all()
    assert {row.ends_on for row in ended} == {LAST}
    assert not clusters.principals_of(school.district_id, [school.id], TODAY)
    told = db.session.scalars(db.select(Notification).filter_by(kind="school_merged")).all()
    assert [n.person_id for n in told] == [world.principal.id]
    assert "布局调整" in text(bureau.get(f"/clusters/schools/{into.id}"))


def test_a_lead_school_does_not_merge_and_nothing_moves(as_, world):
    staff = staff_names(world.linfeng)
    data = {"into": str(world.gongchen.id), "last_day": LAST.isoformat(), "reason": "x"}
    answer = as_("bureau").post(f"/clusters/schools/{world.linfeng.id}/merge", data=data)
    assert "请先更换麟峰小学片区的领衔学校" in text(answer)
    assert staff_names(world.linfeng) == staff


def test_what_goes_on_with_other_schools_is_shown_before_the_merger(as_, world):
    page = text(as_("bureau").get(f"/clusters/schools/{world.gongchen.id}/merge"))
    count = mergers.under_way(world.gongchen)
    assert ("还在进行" in page) == any(count.values())
    db.session.add(
        Posting(
            district_id=world.east.id,
            person_id=world.mentor.id,
            home_school_id=world.linfeng.id,
            host_school_id=world.gongchen.id,
            form="exchange",
            starts_on=date(2025, 9, 1),
            state="planned",
            created_by_id=world.mentor.id,
        )
    )
    db.session.commit()
    page = text(as_("bureau").get(f"/clusters/schools/{world.gongchen.id}/merge"))
    assert f"交流与支教：{count['postings'] + 1}" in page


def test_a_pair_that_waits_for_the_bureau_goes_on_too(as_, world):
    """A pair is under way until it has ended or was refused: what both principals agreed to counts."""
    before = mergers.under_way(world.gongchen)
    db.session.add(
        SchoolPairing(
            district_id=world.east.id, cluster_id=world.cluster.id, donor_id=world.linfeng.id,
            beneficiary_id=world.gongchen.id, starts_on=date(2025, 9, 1), ends_on=date(2027, 7, 1), state="agreed",
            created_by_id=world.lead.id, donor_agreed_by_id=world.lead.id, beneficiary_agreed_by_id=world.principal.id,
        )
    )  # fmt: skip
    db.session.commit()
    assert mergers.under_way(world.gongchen) == {**before, "pairs": before["pairs"] + 1}
    page = text(as_("bureau").get(f"/clusters/schools/{world.gongchen.id}/merge"))
    assert f"学校结对：{before['pairs'] + 1}" in page


def test_a_school_in_two_clusters_counts_where_the_bureau_says(as_, world):
    school, day = world.nanjiao, date(2025, 9, 1)
    keys = {"district_id": school.district_id, "cluster_id": world.team.id, "school_id": school.id}
    db.session.add(Membership(**keys, starts_on=day, is_main=False))
    db.session.commit()

    def counted(cluster):
        facts = figure_schools.school_facts(cluster, world.term.first_day, TODAY)
        return school.name in {fact.name for fact in facts}

    assert (counted(world.cluster), counted(world.team)) == (True, False)
    own = next(m for m in clusters.members_on(world.team, TODAY) if m.school_id == school.id)
    bureau, address = as_("bureau"), f"/clusters/{world.team.id}/members"
    assert "非主片区" in text(bureau.get(address))
    assert bureau.post(f"/clusters/memberships/{own.id}/main").status_code == 303
    assert bureau.post(f"/clusters/memberships/{own.id}/main").status_code in (409, 422)  # ended yesterday
    db.session.expire_all()
    assert (counted(world.cluster), counted(world.team)) == (False, True)
    yesterday = [
        m for m in clusters.members_on(world.cluster, date(2025, 11, 18)) if m.school_id == school.id
    ]
    assert [m.is_main for m in yesterday] == [True]  # the past stays
    assert [m.ends_on for m in clusters.members_on(world.cluster, TODAY) if m.school_id == school.id] == [
        None
    ]
    row = db.session.scalars(db.select(Membership).filter_by(school_id=school.id, is_main=True, ends_on=None))
    row.one().ends_on = TODAY
    db.session.commit()
    later = text(bureau.get(f"/clusters/{world.cluster.id}/members?on=2026-01-05"))
    assert "没有主片区，统计不计" in later


def test_members_meetings_and_activities_go_out_as_workbooks(as_, world):
    client = as_("lead")
    members = sheet(client.get(f"/clusters/{world.cluster.id}/members.xlsx"))
    assert [row[0] for row in members[-3:]] == ["麟峰小学", "拱辰中心小学", "南郊小学"]
    planned = {"starts_on": "2025-11-20", "starts_clock": "09:00"}
    new = f"/plans/clusters/{world.cluster.id}"
    client.post(f"{new}/meetings/new", data={"title": "=1+1", "kind": "monthly", **planned})
    client.post(f"{new}/activities/new", data={"theme": "同课异构", "kind": "joint_research", **planned})
    for kind in ("meetings", "activities"):
        page = text(client.get(f"/plans/{kind}/?cluster={world.cluster.id}&endpoint=x&_method=y"))
        assert f"/plans/{kind}.xlsx" in page
    meetings = sheet(client.get(f"/plans/meetings.xlsx?cluster={world.cluster.id}"))
    assert meetings[-1][0] == "=1+1"  # text, no formula
    assert len(sheet(client.get("/plans/meetings.xlsx?state=confirmed"))) < len(meetings)
    assert sheet(as_("equal_lead").get("/plans/meetings.xlsx"))[-1][0] != "=1+1"
