"""The sections of the term summary: numbers, titles and the figures that each shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.words import N_


@dataclass(frozen=True)
class SectionDefinition:
    """A section of a summary: number and title as printed, and the figures that it shows."""

    key: str
    number: str
    title: str
    figures: tuple[str, ...] = ()
    hint: str = ""


#: Forms of the summary: key to its sections in order.
SECTIONS: Mapping[str, tuple[SectionDefinition, ...]] = {
    "short": (
        SectionDefinition(
            "basics",
            "一",
            N_("基本情况"),
            (
                "schools",
                "teachers",
                "exchanged_persons",
                "exchanged_person_times",
                "exchange_waiting",
                "posting_matrix",
            ),
            N_("写数字说不出的：怎样选人、怎样安排课务、效果如何"),
        ),
        SectionDefinition(
            "practice",
            "二",
            N_("主要做法"),
            (
                "meetings_held",
                "hearings_held",
                "seminars_held",
                "activities_held",
                "large_activities",
                "activity_persons",
                "activity_person_times",
                "circuit_teachers",
                "sessions_planned",
                "sessions_given",
                "sessions_substituted",
                "school_pairs",
                "mentoring_pairs",
                "pair_records",
                "records_per_pair",
                "secondees",
                "secondment_days",
                "secondment_lessons",
                "secondment_lessons_mean",
                "trainings",
                "training_days",
                "training_person_times",
                "publicity_items",
                "funds_spent",
                "support_measures",
                "inspections_published",
            ),
            N_("按师资互派、资源共享、统一教学、捆绑考核写主要做法"),
        ),
        SectionDefinition(
            "results",
            "三",
            N_("成效"),
            (
                "participation_rate",
                "sessions_given_rate",
                "mentor_coverage",
                "secondment_on_target",
                "secondment_five_rate",
                "logs",
                "log_writers",
                "writing_rate",
                "logs_per_writer",
                "logs_shared",
                "logs_selected",
                "honours",
            ),
            N_("写变化：与上学期比，哪些课开齐了，哪些教师成长了"),
        ),
        SectionDefinition(
            "problems",
            "四",
            N_("问题"),
            (
                "months_without_meeting",
                "meetings_without_minutes",
                "sessions_missed",
                "sessions_unconfirmed",
                "inactive_pairs",
                "titled_unpaired",
                "problems_listed",
                "problems_confirmed",
                "problems_late",
            ),
            N_("写原因，不点教师姓名"),
        ),
        SectionDefinition(
            "next",
            "五",
            N_("下一步"),
            (),
            N_("写下学期做什么、谁负责、何时完成"),
        ),
    ),
}
