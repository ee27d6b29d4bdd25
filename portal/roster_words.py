"""How the facts of a roster read: headers of its columns, words for codes, sensitive values masked."""

from collections.abc import Callable
from datetime import date

from portal import labels
from portal.domain.roster_fields import SheetKind
from portal.domain.roster_plan import SEALED_FACTS, LinePlan, PersonPlan, RosterPlan, SchoolPlan
from portal.domain.roster_problems import MASK, masked
from portal.domain.roster_sheets import CONDITIONS, KIND, SCHOOLS, SUBJECT_STAFFING, TEACHERS
from portal.domain.words import N_

Translate = Callable[..., str]

_CHOICES = {
    "sex": labels.SEX,
    "stage": labels.STAGE,
    "post_kind": labels.POST_KIND,
    "intended_post_kind": labels.POST_KIND,
    "cadre_level": labels.CADRE,
    "professional_title": labels.PROFESSIONAL_TITLE,
    "kind": labels.SCHOOL_KIND,
    "location": labels.LOCATION,
}
#: What happens to a row, or to somebody without one.
RESULT = {
    "new": N_("新增"),
    "moved": N_("调入"),
    "changed": N_("变更"),
    "unchanged": N_("不变"),
    "missing": N_("未列入名册"),
    "error": N_("错误"),
    "warning": N_("提醒"),
    "school": N_("学校"),
}
ROLE_FACT = {
    "special_course_lead": N_("特色课程领衔"),
    "major_project_lead": N_("重大课题主持"),
    "graduating_class_next_year": N_("下学年毕业班"),
    "newly_hired": N_("新聘"),
    "excellent_young_or_mid_career": N_("优秀中青年"),
}
PLACE = {"rural": N_("农村"), "urban": N_("城区"), "weak": N_("薄弱")}
SERVICE = {
    "support_teaching": N_("支教"),
    "aid_teaching": N_("援教"),
    "study_posting": N_("学习"),
    "rotation": N_("交流"),
    "inter_school_collaboration": N_("协作"),
    "circuit_teaching": N_("走教"),
    "secondment": N_("挂职"),
    "borrowed": N_("借用"),
    "upward_secondment": N_("上挂"),
    "regular": N_("任教"),
}
_SCHOOL_COLUMN = {
    "kind": N_("学校类别"),
    "is_public": N_("公办"),
    "is_weak": N_("薄弱学校"),
    "is_standard": N_("一级达标校"),
    "parent": N_("所属中心校"),
    "location": N_("城乡"),
    "remoteness": N_("边远程度"),
    "authorised_posts": N_("核定编制"),
    "actual_staff": N_("现有人数"),
    "average_periods": N_("人均周课时"),
}


def header(kind: str, key: str) -> str:
    """The message id for a field of a sheet, or for a school's column."""
    if key == "extras":
        return N_("其他列")
    if kind == SCHOOLS and key in _SCHOOL_COLUMN:
        return _SCHOOL_COLUMN[key]
    sheet: SheetKind = KIND[kind]
    return next((field.header for field in sheet.fields if field.key == key), key)


def fact_lines(kind: str, facts, translate: Translate) -> list[tuple[str, str, str]]:
    """(header, known, in the roster) for each fact, sensitive ones masked."""
    lines = []
    for key, (old, new) in facts.items():
        if key == "extras":
            lines += _extras(old or {}, new or {})
            continue
        hidden = key in SEALED_FACTS or kind == CONDITIONS
        lines.append(
            (translate(header(kind, key)), *(said(key, value, translate, hidden) for value in (old, new)))
        )
    return lines


def _extras(old: dict, new: dict) -> list[tuple[str, str, str]]:
    return [
        (name, hide(old.get(name, "")), hide(new.get(name, "")))
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    ]


def hide(text: str) -> str:
    """A text whose meaning nobody knows: a number keeps its ends, words only their length."""
    return masked(text) if text else ""


def said(key: str, value: object, translate: Translate, hidden: bool = False) -> str:
    """One value in words; nothing known is the empty text."""
    if value is None:
        return ""
    if hidden:
        return hide(value) if isinstance(value, str) else MASK * 2
    if isinstance(value, bool):
        return translate(labels.YES_NO[str(value).lower()])
    if key == "honours":
        return translate(N_("、")).join(honour(kind, level, translate) for kind, level in value)
    if isinstance(value, list | tuple):
        words = {"role_facts": ROLE_FACT, "places": PLACE}.get(key, {})
        return translate(N_("、")).join(translate(words[item]) if item in words else item for item in value)
    if isinstance(value, date):
        return value.isoformat()
    words = _CHOICES.get(key, {})
    return translate(words[value]) if value in words else str(value)


