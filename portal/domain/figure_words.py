"""Words around the figures: the topics of their list, and the parts that belong to figures alone."""

from portal.domain.words import N_

TOPICS = {
    "basics": N_("基本情况"),
    "organisation": N_("组织领导"),
    "exchange": N_("交流轮岗"),
    "visiting": N_("支教走教"),
    "pairing": N_("结对帮扶与师徒"),
    "secondment": N_("挂职"),
    "activities": N_("联合教研与活动"),
    "reflections": N_("教师反思与典型经验"),
    "ledgers": N_("学期台账"),
    "supervision": N_("督导与问题清单"),
}

#: Categories of the register of problems (S1-58, S2-16).
CATEGORY_WORDS = {
    "resources": N_("资源不均衡"),
    "timetable": N_("排课困难"),
    "understanding": N_("认识不到位"),
    "deviation": N_("执行有偏差"),
    "teaching": N_("教育教学"),
    "organisation": N_("组织管理"),
    "safety": N_("安全"),
    "papers": N_("材料不齐"),
    "other_problem": N_("其他问题"),
}

#: Words of breakdowns that belong to figures alone; kinds and forms have theirs with the records.
BREAKDOWN_WORDS = {
    "principals": N_("校长"),
    "teachers": N_("教师"),
    "urban_rural": N_("城区到农村"),
    "rural_urban": N_("农村到城区"),
    "urban_urban": N_("城区之间"),
    "rural_rural": N_("农村之间"),
    "unknown": N_("方向未登记"),
    "transfer": N_("人事关系变动"),
    "no_transfer": N_("人事关系不变"),
    **CATEGORY_WORDS,
}
