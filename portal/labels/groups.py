"""Words for groups, responsibility letters and term plans."""

from portal.domain.words import N_

GROUP_KIND = {
    "leading": N_("领导小组"),
    "guidance": N_("指导小组"),
    "working": N_("工作小组"),
    "subject": N_("学科教研大组"),
    "think_tank": N_("智囊团"),
    "experts": N_("专家顾问"),
}
GROUP_POST = {
    "head": N_("组长"),
    "deputy": N_("副组长"),
    "secretary": N_("协调人"),
    "member": N_("成员"),
    "adviser": N_("顾问"),
}
DUTY_STEP = {"week": N_("每周一校"), "month": N_("每月一校")}
PLAN_TEXT = {
    "lessons": N_("上学期的经验和问题"),
    "strengths": N_("优势"),
    "weaknesses": N_("不足"),
    "goals": N_("目标"),
}
PLAN_PHASE = {"before": N_("事前准备"), "during": N_("组织实施"), "after": N_("事后总结")}
PLAN_CHANGE = {"added": N_("新增"), "removed": N_("删去"), "changed": N_("改动")}
PLAN_PROGRESS = {
    "done": N_("已完成"),
    "late": N_("逾期"),
    "open": N_("进行中"),
    "dropped": N_("不再办理"),
}
PROGRESS_STATE = {"done": "ok", "late": "bad", "open": "wait", "dropped": "none"}
