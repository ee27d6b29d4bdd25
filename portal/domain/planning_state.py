"""A plan while it is searched: what is placed, what fits where, and the way back.

`put` and `drop` change it and keep the figures; nothing here chooses. Whether a lesson can be added
is answered for a whole day of a teacher at a school at once, and remembered until that day changes.
"""

from __future__ import annotations

from bisect import insort

from portal.domain.planning_frame import DAYS, UNKNOWN, Frame, Slot, Unit


class State:
    """The units that are placed, and figures kept up to date with them."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.days = [[list(day) for day in days] for days in frame.day_rows]
        self.load = [list(load) for load in frame.load_base]
        teachers = range(len(self.days))
        self.visited = [[_visit_mask(day) for day in days] for days in self.days]
        self.day_counts = [[self._count_days(teacher, week) for week in frame.weeks] for teacher in teachers]
        self.partial = [[any(e[3] != frame.every_week for e in day) for day in days] for days in self.days]
        self.road = [[self._road(teacher, day) for day in range(DAYS)] for teacher in teachers]
        self.class_units: list[list[list[Unit]]] = [[[] for _ in range(DAYS)] for _ in frame.class_rows]
        self.class_busy = [list(days) for days in frame.class_busy]
        self.tally = [[list(weeks) for weeks in days] for days in frame.tally_base]
        self.units: list[list[Unit]] = [[] for _ in frame.wants]
        self.added = [0] * len(frame.wants)
        self.served = [list(want.base) for want in frame.wants]
        self.covered = [min(want.periods, max(want.base)) for want in frame.wants]
        self.stays = 0
        self.total_covered = sum(self.covered)
        self.total_days = sum(mask != 0 for days in self.visited for mask in days)
        self.total_minutes = sum(map(sum, self.road))
        self.next_number = frame.first_free
        self.log: list[tuple[bool, Unit]] = []
        self._fits: list[list[dict[int, int]]] = [[{} for _ in range(DAYS)] for _ in teachers]

    @property
    def score(self) -> tuple[int, int, int, int]:
        """What is compared: covered periods, then few days, few minutes, many rows left in place."""
        return self.total_covered, -self.total_days, -self.total_minutes, self.stays

    def put(self, unit: Unit) -> None:
        """Place a unit; the caller has seen that it fits."""
        self.log.append((True, unit))
        self._change(unit, 1)

    def drop(self, unit: Unit) -> None:
        """Take a unit away."""
        self.log.append((False, unit))
        self._change(unit, -1)

    def undo(self, length: int = 0) -> None:
        """Back to the moment when the log was that long."""
        while len(self.log) > length:
            was_put, unit = self.log.pop()
            self._change(unit, -1 if was_put else 1)

    def forget(self, teacher: int) -> None:
        """Judge a teacher's days anew, after their limits have changed."""
        self._fits[teacher] = [{} for _ in range(DAYS)]

    def new_unit(self, demand: int, teacher: int, day: int, slot: Slot) -> Unit:
        """A lesson to be added, every week."""
        self.next_number += 1
        school = self.frame.wants[demand].school
        return Unit(
            self.next_number,
            demand,
            teacher,
            school,
            day,
            slot.start,
            slot.end,
            slot.half,
            self.frame.every_week,
            slot.clash,
            slot,
        )

    def _change(self, unit: Unit, sign: int) -> None:
        frame, want = self.frame, self.frame.wants[unit.demand]
        teacher, day = unit.teacher, unit.day
        entry = (unit.start, unit.end, unit.school, unit.weeks, True, unit.half, unit.number)
        entries = self.days[teacher][day]
        if sign > 0:
            insort(entries, entry)
            self.units[unit.demand].append(unit)
        else:
            entries.remove(entry)
            self.units[unit.demand].remove(unit)
        self._refresh_day(teacher, day)
        for number in want.classes:
            own = self.class_units[number][day]
            if sign > 0:
                own.append(unit)
            else:
                own.remove(unit)
            busy = frame.class_busy[number][day]
            for each in own:
                busy |= each.busy
            self.class_busy[number][day] = busy
        for week in frame.weeks:
            on = sign * (unit.weeks >> week & 1)
            self.load[teacher][week] += on
            for tally in want.tallies:
                self.tally[tally][day][week] += on
            if unit.row is not None:
                self.served[unit.demand][week] += on
        if unit.row is None:
            self.added[unit.demand] += sign
        else:
            self.stays += sign
        before = self.covered[unit.demand]
        now = min(want.periods, max(self.served[unit.demand]) + self.added[unit.demand])
        self.covered[unit.demand] = now
        self.total_covered += now - before

    def _refresh_day(self, teacher: int, day: int) -> None:
        entries = self.days[teacher][day]
        self._fits[teacher][day] = {}
        mask = _visit_mask(entries)
        if mask != self.visited[teacher][day]:
            self.total_days += (mask != 0) - (self.visited[teacher][day] != 0)
            self.visited[teacher][day] = mask
            for week in self.frame.weeks:
                self.day_counts[teacher][week] = self._count_days(teacher, week)
        self.partial[teacher][day] = len(self.frame.weeks) > 1 and any(
            entry[3] != self.frame.every_week for entry in entries
        )
        road = self._road(teacher, day)
        self.total_minutes += road - self.road[teacher][day]
        self.road[teacher][day] = road

    def _count_days(self, teacher: int, week: int) -> int:
        return sum(mask >> week & 1 for mask in self.visited[teacher])

    def _road(self, teacher: int, day: int) -> int:
        """Minutes between lessons of a day, in its fullest week; unknown ways count nothing."""
        ways, longest = self.frame.ways, 0
        for week in self.frame.weeks if self.partial[teacher][day] else (0,):
            minutes, last = 0, None
            for entry in self.days[teacher][day]:
                if entry[3] >> week & 1:
                    if last is not None and last != entry[2] and ways[last][entry[2]] < UNKNOWN:
                        minutes += ways[last][entry[2]]
                    last = entry[2]
            longest = max(longest, minutes)
        return longest

    # --- What can be added ---

    def missing(self, demand: int) -> int:
        """Periods that may still be added; none once the fullest week is full."""
        return self.frame.wants[demand].periods - max(self.served[demand]) - self.added[demand]

    def room(self, teacher: int) -> int:
        """Periods that may be added before the teacher's week is full."""
        return self.frame.week_limit[teacher] - max(self.load[teacher])

    def day_allowed(self, teacher: int, day: int) -> bool:
        """Whether a visit on that day stays within the teacher's days, in every week."""
        limit, visited = self.frame.day_limit[teacher], self.visited[teacher][day]
        counts = self.day_counts[teacher]
        if len(counts) == 1:
            return counts[0] + (not visited) <= limit
        return all(count + (not visited >> week & 1) <= limit for week, count in enumerate(counts))

    def class_free(self, demand: int, day: int) -> int:
        """Periods of a day in which the demand's classes have nothing."""
        busy = 0
        for number in self.frame.wants[demand].classes:
            busy |= self.class_busy[number][day]
        return ~busy

    def day_room(self, demand: int, day: int) -> int:
        """Lessons of the subject that the classes may still have on a day."""
        daily, tallies = self.frame.daily, self.frame.wants[demand].tallies
        if len(tallies) == 1:
            return daily[tallies[0]] - max(self.tally[tallies[0]][day])
        return min(daily[tally] - max(self.tally[tally][day]) for tally in tallies)

    def teachers_for(self, demand: int) -> tuple[int, ...]:
        """Who may give what is added: after the first lesson only its teacher, else one of those who stay."""
        want, units = self.frame.wants[demand], self.units[demand]
        if not units:
            return want.teachers
        adding = next((unit.teacher for unit in units if unit.row is None), None)
        if adding is not None:
            return (adding,)
        if want.fixed:
            return want.teachers
        stay = {unit.teacher for unit in units}
        return tuple(teacher for teacher in want.teachers if teacher in stay)

    def fits(self, teacher: int, school: int, day: int) -> int:
        """Periods of a school in which a teacher could give a further visit, limits of days and weeks aside."""
        known = self._fits[teacher][day]
        mask = known.get(school)
        if mask is None:
            mask = known[school] = self._fitting(teacher, school, day)
        return mask

    def _fitting(self, teacher: int, school: int, day: int) -> int:
        open_halves = self.frame.open[teacher][day]
        entries = self.days[teacher][day]
        for entry in entries:
            if entry[4] and entry[2] != school:
                open_halves &= ~entry[5]  # one visited school for each half-day
        if not open_halves:
            return 0
        if self.partial[teacher][day]:
            weeks = [[entry for entry in entries if entry[3] >> week & 1] for week in self.frame.weeks]
        else:
            weeks = [entries]
        mask = 0
        for slot in self.frame.slots[school]:
            if slot.half & open_halves:
                for week in weeks:
                    if not self.reachable(week, school, slot.start, slot.end):
                        break
                else:
                    mask |= slot.bit
        return mask

    def reachable(self, entries: list, school: int, start: int, end: int) -> bool:
        """Whether a lesson overlaps none of one week's day, with time for the ways before and after it."""
        ways = self.frame.ways
        last_end, way_in = -UNKNOWN, 0
        next_start, way_out = 3 * UNKNOWN, 0
        for entry in entries:
            if entry[1] <= start:
                if entry[1] > last_end:
                    last_end, way_in = entry[1], ways[entry[2]][school]
                elif entry[1] == last_end:
                    way_in = max(way_in, ways[entry[2]][school])
            elif entry[0] >= end:
                if entry[0] < next_start:
                    next_start, way_out = entry[0], ways[school][entry[2]]
                elif entry[0] == next_start:
                    way_out = max(way_out, ways[school][entry[2]])
            else:
                return False
        return start - last_end >= way_in and next_start - end >= way_out

    def can_stay(self, unit: Unit) -> bool:
        """Whether a movable row fits where it is, in its own weeks."""
        frame, want = self.frame, self.frame.wants[unit.demand]
        on = [week for week in frame.weeks if unit.weeks >> week & 1]
        if not frame.open[unit.teacher][unit.day] & unit.half:
            return False
        served = self.served[unit.demand]
        if any(served[week] + 1 + self.added[unit.demand] > want.periods for week in on):
            return False
        visited = self.visited[unit.teacher][unit.day]
        for week in on:
            if self.load[unit.teacher][week] >= frame.week_limit[unit.teacher]:
                return False
            days = self.day_counts[unit.teacher][week] + (not visited >> week & 1)
            if days > frame.day_limit[unit.teacher]:
                return False
            if any(self.tally[tally][unit.day][week] >= frame.daily[tally] for tally in want.tallies):
                return False
            entries = [entry for entry in self.days[unit.teacher][unit.day] if entry[3] >> week & 1]
            if not self.reachable(entries, unit.school, unit.start, unit.end):
                return False
        return self._class_is_free(unit) and self._company_allows(unit)

    def _class_is_free(self, unit: Unit) -> bool:
        for number in self.frame.wants[unit.demand].classes:
            for start, end, weeks in self.frame.class_rows[number][unit.day]:
                if start < unit.end and unit.start < end and weeks & unit.weeks:
                    return False
            for other in self.class_units[number][unit.day]:
                if other.start < unit.end and unit.start < other.end and other.weeks & unit.weeks:
                    return False
        return True

    def _company_allows(self, unit: Unit) -> bool:
        """Beside an added lesson nobody stays in another school that half-day, nor another teacher alone."""
        adding = {other.teacher for other in self.units[unit.demand] if other.row is None}
        if adding and not self.frame.wants[unit.demand].fixed:
            staying = {other.teacher for other in self.units[unit.demand] if other.row is not None}
            if not adding <= staying | {unit.teacher}:
                return False
        return not any(
            entry[6] >= self.frame.first_free and entry[5] == unit.half and entry[2] != unit.school
            for entry in self.days[unit.teacher][unit.day]
        )

    def exposed(self, teacher: int, day: int) -> int | None:
        """Number of a unit that has too little time on the road after others were taken from the day."""
        entries = self.days[teacher][day]
        for week in self.frame.weeks if self.partial[teacher][day] else (0,):
            own = [entry for entry in entries if entry[3] >> week & 1]
            for entry in own:
                if entry[6] >= 0:
                    others = [other for other in own if other is not entry]
                    if not self.reachable(others, entry[2], entry[0], entry[1]):
                        return entry[6]
        return None


def _visit_mask(entries: list) -> int:
    mask = 0
    for entry in entries:
        if entry[4]:
            mask |= entry[3]
    return mask
