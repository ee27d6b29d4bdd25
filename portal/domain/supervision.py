"""Supervision and assessment: findings as lines, what a term's register holds, items, scores, the bundled result."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

BODIES = ("bureau", "lead")
INSPECTION_STATES = ("drafting", "published")
PROBLEM_STATES = ("open", "mending", "closed", "confirmed")
#: S1-58 (unequal resources, timetable), S2-16 (low understanding, deviations at schools) and what inspections look at.
CATEGORIES = (
    "resources",
    "timetable",
    "understanding",
    "deviation",
    "teaching",
    "organisation",
    "safety",
    "papers",
    "other_problem",
)
LEVELS = ("person", "group", "school", "cluster")
SPANS = ("term", "year")
ROUND_STATES = ("open", "published", "archived")
CASE_STATES = ("open", "submitted", "scored", "published", "complained")

MOST_FINDINGS = 30
MOST_ITEMS = 30
LONGEST_ITEM = 80
LONGEST_EVIDENCE = 120
MOST_POINTS = 1000
#: How an item says that the portal counts what it is about (S0-21: exchange in a school's appraisal).
EXCHANGE = "交流轮岗"

#: What a new template begins with. Points stay open: the sources leave them to the bureau.
#: S1-64 level, attitude, achievement; E7 plan, work, effect of a group; S0-21 exchange; S3-20 the four parts.
SAMPLES = {
    "person": "教学水平｜｜听课记录、教案\n工作态度｜｜考勤、任务完成情况\n工作成绩｜｜成果、师生评价",
    "group": "工作计划｜｜计划文本\n活动开展｜｜活动记录、签到\n工作成效｜｜总结、成果",
    "school": "组织管理｜｜制度、会议纪要\n教学与教研｜｜活动记录\n交流轮岗｜｜交流名单\n资源共享｜｜共享资源目录",
    "cluster": "师资互派｜｜派出与接收名单\n资源共享｜｜共享资源目录\n统一教学｜｜进度与检测安排\n捆绑考核｜｜考核结果",
}

_POINTS = re.compile(r"\d{1,4}")


def findings_of(text: str) -> list[str]:
    """The findings of an inspection, one a line; empty lines are nothing."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def in_register(found_on: date, confirmed_on: date | None, first_day: date, last_day: date) -> bool:
    """Whether a term's register shows a problem: found by its end, and not over before it began.

    A problem that is open at the end of a term is therefore seen in the next one; nothing is copied.
    """
    return found_on <= last_day and (confirmed_on is None or confirmed_on >= first_day)


def is_carried(found_on: date, first_day: date) -> bool:
    """Whether the problem comes from an earlier term."""
    return found_on < first_day


def is_late(state: str, due_on: date | None, today: date) -> bool:
    """Whether the due day is over and nobody has closed it."""
    return state in ("open", "mending") and due_on is not None and due_on < today


@dataclass(frozen=True)
class Items:
    """The items of a template, and the numbers (from 1) of the lines that cannot be read."""

    items: tuple[dict, ...]
    faults: tuple[int, ...] = ()


def items_of(text: str) -> Items:
    """Items, one a line: ``教学水平｜30｜听课记录`` is an item, its points, and the evidence that is asked for.

    Points may be left out: then they are not set, and nothing is put in their place. An item named 交流轮岗
    is shown with the number of people that the portal counts (S0-21).
    """
    items, faults = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = [part.strip() for part in re.split(r"[|｜]", line)]
        name, points, evidence = (*parts, "", "")[:3]
        points = points.removesuffix("分").strip()
        bad = len(parts) > 3 or not name or len(name) > LONGEST_ITEM or len(evidence) > LONGEST_EVIDENCE
        bad = bad or (points and not (_POINTS.fullmatch(points) and 1 <= int(points) <= MOST_POINTS))
        if bad or len(items) >= MOST_ITEMS:
            faults.append(number)
            continue
        items.append({"text": name, "points": int(points) if points else None, "evidence": evidence})
    return Items(tuple(items), tuple(faults))


def lines_of(items: Iterable[Mapping]) -> str:
    """The items as they are written, to be edited."""
    return "\n".join(
        f"{item['text']}｜{item['points'] or ''}｜{item['evidence']}".rstrip("｜") for item in items
    )


@dataclass(frozen=True)
class Result:
    """What a case came to, in tenths of a point. Items without points do not count; ``unset`` is how many."""

    tenths: int
    most: int
    unset: int

    @property
    def percent(self) -> float:
        """The result out of a hundred."""
        return self.tenths / self.most * 10


def result_of(items: Sequence[Mapping], scores: Mapping[str, Mapping]) -> Result | None:
    """The result of a case; None while an item with points has no score, or no item has points.

    ``scores`` maps the number of an item (as text, from 0) to a dict with ``tenths``.
    """
    counted = [(str(number), item) for number, item in enumerate(items) if item["points"]]
    if not counted or any((scores.get(key) or {}).get("tenths") is None for key, _item in counted):
        return None
    return Result(
        sum(scores[key]["tenths"] for key, _item in counted),
        sum(item["points"] for _key, item in counted),
        len(items) - len(counted),
    )


def bundled(own: float | None, cluster: float | None, weight: int | None) -> float | None:
    """(1-w)·own + w·cluster, both out of a hundred, w in percent (S4-39). None where a part is not known or not set."""
    if own is None or cluster is None or weight is None:
        return None
    return (own * (100 - weight) + cluster * weight) / 100
