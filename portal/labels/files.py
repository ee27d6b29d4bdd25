"""Words of attached files and shared resources."""

from portal.domain.words import N_

FILE_KIND = {
    "file": N_("文件"),
    "plan": N_("方案或通知"),
    "sign_in": N_("签到表"),
    "photo": N_("照片"),
    "material": N_("活动材料"),
    "summary": N_("总结材料"),
    "feedback": N_("反馈表"),
}
