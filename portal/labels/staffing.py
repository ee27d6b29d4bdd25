"""Words of the staffing pages."""

from portal.domain.words import N_

STAFFING_STATE = {"short": N_("缺"), "over": N_("超"), "even": N_("齐"), "unset": N_("未设定")}
STAFFING_VERDICT = {"below": N_("低于最低人数"), "kept": N_("不低于最低人数"), "unset": N_("最低人数未设定")}
AGE_BAND = {
    "under_30": N_("30岁以下"),
    "from_30": N_("30—39岁"),
    "from_40": N_("40—49岁"),
    "from_50": N_("50岁以上"),
    "unknown": N_("未登记"),
}
