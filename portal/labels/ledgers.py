"""Words of the small ledgers."""

from portal.domain.words import N_

LEDGER_KIND = {
    "training": N_("培训"),
    "publicity": N_("宣传报道"),
    "fund": N_("经费"),
    "honour": N_("表彰荣誉"),
    "measure": N_("支持措施"),
}
LEDGER_NEW = {
    "training": N_("记一项培训"),
    "publicity": N_("记一次宣传"),
    "fund": N_("记一笔经费"),
    "honour": N_("记一项表彰"),
    "measure": N_("记一项支持措施"),
}
LEDGER_TITLE = {
    "training": N_("培训项目"),
    "publicity": N_("标题或内容"),
    "fund": N_("用途"),
    "honour": N_("表彰名称"),
    "measure": N_("措施"),
}
LEDGER_CATEGORY = {
    "before_exchange": N_("交流前培训"),
    "teaching": N_("教学业务培训"),
    "management": N_("管理培训"),
    "counselling": N_("心理辅导"),
    "other_training": N_("其他培训"),
    "press": N_("报刊"),
    "broadcast": N_("广播电视"),
    "website": N_("网站"),
    "wechat": N_("公众号"),
    "bulletin": N_("简报"),
    "meeting": N_("会议宣讲"),
    "other_channel": N_("其他渠道"),
    "facilities": N_("改善办学条件"),
    "culture": N_("校园文化活动"),
    "safety": N_("校园安全"),
    "transport": N_("交通保障"),
    "lodging": N_("住宿保障"),
    "care": N_("生活关怀"),
    "other_measure": N_("其他措施"),
}
LEDGER_CATEGORY_LABEL = {"training": N_("培训类别"), "publicity": N_("宣传渠道"), "measure": N_("措施类别")}
LEDGER_AUDIENCE = {
    "schools": N_("学校"),
    "teachers": N_("教师"),
    "parents": N_("家长"),
    "society": N_("社会"),
}
LEDGER_FLOW = {"applied": N_("申请"), "granted": N_("下拨"), "spent": N_("支出")}
LEDGER_SOURCE = {
    "allocation": N_("财政拨款"),
    "own": N_("学校自筹"),
    "project": N_("专项经费"),
    "donation": N_("社会捐助"),
    "other_source": N_("其他来源"),
}
LEDGER_LEVEL = {
    "school": N_("校级"),
    "cluster": N_("片区级"),
    "district": N_("区县级"),
    "city": N_("市级"),
    "province": N_("省级"),
    "national": N_("国家级"),
}
