"""The sheets of a roster workbook, each with its columns."""

from functools import partial

from portal.domain import roster_choices as choices
from portal.domain import roster_values as values
from portal.domain.roster_fields import STAFF_NO, Field, SheetKind, choice, column, needed_choice
from portal.domain.roster_teacher_fields import TEACHER_FIELDS, YES_NO
from portal.domain.words import N_

TEACHERS = "teachers"
SCHOOLS = "schools"
SUBJECT_STAFFING = "subject_staffing"
SERVICES = "services"
APPOINTMENTS = "appointments"
CONDITIONS = "conditions"


SCHOOL_NAME = column(
    "school_name",
    N_("学校"),
    values.read_school,
    "学校名称 学校全称 单位 单位名称 校名 所在学校",
    pattern="^学校名|^单位名",
    needed=True,
)
START = column(
    "starts_on",
    N_("开始"),
    values.read_date,
    "开始日期 开始时间 起始时间 起始日期 起始年月 开始年月 自 从",
    pattern="^(开始|起始|起)",
)
END = column(
    "ends_on",
    N_("结束"),
    values.read_month_end,
    "结束日期 结束时间 终止时间 截止时间 结束年月 终止日期 至 到",
    pattern="^(结束|终止|截止)",
)
PERSON = (
    STAFF_NO,
    column("name", N_("姓名"), values.read_name, "教师姓名 教职工姓名 教工姓名 教师", pattern="姓名$"),
)


def _kind(key: str, title: str, names: str, anchors: str, *fields: Field) -> SheetKind:
    return SheetKind(key, title, frozenset([title, *names.split()]), frozenset(anchors.split()), fields)


KINDS = (
    _kind(
        TEACHERS,
        N_("教师"),
        "教师名册 名册 花名册 教师花名册 教职工 教职工名册 教师信息 教师基本信息",
        "name",
        *TEACHER_FIELDS,
    ),
    _kind(
        SCHOOLS,
        N_("学校"),
        "学校信息 学校基本信息 学校名册 学校情况",
        "school_name",
        SCHOOL_NAME,
        column(
            "stage",
            N_("学段"),
            values.read_list,
            "办学层次 办学类型 学校类型 学校类别",
            pattern="学段",
            choices="幼儿园 小学 初中 高中",
            blank=(),
        ),
        column(
            "ownership",
            N_("性质"),
            choice(choices.OWNERSHIP),
            "办学性质 学校性质 举办性质",
            pattern="性质",
            choices="公办 民办",
        ),
        column(
            "location",
            N_("位置"),
            choice(choices.LOCATION),
            "所在位置 城乡类型 城乡 位置类别 所在地类型",
            pattern="城乡|位置",
            choices="街道 乡镇",
        ),
        column(
            "weak",
            N_("薄弱"),
            choice(choices.YES_NO),
            "薄弱学校 是否薄弱 是否薄弱学校 薄弱校",
            pattern="薄弱",
            choices=YES_NO,
        ),
        column(
            "standard_school",
            N_("一级达标"),
            choice(choices.STANDARD),
            "一级达标校 是否一级达标",
            pattern="一级达标",
            choices=YES_NO,
        ),
        column(
            "parent_school",
            N_("上级中心校"),
            values.read_school,
            "中心校 所属中心校 上级学校 主管中心校",
            pattern="中心校",
        ),
        column(
            "cluster",
            N_("片区"),
            values.read_text,
            "所属片区 所在片区 片区名称 学区 集团 联盟",
            pattern="片区名|所[属在]片区",
        ),
        column(
            "cluster_role",
            N_("片区角色"),
            choice(choices.CLUSTER_ROLE),
            "角色 片区内角色 学校角色",
            pattern="角色",
            choices="领衔 成员",
        ),
        column(
            "staff_quota",
            N_("编制数"),
            values.read_count,
            "核定编制 核定编制数 编制 教职工编制数",
            pattern="编制",
        ),
        column(
            "staff_actual",
            N_("实有数"),
            values.read_count,
            "实有 实有人数 在编人数 现有人数 教职工数",
            pattern="实有|现有",
        ),
        column(
            "remoteness_tier",
            N_("偏远等级"),
            values.read_text,
            "边远等级 偏远类别 艰苦边远等级 偏远",
            pattern="[偏边]远",
        ),
        column(
            "average_periods",
            N_("平均周课时"),
            values.read_number,
            "周平均课时 平均课时 人均周课时",
            pattern="课时",
        ),
    ),
    _kind(
        SUBJECT_STAFFING,
        N_("学科编制"),
        "学科 学科需求 学科编制情况",
        "school_name subject",
        SCHOOL_NAME,
        column("subject", N_("学科"), values.read_text, "学科名称 科目 任教学科", needed=True),
        column("need", N_("需求"), values.read_count, "需求数 需要 应有 应配 需求人数", pattern="需求|应配"),
        column("actual", N_("实有"), values.read_count, "实有数 实有人数 现有 现有人数", pattern="实有|现有"),
    ),
    _kind(
        SERVICES,
        N_("经历"),
        "工作经历 交流经历 任教经历 支教经历",
        "kind",
        *PERSON,
        column(
            "kind",
            N_("类型"),
            needed_choice(choices.SERVICE_KIND),
            "经历类型 类别 形式 交流形式",
            needed=True,
            choices="支教 援教 学习 交流 协作 走教 挂职 借用 上挂 任教",
        ),
        column(
            "organisation",
            N_("单位"),
            values.read_school,
            "学校 所在单位 单位名称 接收单位 工作单位 任教学校",
            pattern="单位|学校",
        ),
        column(
            "places",
            N_("地点"),
            partial(choices.read_choices, choices.PLACE),
            "地点类别 学校类别 地点类型",
            choices="农村 城区 薄弱",
            blank=(),
        ),
        START,
        END,
        column(
            "transfer",
            N_("人事关系变动"),
            choice(choices.STANDARD),
            "是否转人事关系 人事关系是否变动 人事变动",
            pattern="人事",
            choices=YES_NO,
        ),
        column("approval_no", N_("批准文号"), values.read_text, "文号 批文号 批准文件", pattern="文号"),
    ),
    _kind(
        APPOINTMENTS,
        N_("聘期"),
        "聘任 聘用 聘期情况",
        "starts_on ends_on",
        *PERSON,
        column("school_name", N_("学校"), values.read_school, "学校名称 聘用学校 聘任学校 单位"),
        START,
        END,
    ),
    _kind(
        CONDITIONS,
        N_("情形"),
        "特殊情形 特殊情况 情形说明",
        "condition",
        *PERSON,
        column(
            "condition",
            N_("情形"),
            needed_choice(choices.CONDITION_KIND),
            "特殊情形 情况 情形类别",
            needed=True,
            sensitive=True,
            choices="怀孕 产假 哺乳 重大疾病 指定医院证明 住院 照顾家人 子女中高考 处分 其他",
        ),
        column(
            "relation",
            N_("对象"),
            choice(choices.CONDITION_RELATION),
            "情形对象 人员关系",
            sensitive=True,
            choices="本人 配偶 直系亲属",
        ),
        START,
        END,
        column("months", N_("月数"), values.read_number, "月份数 累计月数", pattern="月数"),
    ),
)

KIND = {kind.key: kind for kind in KINDS}
