"""The facts of a cluster's term, read from the records by a handful of Core queries, and its figures.

Nothing is counted twice across clusters: a school counts in its main cluster of the term, a movement
where the person was sent from. Of reflection logs only counts are read, never a text.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from portal.domain import figures, schemes, term_facts
from portal.domain.moments import SHANGHAI, local_day
from portal.extensions import db
from portal.models import (
    Activity,
    ActivityParticipant,
    Cluster,
    Inspection,
    LedgerEntry,
    Meeting,
    Membership,
    MentoringPair,
    Posting,
    Problem,
    Reflection,
    RoleAssignment,
    School,
    SchoolPairing,
    Term,
    VisitingLesson,
    VisitingSession,
    WorkRecord,
)
from portal.queries import figure_secondments, typical_cases
from portal.queries.activity_work import of_cluster
from portal.queries.figure_schools import overlaps, school_facts


@cache
def scheme_of(code: str) -> schemes.Scheme:
    """The scheme under a code; read once, since a shipped scheme does not change while we run."""
    return schemes.load_scheme(code)


@dataclass(frozen=True)
class TermFigures:
    """The figures of a cluster's term as they stand on a day, and the facts that they rest on."""

    facts: term_facts.TermFacts
    figures: dict[str, figures.Figure]
    as_of: date


def term_figures(cluster: Cluster, term: Term, as_of: date) -> TermFigures:
    """Read the facts and compute every figure of the term as it stands on a day."""
    facts = read_facts(cluster, term, as_of)
    scheme = scheme_of(cluster.scheme_code)
    return TermFigures(facts, figures.compute(facts, term.value, as_of=as_of, scheme=scheme), as_of)


def read_facts(cluster: Cluster, term: Term, as_of: date) -> term_facts.TermFacts:
    """Everything that the figures of a cluster's term rest on. ``as_of`` is the last day that counts."""
    first, last = term.first_day, max(term.first_day, min(term.last_day, as_of))
    schools = school_facts(cluster, first, last)
    counted = [school.id for school in schools]
    sent = _Sent(cluster, counted, first, last)
    pairs = (*_school_pairs(cluster, counted, term), *_mentoring_pairs(cluster, term))
    return term_facts.TermFacts(
        schools=schools,
        meetings=_meetings(cluster, first, last),
        activities=_activities(cluster, counted, first, last),
        postings=_postings(cluster, sent, term),
        sessions=_sessions(cluster, sent, term),
        pairs=pairs,
        records=_records(cluster, [pair.id for pair in pairs], first, last),
        reflections=_reflections(cluster, first, last),
        ledgers=_ledgers(cluster, term, last),
        inspections=_inspections(cluster, term, last),
        problems=_problems(cluster, first, last),
        secondments=figure_secondments.facts(cluster.district_id, sent, first, last),
    )


def _between(column, first: date, last: date):
    """A moment lies on one of the days of the district's clock."""
    start = datetime.combine(first, time(), SHANGHAI)
    return and_(column >= start, column < datetime.combine(last + timedelta(days=1), time(), SHANGHAI))


def _meetings(cluster: Cluster, first: date, last: date) -> tuple[term_facts.MeetingFact, ...]:
    rows = db.session.execute(
        select(Meeting.id, Meeting.starts_at, Meeting.kind, Meeting.state).where(
            Meeting.district_id == cluster.district_id,
            Meeting.cluster_id == cluster.id,
            _between(Meeting.starts_at, first, last),
            Meeting.state.in_(("held", "minuted", "confirmed")),
        )
    )
    return tuple(
        term_facts.MeetingFact(row.id, local_day(row.starts_at), row.kind, True, row.state == "confirmed")
        for row in rows
    )


def _activities(
    cluster: Cluster, counted: list, first: date, last: date
) -> tuple[term_facts.ActivityFact, ...]:
    held = and_(
        Activity.district_id == cluster.district_id,
        of_cluster(cluster.id),
        _between(Activity.starts_at, first, last),
        Activity.state.in_(("held", "closed")),
    )
    came = defaultdict(set)
    for activity_id, person_id, school_id in db.session.execute(
        select(ActivityParticipant.activity_id, ActivityParticipant.person_id, ActivityParticipant.school_id)
        .join(
            Activity,
            and_(
                Activity.district_id == ActivityParticipant.district_id,
                Activity.id == ActivityParticipant.activity_id,
            ),
        )
        .where(held, ActivityParticipant.school_id.in_(counted))
    ):
        came[activity_id].add((person_id, school_id))
    rows = db.session.execute(
        select(Activity.id, Activity.starts_at, Activity.kind, Activity.is_large).where(held)
    )
    return tuple(
        term_facts.ActivityFact(
            row.id, local_day(row.starts_at), row.kind, frozenset(came[row.id]), row.is_large
        )
        for row in rows
    )


