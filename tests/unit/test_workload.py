"""Periods by month: whose they are, what corrections change, and that closing a month never changes a figure."""

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portal.domain import workload
from portal.domain.calendar import SwapDay, Term
from portal.domain.workload import Books, Correction, Figure, Outcome


def test_a_period_belongs_to_whoever_stood_before_the_class():
    found = workload.figures(
        [
            Outcome("林", "given"),
            Outcome("林", "substituted", "江"),
            Outcome("林", "missed"),
            Outcome("林", "cancelled"),
            Outcome("林", "planned"),
        ]
    )
    assert found == {
        "林": Figure(planned=1, given=1, missed=1, substituted=1, cancelled=1),
        "江": Figure(stood_in=1),
    }
    assert {person: figure.periods for person, figure in found.items()} == {"林": 1, "江": 1}


def test_a_correction_moves_the_period_and_keeps_the_sum():
    moved = Correction(Outcome("林", "given"), Outcome("林", "substituted", "江"))
    assert moved.effect == {"林": -1, "江": 1}
    assert Correction(Outcome("林", "missed"), Outcome("林", "cancelled")).effect == {}
    found = workload.figures([Outcome("林", "given")], [moved])
    assert {person: figure.periods for person, figure in found.items()} == {"林": 0, "江": 1}


STATES = st.sampled_from([("given", None), ("missed", None), ("cancelled", None), ("substituted", "江")])
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("settle"), st.integers(0, 3), st.integers(0, 2), STATES),
        st.tuples(st.just("close")),
        st.tuples(st.just("next")),
    ),
    max_size=40,
)


@given(ACTS)
def test_closing_never_changes_a_figure_and_nothing_counts_twice(acts):
    """Any sequence of settling, correcting and closing: closed figures stand, and all months together
    hold exactly the periods that were given."""
    lessons = {(month, number): Outcome("林", "planned") for month in range(4) for number in range(3)}
    books, today, kept = Books(lessons=lessons), 0, {}
    for act in acts:
        if act[0] == "settle" and act[1] <= today:
            books.settle((act[1], act[2]), *act[3], today=today)
        elif act[0] == "next" and today < 3:
            today += 1
        elif act[0] == "close":
            for month in range(today):  # a month is closed when it is over
                if month not in kept:
                    before = books.figures(month)
                    books.close(month)
                    assert books.figures(month) == before
                    kept[month] = dict(before)
        assert {month: books.figures(month) for month in kept} == kept
        total = Counter()
        for month in range(4):
            total.update({who: figure.periods for who, figure in books.figures(month).items()})
        truth = Counter(outcome.credited for outcome in books.lessons.values() if outcome.credited)
        assert {who: n for who, n in total.items() if n} == dict(truth)


def test_months_are_read_and_counted():
    assert workload.parse_month("2025-10") == date(2025, 10, 1)
    assert [workload.parse_month(text) for text in ("2025-13", "2025-1", "1999-12", "今月", "")] == [None] * 5
    assert workload.month_before(date(2026, 1, 31)) == date(2025, 12, 1)
    assert workload.month_after(date(2025, 12, 5)) == date(2026, 1, 1)
    assert (workload.last_of(date(2024, 2, 3)), workload.month_code(date(2024, 2, 3))) == (
        date(2024, 2, 29),
        "2024-02",
    )


def test_teaching_days_leave_out_holidays_and_count_swapped_workdays():
    term = Term("2025-2026-1", date(2025, 9, 1), date(2026, 1, 30), date(2025, 9, 1))
    assert workload.teaching_days(date(2025, 11, 1), [term], {}) == 20
    swaps = {
        date(2025, 11, 3): SwapDay(is_workday=False),
        date(2025, 11, 8): SwapDay(is_workday=True, teaches_like=1),
        date(2025, 11, 9): SwapDay(is_workday=True),
    }
    assert workload.teaching_days(date(2025, 11, 1), [term], swaps) == 20
    assert workload.teaching_days(date(2026, 2, 1), [term], {}) == 0
