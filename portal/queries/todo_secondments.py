"""What waits about secondments: for the secondee, the host's head, and the programme office."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.domain.secondments import AWAY
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Secondment, SecondmentLeave
from portal.queries import secondment_work

KIND = N_("挂职")
OF_OFFICE = {
    "nominated": N_("初审挂职人选：%(what)s"),
    "evaluated": N_("办理返岗和使用：%(what)s"),
}
OF_HOST = {
    "placing": N_("答复是否接收挂职干部：%(what)s"),
    "assigned": N_("登记挂职干部到岗：%(what)s"),
    "finished": N_("填写挂职鉴定：%(what)s"),
}
OF_SECONDEE = {
    "plan": N_("提交挂职学习计划"),
    "lessons": N_("补上挂职听课"),
    "owed": N_("完成挂职的成果和作业"),
    "leave": N_("挂职请假后销假"),
    "report": N_("提交挂职总结报告"),
    "essay": N_("写挂职心得体会"),
    "books": N_("补上挂职读书笔记"),
}


def waiting(actor: Actor, today: date):
    """(kind, sentence, endpoint, target, due, words) of each thing that waits for this person."""
    yield from _own(actor, today)
    if actor.manages_schools:
        yield from _host(actor)
    if actor.offices & {"basic_education", "personnel"}:
        yield from _office(actor, today)


def _rows(actor: Actor, *conditions):
    return list(
        db.session.scalars(
            select(Secondment)
            .where(Secondment.district_id == actor.district_id, *conditions)
            .options(joinedload(Secondment.person), joinedload(Secondment.programme))
            .order_by(Secondment.starts_on, Secondment.id)
            .limit(50)
        )
    )


def _own(actor: Actor, today: date):
    rows = _rows(actor, Secondment.person_id == actor.person_id, Secondment.state.in_(AWAY))
    if rows:
        for gaps in secondment_work.gaps_of(rows, today).values():
            for gap in gaps:
                if gap.code in OF_SECONDEE:
                    yield KIND, OF_SECONDEE[gap.code], "exchange.secondment_mine", {}, gap.due, {}


def _host(actor: Actor):
    at = actor.manages_schools
    not_own = Secondment.person_id != actor.person_id
    rows = _rows(actor, not_own, Secondment.host_school_id.in_(at), Secondment.state.in_(OF_HOST))
    judged = {
        row.id for row in rows if row.state == "finished" and "host" in secondment_work.evaluations_of(row)
    }
    for row in rows:
        if row.id not in judged:
            due = row.starts_on if row.state == "assigned" else None
            yield _line(OF_HOST[row.state], row, due)
    if actor.principal_of:
        yield from _leaves(actor)


def _leaves(actor: Actor):
    rows = db.session.scalars(
        select(SecondmentLeave)
        .join(SecondmentLeave.secondment)
        .where(
            SecondmentLeave.district_id == actor.district_id,
            SecondmentLeave.state == "requested",
            Secondment.host_school_id.in_(actor.principal_of),
            Secondment.person_id != actor.person_id,
        )
        .order_by(SecondmentLeave.first_day, SecondmentLeave.id)
    )
    for row in rows:
        words = {"what": row.secondment.person.name}
        target = {"study_leave_id": row.id}
        yield KIND, N_("批复挂职请假：%(what)s"), "exchange.study_leave", target, row.first_day, words


def _office(actor: Actor, today: date):
    """A line a case to decide; of those who are silent too long only how many there are."""
    not_own = Secondment.person_id != actor.person_id
    for row in _rows(actor, not_own, Secondment.state.in_(OF_OFFICE)):
        yield _line(OF_OFFICE[row.state], row, None)
    finished = _rows(actor, not_own, Secondment.state == "finished")
    for row in finished:
        if "office" not in secondment_work.evaluations_of(row):
            yield _line(N_("填写挂职评价：%(what)s"), row, None)
    away = _rows(actor, not_own, Secondment.state.in_(AWAY))
    if not away:
        return
    gaps = secondment_work.gaps_of(away, today)
    silent = [gap.due for found in gaps.values() for gap in found if gap.code == "contact"]
    if silent:
        words = {"count": len(silent)}
        sentence = N_("联系挂职干部：%(count)s 人久未联系")
        yield KIND, sentence, "exchange.secondment_list", {"missing": "1"}, min(silent), words


def _line(sentence, row, due):
    target = {"secondment_id": row.id}
    return KIND, sentence, "exchange.secondment", target, due, {"what": row.person.name}
