"""Why a demand is not covered, and what would help. A change is named only after it was really tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from portal.domain.planning_frame import UNKNOWN
from portal.domain.planning_problem import PLANNED_DAYS, Shortfall, Unlock
from portal.domain.planning_search import Search
from portal.domain.planning_state import State
from portal.domain.planning_trials import Change, Trials
from portal.domain.words import N_, Message, message

MOST_TEACHERS = 4
MOST_UNLOCKS = 2

#: Why a teacher cannot take a period in which the class is free, in the order in which they are said.
CAUSES = {
    "week_limit": N_("周课时已满%(limit)s节"),
    "day_limit": N_("走教日已满%(limit)s天"),
    "availability": N_("不在可用半天内"),
    "half_day": N_("同一半天已在别校走教"),
    "busy": N_("已有课"),
    "travel": N_("路上时间不够"),
    "travel_unknown": N_("没有登记路程"),
}


def shortfalls(
    search: Search, *, rounds: int, cancelled: Callable[[], bool] | None = None, trials: bool = True
) -> tuple[Shortfall, ...]:
    """Every demand with missing periods, in the order of the demands; `rounds` were made so far."""
    state = search.state
    tried = Trials(search, rounds)
    found = []
    for number, want in enumerate(state.frame.wants):
        missing = want.periods - state.covered[number]
        if missing <= 0:
            continue
        explain = _Explainer(state, number)
        reasons = tuple(explain.reasons())
        unlocks: list[Unlock] = []
        if trials and not (cancelled and cancelled()):
            for change in explain.changes():
                gain = tried.gain(number, change)
                if gain:
                    unlocks.append(Unlock(change.said, gain))
                if len(unlocks) == MOST_UNLOCKS:
                    break
        found.append(Shortfall(number, missing, reasons, tuple(unlocks)))
    return tuple(found)


class _Explainer:
    """One demand in the final state."""

    def __init__(self, state: State, number: int) -> None:
        self.state = state
        self.frame = state.frame
        self.number = number
        self.want = state.frame.wants[number]
        self.demand = state.frame.problem.demands[number]
        self.able = state.teachers_for(number)
        self.causes = {teacher: self._causes(teacher) for teacher in self.able}

    def reasons(self) -> Iterator[Message]:
        """What stands in the way, in words."""
        teachers = self.frame.problem.teachers
        subject = self.demand.subject
        with_subject = [index for index, teacher in enumerate(teachers) if subject in teacher.subjects]
        if not with_subject:
            yield message(N_("没有教师任教%(subject)s"), subject=subject)
            return
        if all(self.frame.home[index] == self.want.school for index in with_subject):
            yield message(N_("任教%(subject)s的都是本校教师，没有外校教师可走教"), subject=subject)
            return
        if not self.want.teachers:
            yield message(N_("现有走教课的教师不任教%(subject)s，同一需求须由同一教师承担"), subject=subject)
            return
        if not self.able:
            yield message(N_("保留的走教课的教师不能再加课，同一需求须由同一教师承担"))
            return
        bound = self._class_reason()
        if bound:
            yield bound
            return
        for teacher in self.able[:MOST_TEACHERS]:
            said = tuple(
                message(CAUSES[cause], limit=self._limit(cause, teacher))
                if "%(" in CAUSES[cause]
                else message(CAUSES[cause])
                for cause in CAUSES
                if cause in self.causes[teacher]
            )
            if said:
                yield message(N_("%(teacher)s：%(causes)s"), teacher=self.name(teacher), causes=said)
        if len(self.able) > MOST_TEACHERS:
            more = len(self.able) - MOST_TEACHERS
            yield message(N_("另有%(count)s位教师也不行"), count=more)
        others = len(self.want.teachers) - len(self.able)
        if others and self.state.units[self.number]:
            yield message(
                N_("其余课时已由%(teacher)s承担，同一需求须由同一教师承担"),
                teacher=self.name(self.able[0]),
            )

    def changes(self) -> Iterator[Change]:
        """Single changes that may help, the smallest first."""
        if not self.able:
            return
        if self._daily_binds():
            daily = self.demand.daily + 1
            yield Change("daily", None, message(N_("每天最多改为%(count)s节"), count=daily), value=daily)
        for teacher in self.able[:MOST_TEACHERS]:
            causes, name = self.causes[teacher], self.name(teacher)
            if "day_limit" in causes:
                yield Change("day_limit", teacher, message(N_("%(teacher)s增加一个走教日"), teacher=name))
            if "week_limit" in causes:
                limit = self.frame.week_limit[teacher] + 1
                yield Change(
                    "week_limit",
                    teacher,
                    message(N_("%(teacher)s的周课时上限改为%(limit)s节"), teacher=name, limit=limit),
                )
            for day, half in causes.get("availability", ()):
                said = message(
                    N_("%(teacher)s%(half)s也能走教"), teacher=name, half=message(HALF_DAYS[day, half])
                )
                yield Change("availability", teacher, said, day=day, half=half)

    def name(self, teacher: int) -> str:
        """The teacher's name, with the number where two share it."""
        teachers = self.frame.problem.teachers
        shown = teachers[teacher].shown
        twice = sum(each.shown == shown for each in teachers) > 1
        return f"{shown}({teachers[teacher].key})" if twice else shown

    def _free(self, day: int, *, daily: bool = True) -> int:
        """Periods of a day that the classes could give to the subject."""
        if daily and self.state.day_room(self.number, day) <= 0:
            return 0
        every = sum(slot.bit for slot in self.frame.slots[self.want.school])
        return self.state.class_free(self.number, day) & every

    def _class_reason(self) -> Message | None:
        if any(self._free(day) for day in PLANNED_DAYS):
            return None
        if any(self._free(day, daily=False) for day in PLANNED_DAYS):
            return message(N_("每天最多%(count)s节，班级空余的日子都已排满"), count=self.demand.daily)
        return message(N_("班级没有空余节次"))

    def _daily_binds(self) -> bool:
        return any(self._free(day, daily=False) and not self._free(day) for day in PLANNED_DAYS)

    def _causes(self, teacher: int) -> dict[str, dict[tuple[int, int], None]]:
        """Cause -> half-days in which it stands in the way, over all periods that the class has free."""
        found: dict[str, dict[tuple[int, int], None]] = {}
        if self.state.room(teacher) <= 0:
            found["week_limit"] = {}
        for day in PLANNED_DAYS:
            mask = self._free(day)
            for slot in self.frame.slots[self.want.school]:
                if mask & slot.bit:
                    cause = self._cause(teacher, day, slot)
                    if cause:
                        found.setdefault(cause, {})[day, slot.half] = None
        return found

    def _cause(self, teacher: int, day: int, slot) -> str | None:
        """What is in the way of one period, the weightiest cause first."""
        state, school = self.state, self.want.school
        for week in self.frame.weeks:
            entries = [entry for entry in state.days[teacher][day] if entry[3] >> week & 1]
            if any(entry[0] < slot.end and slot.start < entry[1] for entry in entries):
                return "busy"
            if any(entry[4] and entry[5] == slot.half and entry[2] != school for entry in entries):
                return "half_day"
            if not state.reachable(entries, school, slot.start, slot.end):
                ways = self.frame.ways
                near = [entry[2] for entry in entries]
                unknown = any(max(ways[a][school], ways[school][a]) >= UNKNOWN for a in near)
                return "travel_unknown" if unknown else "travel"
        if not self.frame.open[teacher][day] & slot.half:
            return "availability"
        if not state.day_allowed(teacher, day):
            return "day_limit"
        return None

    def _limit(self, cause: str, teacher: int) -> int:
        return (self.frame.week_limit if cause == "week_limit" else self.frame.day_limit)[teacher]


HALF_DAYS = {
    (1, 1): N_("周一上午"),
    (1, 2): N_("周一下午"),
    (2, 1): N_("周二上午"),
    (2, 2): N_("周二下午"),
    (3, 1): N_("周三上午"),
    (3, 2): N_("周三下午"),
    (4, 1): N_("周四上午"),
    (4, 2): N_("周四下午"),
    (5, 1): N_("周五上午"),
    (5, 2): N_("周五下午"),
}
