"""The figures of a cluster's term: each defined once, computed from facts, open to its rows.

Persons (人) and person-times (人次) are different figures. A share of nothing has no value. What
a scheme does not set is `unset`, what the records do not hold is `unknown`; neither is zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from portal.domain.calendar import Term, months_owed
from portal.domain.figure_definitions import BREAKDOWN_WORDS, DEFINITIONS, FIGURES, FigureDefinition
from portal.domain.figure_values import Figure, percent, ratio, tenths
from portal.domain.ledger_figures import ledger_values
from portal.domain.schemes import Scheme, counter_target
from portal.domain.secondment_figures import secondment_figures
from portal.domain.supervision_figures import supervision_values
from portal.domain.term_facts import MEMBERS_MEETINGS, Id, PairFact, PostingFact, TermFacts
from portal.domain.words import N_, Message, message

__all__ = [
    "DEFINITIONS",
    "FIGURES",
    "Figure",
    "FigureDefinition",
    "Figures",
    "compute",
    "figures_from_data",
    "figures_to_data",
    "meeting_target",
    "plain_number",
    "shown",
]


Figures = Mapping[str, Figure]


def meeting_target(scheme: Scheme, term: Term) -> int | None:
    """Members' meetings that a scheme asks for in a term; None when it sets no number.

    D0: one in each month of the term. E5: two a term. E7: "regularly", no number.
    """
    return counter_target(scheme, "meeting", term)


def shown(figure: Figure, unit: str = "") -> Message:
    """A figure as it is printed, without its unit but with the percent sign."""
    if figure.value is None:
        words = {"unset": N_("未设定"), "unknown": N_("缺少数据")}
        return message(words.get(figure.missing, N_("—")))
    return message("%(number)s", number=plain_number(figure.value) + ("%" if unit == "%" else ""))


def plain_number(value: int | float) -> str:
    """`12`, `12.5`, `12345.67`; never `12.0`."""
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def figures_to_data(figures: Figures) -> dict[str, dict]:
    """Figures as plain JSON values, ids as text: what a signed snapshot freezes."""
    return {
        key: {
            "value": figure.value,
            "numerator": figure.numerator,
            "denominator": figure.denominator,
            "rows": [str(row) for row in figure.rows],
            "breakdown": [list(part) for part in figure.breakdown],
            "missing": figure.missing,
        }
        for key, figure in figures.items()
    }


def figures_from_data(data: Mapping[str, Mapping]) -> dict[str, Figure]:
    """The figures of a snapshot; a figure that a later version added is not in it."""
    return {
        key: Figure(
            each["value"],
            each["numerator"],
            each["denominator"],
            tuple(each["rows"]),
            tuple((label, value) for label, value in each["breakdown"]),
            each["missing"],
        )
        for key, each in data.items()
    }


def compute(facts: TermFacts, term: Term, *, as_of: date, scheme: Scheme | None = None) -> dict[str, Figure]:
    """All figures of a cluster's term, in the order of `FIGURES`, as they stand on a day.

    The scheme gives the targets; without one every target is unset.
    """
    found: dict[str, Figure] = {}
    for part in (_basics, _exchange, _visiting, _meetings, _activities, _pairing, _reflections, _registers):
        found.update(part(facts, term, as_of, scheme))
    found.update(secondment_figures(_unique(facts.secondments), *_window(term, as_of)))
    return {key: found[key] for key in DEFINITIONS}


def _basics(facts: TermFacts, term: Term, as_of: date, scheme: Scheme | None) -> dict[str, Figure]:
    schools = _unique(facts.schools)
    teachers, counts = _teachers(schools), [(each.name, each.teacher_count) for each in schools]
    ids = _ids(schools)
    return {
        "schools": Figure(len(schools), rows=ids),
        "teachers": Figure(
            teachers, rows=ids, breakdown=tuple(counts), missing="" if teachers is not None else "unknown"
        ),
    }


def _exchange(facts: TermFacts, term: Term, as_of: date, scheme: Scheme | None) -> dict[str, Figure]:
    _, end = _window(term, as_of)
    here = [
        each for each in _unique(facts.postings) if each.last_day is None or each.last_day >= term.first_day
    ]
    arrived = [each for each in here if each.arrived_on and each.arrived_on <= end]
    counted = [each for each in arrived if each.counts]
    persons = {each.person_id for each in counted}
    principals = {each.person_id for each in counted if each.is_principal}
    waiting = [each for each in here if each.counts and not each.arrived_on and each.person_id not in persons]
    return {
        "exchanged_persons": Figure(
            len(persons),
            rows=_ids(counted),
            breakdown=(("principals", len(principals)), ("teachers", len(persons - principals))),
        ),
        "exchanged_person_times": Figure(
            len(counted), rows=_ids(counted), breakdown=_counts(map(_direction, counted))
        ),
        "exchange_waiting": Figure(len({each.person_id for each in waiting}), rows=_ids(waiting)),
        "posting_matrix": Figure(
            len(arrived), rows=_ids(arrived), breakdown=_counts(map(_matrix_cell, arrived))
        ),
    }


def _direction(posting: PostingFact) -> str:
    way = f"{posting.origin}_{posting.destination}"
    return way if way in BREAKDOWN_WORDS else "unknown"


def _matrix_cell(posting: PostingFact) -> str:
    relation = "transfer" if posting.personnel_transfer else "no_transfer"
    return f"{posting.form}/{_direction(posting)}/{relation}"


def _visiting(facts: TermFacts, term: Term, as_of: date, scheme: Scheme | None) -> dict[str, Figure]:
    sessions = [each for each in _unique(facts.sessions) if each.day in term and each.state != "cancelled"]

    def of(*states: str) -> list:
        return [each for each in sessions if each.state in states]

    def count(chosen: list) -> Figure:
        return Figure(len(chosen), rows=_ids(chosen))

    given, settled = of("given"), of("given", "substituted", "missed")
    return {
        "sessions_planned": count(sessions),
        "sessions_given": count(given),
        "sessions_substituted": count(of("substituted")),
        "sessions_missed": count(of("missed")),
        "sessions_unconfirmed": count([each for each in of("planned") if each.day < as_of]),
        "sessions_given_rate": percent(len(given), len(settled), rows=_ids(settled)),
        "circuit_teachers": Figure(len({each.teacher_id for each in given}), rows=_ids(given)),
    }


def _meetings(facts: TermFacts, term: Term, as_of: date, scheme: Scheme | None) -> dict[str, Figure]:
    first, end = _window(term, as_of)
    held = [each for each in _unique(facts.meetings) if each.held and first <= each.day <= end]
    members = [each for each in held if each.kind in MEMBERS_MEETINGS]
    months = Counter((each.day.year, each.day.month) for each in members)
    unminuted = [each for each in members if not each.minuted]

    def against(chosen: list, counter: str, breakdown: tuple = ()) -> Figure:
        target = counter_target(scheme, counter, term) if scheme else None
        return Figure(len(chosen), len(chosen), target, _ids(chosen), breakdown)

    if scheme and (counter := scheme.counter("meeting")) and counter.per == "month":
        gaps = [
            month
            for month in months_owed(term)
            if month not in months and min(_month_end(*month), term.last_day) <= end
        ]
        without = Figure(len(gaps), breakdown=tuple((_month(*month), 0) for month in gaps))
    else:
        without = Figure(None, missing="unset")
    return {
        "meetings_held": against(
            members, "meeting", tuple((_month(*month), months[month]) for month in sorted(months))
        ),
        "months_without_meeting": without,
        "meetings_without_minutes": Figure(len(unminuted), rows=_ids(unminuted)),
        "hearings_held": against([each for each in held if each.kind == "hearing"], "hearing"),
        "seminars_held": against([each for each in held if each.kind == "seminar"], "seminar"),
    }


def _activities(facts: TermFacts, term: Term, as_of: date, scheme: Scheme | None) -> dict[str, Figure]:
    first, end = _window(term, as_of)
    held = [each for each in _unique(facts.activities) if first <= each.day <= end]
    large = [each for each in held if each.is_large]
    present = [{person for person, _ in each.participants} for each in held]
    times = Counter()
    for each, persons in zip(held, present, strict=True):
        times[each.kind] += len(persons)
    takers = {taker for each in held for taker in each.participants}
    target = counter_target(scheme, "large_activity", term) if scheme else None
    return {
        "activities_held": Figure(len(held), rows=_ids(held), breakdown=_counts(each.kind for each in held)),
        "large_activities": Figure(len(large), len(large), target, _ids(large)),
        "activity_persons": Figure(len(set().union(*present)), rows=_ids(held)),
        "activity_person_times": Figure(
            sum(times.values()), rows=_ids(held), breakdown=tuple(sorted(times.items()))
        ),
        "participation_rate": _rate_by_school(facts, takers, _ids(held)),
    }


def _pairing(facts: TermFacts, term: Term, as_of: date, scheme: Scheme | None) -> dict[str, Figure]:
    first, end = _window(term, as_of)
    pairs = [
        each
        for each in _unique(facts.pairs)
        if each.first_day <= end and (each.last_day is None or each.last_day >= first)
    ]
    ids = {each.id for each in pairs}
    records = [each for each in _unique(facts.records) if first <= each.day <= end and each.pair_ids & ids]
    last_record: dict[Id, date] = {}
    for each in records:
        for pair_id in each.pair_ids:
            last_record[pair_id] = max(each.day, last_record.get(pair_id, each.day))
    judged = {
        each: resting
        for each in pairs
        if (resting := _is_inactive(each, last_record.get(each.id), first, end)) is not None
    }
    inactive = [each for each, resting in judged.items() if resting]
    school, mentoring = ([each for each in pairs if each.kind == kind] for kind in ("school", "mentoring"))
    return {
        "school_pairs": Figure(len(school), rows=_ids(school)),
        "mentoring_pairs": Figure(len(mentoring), rows=_ids(mentoring)),
        "pair_records": Figure(len(records), rows=_ids(records)),
        "records_per_pair": ratio(len(records), len(pairs), rows=_ids(records)),
        "inactive_pairs": Figure(len(inactive), len(inactive), len(judged), _ids(inactive)),
        **_coverage(facts, mentoring),
    }


def _is_inactive(pair: PairFact, last_record: date | None, first: date, end: date) -> bool | None:
    """Whether a pair has rested longer than agreed by the end of its time; None: cannot be said.

    The count begins with the term, so that the holidays are no rest.
    """
    if pair.every_weeks is None:
        return None
    until = min(end, pair.last_day or end)
    since = max(first, pair.first_day, last_record or first)
    return until - since > timedelta(weeks=pair.every_weeks)


def _coverage(facts: TermFacts, mentoring: list[PairFact]) -> dict[str, Figure]:
    urban = [each for each in _unique(facts.schools) if each.location == "urban"]
    titled = frozenset().union(*(each.titled for each in urban))
    mentors = {each.mentor_id for each in mentoring}
    bound = [each for each in mentoring if each.mentor_id in titled]
    by_school = [(each, each.titled & mentors) for each in urban if each.titled]
    alone = tuple(sorted(titled - mentors, key=str))
    return {
        "mentor_coverage": percent(
            len(titled & mentors),
            len(titled),
            rows=_ids(bound),
            breakdown=tuple(
                (each.name, tenths(100 * len(paired), len(each.titled))) for each, paired in by_school
            ),
        ),
        "titled_unpaired": Figure(
            len(alone),
            rows=alone,
            breakdown=tuple((each.name, len(each.titled - mentors)) for each, _ in by_school),
        ),
    }


def _reflections(facts: TermFacts, term: Term, as_of: date, scheme: Scheme | None) -> dict[str, Figure]:
    first, end = _window(term, as_of)
    logs = [each for each in _unique(facts.reflections) if first <= each.day <= end]
    shared = [each for each in logs if each.visibility == "cluster"]
    selected = [each for each in logs if each.is_selected]
    writers = {each.author_id for each in logs}
    by_school = Counter(each.school_id for each in logs)
    return {
        "logs": Figure(
            len(logs),
            rows=_ids(logs),
            breakdown=tuple((each.name, by_school[each.id]) for each in _unique(facts.schools)),
        ),
        "log_writers": Figure(len(writers), rows=_ids(logs)),
        "writing_rate": _rate_by_school(
            facts, {(each.author_id, each.school_id) for each in logs}, _ids(logs)
        ),
        "logs_per_writer": ratio(len(logs), len(writers), rows=_ids(logs)),
        "logs_shared": Figure(len(shared), rows=_ids(shared)),
        "logs_selected": Figure(len(selected), rows=_ids(selected)),
    }


def _rate_by_school(facts: TermFacts, takers: set[tuple[Id, Id]], rows: tuple[Id, ...]) -> Figure:
    """Distinct teachers of the cluster's schools among `takers` (person, school), as a share of all."""
    schools = _unique(facts.schools)
    own = {each.id: {person for person, school in takers if school == each.id} for each in schools}
    return percent(
        len(set().union(*own.values())),
        _teachers(schools),
        rows=rows,
        breakdown=tuple((each.name, tenths(100 * len(own[each.id]), each.teacher_count)) for each in schools),
    )


def _registers(facts: TermFacts, term: Term, as_of: date, scheme: Scheme | None) -> dict[str, Figure]:
    values = ledger_values(_unique(facts.ledgers))
    seen = supervision_values(_unique(facts.inspections), _unique(facts.problems), as_of)
    found = {key: Figure(value, rows=rows) for key, (value, rows) in values.items()}
    return found | {key: Figure(n, rows=rows, breakdown=parts) for key, (n, rows, parts) in seen.items()}


def _teachers(schools: list) -> int | None:
    counts = [each.teacher_count for each in schools]
    return None if None in counts else sum(counts)


def _window(term: Term, as_of: date) -> tuple[date, date]:
    return term.first_day, min(term.last_day, as_of)


def _unique(facts: Iterable) -> list:
    """Facts by id, each once, in an order that does not depend on how they came."""
    return sorted({each.id: each for each in facts}.values(), key=lambda each: str(each.id))


def _ids(facts: Iterable) -> tuple[Id, ...]:
    return tuple(each.id for each in facts)


def _counts(labels: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(labels).items()))


def _month(year: int, month: int) -> str:
    return f"{year:04d}-{month:02d}"


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
