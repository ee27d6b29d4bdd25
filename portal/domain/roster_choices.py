"""Words that rosters use for a closed set of values, and the code behind each.

A word is compared without spaces and in narrow form. What is not in a table is never guessed: the
fact stays missing and the cell is named.
"""

import re
from collections.abc import Mapping

from portal.domain.roster_values import ERROR, NOTHING, WARNING, Reading, says_nothing, split_list
from portal.domain.sheets import Cell, plain


def _words(**groups: str) -> dict[str, str]:
    return {word: code for code, words in groups.items() for word in words.split()}


YES_NO = _words(
    yes="是 有 对 √ ✓ ✔ ☑ y yes true 1 1.0",
    no="否 不是 没有 非 × ✗ ✘ x n no false 0 0.0",
)

SEX = _words(male="男 男性 男士 m male", female="女 女性 女士 f female")

STAGE = _words(
    kindergarten="幼儿园 幼儿 学前 学前教育 幼教",
    primary="小学 小学部 小教",
    junior="初中 初级中学 初中部 七至九年级",
    senior="高中 高级中学 普通高中 高中部",
)

POST_KIND = _words(
    teaching="专任 专任教师 专任教学 教学 教学岗 教学岗位 任课 任课教师 一线 一线教师 教师岗位 教师岗",
    administrative="行政 行政兼课 行政人员 行政岗 行政管理 管理 管理岗 管理岗位 管理人员",
    support="教辅 教辅人员 教辅岗 教学辅助 教辅岗位 工勤 工勤岗 后勤 后勤人员 职员",
)

CADRE_LEVEL = _words(
    principal=(
        "校长 园长 正校长 书记、校长 书记校长 党支部书记、校长 党总支书记、校长 校长兼书记 书记兼校长"
    ),
    vice_principal="副校长 副园长 副书记、副校长 分管副校长 教学副校长 常务副校长 业务副园长",
    middle=(
        "中层 中层干部 中层正职 中层副职 主任 副主任 教务主任 教务副主任 教务处主任 "
        "教务处副主任 教导主任 教导副主任 "
        "教导处主任 教导处副主任 德育主任 德育副主任 德育处主任 德育处副主任 政教主任 "
        "政教处主任 政教处副主任 总务主任 "
        "总务副主任 总务处主任 总务处副主任 办公室主任 办公室副主任 教科室主任 教科室副主任 "
        "教研室主任 大队辅导员 团委书记"
    ),
    none="无 教师 普通教师 任课教师 班主任 教研组长 年级组长 备课组长 年段长 学科组长",
)

# The unified series of 2015 and the two older ones: 小学高级 of the old primary series is a middle title.
TITLE = _words(
    senior=(
        "高级 高级教师 正高级 正高 正高级教师 副高 副高级 中学高级 中学高级教师 中教高级 中高 "
        "高级讲师 特级教师"
    ),
    middle=(
        "中级 一级 一级教师 中学一级 中学一级教师 中教一级 中一 小学高级 小学高级教师 小教高级 "
        "小高 幼教高级 讲师"
    ),
    junior=(
        "初级 二级 二级教师 三级 三级教师 中学二级 中学二级教师 中教二级 中学三级 小学一级 "
        "小学一级教师 小教一级 小学二级 "
        "小教二级 幼教一级 助理级 员级 助理讲师"
    ),
    none="未评 未评定 未定级 未评职称 未定 无 无职称 见习 见习期 试用期",
)

LEVEL = (
    ("national", re.compile("国家|全国")),
    ("province", re.compile("省|自治区")),
    ("city", re.compile("市|州")),
    ("county", re.compile("县|区")),
    ("township", re.compile("乡|镇|街道")),
    ("school", re.compile("校|园")),
)

HONOURS = (
    ("special_grade_teacher", re.compile("特级")),
    ("subject_leader", re.compile("学科带头人|带头人")),
    ("backbone_teacher", re.compile("骨干")),
    ("teaching_expert", re.compile("能手")),
    ("master_teacher", re.compile("名师|名教师")),
    ("rising_star", re.compile("新秀")),
    ("outstanding_teacher", re.compile("卓越")),
    ("model_teacher", re.compile("模范教师|教师模范")),
    ("excellent_teacher", re.compile("优秀教师")),
)

ROLES = _words(
    special_course_lead="特色课程领衔 特色课程领衔人 特色课程负责人",
    major_project_lead="重大课题主持 重大课题主持人",
    graduating_class_next_year="下学年毕业班 下学年任毕业班",
    newly_hired="新聘 新聘教师 新入职 新教师",
    excellent_young_or_mid_career="优秀中青年 优秀中青年教师",
)

