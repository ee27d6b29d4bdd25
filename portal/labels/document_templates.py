"""Words of the templates of papers: what each is called on the page, and what it is for."""

from portal.domain.words import N_

DOCUMENT_TEMPLATE = {
    "selection": N_("选派条件和程序"),
    "duties": N_("工作职责"),
    "indicators": N_("考核指标"),
    "teacher_training": N_("教师培训提纲"),
    "principal_training": N_("校长培训提纲"),
    "summary": N_("工作总结表"),
    "funds": N_("经费申请表"),
}
DOCUMENT_TEMPLATE_USE = {
    "selection": N_("交流的条件、申请到到岗的六步、推荐人选汇总表"),
    "duties": N_("交流教师、交流校长和两校的职责，职责确认单"),
    "indicators": N_("教师、校长各一张考核表，分值由区里定，考核结果记录"),
    "teacher_training": N_("交流教师岗前培训的目标、内容和课程安排"),
    "principal_training": N_("交流校长岗前培训的目标、内容和课程安排"),
    "summary": N_("交流人员学期结束时填写，两校和教育局签意见"),
    "funds": N_("学校申请交流经费：事由、预算明细和审批意见"),
}
