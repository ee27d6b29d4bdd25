"""What is wrong with a roster, each at its cell and in a sentence, and which rows are no data."""

import re
from dataclasses import dataclass

from portal.domain.roster_values import ERROR, WARNING
from portal.domain.words import N_, Message, message

#: code -> sentence. The sentence says what is wrong and, where it is not plain, what to do.
SENTENCES = {
    # One cell
    "empty": N_("缺少%(column)s"),
    "date_unreadable": N_("看不懂这个日期，请写成 2016-09-01 或 2016年9月"),
    "month_missing": N_("只有年份，请补上月份"),
    "month_ambiguous": N_("%(year)s.1 可能是1月，也可能是末尾的0被去掉的10月；现按1月读入"),
    "year_impossible": N_("没有%(year)s年这样的年份"),
    "month_impossible": N_("没有%(month)s月"),
    "day_impossible": N_("%(month)s月没有%(day)s日"),
    "name_unreadable": N_("这不像一个姓名"),
    "private_character": N_("姓名里有一个没有统一编码的字，换一台电脑可能显示不出来；请改用统一编码的字"),
    "school_unreadable": N_("这不像一个学校名称"),
    "choice_unknown": N_("%(column)s里没有这一项，可写：%(choices)s"),
    "words_unknown": N_("看不懂：%(words)s"),
    "list_unreadable": N_("看不懂这一格，请用分号隔开各项"),
    "phone_unreadable": N_("这不像一个电话号码"),
    "identity_unreadable": N_("身份证号的位数不对"),
    "identity_rounded": N_("身份证号被表格软件当作数字，末几位已经丢失；请把这一列设为文本后重填"),
    "number_unreadable": N_("这里要填一个数"),
    "grade_unreadable": N_("岗位等级应在5到13级之间"),
    "text_too_long": N_("文字太长，最多%(limit)s字"),
    # One row
    "born_in_future": N_("出生日期在今天之后"),
    "born_unlikely": N_("按出生日期是%(age)s岁，请核对"),
    "joined_in_future": N_("入本校日期在今天之后"),
    "joined_soon": N_("入本校日期在今天之后的两个月内，按即将到校读入"),
    "joined_before_born": N_("入本校日期早于出生日期"),
    "identity_born_differs": N_("出生日期与身份证号不一致"),
    "identity_sex_differs": N_("性别与身份证号不一致"),
    "ends_before_start": N_("结束早于开始"),
    "person_unnamed": N_("缺少工号或姓名，不知道是谁"),
    "person_unknown": N_("教师表里没有这个人"),
    "person_ambiguous": N_("教师表里有几位同名的人，请填工号"),
    # Several rows
    "staff_no_twice": N_("工号与第%(first)s行相同"),
    "person_twice": N_("与第%(first)s行是同一个人"),
    "same_name": N_("与第%(first)s行同校同名，无法区分；如果是两个人，请填工号"),
    "known_several": N_("这所学校已有%(count)s位同名的教师，无法区分；请填工号"),
    "school_twice": N_("与第%(first)s行是同一所学校"),
    "subject_twice": N_("与第%(first)s行是同一学校的同一学科"),
    "school_unlisted": N_("学校表里没有这所学校"),
    "school_filled_down": N_("学校为空，沿用上面的“%(school)s”（共%(count)s行）"),
    # A whole sheet
    "school_assumed": N_("没有学校一列，按“%(school)s”读入"),
    "column_missing": N_("没有%(column)s一列；请在列对应中指定"),
    "column_unknown": N_("不认识这一列，内容原样保留"),
    "column_twice": N_("与%(column)s列含义相同，没有采用，内容原样保留"),
    "no_table": N_("找不到表头：需要一行列名，其中至少有姓名、性别、学校"),
    # Against what the portal knows
    "school_outside": N_("“%(school)s”不在这次导入的范围内，共%(count)s行没有读入"),
    "school_closed": N_("“%(school)s”已经停办，共%(count)s行没有读入"),
    "school_unknown": N_("本区没有“%(school)s”，共%(count)s行没有读入；请核对校名，或请区教育局先建这所学校"),
    "school_matched": N_("按“%(school)s”读入"),
    "school_fact_kept": N_("%(columns)s由区教育局设置，保持原样"),
    "membership_kept": N_("片区和片区角色不由名册改变，请在片区页面登记"),
    "value_kept": N_("%(column)s存不下这样的内容，保持原样"),
    "value_rounded": N_("按%(number)s保存"),
    "parent_kept": N_("不能以“%(school)s”为上级中心校，保持原样"),
    "person_not_found": N_("没有找到这位教师，这一行没有读入"),
    "staff_no_elsewhere": N_("这个工号属于本区另一所学校的教师；调入要由区教育局办理"),
    "person_elsewhere": N_(
        "本区另一所学校有同名、同日出生的教师；调入要由区教育局办理，是另一位请在“需要您决定”里说明"
    ),
    "same_name_elsewhere": N_("%(school)s也有同名的教师，按另一位读入；是同一位请在“需要您决定”里改为调动"),
    "staff_no_other_person": N_("这个工号已被本区另一位教师使用，请核对"),
    "edit_not_allowed": N_("这位教师的资料由区教育局维护，这一行没有读入"),
    "move_not_allowed": N_("从%(school)s调入这位教师要由区教育局办理"),
    "move_without_date": N_("从%(school)s调入，请填写入本校日期"),
    "return_without_date": N_("这位教师曾经离开，请填写入本校日期"),
    "move_too_early": N_("入本校日期要在到%(school)s的日期（%(day)s）之后"),
    "return_too_early": N_("入本校日期要在上一次离开的日期（%(day)s）之后"),
    "move_in_future": N_("调动的日期还没有到，请到那天再导入"),
}

