"""Groups sum up their term; the cluster's summary collects it with groups and duties as annexes, frozen when signed."""

from datetime import UTC, date, datetime

from portal.documents.summary import summary_html
from portal.extensions import db
from portal.models import ClusterGroup, DutyTurn, GroupMember
from portal.queries import group_summaries, summaries, todo
from tests.integration.test_summaries import begin, finish, step

TERM = {"term": "2025-2026-1"}


def add(row):
    db.session.add(row)
    db.session.flush()
    return row


def group_of(w, cluster, head, name="教研工作小组") -> ClusterGroup:
    """A working group with a head."""
    base = {"district_id": w.east.id, "starts_on": date(2025, 9, 1)}
    group = add(ClusterGroup(**base, cluster_id=cluster.id, kind="working", name=name, created_by_id=head.id))
    add(GroupMember(**base, group_id=group.id, person_id=head.id, post="head", duty="主持"))
    db.session.commit()
    return group


def text(answer) -> str:
    return answer.get_data(as_text=True)


def write(client, group, words, version=None):
    data = {"text": words} | ({"version": version} if version else {})
    return client.post(f"/clusters/groups/{group.id}/summary", query_string=TERM, data=data)


def test_annexes_collect_what_groups_wrote_and_are_frozen_with_the_signature(as_, world, actor_of):
    group = group_of(world, world.cluster, world.teacher)
    turn = add(
        DutyTurn(
            district_id=world.east.id, cluster_id=world.cluster.id, school_id=world.nanjiao.id,
            starts_on=date(2025, 9, 8), ends_on=date(2025, 9, 12), task="值周检查",
        )
    )  # fmt: skip
    db.session.commit()

    def waits(day):
        return [item.due for item in todo.waiting_for(actor_of("teacher"), day) if item.kind == "小组总结"]

    end = world.term.last_day
    assert (waits(world.today), waits(date(end.year, end.month, end.day - 3))) == ([], [end])
    # The head writes; another teacher reads; who stands outside sees nothing.
    assert write(as_("colleague"), group, "别人的话").status_code == 403
    assert as_("equal_lead").get(f"/clusters/groups/{group.id}/summary").status_code == 404
    assert write(as_("teacher"), group, "联合教研十二次\n- 备课共用").status_code == 303
    assert "联合教研十二次" in text(as_("colleague").get(f"/clusters/groups/{group.id}"))
    assert waits(date(end.year, end.month, end.day - 3)) == []
    stale = write(as_("lead"), group, "另一稿", version=99)
    assert (stale.status_code, "另一稿" in text(stale), "联合教研十二次" in text(stale)) == (409, True, True)

    summary = begin(as_, world)
    page = text(as_("lead").get(f"/summaries/{summary.id}"))
    assert [words in page for words in ("各小组学期总结", "附件 1", "工作组织名单", "值周检查")] == [True] * 4
    finish(as_, summary)
    assert step(as_("lead"), summary, "sign").status_code == 303
    db.session.refresh(summary)
    frozen = summary.snapshot.content["annexes"]
    assert [annex["title"] for annex in frozen] == ["各工作小组学期总结", "工作组织名单", "值班轮值表"]
    assert frozen[1]["parts"][0]["tables"][0]["rows"] == [[world.teacher.name, "组长", "—", "主持", "全学期"]]
    assert frozen[2]["parts"][0]["tables"][0]["rows"] == [["9月8日至9月12日", "南郊小学", "值周检查"]]

    # What is written afterwards goes into the next edition alone.
    line = group_summaries.of(group, world.term)
    assert write(as_("teacher"), group, "签署以后的话", version=line.version).status_code == 303
    db.session.delete(turn)
    db.session.commit()
    paper = summary_html(summaries.content_of(summary, world.today))
    assert ("联合教研十二次" in paper, "签署以后的话" in paper, "值周检查" in paper) == (True, False, True)
    assert [mark in paper for mark in ("附件1", "附件2", "附件3")] == [True] * 3
    page = text(as_("lead").get(f"/summaries/{summary.id}/editions/1"))
    assert ("值周检查" in page, "签署以后的话" in page) == (True, False)


def test_a_groups_new_words_need_the_members_consent_again(as_, world):
    group = group_of(world, world.team, world.equal_lead)
    summary = begin(as_, world, "equal_lead", world.team)
    finish(as_, summary, "equal_lead")
    assert as_("equal_member").post(f"/summaries/{summary.id}/agree").status_code == 303
    assert write(as_("equal_lead"), group, "组里做了三件事").status_code == 303
    assert [bool(each.given) for each in summaries.consents_of(summary, world.today)] == [False]


def test_a_group_sums_up_a_term_in_which_it_was_there(as_, world, app):
    group = group_of(world, world.cluster, world.teacher)
    address = f"/clusters/groups/{group.id}/summary"
    past = {"term": world.last_term.code}
    refused = as_("teacher").post(address, query_string=past, data={"text": "上学期的事"})
    assert (refused.status_code, "还没有成立" in text(refused), "上学期的事" in text(refused)) == (
        422,
        True,
        True,
    )
    unknown = as_("teacher").get(address, query_string={"term": "1999-2000-1"})
    assert (unknown.status_code, group_summaries.of(group, world.last_term)) == (404, None)
    before, app.config["CLOCK"] = app.config["CLOCK"], lambda: datetime(2025, 8, 20, tzinfo=UTC)
    early = write(as_("lead"), group, "太早")
    app.config["CLOCK"] = before
    assert (early.status_code, "学期还没有开始" in text(early)) == (422, True)
