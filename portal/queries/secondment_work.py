"""What is there of secondments, counted for many at once from the records: lessons, notes, leave, contacts."""

from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.domain.secondments import AWAY, OWED, Facts, Gap, gaps
from portal.extensions import db
from portal.models import (
    CalendarDay,
    Reflection,
    Secondment,
    SecondmentContact,
    SecondmentEntry,
    SecondmentEvaluation,
    SecondmentLeave,
    StudyPlan,
    StudyTrip,
    WorkRecord,
)
from portal.queries import attachments

# Logs that count as the essay (心得体会): those of training, study and exchange.
ESSAYS = ("training", "study", "exchange")


def entry_by_id(district_id, entry_id) -> SecondmentEntry | None:
    """One entry."""
    return db.session.get(SecondmentEntry, (district_id, entry_id))


def leave_by_id(district_id, leave_id) -> SecondmentLeave | None:
    """One leave."""
    return db.session.get(SecondmentLeave, (district_id, leave_id))


def trip_by_id(district_id, trip_id) -> StudyTrip | None:
    """One visit in a group."""
    return db.session.get(StudyTrip, (district_id, trip_id))


def plan_of(secondment: Secondment) -> StudyPlan | None:
    """The study plan, if one has been begun."""
    return db.session.scalar(_of(StudyPlan, [secondment]))


def _of(model, secondments):
    keys = [each.id for each in secondments]
    return select(model).where(model.district_id == secondments[0].district_id, model.secondment_id.in_(keys))


def entries_of(secondment: Secondment) -> dict[str, list[SecondmentEntry]]:
    """The entries by kind, what is due first."""
    found = defaultdict(list)
    for row in db.session.scalars(
        _of(SecondmentEntry, [secondment]).order_by(
            SecondmentEntry.due_on, SecondmentEntry.happened_on, SecondmentEntry.id
        )
    ):
        found[row.kind].append(row)
    return dict(found)


def entries_with_files(secondment: Secondment) -> set:
    """The keys of the entries that have a file (S4-66)."""
    mine = _of(SecondmentEntry, [secondment]).with_only_columns(SecondmentEntry.id)
    return set(attachments.kinds_of("secondment_entry", secondment.district_id, mine))


def leaves_of(secondment: Secondment) -> list[SecondmentLeave]:
    """Every leave, the latest first."""
    rows = _of(SecondmentLeave, [secondment]).options(joinedload(SecondmentLeave.decided_by))
    return list(db.session.scalars(rows.order_by(SecondmentLeave.first_day.desc(), SecondmentLeave.id)))


def contacts_of(secondment: Secondment) -> list[SecondmentContact]:
    """When the office spoke with the secondee, the latest first."""
    rows = _of(SecondmentContact, [secondment]).options(joinedload(SecondmentContact.person))
    return list(db.session.scalars(rows.order_by(SecondmentContact.held_on.desc(), SecondmentContact.id)))


def evaluations_of(secondment: Secondment) -> dict[str, SecondmentEvaluation]:
    """The evaluations by side."""
    rows = _of(SecondmentEvaluation, [secondment]).options(joinedload(SecondmentEvaluation.person))
    return {row.side: row for row in db.session.scalars(rows)}


def facts_of(secondments: list[Secondment], today: date) -> dict[object, Facts]:
    """The facts of many secondments by key, in a fixed number of statements. Only of those with dates."""
    dated = [each for each in secondments if each.starts_on and each.ends_on]
    if not dated:
        return {}
    heard, notes = _heard(dated)
    essays, entries = _essays(dated), _entries(dated)
    plans = {row.secondment_id: row for row in db.session.scalars(_of(StudyPlan, dated))}
    leaves = _leaves(dated)
    contacts = dict(
        db.session.execute(
            _of(SecondmentContact, dated)
            .with_only_columns(SecondmentContact.secondment_id, func.max(SecondmentContact.held_on))
            .group_by(SecondmentContact.secondment_id)
        ).all()
    )
    judged = defaultdict(set)
    for row in db.session.scalars(_of(SecondmentEvaluation, dated)):
        judged[row.secondment_id].add(row.side)
    holidays = _holidays(dated)
    return {
        each.id: Facts(
            state=each.state,
            starts_on=each.starts_on,
            ends_on=each.ends_on,
            arrive_to=each.batch.arrive_to if each.batch_id else None,
            arrived_on=each.arrived_on,
            plan_on=plans[each.id].handed_in_on if each.id in plans else None,
            time_stated=bool(each.time_guarantee),
            heard=heard[each.id],
            notes=notes[each.id],
            essays=essays.get(each.id, 0),
            last_contact=contacts.get(each.id),
            report_on=each.report_on,
            host_evaluated="host" in judged[each.id],
            office_evaluated="office" in judged[each.id],
            leaves_open=[row.last_day for row in leaves[each.id] if row.state == "approved"],
            off=holidays | _leave_days(leaves[each.id]),
            **_counted(entries[each.id]),
        )
        for each in dated
    }


