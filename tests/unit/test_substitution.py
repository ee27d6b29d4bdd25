"""Who can stand in: obstacles by the clock, the order of suggestions, and plans with the fewest moves."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import repair, substitution
from portal.domain.substitution import Candidate, Hour, Need, Span
from portal.domain.timetable import TeacherLimits

TUESDAY = date(2025, 11, 25)
WAYS = {("甲校", "乙校"): 30, ("甲校", "丙校"): 10}
NEED = Need("n", Hour(TUESDAY, 490, 530, "乙校"), "音乐", "absent")


def hour(start: int, end: int, school: str = "甲校", day: date = TUESDAY) -> Hour:
    return Hour(day, start, end, school)


def person(key: str = "a", **facts) -> Candidate:
    return Candidate(key, **{"name": key, "home": "甲校", "subjects": frozenset(["音乐"]), **facts})


def words(reason) -> str | None:
    return None if reason is None else reason.text()


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, None),
        ({"busy": (hour(450, 491),)}, "07:30-08:11在甲校有课或有事"),
        ({"busy": (hour(450, 490, "乙校"),)}, None),  # one ends as the other begins, at the same school
        ({"busy": (hour(420, 460),)}, None),  # thirty minutes for a way of thirty
        ({"busy": (hour(421, 461),)}, "从甲校到乙校要30分钟，只有29分钟"),
        ({"busy": (hour(559, 600),)}, "从乙校到甲校要30分钟，只有29分钟"),
        (
            {"busy": (hour(440, 480, "丙校"),)},
            None,
        ),  # nobody has registered that way: a question, no obstacle
        ({"taken": (hour(480, 495),)}, "08:00-08:15在甲校有课或有事"),
        ({"away": (Span(TUESDAY, "am", TUESDAY, "am"),)}, "这个时间不在"),
        ({"away": (Span(TUESDAY, "pm", TUESDAY, "pm"),)}, None),
        ({"key": "absent"}, "就是这节课的任课教师"),
    ],
)
def test_what_stands_against_somebody_is_one_sentence(facts, reason):
    assert words(substitution.obstacle(NEED, person(**facts), WAYS)) == reason


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({}, None),
        ({"week_periods": 2}, None),
        ({"week_periods": 1}, "这一周已有1节，上限1节"),
        ({"visit_days": 1}, "这一周已走教1天，上限1天"),
        ({"visit_days": 2}, None),
        ({"half_days": frozenset([(2, "pm")])}, "不在可以走教的半天内"),
        ({"half_days": frozenset([(2, "am")])}, None),
    ],
)
def test_limits_are_kept_where_they_are_registered(limits, reason):
    busy = (
        hour(490, 530, "丙校", TUESDAY + timedelta(days=1)),
        hour(490, 530, "丙校", TUESDAY - timedelta(days=7)),
    )
    somebody = person(busy=busy, limits=TeacherLimits("甲校", **limits))
    assert words(substitution.obstacle(NEED, somebody, WAYS)) == reason


def test_the_order_of_suggestions_and_their_reasons():
    there = (hour(540, 580, "乙校"),)
    people = [
        person("other", subjects=frozenset(["数学"]), home="乙校"),
        person("often", busy=there, stand_ins=3),
        person("seldom", busy=there, stand_ins=1),
        person("far"),
        person("unsure", home="丙校"),
        person("unlisted", busy=there, is_listed=False),
        person("taken", busy=(hour(490, 530),)),
    ]
    found = substitution.suggestions(NEED, people, WAYS)
    assert [each.candidate.key for each in found] == ["seldom", "often", "unlisted", "far", "unsure", "other"]
    said = {
        each.candidate.key: ([words(r) for r in each.reasons], [words(d) for d in each.doubts])
        for each in found
    }
    assert said["seldom"] == (["这个时间没有课", "任教音乐", "这个上午就在乙校", "本学期已代课1节"], [])
    assert said["far"] == (
        ["这个时间没有课", "任教音乐", "要从甲校过去，路上30分钟", "本学期还没有代过课"],
        [],
    )
    assert said["unsure"][1] == ["从丙校到乙校的路程没有登记"]
    assert said["unlisted"][1] == ["没有登记课表，有没有课请本人确认"]
    assert said["other"][1] == ["不教音乐"]
    unsuited = substitution.unsuited(NEED, people, WAYS)
    assert [(each.key, words(reason)) for each, reason in unsuited] == [
        ("taken", "08:10-08:50在甲校有课或有事")
    ]


@pytest.mark.parametrize(
    ("span", "covered"),
    [
        (Span(TUESDAY, "am", TUESDAY, "am"), ["08:00", "11:59"]),
        (Span(TUESDAY, "pm", TUESDAY, "pm"), ["12:00", "14:00"]),
        (Span(TUESDAY - timedelta(days=1), "pm", TUESDAY, "am"), ["08:00", "11:59"]),
        (Span(TUESDAY + timedelta(days=1), "am", TUESDAY + timedelta(days=1), "pm"), []),
    ],
)
def test_a_half_day_is_told_by_the_clock(span, covered):
    clocks = {"08:00": 480, "11:59": 719, "12:00": 720, "14:00": 840}
    assert [name for name, minutes in clocks.items() if span.covers(TUESDAY, minutes)] == covered


def test_a_time_that_ends_before_it_begins_is_none():
    for first, last in (
        ((TUESDAY, "pm"), (TUESDAY, "am")),
        ((TUESDAY, "am"), (TUESDAY - timedelta(days=1), "pm")),
    ):
        with pytest.raises(ValueError, match="must end after"):
            Span(*first, *last)


def test_what_has_begun_is_over():
    assert [substitution.has_begun(TUESDAY, 490, TUESDAY, minute) for minute in (489, 490, 491)] == [
        False,
        True,
        True,
    ]
    assert substitution.has_begun(TUESDAY, 490, TUESDAY + timedelta(days=1), 0)
    assert not substitution.has_begun(TUESDAY, 490, TUESDAY - timedelta(days=1), 1439)


# Properties

SCHOOLS = ("甲校", "乙校", "丙校", "丁校")
hours = st.builds(
    lambda day, start, length, school: Hour(TUESDAY + timedelta(days=day), start, start + length, school),
    st.integers(0, 2),
    st.integers(48, 110).map(lambda tick: tick * 10),
    st.sampled_from([40, 45]),
    st.sampled_from(SCHOOLS),
)
ways = st.dictionaries(
    st.tuples(st.sampled_from(SCHOOLS), st.sampled_from(SCHOOLS)), st.integers(0, 90), max_size=8
)
spans = st.builds(
    lambda first, length, half: Span(
        TUESDAY + timedelta(days=first), half, TUESDAY + timedelta(days=first + length), "pm"
    ),
    st.integers(-1, 2),
    st.integers(0, 1),
    st.sampled_from(["am", "pm"]),
)


@st.composite
def people_of(draw):
    found = []
    for number in range(draw(st.integers(0, 6))):
        busy = []
        for each in draw(st.lists(hours, max_size=5)):
            if not any(each.meets(other) for other in busy):
                busy.append(each)
        subjects = draw(st.frozensets(st.sampled_from(["音乐", "美术"]), max_size=2))
        found.append(
            Candidate(
                number,
                f"教师{number}",
                draw(st.sampled_from(SCHOOLS)),
                subjects,
                tuple(busy),
                (),
                tuple(draw(st.lists(spans, max_size=1))),
                draw(st.integers(0, 5)),
                draw(st.booleans()),
            )
        )
    return found


needs = st.builds(lambda each: Need("n", each, "音乐", "absent"), hours)


@given(needs, people_of(), ways)
def test_nobody_is_suggested_who_would_be_in_two_places(need, people, travel):
    for each in substitution.suggestions(need, people, travel):
        somebody = each.candidate
        day = sorted([*somebody.busy, need.hour], key=lambda one: (one.day, one.start))
        assert substitution.clashes({somebody.key: day}) == []
        assert not any(span.covers(need.hour.day, need.hour.start) for span in somebody.away)
        for a, b in pairwise(day):
            if need.hour in (a, b) and a.day == b.day and a.school != b.school:
                known = travel.get((a.school, b.school), travel.get((b.school, a.school)))
                assert known is None or b.start - a.end >= known


@given(needs, people_of(), ways)
def test_everybody_is_either_suggested_or_has_an_obstacle(need, people, travel):
    suggested = {each.candidate.key for each in substitution.suggestions(need, people, travel)}
    hindered = {each.key for each in people if substitution.obstacle(need, each, travel) is not None}
    assert suggested | hindered == {each.key for each in people}
    assert not suggested & hindered


@given(needs, people_of(), ways, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_of_the_input(need, people, travel, random):
    mixed = list(people)
    random.shuffle(mixed)
    assert substitution.suggestions(need, mixed, travel) == substitution.suggestions(need, people, travel)


@given(needs, people_of(), ways)
def test_another_stand_in_never_brings_somebody_forward(need, people, travel):
    order = [each.candidate.key for each in substitution.suggestions(need, people, travel)]
    for key in order:
        again = [replace(each, stand_ins=each.stand_ins + 1) if each.key == key else each for each in people]
        after = [each.candidate.key for each in substitution.suggestions(need, again, travel)]
        assert after.index(key) >= order.index(key)


# Slots and plans

BELLS = {1: (490, 530), 2: (540, 580), 3: (610, 650)}
DAYS = [TUESDAY + timedelta(days=n) for n in (-1, 0, 1, 7)]


def test_free_slots_are_free_for_class_and_teacher_the_nearest_first():
    teacher = person("absent", busy=(hour(540, 580, "甲校", TUESDAY + timedelta(days=1)),), away=(
        Span(TUESDAY, "am", TUESDAY, "pm"),))  # fmt: skip
    class_busy = [hour(490, 530, "乙校", TUESDAY - timedelta(days=1))]
    found = repair.free_slots(NEED, teacher, class_busy, DAYS, BELLS, WAYS)
    assert [((slot.hour.day - TUESDAY).days, slot.period) for slot in found] == [
        (-1, 2), (-1, 3), (1, 3), (7, 1), (7, 2), (7, 3),
    ]  # fmt: skip


def options(*lessons):
    """(key, start, people, slots): what can be done about lessons of one absent teacher on Tuesday."""
    return [
        repair.Options(
            Need(key, hour(start, start + 40, "乙校"), "音乐", "absent"),
            substitution.suggestions(
                Need(key, hour(start, start + 40, "乙校"), "音乐", "absent"), people, WAYS
            ),
            tuple(slots),
            person("absent"),
            ("一班",),
        )
        for key, start, people, slots in lessons
    ]


def said(plan) -> list:
    return [fix.person.key if fix.person else fix.slot.period if fix.slot else None for fix in plan]


def test_a_plan_keeps_the_places_where_somebody_can_stand_in():
    slot = repair.Slot(3, hour(610, 650, "乙校", TUESDAY + timedelta(days=1)))
    plan = repair.repair(options(("x", 490, [person("a")], [slot]), ("y", 540, [], [slot])), WAYS)
    assert said(plan) == ["a", 3]


def test_a_better_ranked_person_is_not_worth_a_move():
    """Only b can take the second lesson of two that overlap in ways; so a takes the first, or b both."""
    a, b = person("a"), person("b", home="乙校")
    slot = repair.Slot(3, hour(610, 650, "乙校", TUESDAY + timedelta(days=1)))
    plan = repair.repair(options(("x", 490, [a, b], [slot]), ("y", 540, [b], [slot])), WAYS)
    assert (None in said(plan), 3 in said(plan)) == (False, False)


def test_two_lessons_do_not_move_to_the_same_time():
    slot = repair.Slot(3, hour(610, 650, "乙校", TUESDAY + timedelta(days=1)))
    plan = repair.repair(options(("x", 490, [], [slot]), ("y", 540, [], [slot])), WAYS)
    assert sorted(said(plan), key=str) == [3, None]


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from([490, 540, 610]), st.sampled_from(SCHOOLS)),
        max_size=3,
        unique_by=lambda each: each[:2],
    ),
    people_of(),
    ways,
    st.lists(st.tuples(hours, st.integers(1, 3)), max_size=3),
)
def test_a_plan_is_as_good_as_the_best_of_all_plans(lessons, people, travel, free):
    """Compared with every combination on small cases: open lessons first, then moves."""
    found = []
    for number, (day, start, school) in enumerate(lessons):
        need = Need(number, Hour(TUESDAY + timedelta(days=day), start, start + 40, school), "音乐", "absent")
        slots = tuple(repair.Slot(period, replace(at, school=school)) for at, period in free)
        at_slots = [(slot, replace(need, hour=slot.hour, teacher=None)) for slot in slots]
        usable = tuple(
            slot for slot, moved in at_slots if substitution.obstacle(moved, person("absent"), travel) is None
        )
        found.append(
            repair.Options(
                need, substitution.suggestions(need, people, travel)[:3], usable, person("absent"), ("一班",)
            )
        )
    plan = repair.repair(found, travel)
    by_key = {each.need.key: each for each in found}
    assert fits(plan, by_key, travel)
    assert repair.repair(reversed(found), travel) == plan
    choices = [
        [repair.Fix(each.need, person=one.candidate) for one in each.people]
        + [repair.Fix(each.need, slot=slot) for slot in each.slots]
        + [repair.Fix(each.need)]
        for each in found
    ]
    best = min(cost(some) for some in product(*choices) if fits(some, by_key, travel))
    assert cost(plan) == best


def cost(plan) -> tuple[int, int]:
    lost = sum(fix.person is None and fix.slot is None for fix in plan)
    return lost, sum(fix.slot is not None for fix in plan)


def fits(plan, options_by_key, travel) -> bool:
    """Whether a plan holds, judged as a whole: nobody and no class in two places, every way long enough."""
    weeks: dict = {}
    classes: dict = {}
    for fix in plan:
        if fix.person is not None:
            who = weeks.setdefault(fix.person.key, [fix.person.busy, []])
            who[1].append(fix.need.hour)
        elif fix.slot is not None:
            weeks.setdefault("absent", [(), []])[1].append(fix.slot.hour)
            classes.setdefault((fix.slot.hour.school, options_by_key[fix.need.key].classes), []).append(
                fix.slot.hour
            )
    for busy, new in weeks.values():
        day = sorted([*busy, *new], key=lambda one: (one.day, one.start))
        if substitution.clashes({"who": day}):
            return False
        for a, b in pairwise(day):
            needed = travel.get((a.school, b.school), travel.get((b.school, a.school)))
            if (
                (a in new or b in new)
                and a.day == b.day
                and a.school != b.school
                and needed is not None
                and b.start - a.end < needed
            ):
                return False
    return not substitution.clashes(classes)
