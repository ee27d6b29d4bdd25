"""The turn of a term: settled once, nothing without a tick, the past term as it was, each line by who may."""

import threading
from datetime import UTC, date, datetime

from sqlalchemy import func, select

from portal.actions import term_turn as actions
from portal.database import begin_reading
from portal.extensions import db
from portal.models import (
    AuditEntry,
    Cluster,
    ClusterGroup,
    DutyTurn,
    Meeting,
    MeetingTask,
    MentoringPair,
    Notification,
    PlanItem,
    SchoolPairing,
    Term,
    TermPlan,
    TermTurnMark,
)
from portal.queries import todo

MARCH = datetime(2025, 3, 5, 2, tzinfo=UTC)


def text(answer) -> str:
    return answer.get_data(as_text=True)


def add(row):
    db.session.add(row)
    db.session.flush()
    return row


def pairing(w, donor, beneficiary, ends) -> SchoolPairing:
    return add(
        SchoolPairing(
            district_id=w.east.id, cluster_id=w.cluster.id, donor_id=donor.id, beneficiary_id=beneficiary.id,
            starts_on=date(2024, 9, 1), ends_on=ends, state="active", created_by_id=w.lead.id,
            donor_agreed_by_id=w.lead.id, beneficiary_agreed_by_id=w.principal.id,
        )
    )  # fmt: skip


def mentoring(w, ends) -> MentoringPair:
    return add(
        MentoringPair(
            district_id=w.east.id, cluster_id=w.cluster.id, mentor_id=w.mentor.id, mentee_id=w.mentee.id,
            mentee_school_id=w.gongchen.id, kind="apprentice", subject="语文", starts_on=date(2024, 9, 1),
            ends_on=ends, state="active", created_by_id=w.lead.id, mentor_accepted=True, mentee_accepted=True,
        )
    )  # fmt: skip


def last_term(w):
    """The spring term of 麟峰小学片区: pairs that go on and end, a group, duties, a plan, a meeting with a task."""
    made = {
        "long": pairing(w, w.linfeng, w.nanjiao, date(2026, 7, 1)),
        "short": pairing(w, w.linfeng, w.gongchen, date(2025, 8, 31)),
        "pair": mentoring(w, None),
    }
    base = {"district_id": w.east.id, "cluster_id": w.cluster.id}
    made["group"] = add(
        ClusterGroup(
            **base, kind="working", name="教研工作小组", starts_on=date(2024, 9, 1), created_by_id=w.lead.id
        )
    )
    made["turn"] = add(
        DutyTurn(
            **base,
            school_id=w.nanjiao.id,
            starts_on=date(2025, 2, 24),
            ends_on=date(2025, 2, 28),
            task="值周",
        )
    )
    made["plan"] = add(
        TermPlan(**base, term_id=w.last_term.id, goals="目标", state="drafting", created_by_id=w.lead.id)
    )
    made["item"] = add(
        PlanItem(
            district_id=w.east.id, plan_id=made["plan"].id, text="办一次教学开放日", school_id=w.nanjiao.id
        )
    )
    made["meeting"] = add(
        Meeting(
            **base, term_id=w.last_term.id, kind="monthly", title="三月例会", starts_at=MARCH, place="会议室",
            state="held", created_by_id=w.lead.id,
        )
    )  # fmt: skip
    made["task"] = add(
        MeetingTask(
            district_id=w.east.id, meeting_id=made["meeting"].id, school_id=w.nanjiao.id, text="报送师资缺口",
            due_on=date(2025, 3, 20),
        )
    )  # fmt: skip
    db.session.commit()
    return {name: row.id for name, row in made.items()}


def ticks(w, made, *kinds) -> list[str]:
    names = {
        "long": f"pairing:{made['long']}", "short": f"pairing:{made['short']}", "pair": f"pair:{made['pair']}",
        "group": f"group:{made['group']}", "duties": f"duties:{w.cluster.id}", "plan": f"plan:{w.cluster.id}",
    }  # fmt: skip
    return [names[kind] for kind in kinds]