class _Sent:
    """Which movements count here: those from a counted school, or to one from a school of no cluster."""

    def __init__(self, cluster: Cluster, counted: list, first: date, last: date):
        self.counted = counted
        self.clustered = select(Membership.school_id).where(
            Membership.district_id == cluster.district_id,
            Membership.is_main.is_(True),
            *overlaps(Membership, first, last),
        )

    def counts(self, home, host):
        """The condition on the columns of the sending and the receiving school."""
        return or_(home.in_(self.counted), and_(host.in_(self.counted), home.not_in(self.clustered)))


def _postings(cluster: Cluster, sent: _Sent, term: Term) -> tuple[term_facts.PostingFact, ...]:
    home, host = aliased(School), aliased(School)
    rows = db.session.execute(
        select(
            Posting.id,
            Posting.person_id,
            Posting.form,
            Posting.starts_on,
            Posting.ends_on,
            Posting.arrived_on,
            home.location.label("origin"),
            host.location.label("destination"),
            Posting.personnel_transfer,
            Posting.counts_towards_quota,
        )
        .join(home, and_(home.district_id == Posting.district_id, home.id == Posting.home_school_id))
        .join(host, and_(host.district_id == Posting.district_id, host.id == Posting.host_school_id))
        .where(
            Posting.district_id == cluster.district_id,
            or_(
                Posting.state.in_(("planned", "active", "completed")),
                and_(Posting.state == "ended_early", Posting.arrived_on.is_not(None)),
            ),
            *overlaps(Posting, term.first_day, term.last_day),
            sent.counts(Posting.home_school_id, Posting.host_school_id),
        )
    ).all()
    principals = _principals(cluster, {row.person_id for row in rows}, term)
    return tuple(
        term_facts.PostingFact(
            *row[:9], counts=row.counts_towards_quota, is_principal=row.person_id in principals
        )
        for row in rows
    )


def _principals(cluster: Cluster, person_ids: set, term: Term) -> set:
    """Which of these people were principals during the term."""
    if not person_ids:
        return set()
    return set(
        db.session.scalars(
            select(RoleAssignment.person_id).where(
                RoleAssignment.district_id == cluster.district_id,
                RoleAssignment.person_id.in_(person_ids),
                RoleAssignment.role == "principal",
                *overlaps(RoleAssignment, term.first_day, term.last_day),
            )
        )
    )


def _sessions(cluster: Cluster, sent: _Sent, term: Term) -> tuple[term_facts.SessionFact, ...]:
    rows = db.session.execute(
        select(VisitingSession.id, VisitingSession.held_on, VisitingSession.person_id, VisitingSession.state)
        .join(
            VisitingLesson,
            and_(
                VisitingLesson.district_id == VisitingSession.district_id,
                VisitingLesson.id == VisitingSession.lesson_id,
            ),
        )
        .where(
            VisitingSession.district_id == cluster.district_id,
            VisitingSession.held_on.between(term.first_day, term.last_day),
            VisitingSession.state != "cancelled",
            VisitingLesson.term_id == term.id,
            # Lessons at home stand in the timetable for its clashes; nobody visits there.
            VisitingLesson.home_school_id != VisitingLesson.school_id,
            sent.counts(VisitingLesson.home_school_id, VisitingLesson.school_id),
        )
    )
    return tuple(term_facts.SessionFact(*row) for row in rows)


def _school_pairs(cluster: Cluster, counted: list, term: Term) -> list[term_facts.PairFact]:
    rows = db.session.execute(
        select(SchoolPairing.id, SchoolPairing.starts_on, SchoolPairing.ends_on).where(
            SchoolPairing.district_id == cluster.district_id,
            or_(
                SchoolPairing.cluster_id == cluster.id,
                and_(SchoolPairing.cluster_id.is_(None), SchoolPairing.donor_id.in_(counted)),
            ),
            SchoolPairing.state.in_(("active", "closed")),
            *overlaps(SchoolPairing, term.first_day, term.last_day),
        )
    )
    return [term_facts.PairFact(row.id, "school", row.starts_on, row.ends_on) for row in rows]


