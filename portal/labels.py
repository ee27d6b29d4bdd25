"""The words for codes: states, steps, kinds, roles. Message ids, translated where they are shown."""

from portal.domain.words import N_

ROLE = {
    "bureau": N_("区教育局"),
    "liaison": N_("联络员"),
    "assigned_leader": N_("包挂领导"),
    "principal": N_("校长"),
    "office": N_("教务处"),
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
PROFESSIONAL_TITLE = {"junior": N_("初级"), "middle": N_("中级"), "senior": N_("高级")}
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
    "county": N_("县级"),
    "district": N_("区级"),
    "city": N_("市级"),
    "province": N_("省级"),
    "national": N_("国家级"),
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
    "salon": N_("教学沙龙"),
    "forum": N_("学术论坛"),
    "lecture": N_("讲座"),
    "symposium": N_("座谈会"),
    "onsite_meeting": N_("现场会"),
    "principal_visit": N_("校长互访"),
    "mentor_pair_show": N_("师徒同台献艺"),
    "master_contest": N_("名师赛课"),
    "young_teacher_show": N_("青年教师教学展示"),
    "donation": N_("捐赠"),
    "other": N_("其他活动"),
}
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
VISITING_FORM = {
    "circuit_teaching": N_("走教"),
    "cross_school_lessons": N_("跨校兼课"),
    "backbone_circuit": N_("骨干教师巡回授课"),
    "scarce_subject_circuit": N_("紧缺专业教师流动教学"),
    "stage_bridge": N_("学段衔接"),
}
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
    "exchange": N_("交流轮岗体会"),
    "other": N_("其他"),
}
VISIBILITY = {
    "own": N_("只有我"),
    "mentor": N_("我和导师"),
    "school": N_("本校"),
    "cluster": N_("片区"),
}
STATE = {
    "meeting": {
        "scheduled": N_("待召开"),
        "held": N_("缺纪要"),
        "minuted": N_("纪要待确认"),
        "confirmed": N_("纪要已确认"),
        "cancelled": N_("已取消"),
    },
    "meeting_task": {"open": N_("待办理"), "done": N_("已办结"), "dropped": N_("不再办理")},
    "activity": {
        "planned": N_("筹备中"),
        "held": N_("已开展"),
        "closed": N_("已归档"),
        "cancelled": N_("已取消"),
    },
    "school_pairing": {
        "proposed": N_("待双方同意"),
        "agreed": N_("待批准"),
        "active": N_("结对中"),
        "closed": N_("已结束"),
        "withdrawn": N_("已撤回"),
    },
    "mentoring_pair": {
        "proposed": N_("待双方接受"),
        "active": N_("结对中"),
        "finished": N_("已结业"),
        "broken_off": N_("已中止"),
        "withdrawn": N_("已撤回"),
    },
    "posting": {
        "planned": N_("待到岗"),
        "active": N_("在岗"),
        "completed": N_("已期满"),
        "ended_early": N_("提前结束"),
        "cancelled": N_("已取消"),
    },
    "visiting_lesson": {"planned": N_("待开始"), "running": N_("进行中"), "ended": N_("已停止")},
    "visiting_session": {
        "planned": N_("待上"),
        "given": N_("已上"),
        "missed": N_("缺课"),
        "substituted": N_("代课"),
        "cancelled": N_("已取消"),
    },
    "reflection": {"draft": N_("草稿"), "submitted": N_("已提交")},
    "term_summary": {
        "drafting": N_("撰写中"),
        "signed": N_("已签署"),
        "submitted": N_("已报送"),
        "accepted": N_("已受理"),
    },
    "job": {"queued": N_("排队中"), "running": N_("进行中"), "done": N_("已完成"), "failed": N_("没有完成")},
}
# How a state looks beside its words: done, wait, bad, info, open (the tag kinds of the page system).
TONE = {
    "confirmed": "done",
    "closed": "done",
    "active": "done",
    "finished": "done",
    "completed": "done",
    "given": "done",
    "submitted": "done",
    "accepted": "done",
    "done": "done",
    "signed": "done",
    "running": "done",
    "scheduled": "info",
    "planned": "info",
    "agreed": "info",
    "substituted": "info",
    "queued": "info",
    "held": "wait",
    "minuted": "wait",
    "proposed": "wait",
    "drafting": "wait",
    "open": "wait",
    "ended_early": "wait",
    "missed": "bad",
    "failed": "bad",
    "broken_off": "bad",
    "cancelled": "open",
    "withdrawn": "open",
    "dropped": "open",
    "draft": "open",
    "ended": "open",
}
STEP = {
    "meeting": {
        "confirm": N_("确认纪要"),
        "return": N_("退回修改"),
        "cancel": N_("取消会议"),
        "reopen": N_("重新打开"),
        "hold": N_("登记召开"),
        "minute": N_("保存纪要"),
    },
    "meeting_task": {"finish": N_("办结"), "drop": N_("不再办理"), "resume": N_("继续办理")},
    "activity": {
        "hold": N_("登记开展"),
        "close": N_("归档"),
        "cancel": N_("取消活动"),
        "reopen": N_("重新打开"),
    },
    "school_pairing": {
        "agree_donor": N_("代表支援学校同意"),
        "agree_beneficiary": N_("代表受援学校同意"),
        "agreed": N_("双方同意"),
        "approve": N_("批准"),
        "return": N_("退回"),
        "withdraw": N_("撤回"),
        "close": N_("结束结对"),
    },
    "mentoring_pair": {
        "accept_mentor": N_("我愿意做导师"),
        "accept_mentee": N_("我愿意拜师"),
        "start": N_("开始"),
        "withdraw": N_("撤回"),
        "finish": N_("结业"),
        "break_off": N_("中止"),
    },
    "posting": {
        "arrive": N_("登记到岗"),
        "complete": N_("登记期满"),
        "end_early": N_("提前结束"),
        "cancel": N_("取消"),
    },
    "visiting_lesson": {"start": N_("开始执行"), "end": N_("停止这门课")},
    "visiting_session": {
        "give": N_("已上"),
        "miss": N_("缺课"),
        "substitute": N_("代课"),
        "cancel": N_("取消"),
        "correct": N_("更正"),
    },
    "reflection": {"submit": N_("提交"), "take_back": N_("收回修改")},
    "term_summary": {
        "sign": N_("签署"),
        "submit": N_("报送"),
        "accept": N_("受理"),
        "return": N_("退回"),
        "revise": N_("更正"),
    },
}
ACTION = {
    "create": N_("新建"),
    "edit": N_("修改"),
    "login": N_("登录"),
    "record": N_("登记"),
    "change_password": N_("修改密码"),
    "reset_password": N_("重置密码"),
    "disable": N_("停用"),
    "enable": N_("启用"),
    "attendance": N_("登记到会"),
    "participants": N_("登记参加人员"),
    "import": N_("导入"),
    "sections": N_("撰写"),
    "comment": N_("评论"),
    "join": N_("加入"),
    "leave": N_("退出"),
    "delete": N_("删除"),
}
# The words for fields in a history.
FIELD = {
    "state": N_("状态"),
    "note": N_("说明"),
    "title": N_("名称"),
    "starts_at": N_("时间"),
    "ends_at": N_("结束时间"),
    "place": N_("地点"),
    "agenda": N_("议程"),
    "minutes": N_("纪要"),
    "kind": N_("类别"),
    "name": N_("姓名"),
    "text": N_("内容"),
    "theme": N_("主题"),
    "summary": N_("小结"),
    "starts_on": N_("开始日期"),
    "ends_on": N_("结束日期"),
    "goals": N_("目标"),
    "contents": N_("内容"),
    "frequency": N_("频次"),
    "username": N_("账号"),
    "reason": N_("原因"),
    "experience": N_("经验"),
    "problem": N_("问题"),
    "solution": N_("解决办法"),
    "visibility": N_("谁能看到"),
    "line": N_("一句话"),
    "body": N_("详细内容"),
    "happened_on": N_("日期"),
    "form": N_("形式"),
    "subject": N_("学科"),
    "school": N_("学校"),
    "role": N_("身份"),
}
# What to say when a named constraint refuses a row: (field of the form, message id).
CONSTRAINT = {
    "school_name_taken": ("name", N_("本区已有同名学校")),
    "cluster_name_taken": ("name", N_("本区已有同名片区")),
    "membership_already_open": ("school", N_("这所学校已经在这个片区")),
    "cluster_has_lead": ("role", N_("片区已有领衔学校，请先更换")),
    "term_code_taken": ("code", N_("这个学期已经有了")),
    "day_taken": ("day", N_("这一天已经登记过")),
    "dates_in_order": ("ends_on", N_("结束日期要在开始日期之后")),
    "times_in_order": ("ends_at", N_("结束时间要在开始时间之后")),
    "staff_no_taken": ("staff_no", N_("工号已被使用")),
    "uq_account_username": ("username", N_("账号名已被使用")),
    "person_has_account": ("username", N_("这位教师已有账号")),
    "school_has_principal": ("person", N_("这所学校已有校长，请先办理卸任")),
    "home_school_already_open": ("school", N_("这位教师已有任职学校")),
    "attendance_once": ("", N_("同一所学校只登记一次")),
    "participant_once": ("", N_("同一位教师只登记一次")),
    "pair_schools_differ": ("beneficiary", N_("支援学校和受援学校不能是同一所")),
    "mentor_is_another": ("mentee", N_("导师和徒弟不能是同一人")),
    "pair_already_open": ("mentee", N_("这两位已经结对")),
    "host_is_another": ("host_school", N_("接收学校不能是本校")),
    "teacher_booked_twice": ("period", N_("这位教师这个时间已有课")),
    "class_booked_twice": ("period", N_("这个班这个时间已有课")),
    "period_once": ("number", N_("这一节已经有了")),
    "summary_once": ("", N_("这个学期的总结已经建好")),
    "record_sent_twice": ("", N_("这一条已经记下了")),
    "reflection_sent_twice": ("", N_("这一篇已经保存了")),
    "confirmed_has_minutes": ("minutes", N_("确认之前先写纪要")),
}


