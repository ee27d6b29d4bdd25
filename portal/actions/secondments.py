"""Secondment programmes up to the send-off: recommendation, screening, scores, assignment (W4, S4-01...03)."""

from sqlalchemy import select

from portal.actions import audit, notices, secondment_postings
from portal.actions.errors import Refused
from portal.actions.steps import expect_version, take_step
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.secondments import OWED
from portal.domain.words import N_
from portal.extensions import db
from portal.models import (
    Person,
    Secondment,
    SecondmentBatch,
    SecondmentEntry,
    SecondmentExpert,
    SecondmentProgramme,
    SecondmentScore,
)
from portal.queries import clusters, people, secondments

# Programme and batches


def create_programme(actor, values: dict) -> SecondmentProgramme:
    """Enter a programme. Its numbers are what its own text says, or none."""
    _in_order(values)
    row = SecondmentProgramme(district_id=actor.district_id, **values)
    db.session.add(row)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "secondment_programme.create", row, {"title": (None, row.name)})
    return row


def edit_programme(actor, programme: SecondmentProgramme, values: dict, *, expected) -> None:
    """Change a programme; what secondees owe already stays as it is."""
    expect_version(programme, expected)
    _in_order(values)
    changes = audit.changes_of(programme, values)
    if changes:
        audit.record(actor, "secondment_programme.edit", programme, changes)


def _in_order(values: dict) -> None:
    if values["ends_on"] < values["starts_on"]:
        raise Refused(N_("结束日期要在开始日期之后"), field="ends_on")


def save_batch(
    actor, programme: SecondmentProgramme, batch, values: dict, *, expected=None
) -> SecondmentBatch:
    """Enter or change a batch (S4-03). Refused when its dates leave the programme or run backwards."""
    _in_order(values)
    if values["starts_on"] < programme.starts_on or values["ends_on"] > programme.ends_on:
        raise Refused(N_("批次要在项目的起止日期之内"), field="starts_on")
    first, last = values["arrive_from"], values["arrive_to"]
    if first and last and last < first:
        raise Refused(N_("结束日期要在开始日期之后"), field="arrive_to")
    if batch is None:
        batch = SecondmentBatch(district_id=actor.district_id, programme_id=programme.id, **values)
        db.session.add(batch)
        db.session.flush()  # the audit entry needs the key
        audit.record(actor, "secondment_batch.create", batch, {"title": (None, batch.name)})
        return batch
    expect_version(batch, expected)
    changes = audit.changes_of(batch, values)
    if changes:
        audit.record(actor, "secondment_batch.edit", batch, changes)
    return batch


def add_expert(actor, programme: SecondmentProgramme, person: Person) -> SecondmentExpert:
    """Put somebody into the expert group."""
    row = SecondmentExpert(district_id=actor.district_id, programme_id=programme.id, person_id=person.id)
    db.session.add(row)
    db.session.flush()  # a second one of the same person is refused here
    audit.record(actor, "secondment_programme.experts", programme, {"person": (None, person.name)})
    return row


def remove_expert(actor, expert: SecondmentExpert) -> None:
    """Take somebody out of the expert group; what was scored stays."""
    audit.record(
        actor, "secondment_programme.experts", expert.programme, {"person": (expert.person.name, None)}
    )
    db.session.delete(expert)


# Recommendation and choice


def nominate(actor, programme: SecondmentProgramme, person: Person, values: dict, *, now) -> Secondment:
    """Recommend a person of one's own school with the school's opinion (S4-02). Nobody recommends oneself."""
    home_id = people.home_school_ids(person.district_id, [person.id]).get(person.id)
    if home_id is None:
        raise Refused(N_("这位教师现在没有任职学校"), field="person")
    if local_day(now) > programme.ends_on:
        raise Refused(N_("这个项目已经结束"))
    row = Secondment(
        district_id=actor.district_id,
        programme_id=programme.id,
        person_id=person.id,
        home_school_id=home_id,
        created_by_id=actor.person_id,
        **values,
    )
    if not can(actor, "secondment.recommend", row):
        if actor.person_id == person.id:
            raise Refused(N_("自己由别人推荐"), field="person")
        raise Refused(N_("只能推荐本校的人"), field="person")
    db.session.add(row)
    db.session.flush()  # the audit entry and the message need the key
    audit.record(
        actor, "secondment.create", row, {"person": (None, person.name), "programme": (None, programme.name)}
    )
    _tell(actor, row, now)
    return row


