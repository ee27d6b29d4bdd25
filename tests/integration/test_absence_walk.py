"""Many steps by many people in any order: nobody is ever in two places, and what has begun never changes.

A walk is a seed: it takes steps at random through the pages, as those do who may, and after each step the
rules' own check looks over all dates. Refusals are part of the walk; faults are not.
"""

import random
from collections import Counter
from datetime import date, timedelta
from itertools import permutations

import pytest
import sqlalchemy as sa

from portal.domain import timetable
from portal.extensions import db
from portal.models import (
    Absence,
    AbsentSession,
    MovedSession,
    SubstituteAsk,
    TravelTime,
    VisitingLesson,
    VisitingSession,
)
from portal.queries import moved_sessions, substitutes, visiting
from tests.support.absences import all_of, clashes
from tests.support.visiting import LESSON, ring_bells

STEPS = 160
TEACHERS = {"林晓岚": "teacher", "周以宁": "mentor", "江念一": "mentee", "何思源": "colleague"}
# The plan may ask the heads and the office as well.
HEADS = {"陈怀瑾": "lead", "吴静姝": "principal", "许清和": "office", "江若谷": "nanjiao_principal"}
CAST = {**TEACHERS, **HEADS}
SCHOOLS = ("linfeng", "gongchen", "nanjiao")
# The lead directs all three schools; the others may less often, and are refused the rest of the time.
MANAGERS = ("lead", "lead", "lead", "principal", "office", "nanjiao_principal")