def post(client, w, chosen, **more):
    return client.post(f"/clusters/{w.cluster.id}/turn", data={"term": w.term.code, "tick": chosen, **more})


def past(w, made) -> list:
    """What the past term holds, as it must stay."""
    return [
        (row.starts_on, row.ends_on)
        for row in db.session.scalars(select(DutyTurn).where(DutyTurn.starts_on < w.term.first_day))
    ] + [
        (row.state, row.text, row.school_id)
        for row in db.session.scalars(select(PlanItem).where(PlanItem.plan_id == made["plan"]))
    ]


def counts() -> tuple:
    return tuple(
        db.session.scalar(select(func.count()).select_from(model))
        for model in (TermTurnMark, DutyTurn, PlanItem, TermPlan, AuditEntry, Notification)
    )


def test_the_turn_is_settled_once_and_the_past_stays(as_, world):
    made = last_term(world)
    before, lead = past(world, made), as_("lead")
    page = text(lead.get(f"/clusters/{world.cluster.id}/turn"))
    for words in (
        "缺纪要：三月例会",
        "议定事项未办：报送师资缺口",
        "计划事项未完成：办一次教学开放日",
        "学期总结没有开始写",
    ):
        assert words in page
    assert (page.count("待确认继续"), page.count("已到期，待结束")) == (3, 1)

    # Nothing without a tick, nothing ended without a reason.
    assert post(lead, world, []).status_code == 422
    refused = post(lead, world, ticks(world, made, "long", "short"))
    assert (refused.status_code, "请写明理由" in text(refused), counts()[0]) == (422, True, 0)

    assert post(lead, world, ticks(world, made, "long", "group")).status_code == 303
    assert counts()[0] == 3  # both, and that the schools were told
    page = text(lead.get(f"/clusters/{world.cluster.id}/turn"))
    assert (page.count("已确认继续"), page.count("待确认继续")) == (2, 1)

    everything = ticks(world, made, "long", "short", "pair", "group", "duties", "plan")
    assert post(lead, world, everything, reason="一年期满").status_code == 303
    done = counts()
    assert post(lead, world, everything, reason="一年期满").status_code == 303
    assert counts() == done

    assert [db.session.get(SchoolPairing, (world.east.id, made[n])).state for n in ("long", "short")] == [
        "active",
        "closed",
    ]
    new = db.session.scalars(select(DutyTurn).where(DutyTurn.starts_on >= world.term.first_day)).all()
    assert [(row.starts_on, row.school_id, row.task) for row in new] == [
        (date(2025, 9, 8), world.nanjiao.id, "值周")
    ]
    carried = db.session.scalars(select(PlanItem.text).where(PlanItem.plan_id != made["plan"]))
    assert set(carried) == {"办一次教学开放日", "报送师资缺口"}
    assert past(world, made) == before
    told = db.session.scalars(select(Notification.person_id).where(Notification.kind == "term_turn"))
    assert set(told) == {world.principal.id, world.nanjiao_principal.id}


def test_a_member_sees_its_own_page_and_settles_what_is_its_own(as_, world):
    made = last_term(world)
    member = as_("nanjiao_principal")
    page = text(member.get(f"/clusters/{world.cluster.id}/turn"))
    assert ("报送师资缺口" in page, "缺纪要" in page, "麟峰小学—南郊小学" in page) == (True, False, True)
    assert ("麟峰小学—拱辰中心小学" in page, "教研工作小组" in page) == (False, False)
    assert "缺纪要" in text(member.get(f"/clusters/{world.cluster.id}/turn?school="))
    # A pair of the own school is its own to confirm; groups, duties and others' pairs are not.
    assert post(member, world, ticks(world, made, "long")).status_code == 303
    refused = [
        post(member, world, ticks(world, made, kind), reason="理由").status_code
        for kind in ("short", "group", "pair", "duties", "plan")
    ]
    assert (refused, counts()[0]) == ([403] * 5, 2)
    page = f"/clusters/{world.cluster.id}/turn"
    who = ("bureau", "liaison", "teacher", "equal_lead", "west_bureau")
    assert [as_(name).get(page).status_code for name in who] == [200, 200, 403, 404, 404]
    assert [post(as_(name), world, []).status_code for name in who] == [403, 403, 403, 404, 404]


