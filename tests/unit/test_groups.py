"""Turns of duty, and times in a group that must not meet."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.groups import Span, overlapping, rotation
from portal.domain.name_lists import Named, read_names

DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@given(DAYS, st.integers(0, 400), st.integers(1, 7), st.sampled_from(["week", "month"]))
def test_turns_cover_every_day_once_and_go_round(first, length, schools, step):
    last = first + timedelta(days=length)
    turns = rotation(list(range(schools)), first, last, step)
    days = [
        turn.first + timedelta(days=n) for turn in turns for n in range((turn.last - turn.first).days + 1)
    ]
    assert days == [first + timedelta(days=n) for n in range(length + 1)]
    assert [turn.who for turn in turns] == [number % schools for number in range(len(turns))]
    for turn in turns[:-1]:
        after = turn.last + timedelta(days=1)
        assert after.isoweekday() == 1 if step == "week" else after.day == 1


def test_nobody_takes_no_turns():
    assert rotation([], date(2025, 9, 1), date(2025, 9, 30), "week") == []
    assert rotation(["a"], date(2025, 9, 2), date(2025, 9, 1), "week") == []


@given(DAYS, st.none() | st.integers(0, 60), DAYS, st.none() | st.integers(0, 60))
def test_spans_meet_when_they_share_a_day(one, days, other, more):
    spans = [
        Span(first, None if n is None else first + timedelta(days=n))
        for first, n in ((one, days), (other, more))
    ]
    far = date(2030, 1, 1)

    def inside(span, day):
        return span.first <= day <= (span.last or far)

    shared = any(
        inside(spans[0], each) and inside(spans[1], each) for each in (spans[0].first, spans[1].first)
    )
    assert (overlapping(spans[0], [spans[1]]) is not None) == shared


def test_a_pasted_list_is_read_entry_by_entry():
    assert read_names("林晓岚\t周 以宁（麟峰小学）\n林晓岚、 \n（无名）") == [
        Named("林晓岚", "林晓岚", ""),
        Named("周 以宁（麟峰小学）", "周以宁", "麟峰小学"),
        Named("（无名）", "", ""),
    ]
