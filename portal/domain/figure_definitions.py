"""Every figure of the term, defined once, in the words that pages and documents show."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.figure_words import BREAKDOWN_WORDS, TOPICS
from portal.domain.ledger_figures import LEDGER_FIGURES
from portal.domain.secondment_figures import SECONDMENT_FIGURES
from portal.domain.supervision_figures import SUPERVISION_FIGURES
from portal.domain.words import N_

__all__ = ["BREAKDOWN_WORDS", "DEFINITIONS", "FIGURES", "TOPICS", "FigureDefinition"]


@dataclass(frozen=True)
class FigureDefinition:
    """One figure: its number in the list of figures (F2 ...), words, unit and topic.

    `rows` says of which kind the records behind it are. `breakdown` says what its parts are named
    by: school (a name), month (`2025-09`), kind, direction, category, or matrix (form, direction
    and personnel relation, joined with `/`).
    """

    key: str
    number: str
    label: str
    unit: str
    topic: str
    definition: str
    rows: str = ""
    breakdown: str = ""


FIGURES: tuple[FigureDefinition, ...] = (
    FigureDefinition(
        "schools",
        "",
        N_("学校数"),
        N_("所"),
        "basics",
        N_("本学期的成员学校，含牵头学校。"),
        rows="school",
    ),
    FigureDefinition(
        "teachers",
        "",
        N_("教师数"),
        N_("人"),
        "basics",
        N_("各校教师数之和，是参与率和撰写率的分母。"),
        rows="school",
        breakdown="school",
    ),
    FigureDefinition(
        "exchanged_persons",
        "F2",
        N_("交流人数"),
        N_("人"),
        "exchange",
        N_("本学期有一次以上已到岗且计入交流的经历的人，一人只计一次。"),
        rows="posting",
        breakdown="category",
    ),
    FigureDefinition(
        "exchanged_person_times",
        "F3",
        N_("交流人次"),
        N_("人次"),
        "exchange",
        N_("本学期已到岗且计入交流的经历数，一人两次计两人次。"),
        rows="posting",
        breakdown="direction",
    ),
    FigureDefinition(
        "exchange_waiting",
        "F2",
        N_("已批准未到岗"),
        N_("人"),
        "exchange",
        N_("已批准、截至统计日尚未到岗的人，不计入交流人数。"),
        rows="posting",
    ),
    FigureDefinition(
        "posting_matrix",
        "F6",
        N_("交流构成"),
        N_("人次"),
        "exchange",
        N_("全部已到岗的经历，按形式、方向和人事关系分列。"),
        rows="posting",
        breakdown="matrix",
    ),
    FigureDefinition(
        "sessions_planned",
        "F7",
        N_("走教安排"),
        N_("节"),
        "visiting",
        N_("本学期排定的走教课，取消的不计。"),
        rows="session",
    ),
    FigureDefinition(
        "sessions_given",
        "F7",
        N_("走教上课"),
        N_("节"),
        "visiting",
        N_("由走教教师本人上完的课。"),
        rows="session",
    ),
    FigureDefinition(
        "sessions_substituted",
        "F7",
        N_("走教代课"),
        N_("节"),
        "visiting",
        N_("由他人代上的走教课。"),
        rows="session",
    ),
    FigureDefinition(
        "sessions_missed",
        "F7",
        N_("走教缺课"),
        N_("节"),
        "visiting",
        N_("没有上、也没有人代上的走教课。"),
        rows="session",
    ),
    FigureDefinition(
        "sessions_unconfirmed",
        "F7",
        N_("走教待确认"),
        N_("节"),
        "visiting",
        N_("日期已过、受援学校还没有确认的走教课。"),
        rows="session",
    ),
    FigureDefinition(
        "sessions_given_rate",
        "F7",
        N_("走教上课率"),
        N_("%"),
        "visiting",
        N_("本人上课数除以已确认的上课、代课、缺课数之和。"),
        rows="session",
    ),
    FigureDefinition(
        "circuit_teachers",
        "F7",
        N_("走教教师"),
        N_("人"),
        "visiting",
        N_("本学期上过走教课的教师，一人只计一次。"),
        rows="session",
    ),
    FigureDefinition(
        "meetings_held",
        "F8",
        N_("召开会议"),
        N_("次"),
        "organisation",
        N_("已召开的成员校会议，与方案规定的次数对照。"),
        rows="meeting",
        breakdown="month",
    ),
    FigureDefinition(
        "months_without_meeting",
        "F8",
        N_("缺会月份"),
        N_("个月"),
        "organisation",
        N_("方案要求每月一次时，已经过去而没有召开会议的月份。"),
        rows="",
        breakdown="month",
    ),
    FigureDefinition(
        "meetings_without_minutes",
        "F8",
        N_("缺纪要的会议"),
        N_("次"),
        "organisation",
        N_("已召开、纪要还没有确认的成员校会议。"),
        rows="meeting",
    ),
    FigureDefinition(
        "hearings_held",
        "F8",
        N_("听取汇报"),
        N_("次"),
        "organisation",
        N_("包挂领导听取汇报的次数，与方案规定的次数对照。"),
        rows="meeting",
    ),
    FigureDefinition(
        "seminars_held",
        "F8",
        N_("管理研讨"),
        N_("次"),
        "organisation",
        N_("已举行的管理研讨会，与方案规定的次数对照。"),
        rows="meeting",
    ),
    FigureDefinition(
        "activities_held",
        "F9",
        N_("联合活动"),
        N_("次"),
        "activities",
        N_("已举行的联合活动，按类型分列。"),
        rows="activity",
        breakdown="kind",
    ),
    FigureDefinition(
        "large_activities",
        "F9",
        N_("大型活动"),
        N_("次"),
        "activities",
        N_("已举行的大型活动，与方案规定的次数对照。"),
        rows="activity",
    ),
    FigureDefinition(
        "activity_persons",
        "F9",
        N_("活动参与人数"),
        N_("人"),
        "activities",
        N_("参加过一次以上联合活动的人，一人只计一次。"),
        rows="activity",
    ),
    FigureDefinition(
        "activity_person_times",
        "F9",
        N_("活动参与人次"),
        N_("人次"),
        "activities",
        N_("各次联合活动参加人数之和。"),
        rows="activity",
        breakdown="kind",
    ),
    FigureDefinition(
        "participation_rate",
        "F9",
        N_("教师参与率"),
        N_("%"),
        "activities",
        N_("参加过联合活动的成员学校教师数除以成员学校教师总数。"),
        rows="activity",
        breakdown="school",
    ),
    FigureDefinition(
        "school_pairs",
        "F10",
        N_("学校结对"),
        N_("对"),
        "pairing",
        N_("本学期内生效的学校结对。"),
        rows="school_pair",
    ),
    FigureDefinition(
        "mentoring_pairs",
        "F10",
        N_("师徒结对"),
        N_("对"),
        "pairing",
        N_("本学期内生效的师徒结对。"),
        rows="mentoring_pair",
    ),
    FigureDefinition(
        "pair_records",
        "F10",
        N_("结对记录"),
        N_("次"),
        "pairing",
        N_("本学期内各结对的帮扶记录，一条只计一次。"),
        rows="record",
    ),
    FigureDefinition(
        "records_per_pair",
        "F10",
        N_("平均每对记录"),
        N_("次"),
        "pairing",
        N_("结对记录数除以生效的结对数。"),
        rows="record",
    ),
    FigureDefinition(
        "inactive_pairs",
        "F10",
        N_("久无记录的结对"),
        N_("对"),
        "pairing",
        N_("超过约定的间隔周数没有记录的结对，没有约定间隔的不计。"),
        rows="pair",
    ),
    FigureDefinition(
        "mentor_coverage",
        "F11",
        N_("师徒结对覆盖率"),
        N_("%"),
        "pairing",
        N_("城区学校有县级以上称号的教师中，本学期带徒弟的人所占的比例。"),
        rows="mentoring_pair",
        breakdown="school",
    ),
    FigureDefinition(
        "titled_unpaired",
        "F11",
        N_("未结对的有称号教师"),
        N_("人"),
        "pairing",
        N_("城区学校有县级以上称号、本学期没有带徒弟的教师。"),
        rows="person",
        breakdown="school",
    ),
    *(
        FigureDefinition(key, "F13", label, unit, "secondment", definition, rows=rows)
        for key, label, unit, definition, rows in SECONDMENT_FIGURES
    ),
    FigureDefinition(
        "logs",
        "F12",
        N_("反思日志"),
        N_("篇"),
        "reflections",
        N_("本学期提交的反思日志，草稿不计。"),
        rows="reflection",
        breakdown="school",
    ),
    FigureDefinition(
        "log_writers",
        "F12",
        N_("撰写人数"),
        N_("人"),
        "reflections",
        N_("提交过反思日志的人，一人只计一次。"),
        rows="reflection",
    ),
    FigureDefinition(
        "writing_rate",
        "F12",
        N_("撰写率"),
        N_("%"),
        "reflections",
        N_("提交过反思日志的成员学校教师数除以成员学校教师总数。"),
        rows="reflection",
        breakdown="school",
    ),
    FigureDefinition(
        "logs_per_writer",
        "F12",
        N_("人均篇数"),
        N_("篇"),
        "reflections",
        N_("反思日志数除以撰写人数。"),
        rows="reflection",
    ),
    FigureDefinition(
        "logs_shared",
        "F12",
        N_("片区内共享"),
        N_("篇"),
        "reflections",
        N_("作者选择在片区内共享的反思日志。"),
        rows="reflection",
    ),
    FigureDefinition(
        "logs_selected",
        "F12",
        N_("典型经验"),
        N_("篇"),
        "reflections",
        N_("入选典型经验的反思日志。"),
        rows="reflection",
    ),
    *(
        FigureDefinition(key, "", label, unit, "ledgers", definition, rows="ledger")
        for key, label, unit, definition in LEDGER_FIGURES
    ),
    *(
        FigureDefinition(key, "", label, unit, "supervision", *more)
        for key, label, unit, *more in SUPERVISION_FIGURES
    ),
)
DEFINITIONS = {definition.key: definition for definition in FIGURES}
