"""The turn of a cluster's term: what goes on, what is over, what is settled already."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select

from portal.domain import term_turn
from portal.domain.access import Actor, can
from portal.domain.term_turn import GOES_ON, OVER
from portal.extensions import db
from portal.models import (
    Cluster,
    ClusterGroup,
    MentoringPair,
    School,
    SchoolPairing,
    Term,
    TermTurnMark,
    VisitingLesson,
)
from portal.queries import groups, mentoring, pairing, term_plans, terms
from portal.queries.last_term import term_before

#: What each kind of line asks of whoever ticks it.
ASKS = {"pairing": "pairing.edit", "pair": "mentoring.end", "group": "group.edit"}


def turn_of(district_id, code: str | None, today: date) -> tuple[Term, Term] | None:
    """(the term that ends, the one that begins): as an address names the second, else the nearest turn."""
    named = terms.by_code(district_id, (code or "")[:32]) if code else None
    before = term_before(named) if named else None
    if before is not None:
        return before, named
    return term_turn.nearest(terms.all_terms(district_id), today)


@dataclass(frozen=True)
class Line:
    """Something that was under way. ``may`` says whether this person may settle it, ``settled`` by which mark."""

    kind: str
    row: object
    fate: str
    settled: TermTurnMark | None
    may: bool

    @property
    def is_open(self) -> bool:
        """Whether it can be ticked now: it goes on and nobody said so, or is over and not closed."""
        return self.settled is None and self.fate in (GOES_ON, OVER)


def marks_of(cluster: Cluster, term: Term) -> dict[tuple[str, UUID], TermTurnMark]:
    """(kind, subject) -> what is settled for a term."""
    rows = db.session.scalars(
        select(TermTurnMark).where(
            TermTurnMark.district_id == cluster.district_id,
            TermTurnMark.cluster_id == cluster.id,
            TermTurnMark.term_id == term.id,
        )
    )
    return {(row.kind, row.subject_id): row for row in rows}


def lines_of(actor: Actor, cluster: Cluster, term: Term, today: date, marks: dict, *, school_id=None) -> list:
    """School pairs, mentoring pairs and groups under way, with what was settled; for a school only its pairs."""
    asked = {"cluster_id": cluster.id, "school_id": school_id}
    found = [
        *_lines(actor, "pairing", pairing.matching(actor, **asked), SchoolPairing, term, today, marks),
        *_lines(actor, "pair", mentoring.matching(actor, **asked), MentoringPair, term, today, marks),
    ]
    if school_id is None:
        found += _lines(actor, "group", _groups(actor, cluster), ClusterGroup, term, today, marks)
    return found


def _groups(actor: Actor, cluster: Cluster):
    # A group that has ended has nothing to be settled: its dates say so already.
    return groups.visible_to(actor).where(ClusterGroup.cluster_id == cluster.id)


def _lines(actor: Actor, kind: str, found, model, term: Term, today: date, marks: dict) -> list[Line]:
    settled = [key for of_kind, key in marks if of_kind == kind]
    under_way = or_(model.ends_on.is_(None), model.ends_on >= today)
    if kind != "group":
        under_way = model.state == "active"
    rows = db.session.scalars(
        found.where(or_(under_way & (model.starts_on < term.first_day), model.id.in_(settled)))
        .order_by(model.starts_on, model.id)
        .limit(300)
    )
    lines = []
    for row in rows:
        what = term_turn.fate(row.ends_on, term.first_day, today)
        lines.append(Line(kind, row, what, marks.get((kind, row.id)), can(actor, ASKS[kind], row)))
    return lines


@dataclass(frozen=True)
class PerTerm:
    """What a cluster has once a term: how much there was, how much there is now, who settled it, who may."""

    kind: str
    before: int
    now: int
    may: bool

    @property
    def is_done(self) -> bool:
        """Whether the new term has it."""
        return self.now > 0

    @property
    def is_open(self) -> bool:
        """Whether there is something to carry over and nothing yet to carry it into."""
        return self.before > 0 and not self.is_done


def duties_of(actor: Actor, cluster: Cluster, before: Term, term: Term) -> PerTerm:
    """The duty table: turns of the old term and of the new one."""
    old, new = (len(groups.turns_of(cluster, t.first_day, t.last_day)) for t in (before, term))
    return PerTerm("duties", old, new, can(actor, "cluster.duties", cluster))


def plan_of(actor: Actor, cluster: Cluster, term: Term) -> PerTerm:
    """The plan: every term has one, and it is begun once."""
    begun = term_plans.of_cluster(cluster, term) is not None
    return PerTerm("plan", 1, int(begun), can(actor, "term_plan.open", cluster))


@dataclass(frozen=True)
class Timetable:
    """Visiting lessons that a school's teachers give elsewhere: in the old term and in the new one."""

    school: School
    before: int
    now: int


def timetables_of(schools: list[School], before: Term, term: Term) -> list[Timetable]:
    """School -> its teachers' visiting lessons in both terms; those who had some, by name. One query."""
    rows = db.session.execute(
        select(VisitingLesson.home_school_id, VisitingLesson.term_id, func.count())
        .where(
            VisitingLesson.district_id == term.district_id,
            VisitingLesson.home_school_id.in_([school.id for school in schools]),
            VisitingLesson.term_id.in_([before.id, term.id]),
            VisitingLesson.school_id != VisitingLesson.home_school_id,
        )
        .group_by(VisitingLesson.home_school_id, VisitingLesson.term_id)
    )
    counts = {(school_id, term_id): count for school_id, term_id, count in rows}
    found = [Timetable(s, counts.get((s.id, before.id), 0), counts.get((s.id, term.id), 0)) for s in schools]
    return sorted((each for each in found if each.before or each.now), key=lambda each: each.school.name)
