"""The columns of the sheet 教师."""

from functools import partial

from portal.domain import roster_choices as choices
from portal.domain import roster_values as values
from portal.domain.roster_fields import NAME, STAFF_NO, choice, column, needed_choice
from portal.domain.words import N_

YES_NO = "是 否"
_OTHER_SCHOOL = "毕业|原|拟|接收|派出|受援|支援|交流|支教|结对|对口|流入|流出|调出|中心校|实习|学历"
_NOT_A_FACT = "时间|日期|年月|编号|证书|号码|年度|学校|单位"

TEACHER_FIELDS = (
    STAFF_NO,
    NAME,
    column(
        "sex",
        N_("性别"),
        needed_choice(choices.SEX),
        "男女 sex gender",
        pattern="性别",
        needed=True,
        choices="男 女",
    ),
    column(
        "born_on",
        N_("出生日期"),
        values.read_date,
        "出生年月 出生年月日 出生时间 生日 出生 出生年 出生日月",
        pattern="出生(日期|年月|时间)|^生日",
        never="地|子女",
    ),
    column(
        "identity_no",
        N_("身份证号"),
        values.read_identity,
        "身份证号码 身份证 身份证件号 身份证件号码 公民身份号码 证件号码 证件号",
        pattern="身份证|身份号码",
        never="类型|类别|有效",
        sensitive=True,
    ),
    column(
        "school_name",
        N_("学校"),
        values.read_school,
        "学校名称 所在学校 任教学校 现任教学校 工作学校 所属学校 现学校 现任学校 现所在学校 "
        "本校 单位 单位名称 所在单位 工作单位 "
        "现工作单位 任职学校 任职单位 学校全称 幼儿园 所在园所 校名 人事关系所在学校 school",
        pattern="(任教|所在|所属|工作|现任|任职)(学校|单位|校)|学校名称|^(学校|单位)",
        never=_OTHER_SCHOOL + "|时间|日期|性质|类别|等级|代码|推荐|需要|意见",
        needed=True,
    ),
    column(
        "stage",
        N_("学段"),
        choice(choices.STAGE),
        "任教学段 所在学段 教育阶段 教学阶段 现任教学段",
        pattern="学段",
        choices="幼儿园 小学 初中 高中",
    ),
    column(
        "subjects",
        N_("任教学科"),
        values.read_list,
        (
            "学科 任课学科 任教科目 所教学科 教学学科 现任教学科 科目 所任学科 所教科目 "
            "担任学科 主教学科 任课科目 教授学科"
        ),
        pattern="(任教|任课|所教|担任|主教)(学科|科目)",
        never="资格|专业|带头|时间",
        blank=(),
    ),
    column(
        "post_kind",
        N_("岗位类别"),
        choice(choices.POST_KIND),
        "岗位 岗位类型 教师类别 人员类别 工作岗位 现任岗位 现岗位 教师类型 岗位性质",
        pattern="岗位(类|性质)|现.{0,2}岗位",
        never="等级|级别|拟|" + _NOT_A_FACT,
        choices="专任 行政 教辅",
    ),
    column(
        "intended_post_kind",
        N_("拟任岗位"),
        choice(choices.POST_KIND),
        "拟任岗位类别 拟聘岗位 交流岗位 拟任职岗位",
        pattern="拟.{0,2}岗位",
        choices="专任 行政 教辅",
    ),
    column(
        "established",
        N_("在编"),
        choice(choices.ESTABLISHED),
        "是否在编 编制 编制情况 编制性质 编制类型 是否编内 在编情况 编制类别 在编在岗",
        pattern="是否.{0,3}编|在编",
        never="数|" + _NOT_A_FACT,
        choices=YES_NO,
    ),
    column(
        "on_duty",
        N_("在岗"),
        choice(choices.ON_DUTY),
        "是否在岗 在岗情况 在岗状态 在职状态 是否在职",
        pattern="是否在[岗职]|在岗",
        never=_NOT_A_FACT,
        choices=YES_NO,
    ),
    column(
        "teaching_now",
        N_("现任课"),
        choice(choices.TEACHING_NOW),
        "是否任课 现是否任课 目前任课 是否在教 是否任教 任课情况",
        pattern="是否.{0,3}任课",
        never=_NOT_A_FACT,
        choices=YES_NO,
    ),
    column(
        "competent",
        N_("胜任"),
        choice(choices.COMPETENT),
        "是否胜任 胜任教学 是否胜任教学 能否胜任 胜任情况",
        pattern="胜任",
        never=_NOT_A_FACT,
        choices=YES_NO,
        sensitive=True,
    ),
    column(
        "certificate_ok",
        N_("教师资格达标"),
        choice(choices.STANDARD),
        "资格达标 教师资格是否达标 资格是否达标 教师资格合格",
        pattern="资格.{0,4}(达标|合格)",
        choices=YES_NO,
    ),
    column(
        "education_ok",
        N_("学历达标"),
        choice(choices.STANDARD),
        "学历是否达标 学历合格 学历是否合格",
        pattern="学历.{0,4}(达标|合格)",
        choices=YES_NO,
    ),
    column(
        "cadre_level",
        N_("职务"),
        choice(choices.CADRE_LEVEL),
        "行政职务 现任职务 校内职务 担任职务 职务名称 党政职务 学校职务",
        pattern="(行政|校内|党政|现任|担任).{0,2}职务",
        never="专业|技术|专技|" + _NOT_A_FACT,
        choices="校长 副校长 中层 无",
    ),
    column(
        "professional_title",
        N_("职称"),
        choice(choices.TITLE),
        (
            "专业技术职务 专业技术职称 专技职务 技术职称 现职称 教师职称 职称等级 职称级别 "
            "专业职称 现有职称 现任专业技术职务"
        ),
        pattern="职称|专业技术职务",
        never="拟|申报|" + _NOT_A_FACT,
        choices="初级 中级 高级",
    ),
    column(
        "post_grade",
        N_("岗位等级"),
        values.read_post_grade,
        (
            "专业技术岗位等级 专技等级 岗位级别 聘任等级 专技岗位等级 专业技术等级 聘用等级 "
            "现聘岗位等级 专技级别"
        ),
        pattern="岗位.{0,2}(等级|级别)",
        never="拟|" + _NOT_A_FACT,
    ),
    column(
        "honours",
        N_("称号"),
        choices.read_honours,
        (
            "骨干称号 荣誉称号 骨干级别 骨干教师 名师称号 荣誉 骨干类别 骨干教师称号 骨干情况 "
            "名优称号 骨干荣誉 学科带头人"
        ),
        pattern="称号|骨干",
        never=_NOT_A_FACT,
        blank=(),
    ),
    column(
        "joined_on",
        N_("入本校日期"),
        values.read_date,
        "入本校时间 入校时间 入校日期 调入时间 调入日期 调入本校时间 调入本校日期 来校时间 "
        "来校年月 到校时间 到校年月 进校时间 到本校时间 "
        "进入本校时间 来本校时间 参加本校工作时间 本校工作时间 本校任教时间 到本校工作时间 "
        "现校任教时间 到现单位时间 到岗时间 现学校任教起始时间",
        pattern="(入|到|来|进|调|现|本)(本|现|该)?(学校|校|单位|园).{0,8}(时间|日期|年月|起)",
        never="毕业|离|调出|退",
    ),
    column(
        "work_started_on",
        N_("参加工作日期"),
        values.read_date,
        (
            "参加工作时间 参加工作年月 工作时间 参工时间 从教时间 参加教育工作时间 从教年月 "
            "开始工作时间 首次参加工作时间"
        ),
        pattern="(参加|首次).{0,6}工作.{0,2}(时间|日期|年月)|从教.{0,2}(时间|日期|年月)",
        never="本校|现校|本单位|校",
    ),
    column(
        "retires_on",
        N_("法定退休日期"),
        values.read_date,
        "退休日期 退休时间 退休年月 法定退休时间 法定退休年月 预计退休时间 应退休时间 到龄退休时间",
        pattern="退休.{0,2}(日期|时间|年月)",
        never="延迟",
    ),
    column(
        "delayed_retirement",
        N_("延迟退休"),
        choice(choices.WISH),
        "是否延迟退休 弹性延迟退休 选择延迟退休",
        pattern="延迟.{0,3}退休",
        never="日期|时间|年月",
        choices=YES_NO,
        blank=False,
    ),
    column(
        "role_facts",
        N_("角色"),
        partial(choices.read_choices, choices.ROLES),
        "教师角色 特殊角色 角色情况",
        choices="特色课程领衔 重大课题主持 下学年毕业班 新聘 优秀中青年",
        blank=(),
    ),
    column(
        "applied",
        N_("申请交流"),
        choice(choices.WISH),
        "是否申请交流 本人申请 交流意愿 是否自愿交流 本人意愿 自愿交流 是否愿意交流 个人申请",
        pattern="(申请|自愿|愿意).{0,2}交流|交流.{0,2}意愿",
        never=_NOT_A_FACT,
        choices=YES_NO,
        blank=False,
    ),
    column(
        "recommended",
        N_("学校推荐"),
        choice(choices.NEED),
        "是否推荐 学校是否推荐 是否学校推荐",
        pattern="学校.{0,2}推荐",
        never="意见",
        choices=YES_NO,
        blank=False,
    ),
    column(
        "needed",
        N_("学校需要"),
        choice(choices.NEED),
        "学校是否需要 是否学校需要 工作需要",
        pattern="学校.{0,2}需要",
        never="意见",
        choices=YES_NO,
        blank=False,
    ),
    column(
        "phone",
        N_("手机"),
        values.read_phone,
        "手机号 手机号码 联系电话 电话 电话号码 联系方式 移动电话 本人电话 联系手机 tel phone",
        pattern="手机|电话|联系方式",
        never="家长|紧急|办公|学校",
        sensitive=True,
    ),
    column(
        "remark",
        N_("备注"),
        values.read_text,
        "说明 其他 备考 备注说明 其他说明 情况说明 附注 remark",
        pattern="^备注",
        sensitive=True,
    ),
)
