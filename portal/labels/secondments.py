"""Words for secondments."""

from portal.domain.words import N_

SECONDMENT_FORM = {
    "secondment": N_("挂职锻炼"),
    "shadow_training": N_("影子培训"),
    "counterpart_swap": N_("对岗互派"),
    "promoted_use": N_("拔高使用"),
    "principal_study": N_("校长跟岗学习"),
    "upward_secondment": N_("上挂学习"),
}
HOST_KIND = {"school": N_("本区学校"), "outside": N_("区外学校"), "office": N_("机关")}
PLAN_PART = {
    "goals": N_("学习目标"),
    "contents": N_("学习内容"),
    "measures": N_("学习措施"),
    "topics": N_("研究专题"),
    "homework": N_("完成作业"),
}
ENTRY_KIND = {
    "duty": N_("分管工作"),
    "product": N_("预期成果"),
    "assignment": N_("作业"),
    "topic": N_("学习专题"),
    "book": N_("读书"),
    "meeting": N_("参加会议"),
    "discussion": N_("集体研讨"),
}
FIVE_ITEM = {
    "plan": N_("有学习计划"),
    "notes": N_("有学习笔记"),
    "time": N_("有时间保证"),
    "topic": N_("有学习专题"),
    "essay": N_("有心得体会"),
}
SECONDMENT_GAP = {
    "arrival": N_("还没有到岗"),
    "plan": N_("缺学习计划"),
    "lessons": N_("%(count)s 周听课不足"),
    "owed": N_("%(count)s 项成果或作业逾期"),
    "leave": N_("%(count)s 次请假没有销假"),
    "contact": N_("久未联系"),
    "report": N_("缺总结报告"),
    "essay": N_("缺心得体会"),
    "books": N_("读书还缺 %(count)s 本"),
    "lessons_total": N_("听课还差 %(count)s 节"),
    "host_evaluation": N_("缺接收单位鉴定"),
    "office_evaluation": N_("缺主管部门评价"),
}
CONTACT_WAY = {"phone": N_("电话"), "visit": N_("走访"), "message": N_("线上")}
SECONDMENT_OUTCOME = {"returned": N_("回原单位工作"), "used": N_("提拔或重用")}
EVALUATION_SIDE = {"host": N_("接收单位鉴定"), "office": N_("主管部门评价")}
TRIP_KIND = {"shadow_training": N_("影子培训"), "delegation": N_("考察团")}
SECONDMENT_VIEW = {"away": N_("已安排和在外"), "open": N_("还没有办结")}
