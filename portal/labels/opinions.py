"""Words of the opinion box."""

from portal.domain.words import N_

OPINION_TOPIC = {
    "exchange": N_("交流与支教"),
    "pairing": N_("结对与带教"),
    "visiting": N_("走教与课务"),
    "activities": N_("片区活动"),
    "other": N_("其他"),
}
OPINION_NAME = {"named": N_("署名"), "nameless": N_("不署名")}
OPINION_STATE = {"open": N_("待看"), "noted": N_("已列入汇总"), "withdrawn": N_("已撤回")}
OPINION_STEPS = {"take": N_("列入汇总"), "leave": N_("改为待看"), "withdraw": N_("撤回")}
DIGEST_STATE = {"drafting": N_("汇总中"), "submitted": N_("待校长答复"), "answered": N_("已答复")}
#: What is handed in waits here, as nothing else that is called submitted does.
DIGEST_TONE = {"drafting": "open", "submitted": "wait", "answered": "done"}
DIGEST_STEPS = {"submit": N_("报送校长"), "recall": N_("撤回修改"), "answer": N_("答复")}
