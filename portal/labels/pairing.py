"""Words for what pairs do through their time."""

from portal.domain.words import N_

PAIR_CHECK = {"midterm": N_("中期检查"), "final": N_("期满评价")}
REACHED = {"yes": N_("达到目标"), "partly": N_("部分达到"), "no": N_("还没有达到")}
FIT = {
    "well": N_("合适"),
    "talk": N_("想找人聊聊"),
    "change": N_("希望换一个搭配"),
}
WISH_SIDE = {"mentor": N_("我想带徒弟"), "mentee": N_("我想找导师")}
NEED_TOPIC = {
    "teaching": N_("教学设计与评价"),
    "research": N_("课题研究"),
    "management": N_("学校管理"),
    "home_school": N_("家校工作"),
    "facilities": N_("设施物资"),
    "pupils": N_("学生活动"),
    "other": N_("其他"),
}
PAIRING_COUNT = {
    "class_pairs": N_("班级结对（对）"),
    "pupil_pairs": N_("学生结对（对）"),
    "children_visits": N_("儿童互访（人次）"),
    "children_works": N_("书画等作品交流（件）"),
}
PAIRING_WISH = {"renew": N_("续期一年"), "adjust": N_("调整后再结对"), "close": N_("到期结束")}
