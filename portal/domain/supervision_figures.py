"""The figures of supervision (S2-16, S3-27): their words, and what inspections and the register come to."""

from __future__ import annotations

from collections import Counter
from datetime import date

from portal.domain.term_facts import Id, InspectionFact, ProblemFact
from portal.domain.words import N_

#: Key, label, unit, definition, kind of rows, kind of parts.
SUPERVISION_FIGURES: tuple[tuple[str, ...], ...] = (
    (
        "inspections_published",
        N_("督导次数"),
        N_("次"),
        N_("本学期对本片区和成员学校的督导，只计已公布的。"),
        "inspection",
    ),
    (
        "problems_listed",
        N_("清单问题"),
        N_("项"),
        N_("问题清单里属于本学期的问题：本学期发现的，和以前发现、到本学期还没有销号的。"),
        "problem",
        "category",
    ),
    ("problems_confirmed", N_("已销号问题"), N_("项"), N_("其中截至统计日已确认销号的。"), "problem"),
    (
        "problems_late",
        N_("逾期未整改问题"),
        N_("项"),
        N_("其中截至统计日过了整改期限、还没有整改的。"),
        "problem",
        "category",
    ),
)

Parts = tuple[tuple[str, int], ...]


def supervision_values(
    inspections: list[InspectionFact], problems: list[ProblemFact], as_of: date
) -> dict[str, tuple[int, tuple[Id, ...], Parts]]:
    """Figure -> its value, the ids of its records, and its parts by category; no school and no person is named."""
    done = [each for each in problems if each.confirmed_on is not None and each.confirmed_on <= as_of]
    late = [each for each in problems if each.is_open and each.due_on is not None and each.due_on < as_of]
    counted = {
        "inspections_published": (inspections, False),
        "problems_listed": (problems, True),
        "problems_confirmed": (done, False),
        "problems_late": (late, True),
    }
    return {
        key: (
            len(rows),
            tuple(each.id for each in rows),
            tuple(sorted(Counter(each.category for each in rows).items())) if has_parts else (),
        )
        for key, (rows, has_parts) in counted.items()
    }