def state_word(workflow: str, state: str) -> str:
    """The message id for a state of a workflow."""
    return STATE[workflow][state]


def action_word(action: str) -> str:
    """The message id for an audit action such as ``meeting.confirm`` or ``school.edit``."""
    workflow, _, key = action.partition(".")
    return STEP.get(workflow, {}).get(key) or ACTION.get(key, key)


# Messages to people, by kind; their placeholders are the words stored with the message.
NOTICE = {
    "meeting_scheduled": N_("%(who)s 安排了会议：%(what)s"),
    "minutes_waiting": N_("会议纪要等您确认：%(what)s"),
    "minutes_returned": N_("会议纪要退回修改：%(what)s"),
    "minutes_confirmed": N_("会议纪要已确认：%(what)s"),
    "task_assigned": N_("会议议定事项交给贵校：%(what)s"),
    "pair_proposed": N_("%(who)s 请您确认结对：%(what)s"),
    "pair_started": N_("结对开始：%(what)s"),
    "posting_planned": N_("%(who)s 登记了到岗安排：%(what)s"),
    "comment_written": N_("%(who)s 评论了您的反思：%(what)s"),
    "summary_submitted": N_("学期总结报来：%(what)s"),
    "summary_returned": N_("学期总结退回：%(what)s"),
    "summary_accepted": N_("学期总结已受理：%(what)s"),
}
