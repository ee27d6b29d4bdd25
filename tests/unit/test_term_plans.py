"""Progress of plan items, lateness, and what differs between two editions."""

from datetime import date

import pytest

from portal.domain.figures import Figure
from portal.domain.term_plans import Difference, Progress, actual_of, differences, is_late, progress

TODAY = date(2025, 11, 19)
BEFORE, AFTER = date(2025, 11, 18), date(2025, 11, 19)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"counter": "x", "target": 3, "actual": 3, "due": BEFORE}, Progress("done", True, 3, 3)),
        ({"counter": "x", "target": 3, "actual": 2, "due": BEFORE}, Progress("late", True, 2, 3)),
        ({"counter": "x", "target": 3, "actual": 2, "due": AFTER}, Progress("open", True, 2, 3)),
        # Without a target nothing says that it is done; a mark by hand does not count what is counted.
        ({"counter": "x", "actual": 9, "state": "done"}, Progress("open", True, 9, None)),
        ({"counter": "x", "target": 1, "actual": None}, Progress("open", True, None, 1)),
        ({"state": "done", "due": BEFORE}, Progress("done")),
        ({"due": BEFORE}, Progress("late")),
        ({"state": "dropped", "due": BEFORE}, Progress("dropped")),
    ],
)
def test_progress_is_counted_or_said(facts, expected):
    usual = {"state": "open", "counter": "", "target": None, "due": None, "actual": None}
    assert progress(**{**usual, **facts}, today=TODAY) == expected


def test_the_actual_is_a_figure_or_a_kind_of_it():
    figures = {"activities_held": Figure(3, breakdown=(("forum", 2), ("salon", 1)))}
    assert actual_of("activities_held", figures) == 3
    assert actual_of("activity:forum", figures) == 2
    assert actual_of("activity:lecture", figures) == 0
    assert actual_of("unknown", figures) is None


def test_late_is_what_came_after_its_day_and_never_without_one():
    due = date(2025, 9, 8)
    assert [is_late(due, day, TODAY) for day in (due, date(2025, 9, 9), None)] == [False, True, True]
    assert is_late(due, None, due) is False
    assert is_late(None, None, TODAY) is False


def content(goals="开齐课程", items=(), parts=()):
    return {"texts": {"goals": goals}, "items": list(items), "parts": list(parts)}


def item(key, text, due=""):
    return {"key": key, "text": text, "measure": "", "criteria": "", "owner": "", "due": due, "counted": ""}


def test_differences_name_what_was_added_removed_and_changed():
    old = content(items=[item("1", "教研"), item("2", "论坛")], parts=[{"group": "语文组", "text": "甲"}])
    new = content(
        "开足课程",
        items=[item("1", "教研", "2026-01-16"), item("3", "展示")],
        parts=[{"group": "语文组", "text": "甲"}, {"group": "数学组", "text": "乙"}],
    )
    assert differences(old, new) == [
        Difference("changed", "text", "goals", "开齐课程", "开足课程"),
        Difference("added", "part", "数学组", "", "乙"),
        Difference("changed", "item", "教研", "教研", "教研；2026-01-16"),
        Difference("removed", "item", "论坛", "论坛", ""),
        Difference("added", "item", "展示", "", "展示"),
    ]
    assert differences(old, old) == []