def edit(actor, secondment: Secondment, values: dict, *, expected) -> None:
    """Change a recommendation that has not been screened."""
    expect_version(secondment, expected)
    if secondment.state not in ("nominated", "returned"):
        raise Refused(N_("已经初审，不能再修改推荐"))
    changes = audit.changes_of(secondment, values)
    if changes:
        audit.record(actor, "secondment.edit", secondment, changes)


def state_time(actor, secondment: Secondment, text: str, *, expected) -> None:
    """The own school says how the secondee's time is kept free (五有: 时间保证)."""
    expect_version(secondment, expected)
    changes = audit.changes_of(secondment, {"time_guarantee": text})
    if changes:
        audit.record(actor, "secondment.edit", secondment, changes)


def score(actor, secondment: Secondment, value: int | None, note: str, *, now) -> SecondmentScore:
    """Score a candidate, or change one's own score. Refused above the full score, or where none is set."""
    full = secondment.programme.full_score
    if full is None:
        raise Refused(N_("项目还没有设定满分，请主管部门先填写"), field="score")
    if value is None or not 0 <= value <= full:
        raise Refused(N_("请填写 0 到 %(full)s 之间的数"), field="score", full=full)
    row = secondments.own_score(actor, secondment)
    if row is None:
        row = SecondmentScore(
            district_id=secondment.district_id,
            secondment_id=secondment.id,
            person_id=actor.person_id,
            score=value,
            note=note,
            scored_at=now,
        )
        db.session.add(row)
        db.session.flush()  # a second one of the same expert is refused here
    else:
        row.score, row.note, row.scored_at = value, note, now
    # Who gave what is the expert group's; the history says only that a score was given.
    audit.record(actor, "secondment.score", secondment)
    return row


def take(actor, secondment: Secondment, action: str, *, note: str, expected, now) -> None:
    """Take a step that a button offers: screening, choice, the host's consent, an end before time."""
    if action == "shortlist":
        _refuse_unscored(secondment)
    if action == "agree":
        _expect_assignment(secondment)
    take_step(actor, secondment, action, note=note, expected=expected)
    if action in ("screen", "return"):
        secondment.screening = note.strip()[:300]
    if action == "agree":
        secondment_postings.begin(actor, secondment)
        _owe(actor, secondment)
    if action in ("turn_down", "take_back"):
        secondment_postings.cancel(actor, secondment, note)
        _clear(secondment)
    if action == "end_early":
        secondment.ends_on = max(min(secondment.ends_on, local_day(now)), secondment.arrived_on)
        secondment_postings.end_early(actor, secondment, note)
    _tell(actor, secondment, now)


def _refuse_unscored(secondment: Secondment) -> None:
    """Where a programme has experts, each of them who may score does so before anybody is chosen."""
    missing = {
        each.person_id for each in secondment.programme.experts if each.person_id != secondment.person_id
    } - {each.person_id for each in secondment.scores}
    homes = people.home_school_ids(secondment.district_id, missing) if missing else {}
    left = [key for key in missing if homes.get(key) != secondment.home_school_id]
    if left:
        raise Refused(N_("还有 %(count)s 位专家没有评分"), count=len(left))


def _expect_assignment(secondment: Secondment) -> None:
    # The posting is made with the consent: two who agree at once are held apart by the person's row.
    db.session.execute(
        select(Person.id)
        .where(Person.district_id == secondment.district_id, Person.id == secondment.person_id)
        .with_for_update(key_share=True)
    )


# Assignment


def assign(actor, secondment: Secondment, values: dict, *, counterpart_id=None, expected, now) -> None:
    """Assign a candidate to a batch and a host (W4). A school of the district agrees itself; for a host elsewhere

    ``host_consent`` says how it agreed. Refused when the batch is full or the programme has no such hosts.
    """
    expect_version(secondment, expected)
    batch = (
        secondments.batch_by_id(secondment.district_id, values["batch_id"]) if values["batch_id"] else None
    )
    if batch is None or batch.programme_id != secondment.programme_id:
        raise Refused(N_("请从列出的选项里选择"), field="batch")
    _refuse_host(secondment, values)
    _refuse_full(secondment, batch)
    if values["ends_on"] < values["starts_on"]:
        raise Refused(N_("结束日期要在开始日期之后"), field="ends_on")
    partner = _partner(secondment, values["host_school_id"], counterpart_id)
    for name, value in values.items():
        setattr(secondment, name, value)
    secondment_postings.refuse_overlap(secondment)
    take_step(actor, secondment, "assign" if values["host_kind"] == "school" else "assign_outside")
    secondment.counterpart_id = partner.id if partner else None
    if partner:
        partner.counterpart_id = secondment.id
    if values["host_kind"] != "school":
        _owe(actor, secondment)
    db.session.flush()  # the messages name the host
    db.session.refresh(secondment)
    _tell(actor, secondment, now)


