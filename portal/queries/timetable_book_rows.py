"""A timetable workbook against what is registered: its rows as lessons to be, with each problem at its row.

The rules of reading are those of ``flask timetable check``. A sheet that is not there is taken from what is
registered, so that rows of 课表 alone can be pasted.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select

from portal.domain import timetable
from portal.domain.access import Actor, can
from portal.domain.half_days import written
from portal.domain.ids import uuid7
from portal.domain.sheets import Sheet, Workbook, cell_text, plain
from portal.domain.timetable_book import TimetableBook, read_timetable
from portal.domain.timetable_tables import BELLS, LESSONS, TEACHERS, SheetTable, find_table
from portal.domain.words import N_, Message, message
from portal.extensions import db
from portal.models import Person, School, TeacherLimit, Term
from portal.queries import schools as school_queries
from portal.queries import timetable_rows, visiting
from portal.queries.lesson_ideas import Idea
from portal.queries.timetable_people import teachers_written
from portal.queries.timetable_rows import Finding, HourRow, Row

LONGEST = 40
# What the reader says of the sheets 教师 and 节次, which may be left out here.
INSTEAD = {
    "工作表“教师”里没有工号%(key)s": N_(
        "没有工号（或姓名）是%(key)s的在职教师；有同名的，请写成“姓名（学校）”"
    ),
    "工作表“节次”里没有学校%(school)s": N_("没有%(school)s这所学校，或还没有登记作息时间"),
}


@dataclass(frozen=True)
class Group:
    """One thing that is wrong with, or worth a look in, one or several ``rows`` of a sheet; row 0 is the whole."""

    sheet: str
    message: Message
    hard: bool
    rows: tuple[int, ...]


@dataclass
class BookPlan:
    """What a workbook would write, and what stands against it. Nothing is written while a finding is hard."""

    term: Term
    findings: list[Finding] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    hours: list[HourRow] = field(default_factory=list)
    known: int = 0
    bells: dict = field(default_factory=dict)
    ways: dict = field(default_factory=dict)
    limits: dict = field(default_factory=dict)
    kept: tuple[str, ...] = ()

    @property
    def problems(self) -> list[Finding]:
        """What has to be put right first."""
        return [each for each in self.findings if each.hard]

    @property
    def groups(self) -> list[Group]:
        """The findings as people read them: what is said of several rows of a sheet once, with its rows."""
        found: dict = {}
        for each in self.findings:
            found.setdefault((each.sheet, each.message, each.hard), []).append(each.row)
        return [Group(*key, tuple(sorted(set(rows)))) for key, rows in found.items()]

    @property
    def is_empty(self) -> bool:
        """Whether everything is there already."""
        return not (self.rows or self.hours or self.bells or self.ways or self.limits)

    @property
    def digest(self) -> str:
        """A hash of what would be written: two plans with the same write the same."""
        parts = [
            sorted(json.dumps([str(part) for part in row.identity]) for row in (*self.rows, *self.hours)),
            sorted(str(item) for item in (*self.bells.items(), *self.ways.items())),
            sorted(f"{key} {sorted(values.items())}" for key, values in self.limits.items()),
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def plan_of(actor: Actor, workbook: Workbook, term: Term, day: date, *, before: int = 0) -> BookPlan:
    """What a workbook would write from a day on. ``before`` rows of 课表 stand before the first pasted one."""
    return _Planner(actor, workbook, term, day, before).plan()


class _Planner:
    """Puts the names of a workbook in the place of registered schools and people."""

    def __init__(self, actor: Actor, workbook: Workbook, term: Term, day: date, before: int):
        self.actor, self.term, self.day, self.before = actor, term, day, before
        self.found = BookPlan(term)
        self.schools = {plain(each.name): each for each in school_queries.open_schools(actor.district_id)}
        table = find_table(workbook, LESSONS)
        self.people = self._people(self._teachers_in(table) if isinstance(table, SheetTable) else ())
        names = {plain(sheet.name) for sheet in workbook.sheets}
        at = {key for name in self._named(table) if (key := self._school_id(name))}
        self.bells = visiting.bells_of(actor.district_id, at)
        added = [self._bell_sheet()] if BELLS not in names else []
        added += [self._teacher_sheet()] if TEACHERS not in names else []
        self.has_bells, self.has_teachers = BELLS in names, TEACHERS in names
        self.book: TimetableBook = read_timetable(replace(workbook, sheets=(*workbook.sheets, *added)))
        if self.has_teachers:
            self.people = self._people([teacher.key for teacher in self.book.problem.teachers])

    def plan(self) -> BookPlan:
        """Everything, in the order in which people read it: faults, then what does not fit, then clashes."""
        for fault in self.book.faults:
            for reason in fault.reasons:
                self._find(fault.sheet, fault.row, _said(reason))
        self._bells()
        self._ways()
        self._teachers()
        for planned in self.book.problem.rows:
            self._row(planned.lesson)
        self._leave_known()
        # Also where other rows cannot be read: who mends a table wants to know everything at once.
        self.found.findings += timetable_rows.judge(
            self.actor,
            self.found.rows,
            self.found.hours,
            self.term,
            self.day,
            LESSONS,
            ways=dict(self.book.problem.travel),
            bounds=self._bounds(),
        )
        self.found.kept = (
            *self.book.unknown_sheets,
            *(header for _sheet, header in self.book.unknown_columns),
        )
        return self.found

    def _find(self, sheet: str, row: int, words, hard: bool = True) -> None:
        self.found.findings.append(
            Finding(sheet, self._number(row) if sheet == LESSONS else row, words, hard)
        )

    def _number(self, row: int) -> int:
        """The row of 课表 as its writer counts it."""
        return row - self.before

    # Names

    @staticmethod
    def _teachers_in(table: SheetTable) -> Iterable[str]:
        cells = (table.teacher(index)[1] for index in table.data_rows())
        return dict.fromkeys(cell_text(cell) for cell in cells if cell is not None)

    @staticmethod
    def _written_in(table: SheetTable, column: str) -> Iterable[str]:
        return dict.fromkeys(
            cell_text(cell) for index in table.data_rows() if (cell := table.cell(index, column)) is not None
        )

    def _named(self, table) -> Iterable[str]:
        return self._written_in(table, "学校") if isinstance(table, SheetTable) else ()

    def _school_id(self, name: str):
        school = self.schools.get(plain(name))
        return school.id if school else None

    def _people(self, written: Iterable[str]) -> dict:
        return teachers_written(self.actor.district_id, written, self.schools.values())

    def _bell_sheet(self) -> Sheet:
        clock = timetable.format_clock
        rows = [["学校", "节次", "开始", "结束"]]
        for school in self.schools.values():
            for number, (starts, ends) in self.bells.get(school.id, {}).items():
                rows.append([school.name, number, clock(starts), clock(ends)])
        # A teacher's own school has to be known, also when no row is given there.
        homes = dict.fromkeys(
            home.name for _person, home in self.people.values() if home.id not in self.bells
        )
        rows += [[name, 1, "00:00", "00:01"] for name in homes]
        return Sheet(BELLS, rows)

    def _teacher_sheet(self) -> Sheet:
        rows = [["工号", "姓名", "本校"]]
        rows += [[text, person.name, home.name] for text, (person, home) in self.people.items()]
        return Sheet(TEACHERS, rows)

    # Sheets beside the lessons

    def _bells(self) -> None:
        """Bell times of schools that have none are new; others have to be those that are registered."""
        if not self.has_bells:
            return
        tables = self.book.tables.get(BELLS)
        rows = {}
        if tables:
            for index in tables.data_rows():
                rows[plain(tables.cell(index, "学校")), plain(tables.cell(index, "节次"))] = index + 1
        known = visiting.bells_of(
            self.actor.district_id, {s.id for s in map(self._school, self.book.problem.bells) if s}
        )
        new: dict = {}
        for bell in self.book.problem.bells:
            school, row = self._school(bell), rows.get((plain(bell.school), plain(str(bell.period))), 0)
            if school is None or not isinstance(bell.period, int):
                continue
            registered = known.get(school.id)
            if registered is None and can(self.actor, "school.edit", school):
                new.setdefault(school, []).append((bell.period, bell.start, bell.end))
            elif registered is None:
                words = N_("%(school)s还没有登记作息时间，请该校先登记")
                self._find(BELLS, row, message(words, school=school.name), hard=False)
            elif registered.get(bell.period, (bell.start, bell.end)) != (bell.start, bell.end):
                starts, ends = registered[bell.period]
                words = message(
                    N_("%(school)s第%(period)s节登记的是 %(time)s，表里不一样：请先改作息时间，或改表格"),
                    school=school.name,
                    period=bell.period,
                    time=f"{timetable.format_clock(starts)}-{timetable.format_clock(ends)}",
                )
                self._find(BELLS, row, words)
        self.found.bells = new
        self.bells = {**known, **{s.id: {n: (a, b) for n, a, b in times} for s, times in new.items()}}

    def _school(self, bell) -> School | None:
        return self.schools.get(plain(bell.school))

    def _ways(self) -> None:
        """Ways that nobody has registered are new; registered ones stay as they are."""
        names = {plain(name) for way in self.book.problem.travel for name in way}
        named = {name: self.schools[name] for name in names if name in self.schools}
        known = visiting.ways_by_name(self.actor.district_id, {school.id for school in named.values()})
        for (origin, target), minutes in self.book.problem.travel.items():
            here, there = named.get(plain(origin)), named.get(plain(target))
            if here is None or there is None:
                continue
            mine = can(self.actor, "school.edit", here) or can(self.actor, "school.edit", there)
            if mine and (here.name, there.name) not in known:
                self.found.ways[here.id, there.id] = min(minutes, 600)

    def _teachers(self) -> None:
        """Limits and half-days of the own school's teachers; everybody has to be who the roster says."""
        if not self.has_teachers:
            return
        table, rows = self.book.tables.get(TEACHERS), {}
        if table:
            for index in table.data_rows():
                rows[plain(table.cell(index, "工号"))] = index + 1
        known = self._registered_limits()
        for teacher in self.book.problem.teachers:
            row = rows.get(plain(teacher.key), 0)
            if teacher.key not in self.people:
                words = N_("没有工号是%(key)s的在职教师")
                self._find(TEACHERS, row, message(words, key=teacher.key))
                continue
            person, home = self.people[teacher.key]
            if teacher.name and plain(teacher.name) != plain(person.name):
                words = N_("工号%(key)s登记的是%(name)s，表里写的是%(written)s")
                self._find(
                    TEACHERS, row, message(words, key=teacher.key, name=person.name, written=teacher.name)
                )
            elif plain(teacher.limits.home_school) != plain(home.name):
                words = N_("%(name)s的本校登记的是%(school)s")
                self._find(TEACHERS, row, message(words, name=person.name, school=home.name))
            else:
                self._limits(person, teacher.limits, known.get(person.id), row)

    def _limits(self, person: Person, bound, registered, row: int) -> None:
        values = {
            name: value
            for name, value in (
                ("week_periods", bound.week_periods),
                ("visit_days", bound.visit_days),
                ("half_days", None if bound.half_days is None else written(bound.half_days)),
            )
            if value is not None and value != getattr(registered, name, None)
        }
        if values and can(self.actor, "limit.edit", person):
            self.found.limits[person.id] = values
        elif values:
            words = N_("%(name)s的上限由本校设定，这里不改")
            self._find(TEACHERS, row, message(words, name=person.name), hard=False)

    def _registered_limits(self) -> dict:
        ids = {person.id for person, _home in self.people.values()}
        rows = db.session.scalars(
            select(TeacherLimit).where(
                TeacherLimit.district_id == self.actor.district_id,
                TeacherLimit.term_id == self.term.id,
                TeacherLimit.person_id.in_(ids),
            )
        )
        return {row.person_id: row for row in rows}

    def _bounds(self) -> dict:
        """What will bind the teachers once the workbook is written, as the rules take it."""
        if not self.has_teachers:
            return {}
        known, found = self._registered_limits(), {}
        for person, home in self.people.values():
            row, new = known.get(person.id), self.found.limits.get(person.id, {})
            if row is None and not new:
                continue
            values = {
                name: new.get(name, getattr(row, name, None))
                for name in ("week_periods", "visit_days", "half_days")
            }
            found[str(person.id)] = timetable.TeacherLimits(
                home.name,
                values["week_periods"],
                values["visit_days"],
                timetable.parse_half_days(values["half_days"] or ""),
            )
        return found

    # The lessons

    def _row(self, lesson: timetable.Lesson) -> None:
        school = self.schools.get(plain(lesson.school))
        person, home = self.people.get(lesson.teacher, (None, None)) if lesson.teacher else (None, None)
        times = self.bells.get(school.id, {}).get(lesson.period) if school else None
        reason = self._reason_against(lesson, school, person, times)
        if reason is not None:
            self._find(LESSONS, lesson.row, reason)
            return
        facts = {
            "school_id": school.id,
            "person_id": person.id if person else None,
            "class_name": "；".join(lesson.classes),
            "subject": lesson.subject,
            "weekday": lesson.weekday,
            "period": lesson.period,
            "starts": times[0],
            "ends": times[1],
            "weeks": str(lesson.weeks),
        }
        if person is None or not lesson.classes:
            self.found.hours.append(HourRow(number=self._number(lesson.row), school=school.name, **facts))
            if not can(self.actor, "school.edit", school):
                words = N_("只有本校能登记占用的时间")
                self._find(LESSONS, lesson.row, message(words))
            return
        idea = Idea(
            district_id=self.actor.district_id,
            id=uuid7(),
            term_id=self.term.id,
            home_school_id=home.id,
            **facts,
        )
        self.found.rows.append(Row(self._number(lesson.row), idea, school.name))

    def _reason_against(self, lesson, school, person, times):
        """Why a row can be no lesson here, as far as one sees without the others."""
        if school is None:
            return message(N_("没有%(school)s这所学校"), school=lesson.school)
        if lesson.teacher and person is None:
            return message(N_("没有工号是%(key)s的在职教师"), key=lesson.teacher)
        if times is None:
            words = N_("%(school)s没有登记第%(period)s节的作息时间")
            return message(words, school=school.name, period=lesson.period)
        if lesson.teacher and lesson.classes and not lesson.subject:
            return message(N_("“%(column)s”是空的"), column=message("学科"))
        texts = ("；".join(lesson.classes), lesson.subject)
        if any(len(text) > LONGEST for text in texts):
            return message(N_("班级或学科超过 %(longest)s 个字"), longest=LONGEST)
        return None

    def _leave_known(self) -> None:
        """What is there already is left out; of what is new, one has to be one's own to schedule."""
        people = {row.idea.person_id for row in self.found.rows}
        known = timetable_rows.known_lessons(self.term, people)
        hours = timetable_rows.known_hours(self.term, {hour.school_id for hour in self.found.hours})
        all_rows, all_hours = self.found.rows, self.found.hours
        self.found.rows = [row for row in all_rows if row.identity not in known]
        self.found.hours = [hour for hour in all_hours if hour.identity not in hours]
        self.found.known = len(all_rows) - len(self.found.rows) + len(all_hours) - len(self.found.hours)
        for row in self.found.rows:
            if not can(self.actor, "lesson.edit", row.idea):
                words = message(N_("只能排本校教师的课，或到本校来上的课"))
                self.found.findings.append(Finding(LESSONS, row.number, words))


def _said(reason: Message) -> Message:
    """A reason of the reader about a sheet that was not written, in words of what is registered."""
    template = INSTEAD.get(reason.template)
    return replace(reason, template=template) if template else reason
