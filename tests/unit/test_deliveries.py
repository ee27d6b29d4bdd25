"""Places, volunteers, totals and targets of deliveries, and what a certificate says."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import deliveries as rules
from portal.domain.deliveries import Records, Served, Totals, actual, totals

DAY = date(2025, 11, 12)


def served(delivery="d1", person="p1", kind="volunteer_service", **facts) -> Served:
    return Served(delivery, person, facts.pop("day", DAY), kind, **facts)


@given(st.integers(1, 12), st.sets(st.integers(1, 14)))
def test_first_free_is_the_lowest_place_that_nobody_has(wanted, taken):
    found = rules.first_free(wanted, taken)
    free = [place for place in range(1, wanted + 1) if place not in taken]
    assert found == (free[0] if free else None)


@given(st.lists(st.sampled_from(["join", "leave"]), max_size=60), st.integers(1, 5))
def test_no_sequence_of_joining_and_leaving_gives_a_place_twice(moves, wanted):
    places: dict[int, int] = {}
    waiting: list[tuple[int, int]] = []
    for person, move in enumerate(moves):
        if move == "join":
            free = rules.first_free(wanted, places)
            if free is None:
                waiting.append((person, person))
            else:
                places[free] = person
        elif places:
            places.pop(min(places))
            for key in rules.line(waiting)[:1]:
                places[rules.first_free(wanted, places)] = key
                waiting = [each for each in waiting if each[1] != key]
        assert set(places) <= set(range(1, wanted + 1))
        assert len(set(places.values())) == len(places)
        assert not waiting or len(places) == wanted


def test_the_line_is_that_of_signing_up_whatever_the_order_of_rows():
    assert rules.line([(3, "c"), (1, "b"), (1, "a"), (2, "d")]) == ["a", "b", "d", "c"]


@pytest.mark.parametrize(
    ("first", "second", "meets"),
    [
        ((540, 60), (600, 30), False),  # one begins as the other ends
        ((540, 61), (600, 30), True),
        ((600, 30), (540, 120), True),
        ((None, 60), (540, 60), False),
        ((540, None), (540, 60), False),
    ],
)
def test_only_known_times_that_share_a_minute_meet(first, second, meets):
    assert rules.meet(first, second) is meets
    assert rules.meet(second, first) is meets


@pytest.mark.parametrize(
    ("kind", "is_guest", "volunteer"),
    [
        ("volunteer_service", False, True),
        ("volunteer_teaching", False, True),
        ("rural_delivery", False, False),  # a teacher on duty
        ("rural_delivery", True, True),  # somebody without a post always is one (S4-43)
        ("support_teaching", False, False),
    ],
)
def test_a_volunteer_has_no_post_at_the_school_and_is_not_on_duty(kind, is_guest, volunteer):
    assert rules.is_volunteer(kind, is_guest) is volunteer


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1.5", 90),
        ("2", 120),
        ("０．５", 30),
        (" 1.33 ", 80),
        ("3小时", 180),
        ("80分钟", 80),
        ("1小时20分", 80),
        ("80 min", 80),
        ("", None),
        ("1000", 60000),
    ],
)
def test_hours_are_read_as_people_write_them(text, minutes):
    assert rules.read_hours(text) == minutes


@pytest.mark.parametrize(
    "text", ["-1", "0", "0.01", "1001", "一", "1,5", "1.555", "1e3", "NaN", "٢", "80 90", "20 1", "小时"]
)
def test_what_is_no_number_of_hours_is_refused(text):
    with pytest.raises(ValueError):
        rules.read_hours(text)


@given(st.integers(3, 60000))
def test_hours_are_written_so_that_they_are_read_again(minutes):
    again = rules.read_hours(rules.hours_text(minutes))
    assert abs(again - minutes) <= 0.3


def test_durations_of_an_official_page():
    assert [rules.duration_text(m) for m in (40, 60, 80, 90, 330)] == [
        "40分钟",
        "1小时",
        "1小时20分钟",
        "1.5小时",
        "5.5小时",
    ]


def test_totals_count_persons_and_person_times_apart_and_each_service_once():
    rows = [
        served("d1", "p1", minutes=60, periods=1),
        served("d1", "p2", minutes=60, periods=1),
        served("d2", "p1", minutes=90),
        served("d2", "p1", minutes=90),
    ]
    assert totals(rows) == Totals(deliveries=2, persons=2, person_times=3, minutes=210, periods=2)
    assert totals([]) == Totals()


def test_targets_are_held_against_confirmed_records_within_the_years():
    records = Records(
        served=(
            served("d1", "p1", is_volunteer=True, minutes=90),
            served("d2", "p1", is_volunteer=True, minutes=60),
            served("d3", "p2", "rural_delivery", periods=2, minutes=80),
            served("d3", "p3", "rural_delivery", periods=1, minutes=40),
            served("d4", "p9", is_volunteer=True, minutes=600, day=date(2024, 8, 31)),
        ),
        volunteer_postings=frozenset({"p1", "p5"}),
        support_postings=frozenset({"p6"}),
        secondments=frozenset({"p7", "p8"}),
        school_pairs=frozenset({"s1"}),
    )
    span = date(2024, 9, 1), date(2026, 8, 31)
    assert {kind: actual(kind, records, *span) for kind in rules.TARGETS} == {
        "volunteers": 2,  # p1 served and is posted: once; p2, p3 are on duty; p9 was too early
        "volunteer_hours": 2,  # 150 minutes
        "deliveries": 1,
        "delivery_periods": 3,
        "support_teachers": 1,
        "secondments": 2,
        "school_pairs": 1,
    }


def test_an_unknown_target_is_an_error():
    with pytest.raises(KeyError):
        actual("money", Records(), DAY, DAY)


def content(**changes) -> dict:
    services = [
        {"day": "2025-11-08", "title": "合唱", "kind": "volunteer_service", "minutes": 180, "periods": 0},
        {"day": "2025-10-18", "title": "音乐", "kind": "rural_delivery", "minutes": 80, "periods": 2},
    ]
    facts = {
        "person": "钟雅宁",
        "of": "退休教师",
        "school": "东埔小学",
        "cluster": "麟峰小学片区",
        "term": "2025—2026学年第一学期",
        "services": services,
    }
    return rules.certificate_content(**{**facts, **changes})


def test_certificate_lists_services_by_day_and_sums_them():
    found = content()
    assert [each["day"] for each in found["services"]] == ["2025-10-18", "2025-11-08"]
    assert (found["minutes"], found["periods"]) == (260, 2)
    assert rules.certificate_number("东埔小学", 2025, 3) == "东埔小学服证〔2025〕3号"


def test_certificate_of_nothing_is_an_error():
    with pytest.raises(ValueError):
        content(services=[])


def test_the_same_certificate_has_the_same_hash_and_a_changed_one_another():
    turned = list(reversed(content()["services"]))
    assert rules.content_hash(content()) == rules.content_hash(content(services=turned))
    assert rules.content_hash(content()) != rules.content_hash(content(of="区文化馆"))
