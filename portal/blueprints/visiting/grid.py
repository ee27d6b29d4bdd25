"""A week as ``ui.week`` and ``ui.day`` take it: rows are periods, columns days; each slot says time and school."""

from collections import defaultdict
from datetime import timedelta
from functools import cached_property
from itertools import pairwise

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from portal import formats
from portal.auth import can
from portal.blueprints.visiting.slots import ghost_slot, hour_slot, session_slot
from portal.blueprints.visiting.week_load import load_of
from portal.domain.free_slots import LIMIT_KINDS
from portal.domain.timetable import NOON, travel_minutes
from portal.web import render_macro

NOTHING = Markup("")
BUSY = 30  # lessons a week


class Grid:
    """What a page needs of one ``WeekView``: table, day lists, conflicts, legend and counts."""

    def __init__(self, view, today, *, ghosts: bool = True, adds: bool = False):
        self.view, self.today, self.adds = view, today, adds
        self.ghosts = view.ghosts if ghosts else []
        self.by_teacher = view.scope.kind == "teacher"
        self._by_row = {str(lesson.id): lesson for lesson in view.lessons} if view.conflicts else {}
        self._periods = {
            school: {times[0]: number for number, times in reversed(bells.items())}
            for school, bells in view.bells.items()
        }
        self._of_day, self._of_cell = defaultdict(list), defaultdict(list)
        self._slots, self._ends = {}, {}
        for session in view.sessions:  # once: a week has hundreds, and dozens of cells
            self._of_day[session.held_on].append(session)
            self._of_cell[session.held_on, self.row_of(session)].append(session)
        self.bad = {
            self._by_row[self._blamed(conflict)].id: conflict.kind
            for conflict in reversed(view.conflicts)
            if conflict.kind != "travel_unknown"
        }

    def _blamed(self, conflict) -> str:
        """The lesson at which a conflict is shown: the latest of those on the page."""
        return [row for row in conflict.rows if row in self._by_row][-1]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show: no period, or no lesson and nobody who could add one."""
        return not self.numbers or not (self.view.sessions or self.ghosts or self.adds)

    @property
    def is_busy(self) -> bool:
        """Whether the printed sheet has room for one line a lesson only."""
        return len(self.view.sessions) > BUSY

    # Rows and days

    @cached_property
    def schools(self) -> list:
        """The schools of the lessons: in a teacher's week the home school first, else by name."""
        rows = {row.school_id: row for row in (*self.view.sessions, *self.view.lessons)}
        found = {key: row.school for key, row in rows.items()}
        home = {row.home_school_id: row.home_school for row in self.view.lessons} if self.by_teacher else {}
        if self.view.home is not None and (self.adds or self.by_teacher):
            home[self.view.home.id] = self.view.home
        return sorted((found | home).values(), key=lambda school: (school.id not in home, school.name))

    @cached_property
    def numbers(self) -> list[int]:
        """The periods shown: those of the schools' bells, and whatever lessons use."""
        used = {number for _day, number in self._of_cell} | {g.period for g in self.ghosts}
        used |= {hour.period for hour in self.view.hours}
        if len(self.schools) <= 2:
            for school in self.schools:
                used |= set(self.view.bells.get(school.id, ()))
        if self.adds and self.view.home is not None:
            used |= set(self.view.bells.get(self.view.home.id, ()))
        return sorted(used)

    def row_of(self, session) -> int:
        """The period of a dated lesson by the clock of its school: a changed lesson leaves its past alone."""
        number = self._periods.get(session.school_id, {}).get(session.starts)
        return session.lesson.period if number is None else number

    def is_second(self, school_id) -> bool:
        """Whether a school is drawn as the other one: away in a teacher's week, elsewhere in a school's."""
        if self.view.scope.kind == "cluster" or not self.schools:
            return False
        own = self.view.scope.school
        return school_id != (own.id if own else self.schools[0].id)

    @property
    def days(self) -> list[dict]:
        """The columns."""
        return [
            {
                "label": formats.weekday(day),
                "date": formats.day(day),
                "note": self._note(day),
                "today": day == self.today,
            }
            for day in self.view.days
        ]

    def _note(self, day) -> str:
        swap = self.view.unusual.get(day)
        if swap is None or not swap.is_workday:
            return ""
        if swap.teaches_like is None:
            return _("调休，按哪天的课表待定")
        return _("调休，按%(weekday)s课表", weekday=formats.weekday(swap.teaches_like))

    def _off(self, day) -> str:
        """Why nobody teaches on a day; empty when somebody does."""
        swap = self.view.unusual.get(day)
        if swap is None or swap.is_workday or self._on(day):
            return ""
        return _("%(name)s，停课", name=swap.name) if swap.name else _("停课")

    @property
    def rows(self) -> list[dict]:
        """The rows of the table, with the noon line between morning and afternoon."""
        listed = [(number, self._is_late(number)) for number in self.numbers]
        noon_at = next((place for place, (_number, late) in enumerate(listed) if late), None)
        has_noon = self.by_teacher and noon_at not in (None, 0)
        height = len(listed) + has_noon
        rows = []
        for place, (number, _late) in enumerate(listed):
            if has_noon and place == noon_at:
                cells = [None if self._off(day) else self._noon(day) for day in self.view.days]
                rows.append({"label": _("午间"), "noon": True, "cells": cells})
            cells = [self._cell(day, number, place, height) for day in self.view.days]
            label = _("第%(period)s节", period=number)
            rows.append({"label": label, "bells": self._bells(number), "cells": cells})
        return rows

    def _is_late(self, number: int) -> bool:
        starts = [bells[number][0] for bells in self.view.bells.values() if number in bells]
        starts = starts or [s.starts for s in self.view.sessions if self.row_of(s) == number]
        return bool(starts) and min(starts) >= NOON

    def _bells(self, number: int) -> Markup:
        if len(self.schools) > 2:
            return NOTHING
        parts = []
        for school in self.schools:
            times = self.view.bells.get(school.id, {}).get(number)
            if times:
                words = f"{formats.clock(times[0])}–{formats.clock(times[1])}"
                second = self.is_second(school.id)
                parts.append(render_macro("bell_time", school.name, words, second=second))
        return NOTHING.join(parts)

    def _cell(self, day, number: int, place: int, height: int):
        off = self._off(day)
        if off:
            return {"off": off, "rowspan": height} if place == 0 else None
        parts = []
        for session in self._of_cell.get((day, number), ()):
            way = self._way_before(session)
            parts += [way["mark"]] if way and not way["noon"] else []
            parts.append(self.slot(session))
        parts += [
            ghost_slot(lesson, self.is_second(lesson.school_id), not self.by_teacher)
            for lesson in self.ghosts
            if lesson.period == number and lesson.weekday == self._weekday(day)
        ]
        parts += [
            hour_slot(hour, self.is_second(hour.school_id))
            for hour in self.view.hours
            if hour.period == number and hour.weekday == self._weekday(day)
        ]
        return NOTHING.join(parts) if parts else self._add(day, number)

    def _add(self, day, number: int) -> Markup:
        """What an empty cell offers to whoever schedules: the form, with what the cell says filled in."""
        weekday = self._weekday(day)
        if not self.adds or weekday is None:
            return NOTHING
        scope, asked = self.view.scope, {}
        if scope.person:
            others = [school for school in self.schools if self.is_second(school.id)]
            asked = {"person-id": scope.person.id, "school": others[0].id if len(others) == 1 else None}
            subjects = {lesson.subject for lesson in self.view.lessons}
            asked["subject"] = subjects.pop() if len(subjects) == 1 else None
        else:
            asked = {"school": scope.school.id, "class": scope.class_name or None}
        words = _("排一节课：%(weekday)s第%(period)s节", weekday=formats.weekday(weekday), period=number)
        url = url_for("visiting.lesson_new", weekday=weekday, period=number, **asked)
        return render_macro("slot_add", url, words)

    def _weekday(self, day) -> int | None:
        swap = self.view.unusual.get(day)
        return swap.teaches_like if swap else day.isoweekday()

    def _on(self, day) -> list:
        return self._of_day.get(day, [])

    def slot(self, session) -> Markup:
        """One dated lesson, drawn once: the table and the lists of a phone show the same."""
        if session.id not in self._slots:
            self._slots[session.id] = self._draw(session)
        return self._slots[session.id]

    def _draw(self, session) -> Markup:
        way = self._way_before(session)
        return session_slot(
            session,
            second=self.is_second(session.school_id),
            conflict=self.bad.get(session.lesson_id) if session.state == "planned" else None,
            short=way["short"] if way else 0,
            names_teacher=not self.by_teacher,
            today=self.today,
            leave=self.view.away.get(session.id),
            busy_id=self.view.scope.person.id if self.by_teacher else None,
            is_busy=self.is_busy,
            has_bells=len(self.schools) <= 2,
        )

    # The road

    @cached_property
    def _ways(self) -> dict:
        """Session -> the way before it: only in a teacher's week, between lessons that follow each other."""
        found = {}
        if not self.by_teacher:
            return found
        for day in self.view.days:
            taught = [s for s in self._on(day) if self._teaches(s)]
            for before, after in pairwise(taught):
                if before.school_id != after.school_id:
                    found[after.id] = self._way(before, after)
        return found

    def _teaches(self, session) -> bool:
        """Whether the teacher of this week stands in that lesson."""
        if session.state in ("cancelled", "missed"):
            return False
        busy = session.substitute_id if session.state == "substituted" else session.person_id
        return busy == self.view.scope.person.id

    def _way(self, before, after) -> dict:
        needed = travel_minutes(self.view.ways, before.school.name, after.school.name)
        gap = after.starts - before.ends
        short = needed - gap if needed is not None and gap < needed else 0
        if needed is None:
            words = _("去%(school)s，路程没有登记", school=after.school.name)
        elif short:
            words = _("空 %(gap)s 分，需 %(needed)s 分", gap=gap, needed=needed)
        else:
            words = _("去%(school)s %(needed)s 分", school=after.school.name, needed=needed)
        return {
            "mark": render_macro("travel", words, bad=bool(short)),
            "noon": before.starts < NOON <= after.starts and not short,
            "short": short,
        }

    def _way_before(self, session):
        return self._ways.get(session.id)

    def _noon(self, day) -> Markup:
        taught = [s for s in self._on(day) if self._teaches(s)]
        for session in taught:
            way = self._way_before(session)
            if way and way["noon"]:
                return way["mark"]
        halves = {s.starts < NOON for s in taught}
        if len(halves) == 2:
            return escape(_("在%(school)s", school=taught[0].school.name))
        return NOTHING

    # The same week for a phone

    @property
    def day_tabs(self) -> list[dict]:
        """The days as buttons."""
        tabs = []
        for day in self.view.days:
            bad = any(self.bad.get(s.lesson_id) and s.state == "planned" for s in self._on(day))
            flag = _("今天") if day == self.today else _("停课") if self._off(day) else ""
            if day.isoweekday() > 5 and self._on(day) and not flag:
                flag = _("有课")
            tabs.append(
                {
                    "label": formats.weekday(day),
                    "number": day.day,
                    "url": f"#day-{day.isoformat()}",
                    "current": day == self.today,
                    "flag": flag,
                    "bad": _("冲突") if bad else "",
                }
            )
        return tabs

    @property
    def day_lists(self) -> list[dict]:
        """One list a day: today first, then what comes, then what has been."""
        days = sorted(self.view.days, key=lambda day: (day < self.today, day))
        if self.today not in days:
            days = sorted(days)
        return [
            {
                "key": day.isoformat(),
                "title": self._day_title(day),
                "off": self._empty(day),
                "rows": self._items(day),
            }
            for day in days
        ]

    def _day_title(self, day) -> str:
        near = {self.today: _("今天"), self.today + timedelta(days=1): _("明天")}.get(day, "")
        note = self._note(day)
        return " ".join(
            part for part in (near, formats.day_weekday(day), f"（{note}）" if note else "") if part
        )

    def _empty(self, day) -> str:
        return self._off(day) or ("" if self._on(day) else _("没有课"))

    def _items(self, day) -> list[dict]:
        items = []
        for session in self._on(day):
            way = self._way_before(session)
            if way:
                items.append({"at": "", "body": way["mark"]})
            end = self._end(session.ends, self.row_of(session))
            items.append({"at": formats.clock(session.starts), "at2": end, "body": self.slot(session)})
        return items

    def _end(self, ends: int, number: int) -> Markup:
        if (ends, number) not in self._ends:  # the same few on every day
            words = Markup("{}<br>{}").format(formats.clock(ends), _("第%(period)s节", period=number))
            self._ends[ends, number] = words
        return self._ends[ends, number]

    # Words beside the table

    @property
    def about(self) -> str:
        """Subject, schools and road of a teacher's week, for the line under the title."""
        if not self.by_teacher or not self.view.lessons:
            return ""
        home = self.view.lessons[0].home_school
        others = [school for school in self.schools if school.id != home.id]
        subjects = formats.names(sorted({lesson.subject for lesson in self.view.lessons}))
        parts = [subjects, formats.names([_("%(name)s（本校）", name=home.name), *(s.name for s in others)])]
        minutes = travel_minutes(self.view.ways, home.name, others[0].name) if len(others) == 1 else None
        if minutes is not None:
            parts.append(_("路程 %(minutes)s 分钟", minutes=minutes))
        return " · ".join(parts)

    @property
    def conflicts(self) -> list[dict]:
        """What is wrong in this week: the sentence and the lesson to change."""
        return [
            {
                "text": self._conflict_words(conflict),
                "url": self._where_to_change(self._by_row[self._blamed(conflict)]),
                "bad": conflict.kind != "travel_unknown",
            }
            for conflict in self.view.conflicts
        ]

    def _conflict_words(self, conflict) -> str:
        """The sentence; where several teachers are shown, one about limits names the teacher and the lesson."""
        words = conflict.message.text(_)
        if self.by_teacher or conflict.kind not in LIMIT_KINDS:
            return words
        lesson = self._by_row[self._blamed(conflict)]
        what = f"{lesson.person.name} {lesson.class_name}{lesson.subject}"
        return _("%(what)s：%(reason)s", what=what, reason=words)

    def _where_to_change(self, lesson) -> str:
        """The form with the free times, for whoever may change the lesson; else its page."""
        if can("lesson.edit", lesson):
            return url_for("visiting.lesson_edit", lesson_id=lesson.id, _anchor="lesson_check")
        return url_for("visiting.lesson", lesson_id=lesson.id)

    @cached_property
    def load(self) -> list[tuple[str, str]]:
        """The periods of the week by school, with what S1-12 compares them with."""
        return load_of(self)
