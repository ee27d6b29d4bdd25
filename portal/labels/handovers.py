"""Words for handovers of a post, and for what a posting is to reach."""

from portal.domain.words import N_

# By phase and place.
HANDOVER = {
    "start_home": N_("派出前：本人把派出学校的工作交给接替的人"),
    "start_host": N_("到岗时：接收学校原来任课的人交给本人"),
    "end_host": N_("结束时：本人把接收学校的工作交给接替的人"),
    "end_home": N_("返校时：派出学校代课的人交还本人"),
}
HANDOVER_SHORT = {
    "start_home": N_("派出前 · 派出学校"),
    "start_host": N_("到岗时 · 接收学校"),
    "end_host": N_("结束时 · 接收学校"),
    "end_home": N_("返校时 · 派出学校"),
}
HANDOVER_ITEM = {
    "classes": N_("任教班级和工作"),
    "progress": N_("教学进度"),
    "materials": N_("教材和资料"),
    "pupils": N_("学生情况"),
    "issues": N_("未了事项"),
}
HANDOVER_SIDE = {"giver": N_("交出人"), "taker": N_("接收人")}
RESULT = {"met": N_("达到"), "partly": N_("部分达到"), "not_met": N_("没有达到")}
RESULT_TONE = {"met": "done", "partly": "wait", "not_met": "bad"}
