"""Words for deliveries, volunteers and programmes."""

from portal.domain.words import N_

DELIVERY_KIND = {
    "volunteer_service": N_("志愿服务"),
    "volunteer_teaching": N_("志愿者支教"),
    "support_teaching": N_("支教"),
    "rural_delivery": N_("送教下乡"),
    "lesson_delivery": N_("送课送教"),
}
TARGET_KIND = {
    "volunteers": N_("参加志愿者"),
    "volunteer_hours": N_("志愿服务时长"),
    "deliveries": N_("送教次数"),
    "delivery_periods": N_("送教节数"),
    "support_teachers": N_("支教教师"),
    "secondments": N_("挂职干部"),
    "school_pairs": N_("学校结对"),
}
TARGET_UNIT = {
    "volunteers": N_("人"),
    "volunteer_hours": N_("小时"),
    "deliveries": N_("次"),
    "delivery_periods": N_("节"),
    "support_teachers": N_("人"),
    "secondments": N_("人"),
    "school_pairs": N_("对"),
}
TARGET_MEANING = {
    "volunteers": N_("不在服务学校任职、服务已由接收学校确认的人，加上已到岗的志愿者支教，一人只计一次"),
    "volunteer_hours": N_("志愿者已确认的服务时长之和"),
    "deliveries": N_("接收学校已确认的送教下乡和送课送教"),
    "delivery_periods": N_("已确认的送教中，各人所上节数之和"),
    "support_teachers": N_("已到岗的支教、援教教师，一人只计一次"),
    "secondments": N_("已到岗的挂职锻炼和上挂学习，一人只计一次"),
    "school_pairs": N_("期间内生效的学校结对"),
}
