"""Words for kinds, forms, titles and places."""

from portal.domain.words import N_

CLUSTER_ROLE = {"lead": N_("领衔"), "member": N_("成员")}
CAUSE = {"join": N_("加入"), "leave": N_("退出"), "lead": N_("任领衔学校"), "follow": N_("改任成员校")}
DAY_SOURCE = {"national": N_("国务院办公厅"), "local": N_("本区")}
YES_NO = {"true": N_("是"), "false": N_("否")}
ROLE = {
    "bureau": N_("区教育局"),
    "liaison": N_("联络员"),
    "assigned_leader": N_("包挂领导"),
    "principal": N_("校长"),
    "office": N_("教务处"),
    "representative": N_("教师代表"),
    "teacher": N_("教师"),
    "lead": N_("片区负责人"),
}
OFFICE = {
    "basic_education": N_("基础教育科"),
    "personnel": N_("人事科"),
    "supervision": N_("督导室"),
}
SCHOOL_KIND = {
    "kindergarten": N_("幼儿园"),
    "primary": N_("小学"),
    "junior": N_("初中"),
    "nine_year": N_("九年一贯制"),
    "senior": N_("高中"),
    "teaching_point": N_("教学点"),
    "external": N_("区外单位"),
}
LOCATION = {"urban": N_("城区"), "rural": N_("农村")}
CLUSTER_KIND = {
    "zone": N_("片区"),
    "school_district": N_("学区"),
    "alliance_zone": N_("联盟责任区"),
    "team_cluster": N_("组团"),
    "pairing_group": N_("结对帮扶小组"),
    "township_zone": N_("乡镇片"),
}
PROFILE = {"directing": N_("组长负责制"), "convenor": N_("召集人制"), "equal": N_("平等协作制")}
DAY_KIND = {"holiday": N_("放假"), "swapped": N_("调休"), "local_off": N_("停课")}
SEX = {"male": N_("男"), "female": N_("女")}
STAGE = {
    "kindergarten": N_("幼儿园"),
    "primary": N_("小学"),
    "junior": N_("初中"),
    "senior": N_("高中"),
}
POST_KIND = {"teaching": N_("专任"), "administrative": N_("行政"), "support": N_("教辅")}
CADRE = {"principal": N_("校长"), "vice_principal": N_("副校长"), "middle": N_("中层"), "none": N_("无")}
PROFESSIONAL_TITLE = {
    "junior": N_("初级"),
    "middle": N_("中级"),
    "senior": N_("高级"),
    "none": N_("未评"),
}
HONOUR = {
    "special_grade_teacher": N_("特级教师"),
    "subject_leader": N_("学科带头人"),
    "backbone_teacher": N_("骨干教师"),
    "teaching_expert": N_("教学能手"),
    "master_teacher": N_("名师"),
    "rising_star": N_("教坛新秀"),
    "outstanding_teacher": N_("卓越教师"),
    "model_teacher": N_("模范教师"),
    "excellent_teacher": N_("优秀教师"),
}
LEVEL = {
    "school": N_("校级"),
    "township": N_("乡镇级"),
    "county": N_("县级"),
    "district": N_("区级"),
    "city": N_("市级"),
    "province": N_("省级"),
    "national": N_("国家级"),
}
SEARCH_KIND = {
    "reflection": N_("日志"),
    "record": N_("记录"),
    "meeting": N_("会议"),
    "activity": N_("活动"),
    "resource": N_("资源"),
    "quality": N_("质量分析"),
}
MEETING_KIND = {
    "monthly": N_("月例会"),
    "joint": N_("联席会议"),
    "hearing": N_("听取汇报"),
    "seminar": N_("管理研讨"),
    "other": N_("其他会议"),
}
ATTENDANCE = {"present": N_("到会"), "leave": N_("请假"), "absent": N_("缺席")}
ACTIVITY_KIND = {
    "collective_preparation": N_("集体备课"),
    "demonstration_lesson": N_("示范课"),
    "zone_research": N_("联片教研"),
    "team_research": N_("团队教研"),
    "observation": N_("听课评课"),
    "lesson_talk": N_("说课"),
    "master_guidance": N_("名师引领"),
    "rural_delivery": N_("送教下乡"),
    "lesson_delivery": N_("送课送教"),
    "online_sharing": N_("网络共通"),
    "collaborative_sharing": N_("协作共享"),
    "salon": N_("教学沙龙"),
    "forum": N_("学术论坛"),
    "lecture": N_("讲座"),
    "symposium": N_("座谈会"),
    "onsite_meeting": N_("现场会"),
    "principal_visit": N_("校长互访"),
    "mentor_pair_show": N_("师徒同台献艺"),
    "master_contest": N_("名师赛课"),
    "young_teacher_show": N_("青年教师教学展示"),
    "sharing_meeting": N_("心得交流会"),
    "training": N_("专题培训"),
    "project_work": N_("课题研究"),
    "post_training": N_("岗前培训"),
    "result_show": N_("成果展示"),
    "social": N_("联谊活动"),
    "donation": N_("捐赠"),
    "other": N_("其他活动"),
}
CREDIT_KIND = {"guest": N_("来宾和专家"), "result": N_("结果")}
CREDIT_WORDS = {"guest": N_("职称或职务"), "result": N_("结果")}
ACTIVITY_LEVEL = {
    "school": N_("校级领导"),
    "middle": N_("中层干部"),
    "teacher": N_("教师"),
    "resource": N_("资源"),
}
POSTING_FORM = {
    "rotation": N_("交流轮岗"),
    "support_teaching": N_("支教"),
    "volunteer_teaching": N_("志愿者支教"),
    "aid_teaching": N_("援教"),
    "study_posting": N_("跨校学习"),
    "lateral_exchange": N_("交流"),
    "inter_school_collaboration": N_("校际协作交流"),
    "shadow_training": N_("影子培训"),
    "class_attachment": N_("跟班学习"),
    "co_teacher": N_("配班教师"),
    "secondment": N_("挂职锻炼"),
    "upward_secondment": N_("上挂学习"),
    "borrowed": N_("借用"),
    "promoted_use": N_("拔高使用"),
    "counterpart_swap": N_("对岗互派"),
    "support_aid": N_("帮扶支援"),
    "surplus_adjustment": N_("超编调剂"),
    "principal_study": N_("校长研修"),
}
DIRECTION = {
    "urban_urban": N_("城区之间"),
    "urban_rural": N_("城区到农村"),
    "rural_urban": N_("农村到城区"),
    "rural_rural": N_("农村之间"),
}
VISITING_FORM = {
    "circuit_teaching": N_("走教"),
    "cross_school_lessons": N_("跨校兼课"),
    "backbone_circuit": N_("骨干教师巡回授课"),
    "scarce_subject_circuit": N_("紧缺专业教师流动教学"),
    "stage_bridge": N_("学段衔接"),
}
ABSENCE_KIND = {
    "sick": N_("病假"),
    "personal": N_("事假"),
    "official_travel": N_("公出"),
    "training": N_("培训"),
    "other": N_("其他"),
}
HALF = {"am": N_("上午"), "pm": N_("下午")}
OUTCOME = {"covered": N_("有人代课"), "moved": N_("已改期"), "cancelled": N_("已取消")}
MENTORING_KIND = {"apprentice": N_("带徒"), "group": N_("带教研组"), "project": N_("带课题")}
RECORD_KIND = {
    "lesson": N_("上课"),
    "observation": N_("听课"),
    "talk": N_("谈话"),
    "visit": N_("走访"),
    "activity": N_("活动"),
    "thought": N_("想法"),
    "joint_preparation": N_("集体备课"),
    "project_work": N_("课题研究"),
    "support": N_("帮扶"),
    "donation": N_("捐赠"),
}
REFLECTION_KIND = {
    "lesson": N_("课后反思"),
    "observation": N_("听课笔记"),
    "training": N_("培训小结"),
    "study": N_("学习日志"),
    "reading": N_("读书笔记"),
    "exchange": N_("交流轮岗体会"),
    "term": N_("个人学期小结"),
    "other": N_("其他"),
}
REPORT_KIND = {"report": N_("学习报告"), "portfolio": N_("个人档案")}
REPORT_SOURCE = {"log": N_("反思日志"), "record": N_("台账"), "service": N_("服务经历")}
VISIBILITY = {
    "own": N_("只有我"),
    "mentor": N_("我和导师"),
    "school": N_("本校"),
    "cluster": N_("片区"),
}
SUBSIDY_KIND = {
    "circuit": N_("走教"),
    "support": N_("支教"),
    "discretionary": N_("酌情"),
}
SUBSIDY_OUTCOME = {
    "met": N_("符合"),
    "not_met": N_("不符合"),
    "unknown": N_("数据不全"),
    "later": N_("月末判断"),
}
SUBSIDY_TONE = {"met": "done", "not_met": "plain", "unknown": "wait", "later": "open"}
OWN_PERIODS_FROM = {"stated": N_("学校登记"), "timetable": N_("按课表"), "": N_("没有登记")}