def test_among_equals_the_coordinator_leaves_a_pair_to_its_schools(as_, world):
    """E7: nobody decides for another school; turns of duty are every member's."""
    row = add(
        SchoolPairing(
            district_id=world.east.id, cluster_id=world.team.id, donor_id=world.huoban.id,
            beneficiary_id=world.nanjiao.id, starts_on=date(2024, 9, 1), ends_on=date(2026, 7, 1),
            state="active", created_by_id=world.equal_member.id, donor_agreed_by_id=world.equal_member.id,
            beneficiary_agreed_by_id=world.nanjiao_principal.id,
        )
    )  # fmt: skip
    db.session.commit()
    key = row.id
    address = f"/clusters/{world.team.id}/turn"
    data = {"term": world.term.code, "tick": f"pairing:{key}"}
    assert "由当事人确认" in text(as_("equal_lead").get(address))
    assert as_("equal_lead").post(address, data=data).status_code == 403
    assert as_("equal_member").post(address, data=data).status_code == 303
    assert counts()[0] == 2


def test_the_turn_waits_on_the_home_page_until_it_is_settled(as_, world, actor_of):
    """Each line waits for who may settle it; the liaison of a convened cluster is told what is left."""
    made = last_term(world)

    def waits(who, day=None):
        found = todo.waiting_for(actor_of(who), day or world.today)
        return [item.what % item.words for item in found if item.kind == "学期交接"]

    assert waits("lead") == ["办理 麟峰小学片区学期交接，还有 5 项"]
    assert waits("nanjiao_principal") == ["办理 麟峰小学片区学期交接，还有 1 项"]  # its own pair of schools
    assert [waits(who) for who in ("teacher", "liaison", "equal_lead", "bureau")] == [[], [], [], []]
    # Not before the old term comes to its end; what runs out in the holidays is then not over.
    assert waits("lead", date(2025, 5, 1)) == []
    assert post(as_("lead"), world, ticks(world, made, "long", "group", "duties")).status_code == 303
    assert waits("lead") == ["办理 麟峰小学片区学期交接，还有 2 项"]
    assert "麟峰小学片区学期交接" in text(as_("lead").get("/"))

    db.session.get(Cluster, (world.east.id, world.cluster.id)).profile = "convenor"
    db.session.commit()
    assert waits("liaison") == ["督促 麟峰小学片区办理学期交接，还有 2 项"]
    post(as_("lead"), world, ticks(world, made, "short", "pair"), reason="一年期满")
    assert (waits("lead"), waits("nanjiao_principal"), waits("liaison")) == ([], [], [])


def test_two_people_at_once_settle_a_line_once(app, world, actor_of):
    made = last_term(world)
    people, counts_of, barrier = [actor_of("lead"), actor_of("nanjiao_principal")], [], threading.Barrier(2)
    chosen, keys = {("pairing", made["long"])}, [world.cluster.id, world.last_term.id, world.term.id]
    district_id = world.east.id
    db.session.commit()

    def settle(who):
        with app.app_context():
            barrier.wait(10)
            begin_reading(False)
            cluster, *terms = (
                db.session.get(model, (district_id, key))
                for model, key in zip((Cluster, Term, Term), keys, strict=True)
            )
            now = datetime(2025, 9, 10, 2, tzinfo=UTC)
            counts_of.append(actions.settle(who, cluster, *terms, chosen, reason="", now=now))
            db.session.commit()
            db.session.remove()

    threads = [threading.Thread(target=settle, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(counts_of) == [0, 1]
    kinds = db.session.scalars(select(TermTurnMark.kind)).all()
    assert sorted(kinds) == ["pairing", "told"]
    told = db.session.scalars(select(Notification.person_id).where(Notification.kind == "term_turn")).all()
    assert len(told) == len(set(told))
    went_on = select(func.count()).where(AuditEntry.action == "school_pairing.go_on")
    assert db.session.scalar(went_on) == 1
