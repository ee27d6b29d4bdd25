"""Words of supervision and assessment."""

from portal.domain.figure_words import CATEGORY_WORDS
from portal.domain.words import N_

INSPECTION_BODY = {"bureau": N_("区教育局"), "lead": N_("领衔学校")}
PROBLEM_CATEGORY = CATEGORY_WORDS
#: Figure of a circular -> its word and unit.
CIRCULAR_FIGURE = {
    "meetings": (N_("会议"), N_("次")),
    "activities": (N_("联合活动"), N_("次")),
    "school_pairs": (N_("学校结对"), N_("组")),
    "late_tasks": (N_("逾期事项"), N_("项")),
    "inspections": (N_("督导"), N_("次")),
    "problems": (N_("问题清单"), N_("项")),
    "confirmed": (N_("已销号"), N_("项")),
    "late": (N_("逾期未整改"), N_("项")),
    "result": (N_("片区考核"), N_("折合百分制")),
}
ASSESSMENT_LEVEL = {
    "person": N_("教师考核表"),
    "group": N_("工作小组考核表"),
    "school": N_("学校考核表"),
    "cluster": N_("片区考核表"),
}
ASSESSMENT_OF = {"person": N_("教师"), "group": N_("工作小组"), "school": N_("学校"), "cluster": N_("片区")}
ASSESSMENT_SPAN = {"term": N_("本学期"), "year": N_("本学年")}
