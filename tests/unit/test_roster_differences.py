"""What a roster would change, and that the same one twice changes nothing."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from portal.documents.spreadsheets import read_workbook
from portal.domain.roster import LeftOut, read_roster
from portal.domain.roster_differences import Change, differences, facts_of, teacher_differences
from portal.domain.roster_rows import SchoolRow, TeacherRow

SAMPLE = Path(__file__).parents[1] / "fixtures" / "rosters" / "roster-messy.xlsx"
ALL = frozenset(("staff_no", "born_on", "subjects", "honours", "phone", "applied", "joined_on"))


def teacher(name="甲一", **facts) -> TeacherRow:
    """A row of 三合小学."""
    return TeacherRow(
        **{"sheet": "教师", "row": 2, "name": name, "sex": "male", "school_name": "三合小学"} | facts
    )


def stored(row, spoken=ALL) -> dict:
    """What the portal knows after loading the row: lists come back as lists, in any order."""
    facts = facts_of(row, spoken | {"name", "sex", "school_name", "identity_no"})
    return {
        key: [list(i) if isinstance(i, tuple) else i for i in reversed(value)]
        if isinstance(value, tuple)
        else value
        for key, value in facts.items()
    }


def compare(known, *rows, spoken=ALL, left_out=()):
    """The difference between known persons and rows."""
    return teacher_differences(known, rows, spoken=spoken, left_out=left_out)


def test_same_roster_twice_changes_nothing():
    reading = read_roster(read_workbook(SAMPLE.read_bytes(), "a.xlsx"), today=date(2026, 3, 2))
    spoken = reading.fields_of("teachers")
    first = teacher_differences({}, reading.teachers, spoken=spoken, left_out=reading.left_out)
    assert (first.new, first.changed, first.unchanged, first.missing) == (reading.teachers, (), (), ())
    known = {row.row: stored(row, spoken) for row in first.new}
    second = teacher_differences(known, reading.teachers, spoken=spoken, left_out=reading.left_out)
    assert second.is_empty
    assert (second.unchanged, second.missing, second.problems) == (tuple(known), (), ())


def test_changed_facts_are_told_with_old_and_new():
    known = {
        1: stored(
            teacher(
                staff_no="t1",
                subjects=("语文",),
                honours=(("backbone_teacher", "school"),),
                phone="13900000001",
            )
        )
    }
    row = teacher("甲壹", staff_no="t1", subjects=("语文", "音乐"), school_name="古城小学")
    assert compare(known, row).changed == (
        Change(
            1,
            row,
            {
                "name": ("甲一", "甲壹"),
                "school_name": ("三合小学", "古城小学"),
                "subjects": (["语文"], ("语文", "音乐")),
                "honours": ([["backbone_teacher", "school"]], ()),
            },
        ),
    )


def test_silence_of_a_roster_changes_nothing():
    known = {1: stored(teacher(staff_no="t1", subjects=("语文",), phone="13900000001", applied=True))}
    silent = compare(known, teacher(staff_no="t1"), spoken=frozenset(("staff_no", "phone")))
    assert (silent.is_empty, silent.unchanged) == (True, (1,))
    assert compare(known, teacher(staff_no="t1", applied=False)).changed[0].facts["applied"] == (True, False)


def test_order_and_spelling_of_lists_and_schools_is_no_change():
    known = {
        1: {
            "name": "甲一",
            "sex": "male",
            "school_name": "三合小学（本部）",
            "subjects": ["音乐", "语文"],
            "honours": None,
        }
    }
    row = teacher(subjects=("语文", "音乐"), school_name="三合小学(本部)")
    assert compare(known, row).unchanged == (1,)


def test_person_is_found_by_number_then_identity_then_name_and_school():
    known = {
        "a": stored(teacher(staff_no="t1")),
        "b": stored(teacher("乙二", identity_no="11010119900103001X")),
        "c": stored(teacher("丙三")),
    }
    moved = teacher("乙二", identity_no="11010119900103001X", school_name="古城小学")
    found = compare(
        known,
        teacher(staff_no="t1"),
        moved,
        teacher("丙三", staff_no="t3"),
        teacher("丙三", school_name="古城小学"),
    )
    assert found.unchanged == ("a",)
    assert [(change.key, change.facts) for change in found.changed] == [
        ("b", {"school_name": ("三合小学", "古城小学")}),
        ("c", {"staff_no": (None, "t3")}),
    ]
    assert found.new == (teacher("丙三", school_name="古城小学"),)


def test_another_number_or_identity_is_another_person_of_that_name():
    known = {1: stored(teacher(staff_no="t1")), 2: stored(teacher("乙二", identity_no="110101199001030011"))}
    rows = (teacher(staff_no="t2"), teacher("乙二", identity_no="110101199001030038"))
    assert compare(known, *rows).new == rows


def test_two_known_persons_of_one_name_are_a_problem_and_no_merge():
    known = {1: stored(teacher(staff_no="t1")), 2: stored(teacher(staff_no="t2"))}
    found = compare(known, teacher(row=7))
    assert (found.new, found.changed, found.unchanged, found.missing) == ((), (), (), ())
    assert [(item.row, item.code, str(item.message)) for item in found.problems] == [
        (7, "known_several", "这所学校已有2位同名的教师，无法区分；请填工号")
    ]


def test_missing_are_only_persons_of_the_rosters_schools_whom_no_row_names():
    known = {
        1: stored(teacher()),
        2: stored(teacher("乙二")),
        3: stored(teacher("丙三")),
        4: stored(teacher("丁四", school_name="古城小学")),
    }
    found = compare(known, teacher(), left_out=(LeftOut("教师", 3, None, "乙二", "三合小学"),))
    assert found.missing == (3,)


@pytest.mark.parametrize(("weak", "changed"), [(True, {}), (False, {"weak": (True, False)}), (None, {})])
def test_schools_are_compared_by_name(weak, changed):
    row = SchoolRow(sheet="学校", row=2, school_name="三合 小学", weak=weak)
    known = {
        ("三合小学",): {"school_name": "三合小学", "weak": True},
        ("古城小学",): {"school_name": "古城小学"},
    }
    spoken = frozenset(("school_name", "weak"))
    found = differences(known, (row, replace(row, school_name="新小学")), by=("school_name",), spoken=spoken)
    assert {change.key: change.facts for change in found.changed} == (
        {("三合小学",): changed} if changed else {}
    )
    assert found.unchanged == (() if changed else (("三合小学",),))
    assert [row.school_name for row in found.new] == ["新小学"]
    assert found.missing == (("古城小学",),)
