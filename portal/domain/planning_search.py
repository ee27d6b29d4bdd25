"""Greedy construction with ruin and recreate: take related demands out, put them back in another way.

Better plans are kept, slightly worse ones sometimes, less and less often. All chance comes from one
generator with a fixed seed, and the budget is a number of rounds, so a plan can be repeated.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

from portal.domain.planning_frame import UNKNOWN, Frame, Slot, Unit
from portal.domain.planning_problem import PLANNED_DAYS
from portal.domain.planning_state import State

#: Weight of a covered period, a travel day, a minute and a row left in place when a round is judged.
WEIGHTS = (1.0, 0.05, 0.0005, 0.0001)
HOT, COLD = 0.5, 0.01
MOST_RUINED = 8
#: Minutes of a detour that chance may outweigh when a period is chosen.
DETOUR_NOISE = 20
#: Rounds between two looks at whether somebody wants to stop.
LOOK_EVERY = 16


class Search:
    """One search over one state; `best` is a list of units."""

    def __init__(self, state: State, seed: int) -> None:
        self.state = state
        self.frame: Frame = state.frame
        self.random = random.Random(seed)
        self.by_teacher: list[list[int]] = [[] for _ in self.frame.home]
        self.by_class: list[list[int]] = [[] for _ in self.frame.class_rows]
        for demand, want in enumerate(self.frame.wants):
            for number in want.classes:
                self.by_class[number].append(demand)
            if want.periods:
                for teacher in want.teachers:
                    self.by_teacher[teacher].append(demand)
        #: Demands that somebody could serve; the search moves only these.
        self.live = [
            demand
            for demand, want in enumerate(self.frame.wants)
            if want.periods and (want.teachers or want.stays)
        ]

    def construct(self) -> None:
        """The first plan: what may stay stays, then the demands with the least choice first."""
        for demand in self.live:
            self.let_stay(demand)
        wants = self.frame.wants
        order = sorted(self.live, key=lambda each: (len(wants[each].teachers), -wants[each].periods, each))
        for demand in order:
            self.serve(demand)

    def improve(
        self,
        iterations: int,
        *,
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        around: int | None = None,
    ) -> int:
        """Search for so many rounds and end in the best state that was seen; rounds really made.

        `around` keeps to the neighbourhood of one demand.
        """
        state = self.state
        best, best_units = state.score, self.placed()
        state.log.clear()
        made = 0
        if not self.live:
            return 0
        for made in range(1, iterations + 1):
            if made % LOOK_EVERY == 0:
                if progress:
                    progress(made, iterations)
                if cancelled and cancelled():
                    break
            before = state.score
            self._round(around)
            after = state.score
            if self._accepts(before, after, made / iterations):
                if after > best:
                    best, best_units = after, self.placed()
                state.log.clear()
            else:
                state.undo()
        self.restore(best_units)
        return made

    def complete(self) -> None:
        """Add what still fits, without changing anything else."""
        for demand in self.live:
            self.let_stay(demand)
            self.serve(demand)
        self.state.log.clear()

    def placed(self) -> list[Unit]:
        """All units of the present state."""
        return [unit for units in self.state.units for unit in units]

    def restore(self, units: Sequence[Unit]) -> None:
        """Make exactly these the placed ones."""
        wanted = {unit.number for unit in units}
        for unit in self.placed():
            if unit.number not in wanted:
                self.state.drop(unit)
        there = {unit.number for unit in self.placed()}
        for unit in units:
            if unit.number not in there:
                self.state.put(unit)
        self.state.log.clear()

    def _accepts(self, before: tuple, after: tuple, done: float) -> bool:
        if after >= before:
            return True
        loss = sum(weight * (old - new) for weight, old, new in zip(WEIGHTS, before, after, strict=True))
        heat = HOT * (COLD / HOT) ** done
        return loss <= 0 or self.random.random() < math.exp(-loss / heat)

    # --- A round ---

    def _round(self, around: int | None) -> None:
        chosen, first = self._choose() if around is None else (self._around(around), around)
        touched = self._ruin(chosen)
        order = self._order(touched, first)
        for demand in order:
            if self.frame.wants[demand].stays and self.random.random() < 0.6:
                self.let_stay(demand)
            self.serve(demand, noise=0.3)
            self.let_stay(demand)

    def _choose(self) -> tuple[list[int], int | None]:
        """Related demands to take out, and the one that is to come first."""
        rng, state = self.random, self.state
        roll = rng.random()
        open_ones = [
            demand for demand in self.live if state.covered[demand] < self.frame.wants[demand].periods
        ]
        if open_ones and roll < 0.6:
            target = rng.choice(open_ones)
            return self._around(target), target
        if roll < 0.8:
            target = rng.choice(self.live)
            teachers = self.frame.wants[target].teachers
            chosen = [target]
            for teacher in rng.sample(teachers, min(len(teachers), 2)):
                chosen += self._of_teacher(teacher, 4)
            return chosen, None
        seed = rng.choice(self.live)
        chosen = [seed]
        for number in self.frame.wants[seed].classes:
            chosen += self.by_class[number][:4]
        teachers = self.frame.wants[seed].teachers
        if teachers:
            others = self.by_teacher[rng.choice(teachers)]
            chosen += rng.sample(others, min(len(others), 4))
        return chosen, None

    def _around(self, target: int) -> list[int]:
        """A demand with what keeps one of its teachers, and its classes, busy."""
        rng, teachers = self.random, self.frame.wants[target].teachers
        chosen = [target]
        if teachers:
            chosen += self._of_teacher(rng.choice(teachers), rng.randint(1, 5))
        for number in self.frame.wants[target].classes:
            others = self.by_class[number]
            chosen += rng.sample(others, min(len(others), rng.randint(0, 2)))
        return chosen

    def _of_teacher(self, teacher: int, most: int) -> list[int]:
        """Demands that a teacher serves now, some of them."""
        found = [
            demand
            for demand in self.by_teacher[teacher]
            if any(unit.teacher == teacher for unit in self.state.units[demand])
        ]
        return found if len(found) <= most else self.random.sample(found, most)

    def _ruin(self, chosen: list[int]) -> list[int]:
        """Take demands out, and with them what their going leaves without time on the road."""
        state = self.state
        waiting = list(dict.fromkeys(chosen))[:MOST_RUINED]
        ruined: dict[int, None] = {}
        while waiting:
            demand = waiting.pop()
            if demand in ruined:
                continue
            ruined[demand] = None
            touched = {}
            for unit in list(state.units[demand]):
                touched[unit.teacher, unit.day] = None
                state.drop(unit)
            for teacher, day in touched:
                number = state.exposed(teacher, day)
                if number is not None:
                    waiting.append(self._demand_of(number, teacher, day))
                    # Others of that day may be exposed as well; they show when this one has gone.
        return list(ruined)

    def _demand_of(self, number: int, teacher: int, day: int) -> int:
        return next(
            unit.demand
            for demand in self.by_teacher_or_stay(teacher)
            for unit in self.state.units[demand]
            if unit.number == number and unit.day == day
        )

    def by_teacher_or_stay(self, teacher: int) -> list[int]:
        """Demands that may hold a unit of a teacher."""
        return [
            *self.by_teacher[teacher],
            *(
                demand
                for demand in self.live
                if any(unit.teacher == teacher for unit in self.frame.wants[demand].stays)
            ),
        ]

    def _order(self, ruined: list[int], first: int | None) -> list[int]:
        """In which order they come back: the least choice first, any order, or the most periods first."""
        rng, wants = self.random, self.frame.wants
        teachers = {teacher for demand in ruined for teacher in wants[demand].teachers}
        others = [
            demand
            for demand in self.live
            if self.state.covered[demand] < wants[demand].periods
            and demand not in ruined
            and not teachers.isdisjoint(wants[demand].teachers)
        ]
        if len(others) > MOST_RUINED:
            others = rng.sample(others, MOST_RUINED)
        order = [*ruined, *others]
        rng.shuffle(order)
        roll = rng.random()
        if roll < 0.3:
            order.sort(key=lambda each: len(wants[each].teachers))
        elif roll < 0.6:
            order.sort(key=lambda each: -wants[each].periods)
        if first is not None:
            order.remove(first)
            order.insert(0, first)
        return order

    # --- Putting a demand back ---

    def let_stay(self, demand: int) -> None:
        """Leave the demand's movable rows where they are, as far as they fit."""
        placed = {unit.number for unit in self.state.units[demand]}
        for unit in self.frame.wants[demand].stays:
            if unit.number not in placed and self.state.can_stay(unit):
                self.state.put(unit)

    def serve(self, demand: int, *, noise: float = 0.0) -> None:
        """Add as many periods of a demand as one teacher can give, by the one who suits best."""
        state = self.state
        missing = state.missing(demand)
        if missing <= 0:
            return
        room = [min(state.day_room(demand, day), missing) for day in PLANNED_DAYS]
        free = [
            state.class_free(demand, day) if room[index] > 0 else 0 for index, day in enumerate(PLANNED_DAYS)
        ]
        best, best_value = None, 0.0
        for teacher in state.teachers_for(demand):
            value = self._promise(demand, teacher, missing, room, free)
            if value:
                value += self.random.random() * noise if noise else 0.0
                if best is None or value > best_value:
                    best, best_value = teacher, value
        if best is not None:
            self.place(demand, best, missing)

    def _promise(self, demand: int, teacher: int, missing: int, room: list[int], free: list[int]) -> float:
        """How well a teacher could serve a demand: periods, less new travel days and scarcity; 0 is not."""
        state = self.state
        left = min(missing, state.room(teacher))
        if left <= 0:
            return 0.0
        school = self.frame.wants[demand].school
        visited = state.visited[teacher]
        known, new = 0, []
        for index, day in enumerate(PLANNED_DAYS):
            if room[index] <= 0:
                continue
            mask = state.fits(teacher, school, day) & free[index]
            if mask:
                count = min(room[index], mask.bit_count())
                if visited[day]:
                    if state.day_allowed(teacher, day):
                        known += count
                else:
                    new.append(count)
        placed, days = min(known, left), 0
        if placed < left and new:
            spare = self.frame.day_limit[teacher] - max(state.day_counts[teacher])
            new.sort(reverse=True)
            for count in new[: max(spare, 0)]:
                if placed >= left:
                    break
                placed = min(placed + count, left)
                days += 1
        if not placed:
            return 0.0
        return placed - 0.15 * days - 0.02 * min(len(self.by_teacher[teacher]), 20) + 1.0

    def place(self, demand: int, teacher: int, missing: int) -> None:
        """Add lessons one after the other, on visited days first, where the way is shortest."""
        state = self.state
        school = self.frame.wants[demand].school
        for _ in range(min(missing, state.room(teacher))):
            days: list[tuple[int, int]] = []
            rank = (1, 0)
            for day in PLANNED_DAYS:
                room = state.day_room(demand, day)
                if room <= 0 or not state.day_allowed(teacher, day):
                    continue
                mask = state.fits(teacher, school, day) & state.class_free(demand, day)
                if not mask:
                    continue
                visited = state.visited[teacher][day]
                now = (0, 0) if visited else (1, -min(room, mask.bit_count(), missing))
                if now < rank:
                    rank, days = now, []
                if now == rank:
                    days.append((day, mask))
            if not days:
                return
            choice = [
                (day, slot) for day, mask in days for slot in self.frame.slots[school] if mask & slot.bit
            ]
            day, slot = min(
                choice,
                key=lambda each: (
                    self._detour(teacher, each[0], each[1], school) + self.random.random() * DETOUR_NOISE
                ),
            )
            state.put(state.new_unit(demand, teacher, day, slot))

    def _detour(self, teacher: int, day: int, slot: Slot, school: int) -> float:
        """Minutes that a lesson adds to the roads of a day."""
        ways = self.frame.ways
        before = after = None
        for entry in self.state.days[teacher][day]:
            if entry[1] <= slot.start:
                before = entry[2]
            elif entry[0] >= slot.end:
                after = entry[2]
                break
        minutes = 0
        if before is not None:
            minutes += ways[before][school]
        if after is not None:
            minutes += ways[school][after]
            if before is not None and ways[before][after] < UNKNOWN:
                minutes -= ways[before][after]
        return minutes