SKIPPED = {
    "title": N_("标题"),
    "blank": N_("空行"),
    "numbered": N_("只有序号"),
    "numbering": N_("列号"),
    "header": N_("重复的表头"),
    "total": N_("合计"),
    "signature": N_("签字栏"),
    "note": N_("说明"),
    "example": N_("示例"),
    "hidden": N_("隐藏的工作表"),
    "unrecognised": N_("不是名册的工作表"),
    "empty": N_("空工作表"),
}

MASK = "＊"
_NUMBER = re.compile(r"[\dXx +-]{7,}", re.ASCII)
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)", re.ASCII)
_LONG_NUMBER = re.compile(r"\d[\d ]{9,}[\dXx]", re.ASCII)


@dataclass(frozen=True)
class Problem:
    """A fault or a doubt: an 'error' keeps its row out, a 'warning' does not.

    `cell` is named as the spreadsheet names it (D7) and None for a whole sheet; `value` is what stands
    there, masked where the column is sensitive.
    """

    sheet: str
    row: int | None
    cell: str | None
    kind: str
    code: str
    message: Message
    field: str | None = None
    value: str = ""

    @property
    def is_error(self) -> bool:
        """Whether the row cannot be loaded."""
        return self.kind == ERROR


@dataclass(frozen=True)
class Skipped:
    """A row (or, without row, a sheet) that was passed over, and why: a key of `SKIPPED`."""

    sheet: str
    row: int | None
    reason: str
    text: str = ""


def problem(
    code: str,
    *,
    sheet: str,
    kind: str = ERROR,
    row: int | None = None,
    cell: str | None = None,
    field: str | None = None,
    value: str = "",
    **params: object,
) -> Problem:
    """A problem with its sentence filled in."""
    return Problem(sheet, row, cell, kind, code, message(SENTENCES[code], **params), field, value)


def warning(code: str, **where: object) -> Problem:
    """A problem that keeps no row out."""
    return problem(code, kind=WARNING, **where)


def as_json(found: Problem) -> list:
    """A problem as lists and plain values, for keeping; `of_json` reads it back."""
    return [
        found.sheet,
        found.row,
        found.cell,
        found.kind,
        found.code,
        _packed(found.message),
        found.field,
        found.value,
    ]


def of_json(kept: list) -> Problem:
    """A problem that `as_json` has kept."""
    sheet, row, cell, kind, code, sentence, key, value = kept
    return Problem(sheet, row, cell, kind, code, _unpacked(sentence), key, value)


def _packed(value: object) -> object:
    if isinstance(value, Message):
        return {"template": value.template, "params": [[name, _packed(item)] for name, item in value.params]}
    return [_packed(item) for item in value] if isinstance(value, tuple) else value


def _unpacked(value: object) -> object:
    if isinstance(value, dict):
        return Message(value["template"], tuple((name, _unpacked(item)) for name, item in value["params"]))
    return tuple(_unpacked(item) for item in value) if isinstance(value, list) else value


def masked(text: str) -> str:
    """A sensitive text: of a number its ends, to find it on paper by; of words only their length."""
    if not _NUMBER.fullmatch(text):
        return MASK * min(len(text), 6)
    return text[:3] + MASK * (len(text) - 5) + text[-2:]


def without_identity(text: str) -> str:
    """A text to be kept, with citizens' identity numbers masked: those are never stored."""
    return _IDENTITY.sub(lambda found: masked(found[0]), text)


def without_numbers(text: str) -> str:
    """A text of unknown meaning, such as a signature line, with phone and identity numbers masked."""
    return _LONG_NUMBER.sub(lambda found: masked(found[0]), text)
