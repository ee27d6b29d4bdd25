"""Which honours make a mentor (E5: 名师, 教学能手, 骨干教师 of county level or higher)."""

from __future__ import annotations

from collections.abc import Iterable

# A special-grade teacher is named by the province; the roster often leaves the level out.
MENTOR_TITLES = (
    "special_grade_teacher",
    "master_teacher",
    "subject_leader",
    "teaching_expert",
    "backbone_teacher",
)
LEVELS = ("school", "county", "district", "city", "province", "national")
COUNTY_OR_HIGHER = frozenset(LEVELS[1:])


def mentor_title(titles: Iterable[tuple[str, str | None]]) -> tuple[str, str | None] | None:
    """The highest of the (kind, level) titles that entitles to be a mentor; None without one.

    A title without a level counts only where its kind implies the province.
    """
    fitting = [
        (kind, level)
        for kind, level in titles
        if kind in MENTOR_TITLES and (level in COUNTY_OR_HIGHER or kind == "special_grade_teacher")
    ]
    return max(fitting, key=_rank, default=None)


def _rank(title: tuple[str, str | None]) -> tuple[int, int]:
    kind, level = title
    return LEVELS.index(level or "province"), -MENTOR_TITLES.index(kind)
