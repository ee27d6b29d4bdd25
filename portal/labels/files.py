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
FILE_FOLDER = {
    "plan": N_("1方案通知"),
    "sign_in": N_("2签到"),
    "photo": N_("3照片"),
    "material": N_("4材料"),
    "summary": N_("5总结"),
    "feedback": N_("6反馈"),
}
DOSSIER_PART = {
    "plan": N_("方案或通知"),
    "sign_in": N_("签到（名单或签到表）"),
    "photo": N_("照片"),
    "material": N_("活动材料"),
    "summary": N_("小结"),
    "feedback": N_("反馈"),
}
USEFULNESS = {"much": N_("很有帮助"), "some": N_("有些帮助"), "little": N_("帮助不大")}
RESOURCE_KIND = {
    "lesson": N_("课例与教案"),
    "document": N_("文件资料"),
    "link": N_("网上资源"),
    "result": N_("经验成果"),
    "joint_test": N_("联考与质量分析"),
    "rule": N_("片区制度"),
}
QUALITY_STEP = {
    "survey": N_("调研"),
    "analyse": N_("分析"),
    "discuss": N_("研讨"),
    "improve": N_("改进"),
}
#: Where an analysis stands: the step whose turn it is.
QUALITY_STATE = {
    "survey": N_("待调研"),
    "analyse": N_("待分析"),
    "discuss": N_("待研讨"),
    "improve": N_("待改进"),
    "done": N_("四步已完成"),
}
RESOURCE_RULE = {
    "meeting": N_("联席会议制度"),
    "research": N_("教研制度"),
    "logistics": N_("后勤保障制度"),
    "duty": N_("值班制度"),
    "assessment": N_("考核制度"),
}
