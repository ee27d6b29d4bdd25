"""Inspections and the register of problems: who sees which, a term's lists, what they come to."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Cluster, Employment, Inspection, Person, Problem, School, Term
from portal.queries import clusters
from portal.queries.paging import Page, page_of
from portal.queries.people import escaped, open_on


def inspection_by_id(district_id, inspection_id) -> Inspection | None:
    """One inspection."""
    return db.session.get(Inspection, (district_id, inspection_id))


def problem_by_id(district_id, problem_id) -> Problem | None:
    """One line of the register."""
    return db.session.get(Problem, (district_id, problem_id))


def inspections_visible_to(actor: Actor):
    """The inspections that ``inspection.view`` shows this person, as a select."""
    found = select(Inspection).where(Inspection.district_id == actor.district_id)
    if actor.offices:
        return found
    told = Inspection.state == "published"
    return found.where(
        or_(
            and_(
                Inspection.cluster_id.in_(actor.decides),
                or_(told, Inspection.body == "lead"),
            ),
            and_(told, Inspection.school_id.is_(None), Inspection.cluster_id.in_(actor.oversees)),
            and_(told, Inspection.school_id.in_(actor.manages_schools)),
        )
    )


def problems_visible_to(actor: Actor):
    """The problems that ``problem.view`` shows this person, as a select."""
    found = select(Problem).where(Problem.district_id == actor.district_id)
    if actor.offices:
        return found
    equal = {key for key in actor.oversees if actor.profiles.get(key) == "equal"}
    return found.where(
        or_(
            Problem.owner_id == actor.person_id,
            Problem.school_id.in_(actor.manages_schools),
            Problem.cluster_id.in_(actor.decides | equal),
            and_(Problem.school_id.is_(None), Problem.cluster_id.in_(actor.oversees)),
        )
    )


def _fitting(found, model, cluster_id, school_id, column, words: str):
    for held, value in ((model.cluster_id, cluster_id), (model.school_id, school_id)):
        if value:
            found = found.where(held == value)
    if words:
        found = found.where(column.ilike(f"%{escaped(words)}%", escape="\\"))
    return found


def inspections(actor: Actor, term: Term, *, cluster_id=None, school_id=None, words: str = ""):
    """The inspections of a term that fit, as a select."""
    found = inspections_visible_to(actor).where(Inspection.term_id == term.id)
    found = _fitting(found, Inspection, cluster_id, school_id, Inspection.title, words)
    return found.options(joinedload(Inspection.school), joinedload(Inspection.cluster))


def inspection_page(actor: Actor, term: Term, cursor: str | None, **filters) -> Page:
    """One page of them, the newest first."""
    return page_of(inspections(actor, term, **filters), Inspection.held_on, Inspection.id, cursor)


def all_inspections(actor: Actor, term: Term, **filters) -> list[Inspection]:
    """The same at once, for export."""
    found = inspections(actor, term, **filters).order_by(Inspection.held_on, Inspection.id).limit(5_000)
    return list(db.session.scalars(found))


def _in_register(term: Term):
    """As ``domain.supervision.in_register``: what was found by the term's end and not over before it began."""
    return and_(
        Problem.found_on <= term.last_day,
        or_(Problem.confirmed_on.is_(None), Problem.confirmed_on >= term.first_day),
    )


def problems(
    actor: Actor,
    term: Term,
    *,
    cluster_id=None,
    school_id=None,
    words: str = "",
    state: str = "",
    category: str = "",
    late_on: date | None = None,
):
    """The register of a term: the problems found in it and those that came with it from earlier ones."""
    found = problems_visible_to(actor).where(_in_register(term))
    found = _fitting(found, Problem, cluster_id, school_id, Problem.text, words)
    if state:
        found = found.where(Problem.state == state)
    if category:
        found = found.where(Problem.category == category)
    if late_on:
        found = found.where(Problem.state.in_(("open", "mending")), Problem.due_on < late_on)
    return found.options(joinedload(Problem.school), joinedload(Problem.cluster), joinedload(Problem.owner))


def problem_page(actor: Actor, term: Term, cursor: str | None, **filters) -> Page:
    """One page of the register, the newest first."""
    return page_of(problems(actor, term, **filters), Problem.found_on, Problem.id, cursor)


def all_problems(actor: Actor, term: Term, **filters) -> list[Problem]:
    """The same at once, for export."""
    found = problems(actor, term, **filters).order_by(Problem.found_on, Problem.id).limit(5_000)
    return list(db.session.scalars(found))


def problem_counts(actor: Actor, term: Term, **filters) -> dict[str, int]:
    """State -> lines of the register that fit."""
    found = problems(actor, term, **filters).with_only_columns(Problem.state, func.count())
    rows = db.session.execute(found.group_by(Problem.state))
    return {state: count for state, count in rows}


def of_findings(inspection: Inspection) -> dict[int, Problem]:
    """Finding -> the line of the register that was made of it."""
    found = db.session.scalars(
        select(Problem).where(
            Problem.district_id == inspection.district_id, Problem.inspection_id == inspection.id
        )
    )
    return {problem.finding: problem for problem in found}


def schools_of(cluster: Cluster, day: date) -> list[School]:
    """The members of a cluster on a day."""
    return [each.school for each in clusters.members_on(cluster, day)]


def staff_of(district_id, school_ids, day: date) -> list[tuple[Person, str]]:
    """(person, school) of those whose home school is one of these, for the choice of who answers."""
    rows = db.session.execute(
        select(Person, School.name)
        .join(
            Employment, and_(Employment.district_id == Person.district_id, Employment.person_id == Person.id)
        )
        .join(School, and_(School.district_id == Employment.district_id, School.id == Employment.school_id))
        .where(
            Person.district_id == district_id, Employment.school_id.in_(school_ids), open_on(Employment, day)
        )
        .order_by(School.name, Person.pinyin, Person.id)
    )
    return [(person, school) for person, school in rows]


@dataclass(frozen=True)
class Supervised:
    """What supervision came to for one cluster and term: no school or person is named."""

    inspections: int = 0
    problems: int = 0
    confirmed: int = 0
    late: int = 0


def numbers_of(district_id, cluster_ids, term: Term, today: date) -> dict:
    """Cluster -> its published inspections and the lines of its register; two statements for any number."""
    visits = {
        key: count
        for key, count in db.session.execute(
            select(Inspection.cluster_id, func.count())
            .where(
                Inspection.district_id == district_id,
                Inspection.cluster_id.in_(cluster_ids),
                Inspection.term_id == term.id,
                Inspection.state == "published",
            )
            .group_by(Inspection.cluster_id)
        )
    }

    def counted(condition):
        return func.sum(case((condition, 1), else_=0))

    rows = db.session.execute(
        select(
            Problem.cluster_id,
            func.count(),
            counted(Problem.state == "confirmed"),
            counted(and_(Problem.state.in_(("open", "mending")), Problem.due_on < today)),
        )
        .where(Problem.district_id == district_id, Problem.cluster_id.in_(cluster_ids), _in_register(term))
        .group_by(Problem.cluster_id)
    )
    lines = {key: (count, int(done), int(late)) for key, count, done, late in rows}
    return {key: Supervised(visits.get(key, 0), *lines.get(key, (0, 0, 0))) for key in cluster_ids}
