"""Words of requests for instruction and reports."""

from portal.domain.words import N_

REQUEST_KIND = {"request": N_("请示"), "report": N_("报告")}
REQUEST_LEVEL = {
    "school": N_("本校校长"),
    "cluster": N_("片区"),
    "bureau": N_("区教育局科室"),
}
#: What a line of the way says.
REQUEST_STEP = {
    "submit": N_("报出"),
    "resubmit": N_("修改后再报"),
    "withdraw": N_("撤回"),
    "endorse": N_("校长签意见并上报"),
    "pass_school": N_("校长本人所写，经本级上报"),
    "settle_school": N_("校长批复"),
    "return_school": N_("校长退回"),
    "relay": N_("片区签意见并上报"),
    "pass_cluster": N_("领衔校长兼本校校长，经本级上报"),
    "settle_cluster": N_("领衔校长批复"),
    "return_cluster": N_("领衔校长退回"),
    "answer": N_("区教育局批复"),
    "return_bureau": N_("区教育局退回"),
}
REQUEST_STATE = {
    "at_school": N_("待校长办理"),
    "at_cluster": N_("待片区办理"),
    "at_bureau": N_("待区教育局办理"),
    "returned": N_("已退回"),
    "answered": N_("已批复"),
    "withdrawn": N_("已撤回"),
    "reported": N_("已报告"),
}
REQUEST_STEPS = {
    "endorse": N_("签意见并上报"),
    "relay": N_("签意见并上报"),
    "settle_school": N_("批复"),
    "settle_cluster": N_("批复"),
    "answer": N_("批复"),
    "return_school": N_("退回修改"),
    "return_cluster": N_("退回修改"),
    "return_bureau": N_("退回修改"),
    "withdraw": N_("撤回"),
    "resubmit": N_("修改后再报"),
    "pass_school": N_("经本级上报"),
    "pass_cluster": N_("经本级上报"),
}