def _refuse_host(secondment: Secondment, values: dict) -> None:
    kinds, kind = secondment.programme.host_kinds, values["host_kind"]
    if kinds and kind not in kinds:
        raise Refused(N_("这个项目没有这类接收单位"), field="host_kind")
    if kind == "school":
        if clusters.school_by_id(secondment.district_id, values["host_school_id"]) is None:
            raise Refused(N_("请选择接收学校"), field="host_school")
        if values["host_school_id"] == secondment.home_school_id:
            raise Refused(N_("接收学校不能是本校"), field="host_school")
    elif not values["host_name"]:
        raise Refused(N_("请填写接收单位的名称"), field="host_name")
    elif not values["host_consent"]:
        raise Refused(N_("请写明对方同意的依据，例如来函日期和文号"), field="host_consent")


def _refuse_full(secondment: Secondment, batch: SecondmentBatch) -> None:
    # Two assignments at once: the batch's row puts them in line.
    db.session.execute(
        select(SecondmentBatch.id)
        .where(SecondmentBatch.district_id == batch.district_id, SecondmentBatch.id == batch.id)
        .with_for_update()
    )
    if batch.places is not None and secondments.placed_in(batch, secondment.id) >= batch.places:
        raise Refused(N_("这一批 %(count)s 个名额已满"), field="batch", count=batch.places)


def _partner(secondment: Secondment, host_school_id, counterpart_id) -> Secondment | None:
    """Who comes in exchange. Refused unless each goes to the other's school (S4-28)."""
    if counterpart_id is None:
        return None
    found = next((each for each in secondments.swap_partners(secondment) if each.id == counterpart_id), None)
    if found is None:
        raise Refused(N_("请从列出的选项里选择"), field="counterpart")
    goes = found.host_school_id
    if host_school_id != found.home_school_id or goes not in (None, secondment.home_school_id):
        raise Refused(N_("对岗互派要互到对方学校"), field="counterpart")
    return found


def _owe(actor, secondment: Secondment) -> None:
    """What the programme expects of everybody becomes this person's list (S4-62, S4-66), once."""
    present = db.session.scalars(
        select(SecondmentEntry.title).where(
            SecondmentEntry.district_id == secondment.district_id,
            SecondmentEntry.secondment_id == secondment.id,
            SecondmentEntry.kind.in_(OWED),
        )
    ).all()
    programme = secondment.programme
    for kind, titles in (("product", programme.blocks), ("assignment", programme.assignments)):
        for title in titles:
            if title not in present:
                db.session.add(
                    SecondmentEntry(
                        district_id=secondment.district_id,
                        secondment_id=secondment.id,
                        kind=kind,
                        title=title,
                        due_on=secondment.ends_on,
                        created_by_id=actor.person_id,
                    )
                )


def _clear(secondment: Secondment) -> None:
    """Back among the candidates: no host, no dates, no counterpart."""
    if secondment.counterpart_id:
        partner = secondments.by_id(secondment.district_id, secondment.counterpart_id)
        if partner.counterpart_id == secondment.id:
            partner.counterpart_id = None
    for name in (
        "batch_id",
        "host_kind",
        "host_school_id",
        "counterpart_id",
        "posting_id",
        "starts_on",
        "ends_on",
    ):
        setattr(secondment, name, None)
    secondment.host_name = secondment.host_place = secondment.host_consent = secondment.host_post = ""


def tell(actor, secondment: Secondment, kind: str, now, *, whom, **words) -> None:
    """One message about a secondment to each of these people."""
    notices.tell(
        whom,
        kind,
        district_id=secondment.district_id,
        link=f"/exchange/secondments/{secondment.id}",
        now=now,
        besides=actor.person_id,
        **words,
    )


def principals(secondment: Secondment, now, *, host_only: bool = False) -> list:
    """The keys of the principals of the own and the receiving school."""
    sides = (
        [secondment.host_school_id] if host_only else [secondment.home_school_id, secondment.host_school_id]
    )
    sides = [each for each in sides if each]
    return [
        each.id for each in clusters.principals_of(secondment.district_id, sides, local_day(now)).values()
    ]


def _tell(actor, secondment: Secondment, now) -> None:
    person = people.person_by_id(secondment.district_id, secondment.person_id)
    if secondment.state == "placing":
        tell(
            actor,
            secondment,
            "secondment_consent",
            now,
            whom=principals(secondment, now, host_only=True),
            what=person.name,
        )
        return
    whom = [secondment.person_id, *principals(secondment, now)]
    tell(actor, secondment, "secondment_moved", now, whom=whom, what=person.name)