class Walk:
    """One walk: who can press what, and what has been answered so far."""

    def __init__(self, seed: int, as_, world):
        self.random, self.world, self.done = random.Random(seed), world, Counter()
        self.clients = {who: as_(who) for who in {*CAST.values(), *MANAGERS}}
        for client in self.clients.values():
            client.checks_pages = False

    def begin(self) -> None:
        """Two teachers are away from lessons of one time; other lessons at random."""
        for name, school in (("林晓岚", "gongchen"), ("何思源", "linfeng")):
            fixed = {"person": name, "school": getattr(self.world, school).id, "weekday": 2, "weeks": ""}
            self.post("lead", "/visiting/lessons/new", **{**self.lesson(), **fixed, "period": 1})
            week = {"first_day": date(2025, 11, 24), "last_day": date(2025, 12, 5)}
            self.post(TEACHERS[name], "/visiting/absences/new", **{**self.days(), **week})
        for _number in range(12):
            self.schedule()
        self.enter()

    def step(self) -> None:
        """Take one step of a kind drawn by its weight."""
        kinds = [
            self.schedule,
            self.edit_lesson,
            self.end_lesson,
            self.enter,
            self.edit_absence,
            self.withdraw,
        ]
        kinds += [self.ask, self.answer, self.move, self.cancel, self.reopen, self.repair, self.settle]
        kinds += [self.ask_for_two, self.move_once, self.move_back]
        weights = [6, 8, 1, 5, 2, 2, 14, 12, 8, 2, 3, 3, 6, 8, 4, 2]
        kind = self.random.choices(kinds, weights)[0]
        answer = kind()
        if answer is not None:
            assert answer.status_code in (303, 403, 404, 409, 422), (kind.__name__, answer.status_code)
            self.done[kind.__name__, answer.status_code] += 1

    def post(self, who: str, address: str, **data):
        return self.clients[who].post(address, data={name: str(value) for name, value in data.items()})

    def one_of(self, rows):
        return self.random.choice(rows) if rows else None

    def days(self) -> dict:
        first = date(2025, 11, 20) + timedelta(days=self.random.randrange(14))
        last = first + timedelta(days=self.random.randrange(4))
        halves = self.random.choice((("am", "pm"), ("pm", "pm"), ("am", "am")))
        return {
            "first_day": first, "last_day": last, "first_half": halves[0], "last_half": halves[1], "kind": "sick",
        }  # fmt: skip

    def lesson(self) -> dict:
        school = getattr(self.world, self.random.choice(SCHOOLS))
        return {
            **LESSON,
            "person": self.random.choice(list(TEACHERS)),
            "school": school.id,
            "weekday": self.random.randint(1, 4),
            "period": self.random.randint(1, 4),
            "class_name": self.random.choice(("一（1）班", "二（1）班", "一（1）班；二（1）班")),
            "weeks": self.random.choice(("", "单", "双", "12-14")),
            "from_day": "2025-11-10",
        }

    def schedule(self):
        return self.post(self.random.choice(MANAGERS), "/visiting/lessons/new", **self.lesson())

    def edit_lesson(self):
        """Mostly another time for a lesson, sometimes another lesson altogether."""
        row = self.one_of(all_of(VisitingLesson, state="running"))
        if row:
            changed = self.lesson()
            if self.random.random() < 0.8:
                changed |= {"school": row.school_id, "class_name": row.class_name, "weeks": row.weeks}
            address = f"/visiting/lessons/{row.id}/edit"
            return self.post(self.random.choice(MANAGERS), address, **changed, version=row.version)

    def end_lesson(self):
        row = self.one_of(all_of(VisitingLesson, state="running"))
        if row:
            step = {"action": "end", "note": "换人", "version": row.version}
            return self.post(self.random.choice(MANAGERS), f"/visiting/lessons/{row.id}/step", **step)

    def enter(self):
        return self.post(self.random.choice(list(TEACHERS.values())), "/visiting/absences/new", **self.days())

    def edit_absence(self):
        row = self.one_of(all_of(Absence, state="open"))
        if row:
            who, address = TEACHERS[row.person.name], f"/visiting/absences/{row.id}/edit"
            return self.post(who, address, **self.days(), version=row.version)

    def withdraw(self):
        row = self.one_of(all_of(Absence, state="open"))
        if row:
            step = {"action": "withdraw", "version": row.version}
            return self.post(TEACHERS[row.person.name], f"/visiting/absences/{row.id}/step", **step)

    def cover(self, action: str, **data):
        row = self.one_of(all_of(AbsentSession))
        if row:
            return self.post(self.random.choice(MANAGERS), f"/visiting/covers/{row.id}/{action}", **data)

    def all_waiting(self) -> list:
        lines = all_of(AbsentSession)
        return [line for line in lines if line.session.state == "planned" and line.absence.state == "open"]

    def waiting(self):
        return self.one_of(self.all_waiting())

    def known(self, line) -> list[str]:
        """Those of the walk who could stand in."""
        found = substitutes.outlooks([line], self.world.today)[0].suggestions
        return [each.candidate.name for each in found if each.candidate.name in CAST]

    def ask(self):
        """Mostly somebody who can, sometimes anybody."""
        row, name = self.waiting(), self.random.choice(list(TEACHERS))
        if row:
            if self.random.random() < 0.8:
                name = self.one_of(self.known(row)) or name
            return self.post(self.random.choice(MANAGERS), f"/visiting/covers/{row.id}/ask", person=name)

    def ask_for_two(self):
        """One person is asked for two lessons of one time, and says yes to both."""
        lines = self.all_waiting()
        two = self.one_of(
            [(a, b) for a in lines for b in lines if a.id < b.id and meet(a.session, b.session)]
        )
        both = sorted(set(self.known(two[0])) & set(self.known(two[1]))) if two else []
        if both:
            name, said = self.random.choice(both), None
            for key in [line.id for line in two]:
                self.post("lead", f"/visiting/covers/{key}/ask", person=name)
            for ask in all_of(SubstituteAsk, state="open"):
                if ask.person.name == name:
                    said = self.post(CAST[name], f"/visiting/asks/{ask.id}/step", action="accept")
            return said

    def cancel(self):
        return self.cover("cancel", note="没有人能代")

    def reopen(self):
        return self.cover("reopen")

    def move(self):
        row = self.waiting()
        if row:
            slots = substitutes.outlooks([row], self.world.today)[0].slots
            slot = self.one_of(slots)
            if slot:
                key = f"{slot.hour.day.isoformat()}_{slot.period}"
                return self.post("lead", f"/visiting/covers/{row.id}/move", slot=key)

    def move_once(self):
        """From the lesson's own page, often one that had moved before."""
        ahead = [row for row in all_of(VisitingSession, state="planned") if row.held_on > self.world.today]
        moved = {row.session_id for row in all_of(MovedSession)}
        row = (
            self.one_of([each for each in ahead if each.id in moved]) if self.random.random() < 0.5 else None
        )
        row = row or self.one_of(ahead)
        slot = self.one_of(moved_sessions.slots_for(row, self.world.today)) if row else None
        if slot:
            key = f"{slot.hour.day.isoformat()}_{slot.period}"
            return self.post("lead", f"/visiting/sessions/{row.id}/move", slot=key, version=row.version)

    def move_back(self):
        row = self.one_of(all_of(MovedSession))
        if row:
            address = f"/visiting/sessions/{row.session_id}/move-back"
            return self.post("lead", address, version=row.session.version)

    def repair(self):
        row = self.one_of(all_of(Absence, state="open"))
        if row:
            return self.post(self.random.choice(MANAGERS), f"/visiting/absences/{row.id}/repair")

    def answer(self):
        row = self.one_of(all_of(SubstituteAsk, state="open"))
        if row:
            step = {"action": self.random.choice(("accept", "accept", "accept", "decline", "take_back"))}
            who = "lead" if step["action"] == "take_back" else CAST[row.person.name]
            return self.post(who, f"/visiting/asks/{row.id}/step", **step)

    def settle(self):
        """The receiving school writes a stand-in down by hand, or takes one back."""
        visits = [row for row in all_of(VisitingSession) if row.school_id != row.lesson.home_school_id]
        row = self.one_of([row for row in visits if row.held_on > self.world.today])
        if row:
            heads = {self.world.gongchen.id: ("principal", "office"), self.world.linfeng.id: ("lead",)}
            who = self.random.choice(heads.get(row.school_id, ("nanjiao_principal",)))
            outcome = self.random.choice(("substitute", "cancel", "planned"))
            # Often somebody who has another lesson then.
            then = [each for each in all_of(VisitingSession) if each.id != row.id and meet(each, row)]
            busy = {each.person.name for each in then if each.state == "planned"} - {row.person.name}
            name = self.one_of(sorted(busy)) or self.random.choice(list(TEACHERS))
            said = {"outcome": outcome, "note": "说明", "substitute": name}
            address = f"/visiting/sessions/{row.id}/settle"
            return self.post(who, address, **said, version=row.version)


