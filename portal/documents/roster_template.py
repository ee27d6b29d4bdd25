"""The roster workbook to fill in: every sheet and column of the catalogue, with lists to choose from.

Made from the same catalogue as the import, so that what it offers is what is understood. Each sheet has
an example row, which the import passes over.
"""

import io
from datetime import UTC, date, datetime

import xlsxwriter

from portal.documents.tables import AS_WRITTEN
from portal.domain import roster_values as values
from portal.domain.roster_fields import Field, SheetKind
from portal.domain.roster_sheets import (
    APPOINTMENTS,
    CONDITIONS,
    KINDS,
    SCHOOLS,
    SERVICES,
    SUBJECT_STAFFING,
    TEACHERS,
)

ROWS = 2_000
NOTES = "填写说明"

_FORMS = {
    values.read_date: "日期，如 2016-09-01、2016.9、2016年9月",
    values.read_month_end: "日期，如 2019-08-31、2019年8月；仍在进行的留空",
    values.read_list: "几项之间用分号隔开",
    values.read_post_grade: "5 到 13",
    values.read_phone: "手机或座机；只有本人和有权的人能看到全号",
    values.read_identity: "18 位；用来核对是否重复，界面上不显示全号",
    values.read_count: "整数",
    values.read_number: "数字",
}
_LIKE_DATES = (values.read_date, values.read_month_end)
_LIKE_TEXT = (values.read_code, values.read_phone, values.read_identity)

_NOTES = {
    (TEACHERS, "staff_no"): "最好填写：有工号才能区分同校同名的人，并与其他工作表对上",
    (TEACHERS, "intended_post_kind"): "交流后拟任的岗位；留空为专任",
    (TEACHERS, "honours"): "如 骨干教师(县级)；几项之间用分号隔开",
    (
        TEACHERS,
        "role_facts",
    ): "特色课程领衔、重大课题主持、下学年毕业班、新聘、优秀中青年；几项之间用分号隔开",
    (TEACHERS, "joined_on"): "连续在本校工作的开始日期",
    (TEACHERS, "retires_on"): "按本人情况填写，不由系统推算",
    (SERVICES, "places"): "农村、城区、薄弱；几项之间用分号隔开",
    (SERVICES, "approval_no"): "填写后才算经过批准",
    (APPOINTMENTS, "school_name"): "留空为现在的学校",
    (CONDITIONS, "months"): "填写后以此为准，不按起止日期计算",
}

_EXAMPLES: dict[str, dict[str, object]] = {
    TEACHERS: {
        "staff_no": "示例1",
        "name": "张三（示例）",
        "sex": "女",
        "born_on": date(1990, 5, 20),
        "school_name": "某某小学",
        "stage": "小学",
        "subjects": "语文；道德与法治",
        "post_kind": "专任",
        "established": "是",
        "on_duty": "是",
        "teaching_now": "是",
        "competent": "是",
        "certificate_ok": "是",
        "education_ok": "是",
        "cadre_level": "无",
        "professional_title": "中级",
        "post_grade": 9,
        "honours": "骨干教师(县级)",
        "joined_on": date(2016, 9, 1),
        "work_started_on": date(2013, 9, 1),
        "retires_on": date(2048, 5, 20),
        "delayed_retirement": "否",
        "role_facts": "下学年毕业班",
        "applied": "否",
        "recommended": "否",
        "needed": "否",
        "remark": "本行是示例，导入时跳过",
    },
    SCHOOLS: {
        "school_name": "某某小学（示例）",
        "stage": "小学",
        "ownership": "公办",
        "location": "乡镇",
        "weak": "否",
        "standard_school": "是",
        "cluster": "某某片区",
        "cluster_role": "成员",
        "staff_quota": 45,
        "staff_actual": 47,
        "average_periods": 14,
    },
    SUBJECT_STAFFING: {"school_name": "某某小学（示例）", "subject": "音乐", "need": 3, "actual": 4},
    SERVICES: {
        "staff_no": "示例1",
        "kind": "支教",
        "organisation": "某某村小学",
        "places": "农村；薄弱",
        "starts_on": date(2022, 9, 1),
        "ends_on": date(2023, 8, 31),
        "transfer": "否",
    },
    APPOINTMENTS: {"staff_no": "示例1", "starts_on": date(2022, 9, 1), "ends_on": date(2025, 8, 31)},
    CONDITIONS: {
        "staff_no": "示例1",
        "condition": "照顾家人",
        "relation": "直系亲属",
        "starts_on": date(2025, 3, 1),
    },
}


