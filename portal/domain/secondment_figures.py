"""The figures of secondment (S4-04, S4-07, S4-63; F13): their words, and what a term's secondments come to."""

from __future__ import annotations

from datetime import date

from portal.domain.figure_values import Figure, percent, ratio
from portal.domain.term_facts import SecondmentFact
from portal.domain.words import N_

#: Key, label, unit, definition, kind of rows.
SECONDMENT_FIGURES: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "secondees",
        N_("挂职人数"),
        N_("人"),
        N_("本学期有一天以上已到岗挂职的人，一人只计一次，按派出学校所在的片区统计。"),
        "secondment",
    ),
    (
        "secondment_days",
        N_("挂职天数"),
        N_("天"),
        N_("各人本学期从到岗到期满（或到统计日）的日历天数之和，首尾两天都计。"),
        "secondment",
    ),
    (
        "secondment_lessons",
        N_("挂职听课"),
        N_("节"),
        N_("挂职期间在本学期听课的节数之和，从“记一笔”的听课算出，没有填节数的按一节。"),
        "lesson_heard",
    ),
    (
        "secondment_lessons_mean",
        N_("挂职人均听课"),
        N_("节"),
        N_("挂职听课节数除以挂职人数。"),
        "lesson_heard",
    ),
    (
        "secondment_on_target",
        N_("挂职听课达标率"),
        N_("%"),
        N_(
            "听课达到所在项目要求的人所占的比例：每周的看已过去的整周，全程的看期满以后；项目没有规定的不计。"
        ),
        "secondment",
    ),
    (
        "secondment_five_rate",
        N_("五有齐全率"),
        N_("%"),
        N_("挂职的人中，学习计划、听课笔记、时间保证、研究课题、心得体会五样都有的人所占的比例。"),
        "secondment",
    ),
)


def secondment_figures(facts: list[SecondmentFact], first: date, last: date) -> dict[str, Figure]:
    """The figures of secondment between two days. A day, a lesson and a person count once, however many cases."""
    here = [each for each in facts if each.first_day <= last and each.last_day >= first]
    persons = {each.person_id for each in here}
    days = {
        (each.person_id, day)
        for each in here
        for day in range(max(first, each.first_day).toordinal(), min(last, each.last_day).toordinal() + 1)
    }
    heard = {
        record: (periods, day) for each in here for record, day, periods in each.heard if first <= day <= last
    }
    lessons, records = sum(periods for periods, _ in heard.values()), tuple(heard)
    rows = tuple(each.id for each in here)
    judged = [each for each in here if each.heard_enough is not None]
    missed = {each.person_id for each in judged if not each.heard_enough}
    held = {each.person_id for each in judged}
    whole = {each.person_id for each in here if each.has_five}
    return {
        "secondees": Figure(len(persons), rows=rows),
        "secondment_days": Figure(len(days), rows=rows),
        "secondment_lessons": Figure(lessons, rows=records),
        "secondment_lessons_mean": ratio(lessons, len(persons), rows=records),
        "secondment_on_target": percent(
            len(held - missed), len(held), rows=tuple(each.id for each in judged)
        ),
        "secondment_five_rate": percent(len(whole), len(persons), rows=rows),
    }