def _counted(rows: list[SecondmentEntry]) -> dict:
    books = [row for row in rows if row.kind == "book"]
    return {
        "topics": sum(row.kind == "topic" for row in rows),
        "books": len(books),
        "books_noted": sum(bool(row.body) for row in books),
        "owed": [(row.due_on, row.done_on is not None) for row in rows if row.kind in OWED],
    }


def _away(day_column):
    """The condition that a day lies between arrival and the end."""
    return and_(
        Secondment.arrived_on.is_not(None), day_column.between(Secondment.arrived_on, Secondment.ends_on)
    )


def _heard(dated) -> tuple[dict, dict]:
    """Lessons heard by day, and how many records of them carry own words (S4-07): from 记一笔, never typed twice."""
    rows = db.session.execute(
        select(
            Secondment.id,
            WorkRecord.happened_on,
            func.sum(func.coalesce(WorkRecord.periods, 1)),
            func.count(func.nullif(func.trim(WorkRecord.line + WorkRecord.body), "")),
        )
        .join(
            WorkRecord,
            and_(
                WorkRecord.district_id == Secondment.district_id,
                WorkRecord.person_id == Secondment.person_id,
                WorkRecord.kind == "observation",
                _away(WorkRecord.happened_on),
            ),
        )
        .where(Secondment.district_id == dated[0].district_id, Secondment.id.in_([each.id for each in dated]))
        .group_by(Secondment.id, WorkRecord.happened_on)
    )
    heard, notes = defaultdict(dict), defaultdict(int)
    for key, day, lessons, written in rows:
        heard[key][day] = int(lessons)
        notes[key] += written
    return heard, notes


def _essays(dated) -> dict:
    """How many submitted logs of the time away belong to the posting or are of a fitting kind; never what they say."""
    return dict(
        db.session.execute(
            select(Secondment.id, func.count())
            .join(
                Reflection,
                and_(
                    Reflection.district_id == Secondment.district_id,
                    Reflection.person_id == Secondment.person_id,
                    Reflection.state == "submitted",
                    or_(
                        Reflection.posting_id == Secondment.posting_id,
                        and_(
                            Reflection.kind.in_(ESSAYS),
                            Secondment.arrived_on.is_not(None),
                            Reflection.happened_on >= Secondment.arrived_on,
                            Reflection.happened_on <= Secondment.ends_on,
                        ),
                    ),
                ),
            )
            .where(
                Secondment.district_id == dated[0].district_id,
                Secondment.id.in_([each.id for each in dated]),
            )
            .group_by(Secondment.id)
        ).all()
    )


def _entries(dated) -> dict:
    found = defaultdict(list)
    for row in db.session.scalars(_of(SecondmentEntry, dated)):
        found[row.secondment_id].append(row)
    return found


def _leaves(dated) -> dict:
    found = defaultdict(list)
    rows = _of(SecondmentLeave, dated).where(SecondmentLeave.state.in_(("approved", "back")))
    for row in db.session.scalars(rows):
        found[row.secondment_id].append(row)
    return found


def _leave_days(leaves) -> frozenset:
    return frozenset(
        row.first_day + timedelta(days=n)
        for row in leaves
        for n in range((row.last_day - row.first_day).days + 1)
    )


def _holidays(dated) -> frozenset:
    first = min(each.arrived_on or each.starts_on for each in dated)
    last = max(each.ends_on for each in dated)
    return frozenset(
        db.session.scalars(
            select(CalendarDay.day).where(
                CalendarDay.district_id == dated[0].district_id,
                CalendarDay.day.between(first, last),
                CalendarDay.kind != "swapped",
            )
        )
    )


def gaps_of(secondments: list[Secondment], today: date) -> dict[object, list[Gap]]:
    """What is missing of each, by key."""
    facts = facts_of(secondments, today)
    return {
        each.id: gaps(facts[each.id], each.programme.targets, today) if each.id in facts else []
        for each in secondments
    }


def away_now(district_id) -> list[Secondment]:
    """Everybody who is away now."""
    return list(
        db.session.scalars(
            select(Secondment)
            .where(Secondment.district_id == district_id, Secondment.state.in_(AWAY))
            .options(joinedload(Secondment.person), joinedload(Secondment.programme))
        )
    )


# Visits in a group


def trips_visible_to(actor: Actor):
    """The visits that ``study_trip.view`` shows this person, as a select."""
    found = select(StudyTrip).where(StudyTrip.district_id == actor.district_id)
    return found if actor.offices else found.where(StudyTrip.school_id.in_(actor.works_at))


def trips(actor: Actor) -> list[StudyTrip]:
    """The visits in sight, the latest first."""
    found = trips_visible_to(actor).options(joinedload(StudyTrip.school))
    return list(
        db.session.scalars(found.order_by(StudyTrip.starts_on.desc(), StudyTrip.id.desc()).limit(200))
    )


def trips_of(secondment: Secondment) -> list[StudyTrip]:
    """The delegations that a secondee arranged (S4-08)."""
    return list(db.session.scalars(_of(StudyTrip, [secondment]).order_by(StudyTrip.starts_on, StudyTrip.id)))