def roster_template() -> bytes:
    """The workbook as bytes, the same each time."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, AS_WRITTEN)
    workbook.set_properties(
        {"title": "教师名册", "created": datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None)}
    )
    for kind in KINDS:
        _write_sheet(workbook, kind)
    _write_notes(workbook)
    workbook.close()
    return buffer.getvalue()


def _write_sheet(workbook: xlsxwriter.Workbook, kind: SheetKind) -> None:
    sheet = workbook.add_worksheet(kind.title)
    plain_head = workbook.add_format({"bold": True, "bottom": 1, "bg_color": "#E8EEF4", "text_wrap": True})
    needed_head = workbook.add_format({"bold": True, "bottom": 1, "bg_color": "#FBE3B5", "text_wrap": True})
    formats = {
        "date": workbook.add_format({"num_format": "yyyy-mm-dd"}),
        "text": workbook.add_format({"num_format": "@"}),
        "any": workbook.add_format({}),
        "example": workbook.add_format({"italic": True, "font_color": "#666666"}),
        "example_date": workbook.add_format(
            {"italic": True, "font_color": "#666666", "num_format": "yyyy-mm-dd", "align": "left"}
        ),
    }
    example = _EXAMPLES[kind.key]
    for index, column in enumerate(kind.fields):
        sheet.set_column(index, index, max(10, len(column.header) * 2 + 4), formats[_form(column)])
        sheet.write_string(0, index, column.header, needed_head if column.needed else plain_head)
        value = example.get(column.key)
        if isinstance(value, date):
            sheet.write_datetime(
                1, index, datetime.combine(value, datetime.min.time()), formats["example_date"]
            )
        elif isinstance(value, int):
            sheet.write_number(1, index, value, formats["example"])
        elif value:
            sheet.write_string(1, index, value, formats["example"])
        if column.choices and column.blank != ():
            sheet.data_validation(
                2,
                index,
                ROWS,
                index,
                {
                    "validate": "list",
                    "source": list(column.choices),
                    "error_type": "warning",
                    "error_title": column.header,
                    "error_message": "可选：" + "、".join(column.choices),
                },
            )
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _form(column: Field) -> str:
    if column.read in _LIKE_DATES:
        return "date"
    return "text" if column.read in _LIKE_TEXT else "any"


def _write_notes(workbook: xlsxwriter.Workbook) -> None:
    sheet = workbook.add_worksheet(NOTES)
    head = workbook.add_format({"bold": True, "bottom": 1, "bg_color": "#E8EEF4"})
    wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 2, 14, wrap)
    sheet.set_column(3, 3, 70, wrap)
    lines = [
        "一行一位教师；必须填写的只有姓名、性别、学校（列名底色不同）。其余各列可以留空，也可以整列删去。",
        "缺少的事实不会被猜测：用到它的规则会答“缺少数据”，并说明缺哪一项。",
        "列名可以换成本地常用的说法，多出来的列原样保留；导入前会显示列的对应关系，可以更改。",
        "斜体的示例行不会导入，可以删去。",
    ]
    for row, line in enumerate(lines):
        sheet.merge_range(row, 0, row, 3, line, wrap)
    start = len(lines) + 1
    for index, text in enumerate(("工作表", "列", "是否必填", "填法")):
        sheet.write_string(start, index, text, head)
    row = start
    for kind in KINDS:
        for column in kind.fields:
            row += 1
            how = _NOTES.get((kind.key, column.key)) or _FORMS.get(column.read) or "、".join(column.choices)
            for index, text in enumerate((kind.title, column.header, "必填" if column.needed else "", how)):
                sheet.write_string(row, index, text, wrap)
    sheet.freeze_panes(start + 1, 0)