def _mentoring_pairs(cluster: Cluster, term: Term) -> list[term_facts.PairFact]:
    rows = db.session.execute(
        select(
            MentoringPair.id,
            MentoringPair.starts_on,
            MentoringPair.ends_on,
            MentoringPair.mentor_id,
            MentoringPair.every_weeks,
        ).where(
            MentoringPair.district_id == cluster.district_id,
            MentoringPair.cluster_id == cluster.id,
            MentoringPair.state.in_(("active", "finished", "broken_off")),
            *overlaps(MentoringPair, term.first_day, term.last_day),
        )
    )
    return [term_facts.PairFact(row[0], "mentoring", *row[1:]) for row in rows]


def _records(cluster: Cluster, pair_ids: list, first: date, last: date) -> tuple[term_facts.RecordFact, ...]:
    if not pair_ids:
        return ()
    rows = db.session.execute(
        select(
            WorkRecord.id,
            WorkRecord.happened_on,
            WorkRecord.mentoring_pair_id,
            WorkRecord.school_pairing_id,
        ).where(
            WorkRecord.district_id == cluster.district_id,
            WorkRecord.happened_on.between(first, last),
            or_(WorkRecord.mentoring_pair_id.in_(pair_ids), WorkRecord.school_pairing_id.in_(pair_ids)),
        )
    )
    return tuple(
        term_facts.RecordFact(row[0], row[1], frozenset(pair for pair in row[2:] if pair)) for row in rows
    )


def _reflections(cluster: Cluster, first: date, last: date) -> tuple[term_facts.ReflectionFact, ...]:
    rows = db.session.execute(
        select(
            Reflection.id,
            Reflection.happened_on,
            Reflection.person_id,
            Reflection.school_id,
            Reflection.visibility,
        ).where(
            Reflection.district_id == cluster.district_id,
            Reflection.cluster_id == cluster.id,
            Reflection.state == "submitted",
            Reflection.happened_on.between(first, last),
        )
    )
    selected = typical_cases.selected_logs(cluster)
    return tuple(term_facts.ReflectionFact(*row, is_selected=row.id in selected) for row in rows)


def _ledgers(cluster: Cluster, term: Term, last: date) -> tuple[term_facts.LedgerFact, ...]:
    rows = db.session.execute(
        select(
            LedgerEntry.id,
            LedgerEntry.kind,
            LedgerEntry.days,
            LedgerEntry.person_times,
            LedgerEntry.flow,
            LedgerEntry.cents,
        ).where(
            LedgerEntry.district_id == cluster.district_id,
            LedgerEntry.cluster_id == cluster.id,
            LedgerEntry.term_id == term.id,
            LedgerEntry.held_on <= last,
            LedgerEntry.removed_at.is_(None),
        )
    )
    return tuple(term_facts.LedgerFact(*row) for row in rows)


def _inspections(cluster: Cluster, term: Term, last: date) -> tuple[term_facts.InspectionFact, ...]:
    rows = db.session.scalars(
        select(Inspection.id).where(
            Inspection.district_id == cluster.district_id,
            Inspection.cluster_id == cluster.id,
            Inspection.term_id == term.id,
            Inspection.held_on <= last,
            Inspection.state == "published",
        )
    )
    return tuple(map(term_facts.InspectionFact, rows))


def _problems(cluster: Cluster, first: date, last: date) -> tuple[term_facts.ProblemFact, ...]:
    rows = db.session.execute(
        select(Problem.id, Problem.category, Problem.state, Problem.due_on, Problem.confirmed_on).where(
            Problem.district_id == cluster.district_id,
            Problem.cluster_id == cluster.id,
            Problem.found_on <= last,
            or_(Problem.confirmed_on.is_(None), Problem.confirmed_on >= first),
        )
    )
    return tuple(
        term_facts.ProblemFact(
            row.id, row.category, row.state in ("open", "mending"), row.due_on, row.confirmed_on
        )
        for row in rows
    )
