"""Many steps by many people in any order: nobody is ever in two places, and what has begun never changes.

A walk is a seed: it takes steps at random through the pages, as those do who may, and after each step the
rules' own check looks over all dates. Refusals are part of the walk; faults are not.
"""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from portal.extensions import db
from portal.models import Absence, AbsentSession, SubstituteAsk, VisitingLesson, VisitingSession
from portal.queries import substitutes
from tests.support.absences import all_of, clashes
from tests.support.visiting import LESSON, ring_bells

STEPS = 160
TEACHERS = {"林晓岚": "teacher", "周以宁": "mentor", "江念一": "mentee", "何思源": "colleague"}
# The plan may ask the heads and the office as well.
HEADS = {"陈怀瑾": "lead", "吴静姝": "principal", "许清和": "office", "江若谷": "nanjiao_principal"}
SCHOOLS = ("linfeng", "gongchen", "nanjiao")
# The lead directs all three schools; the others may less often, and are refused the rest of the time.
MANAGERS = ("lead", "lead", "lead", "principal", "office", "nanjiao_principal")


class Walk:
    """One walk: who can press what, and what has been answered so far."""

    def __init__(self, seed: int, as_, world):
        self.random, self.world, self.done = random.Random(seed), world, Counter()
        self.clients = {who: as_(who) for who in {*TEACHERS.values(), *MANAGERS}}
        for client in self.clients.values():
            client.checks_pages = False

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
        weights = [6, 2, 1, 5, 2, 2, 18, 16, 6, 2, 3, 3, 3]
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
            "weekday": self.random.randint(1, 5),
            "period": self.random.randint(1, 5),
            "class_name": self.random.choice(("一（1）班", "二（1）班", "一（1）班；二（1）班")),
            "weeks": self.random.choice(("", "单", "双", "12-14")),
            "from_day": "2025-11-10",
        }

    def schedule(self):
        return self.post(self.random.choice(MANAGERS), "/visiting/lessons/new", **self.lesson())

    def edit_lesson(self):
        row = self.one_of(all_of(VisitingLesson))
        if row:
            address = f"/visiting/lessons/{row.id}/edit"
            return self.post(self.random.choice(MANAGERS), address, **self.lesson(), version=row.version)

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

    def waiting(self):
        lines = all_of(AbsentSession)
        open_ones = [
            line for line in lines if line.session.state == "planned" and line.absence.state == "open"
        ]
        return self.one_of(open_ones)

    def ask(self):
        """Mostly somebody who can, sometimes anybody."""
        row, name = self.waiting(), self.random.choice(list(TEACHERS))
        if row:
            found = substitutes.outlooks([row], self.world.today)[0].suggestions
            known = [each.candidate.name for each in found if each.candidate.name in TEACHERS]
            if self.random.random() < 0.8:
                name = self.one_of(known) or name
            return self.post(self.random.choice(MANAGERS), f"/visiting/covers/{row.id}/ask", person=name)

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

    def repair(self):
        row = self.one_of(all_of(Absence, state="open"))
        if row:
            return self.post(self.random.choice(MANAGERS), f"/visiting/absences/{row.id}/repair")

    def answer(self):
        row = self.one_of(all_of(SubstituteAsk, state="open"))
        if row:
            step = {"action": self.random.choice(("accept", "accept", "accept", "decline", "take_back"))}
            who = "lead" if step["action"] == "take_back" else {**TEACHERS, **HEADS}[row.person.name]
            return self.post(who, f"/visiting/asks/{row.id}/step", **step)

    def settle(self):
        """The receiving school writes a stand-in down by hand, or takes one back."""
        ahead = [row for row in all_of(VisitingSession) if row.held_on > self.world.today]
        row = self.one_of(ahead)
        if row:
            outcome = self.random.choice(("substitute", "cancel", "planned"))
            said = {"outcome": outcome, "note": "说明", "substitute": self.random.choice(list(TEACHERS))}
            address = f"/visiting/sessions/{row.id}/settle"
            return self.post(self.random.choice(MANAGERS), address, **said, version=row.version)


def facts(row: VisitingSession) -> tuple:
    return row.held_on, row.starts, row.ends, row.state, row.person_id, row.substitute_id, row.class_name


@pytest.mark.promise(10)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_walk_leads_to_two_places_and_none_changes_the_past(as_, world, seed):
    ring_bells(world)
    walk = Walk(seed, as_, world)
    for _number in range(12):
        walk.schedule()
    walk.enter()
    past = {row.id: facts(row) for row in all_of(VisitingSession) if row.held_on <= world.today}
    for number in range(STEPS):
        walk.step()
        assert clashes() == [], number
        accepted = {ask.session_id: ask.person_id for ask in all_of(SubstituteAsk, state="accepted")}
        for row in all_of(VisitingSession, state="substituted"):
            assert accepted.get(row.id, row.substitute_id) == row.substitute_id
            assert row.substitute_id != row.person_id
        db.session.rollback()
    after = {row.id: facts(row) for row in all_of(VisitingSession) if row.id in past}
    assert after == past
    taken = [kind for (kind, status), count in walk.done.items() for _each in range(count) if status == 303]
    assert {"schedule", "enter"} <= set(taken)
    assert len(taken) > 25, walk.done