def honour(kind: str, level: str | None, translate: Translate = str) -> str:
    """骨干教师(县级)."""
    word = translate(labels.HONOUR.get(kind, kind))
    return f"{word}({translate(labels.LEVEL.get(level, level))})" if level else word


def line_words(line: LinePlan, translate: Translate) -> tuple[str, str, str]:
    """(sheet, what, change) of a row of 经历, 聘期 or 情形; a condition is never named."""
    title = translate(KIND[line.kind].title)
    row = line.row
    span = "—".join(day.isoformat() if day else "" for day in (row.starts_on, row.ends_on)).strip("—")
    if line.kind == CONDITIONS:
        return title, MASK * 2, ""
    if line.kind == "services":
        what = " ".join(filter(None, (translate(SERVICE[row.kind]), row.organisation, span)))
    else:
        what = " ".join(filter(None, (row.school_name, span)))
    changed = translate(N_("；")).join(
        f"{name} {old or '—'} → {new}" for name, old, new in fact_lines(line.kind, line.facts, translate)
    )
    return title, what, changed if line.key else ""


def school_lines(plan: SchoolPlan, translate: Translate) -> list[tuple[str, str, str]]:
    """(header, known, in the roster) for each fact of a school."""
    return fact_lines(SCHOOLS, plan.facts, translate)


def staffing_words(facts, translate: Translate) -> list[tuple[str, str, str]]:
    """(header, known, in the roster) of a row of 学科编制."""
    return fact_lines(SUBJECT_STAFFING, facts, translate)


def person_lines(facts, translate: Translate) -> list[tuple[str, str, str]]:
    """(header, known, in the roster) for each fact of a person."""
    return fact_lines(TEACHERS, facts, translate)


def person_words(plan: PersonPlan, translate: Translate) -> list[str]:
    """Everything that happens to a person, one phrase each; of somebody new only the lines of other sheets."""
    words = []
    if plan.moves_from:
        words.append(translate(N_("从%(school)s调入")) % {"school": plan.moves_from})
    if plan.key is not None:
        words += [
            f"{name} {old or '—'} → {new or '—'}" for name, old, new in person_lines(plan.facts, translate)
        ]
    for line in plan.lines:
        title, what, changed = line_words(line, translate)
        words.append(f"{title} {what} {changed}".rstrip())
    return words


def report(plan: RosterPlan, translate: Translate) -> list[tuple[str, str, str, str, str]]:
    """Row by row (place, result, name, school, words), in the order of the file; `RESULT` names the results."""
    order = {sheet.name: number for number, sheet in enumerate(plan.reading.sheets)}
    rows = []

    def add(sheet: str, row: int | None, cell: str | None, *rest: str) -> None:
        place = f"{sheet}!{cell or row or ''}".rstrip("!")
        rows.append(((order.get(sheet, 99), row or 0), (place, *rest)))

    for found in plan.problems:
        add(found.sheet, found.row, found.cell, found.kind, found.value, "", found.message.text(translate))
    for each in plan.people:
        row = each.row or each.lines[0].row
        words = translate(N_("；")).join(person_words(each, translate))
        add(row.sheet, row.row, None, each.kind, each.name, each.school_name, words)
    for row in plan.unchanged:
        add(row.sheet, row.row, None, "unchanged", row.name, row.school_name, "")
    for school in plan.schools:
        result = "new" if school.key is None else "changed"
        words = translate(N_("；")).join(
            f"{name} {old or '—'} → {new}" for name, old, new in school_lines(school, translate)
        )
        sheet, row = (school.row.sheet, school.row.row) if school.row else ("", None)
        add(sheet, row, None, result, translate(RESULT["school"]), school.name, words)
    for each in plan.staffing:
        words = translate(N_("；")).join(
            f"{name} {old or '—'} → {new}" for name, old, new in staffing_words(each.facts, translate)
        )
        result = "new" if each.key is None else "changed"
        add("", None, None, result, each.subject, each.school_name, words)
    rows.sort(key=lambda item: item[0])
    return [row for _, row in rows] + [
        ("", "missing", each.name, each.school_name, "") for each in plan.missing
    ]