OWNERSHIP = _words(public="公办 公立", private="民办 私立")
LOCATION = _words(urban="街道 城区 城镇 城市", rural="乡镇 乡 镇 农村 乡村")
CLUSTER_ROLE = _words(
    lead="领衔 领衔校 领衔学校 牵头 牵头校 责任校 资源学校 龙头校 组长校 核心校",
    member="成员 成员校 成员学校 参与学校 联盟校",
)
SERVICE_KIND = _words(
    support_teaching="支教",
    aid_teaching="援教",
    study_posting="学习",
    rotation="交流 轮岗 交流轮岗",
    inter_school_collaboration="协作 校际协作",
    circuit_teaching="走教",
    secondment="挂职 挂职锻炼",
    borrowed="借用",
    upward_secondment="上挂 上挂学习",
    regular="任教",
)
PLACE = _words(rural="农村 乡村 乡镇", urban="城区 城镇", weak="薄弱 薄弱校 薄弱学校")
CONDITION_KIND = _words(
    pregnancy="怀孕",
    maternity_leave="产假",
    lactation="哺乳 哺乳期",
    serious_illness="重大疾病",
    illness_designated_hospital="指定医院证明",
    hospitalised="住院",
    family_care="照顾家人",
    child_exam="子女中高考",
    sanction="处分",
    other_unsuitable="其他",
)
CONDITION_RELATION = _words(self="本人", spouse="配偶", close_relative="直系亲属")

# Besides 是 and 否, what offices write into a column of that name.
ESTABLISHED = YES_NO | _words(
    yes="在编 编内 有编 事业编 事业编制 在编在岗",
    no="编外 非编 非在编 不在编 无编 无编制 合同制 劳务派遣 临聘 代课",
)
ON_DUTY = YES_NO | _words(yes="在岗 在职 在编在岗", no="不在岗 离岗 待岗 退休 内退 离职 病休")
TEACHING_NOW = YES_NO | _words(yes="任课 在教 任教", no="不任课 未任课 不任教")
COMPETENT = YES_NO | _words(yes="胜任", no="不胜任")
STANDARD = YES_NO | _words(yes="达标 合格", no="不达标 未达标 不合格")
WISH = YES_NO | _words(yes="申请 已申请 自愿 愿意 同意", no="不申请 未申请 不愿意 不同意 不自愿")
NEED = YES_NO | _words(yes="推荐 需要", no="不推荐 未推荐 不需要")


def read_choice(table: Mapping[str, str], cell: Cell, *, severity: str = WARNING) -> Reading:
    """The code of a word; 'yes' and 'no' become True and False."""
    word = plain(cell)
    if not word:
        return NOTHING
    code = table.get(word) or table.get(word.strip("()[]。.,;:"))
    if code is None:
        return NOTHING if says_nothing(cell) else Reading(None, "choice_unknown", severity)
    return Reading({"yes": True, "no": False}.get(code, code))


def read_needed_choice(table: Mapping[str, str], cell: Cell) -> Reading:
    """As `read_choice`, for a fact without which the row cannot be used."""
    return read_choice(table, cell, severity=ERROR)


def read_choices(table: Mapping[str, str], cell: Cell) -> Reading:
    """Several words with a code each; unknown ones are named and left out."""
    codes, unknown = [], []
    for part in split_list(cell):
        code = table.get(plain(part))
        if code is None:
            unknown.append(part)
        elif code not in codes:
            codes.append(code)
    if unknown:
        return Reading(tuple(codes), "words_unknown", WARNING, {"words": tuple(unknown)})
    return Reading(tuple(codes))


def read_honours(cell: Cell) -> Reading:
    """Honours with their level: 骨干教师(县级), 县骨干, 校级骨干；县学科带头人.

    Each is (kind, level); the level is None where the cell does not say it.
    """
    honours, unknown = [], []
    for part in split_list(cell):
        word = plain(part)
        kind = next((code for code, pattern in HONOURS if pattern.search(word)), None)
        if kind is None:
            unknown.append(part)
            continue
        # 校 in 名校长 or 区 in 学区 names no level, so the kind's own words and these go first.
        rest = re.sub("校长|学区|片区|骨干教师|学科带头人", "", word)
        level = next((code for code, pattern in LEVEL if pattern.search(rest)), None)
        if (kind, level) not in honours:
            honours.append((kind, level))
    if unknown:
        return Reading(tuple(honours), "words_unknown", WARNING, {"words": tuple(unknown)})
    return Reading(tuple(honours))