def meet(one: VisitingSession, other: VisitingSession) -> bool:
    return one.held_on == other.held_on and one.starts < other.ends and other.starts < one.ends


def given_twice() -> list:
    """Dated lessons that are given at two times."""
    live = {row.id for row in all_of(VisitingSession) if row.state != "cancelled"}
    times: dict = {}
    for row in all_of(MovedSession):
        times.setdefault(row.origin_id, {row.origin_id}).add(row.session_id)
    return [origin for origin, keys in times.items() if len(keys & live) > 1]


def facts(row: VisitingSession) -> tuple:
    return row.held_on, row.starts, row.ends, row.state, row.person_id, row.substitute_id, row.class_name


def unfit(world) -> list:
    """What is wrong with the weekly lessons that run: overlaps, and ways longer than the gap."""
    rows = all_of(VisitingLesson, state="running")
    values = [visiting.as_value(row, row.school.name, 1) for row in rows]
    ways = visiting.ways_by_name(world.east.id, {row.school_id for row in rows})
    return [each for each in timetable.conflicts(values, ways, {}) if each.kind != "travel_unknown"]


# What a walk has to have done for its silence to mean anything: every way in which a lesson gets a time or a person.
DONE = {"schedule", "edit_lesson", "enter", "ask", "answer", "settle", "move_once"}


@pytest.mark.promise(10)
@pytest.mark.parametrize(
    ("engine", "seed"),
    [
        ("sqlite", 1),
        ("sqlite", 2),
        ("sqlite", 3),
        pytest.param("postgresql", 1, marks=pytest.mark.postgresql),
    ],
    indirect=["engine"],
)
def test_no_walk_leads_to_two_places_and_none_changes_the_past(as_, world, seed):
    _walk(seed, as_, world)


@pytest.mark.promise(10)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", [1, 4])
def test_the_rules_alone_keep_people_out_of_two_places(as_, world, engine, seed):
    """The same walk while the database lets everything pass: it is the last guard, not the only one."""
    for kind, name in db.session.execute(sa.text(GUARDS)).all():
        db.session.execute(sa.text(f"DROP {kind} {name}"))
    db.session.commit()
    _walk(seed, as_, world)


# Triggers and unique indexes over the dated lessons.
GUARDS = (
    "SELECT type, name FROM sqlite_master WHERE name LIKE 'lesson_given_twice%'"
    " OR (tbl_name = 'visiting_session' AND name LIKE '%booked_twice%')"
)


def _walk(seed: int, as_, world) -> None:
    ring_bells(world)
    for one, other in permutations((world.nanjiao, world.gongchen, world.linfeng), 2):
        if world.nanjiao in (one, other):
            way = {"from_school_id": one.id, "to_school_id": other.id, "minutes": 25}
            db.session.add(TravelTime(district_id=world.east.id, **way))
    db.session.commit()
    walk = Walk(seed, as_, world)
    walk.begin()
    past = {row.id: facts(row) for row in all_of(VisitingSession) if row.held_on <= world.today}
    for number in range(STEPS):
        walk.step()
        assert clashes() == [], number
        assert unfit(world) == [], number
        assert given_twice() == [], number
        accepted = {ask.session_id: ask.person_id for ask in all_of(SubstituteAsk, state="accepted")}
        for row in all_of(VisitingSession, state="substituted"):
            assert accepted.get(row.id, row.substitute_id) == row.substitute_id
            assert row.substitute_id != row.person_id
        db.session.rollback()
    after = {row.id: facts(row) for row in all_of(VisitingSession) if row.id in past}
    assert after == past
    taken = {kind for kind, status in walk.done if status == 303}
    assert taken >= DONE, walk.done
