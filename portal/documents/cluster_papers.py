"""Papers of a cluster beside its summary: the term plan, minutes of a meeting, the list of its groups as an annex.

Each is made of plain data; nothing here reads a database or a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from portal.documents import paper
from portal.documents.renderer import DEFAULT_LIMITS, Limits
from portal.documents.summary import title_lines
from portal.labels.groups import PLAN_PHASE, PLAN_TEXT
from portal.labels.kinds import ATTENDANCE


def plan_pdf(content: Mapping, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return the PDF of a plan's content. DocumentFailed when the limits do not allow it."""
    return paper.paper_pdf(plan_document(content), limits=limits)


def plan_document(content: Mapping) -> paper.SummaryDocument:
    """Return the paper of a plan's content: analysis, goals, items by phase, parts of the groups."""
    texts = content["texts"]
    sections = [
        paper.Section(PLAN_TEXT[key], narrative=texts[key])
        for key in ("lessons", "strengths", "weaknesses", "goals")
        if texts[key]
    ]
    tables = tuple(
        _items(PLAN_PHASE[phase], [item for item in content["items"] if item["phase"] == phase])
        for phase in PLAN_PHASE
        if any(item["phase"] == phase for item in content["items"])
    )
    if tables:
        sections.append(paper.Section("工作安排", tables=tables))
    measures = "\n".join(
        f"- {item['text']}：{'；'.join(each for each in (item['measure'], item['criteria']) if each)}"
        for item in content["items"]
        if item["measure"] or item["criteria"]
    )
    if measures:
        sections.append(paper.Section("措施和成果标准", narrative=measures))
    if content["parts"]:
        words = "\n".join(f"## {part['group']}\n{part['text']}" for part in content["parts"])
        sections.append(paper.Section("各工作小组计划", narrative=words))
    return paper.SummaryDocument(
        title_lines=tuple(title_lines(content["title"])),
        status=f"（{content['meeting']}讨论）" if content["meeting"] else "",
        recipient=content["recipient"],
        sections=tuple(sections),
        issuer=content["issuer"],
        seal_note=f"（{content['lead_school']}代章）" if content["lead_school"] else None,
        date=_day(content["signed_on"]),
        signatory=content["signatory"] or None,
        draft=content["is_draft"],
        version=content["edition"],
    )


def _items(caption: str, items: list[Mapping]) -> paper.Table:
    return paper.Table(
        caption=caption,
        head=("事项", "责任方", "期限", "目标"),
        rows=tuple(
            (item["text"], item["owner"] or "各成员校", _short(item["due"]), item["counted"] or "—")
            for item in items
        ),
        align=("left", "left", "center", "left"),
    )


def groups_pdf(content: Mapping, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return the PDF of the list of a cluster's groups (S0-03, S3-02). DocumentFailed as above."""
    return paper.paper_pdf(groups_document(content), limits=limits)


def groups_document(content: Mapping) -> paper.SummaryDocument:
    """Return the annex: each group with its members of a day."""
    day = date.fromisoformat(content["day"])
    return paper.SummaryDocument(
        title_lines=tuple(title_lines(f"{content['cluster']}工作组织名单")),
        status=f"（截至{paper.chinese_date(day)}）",
        recipient="",
        sections=tuple(
            paper.Section(
                group["name"],
                narrative=group["duties"],
                tables=(
                    paper.Table(
                        caption=f"{group['name']}成员",
                        head=("职务", "姓名", "单位", "分工"),
                        rows=tuple(tuple(member) for member in group["members"]),
                        align=("left", "left", "left", "left"),
                    ),
                )
                if group["members"]
                else (),
            )
            for group in content["groups"]
        ),
        issuer=content["issuer"],
        seal_note=f"（{content['lead_school']}代章）" if content["lead_school"] else None,
        date=day,
        draft=False,
    )


def minutes_pdf(content: Mapping, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return the PDF of the minutes of a meeting. DocumentFailed as above."""
    return paper.paper_pdf(minutes_document(content), limits=limits)


def minutes_document(content: Mapping) -> paper.SummaryDocument:
    """Return the minutes: time and place, agenda, what was said, what was decided, who was there."""
    facts = [f"时间：{content['when']}", f"地点：{content['place']}" if content["place"] else ""]
    sections = [paper.Section("会议情况", paragraphs=tuple(each for each in facts if each))]
    for heading, key in (("议程", "agenda"), ("会议纪要", "minutes")):
        if content[key]:
            sections.append(paper.Section(heading, narrative=content[key]))
    if content["tasks"]:
        rows = tuple((task["text"], task["owner"], _short(task["due"])) for task in content["tasks"])
        table = paper.Table("议定事项", ("事项", "办理", "期限"), rows, ("left", "left", "center"))
        sections.append(paper.Section("议定事项", tables=(table,)))
    if content["attendance"]:
        rows = tuple(
            (each["school"], ATTENDANCE.get(each["status"], "—"), each["who"] or "—", str(each["heads"]))
            for each in content["attendance"]
        )
        head = ("学校", "到会", "代表", "人数")
        sections.append(paper.Section("到会情况", tables=(paper.Table("各校到会情况", head, rows),)))
    return paper.SummaryDocument(
        title_lines=tuple(title_lines(f"{content['title']}纪要")),
        status="" if content["confirmed_by"] else "（尚未确认）",
        recipient="",
        sections=tuple(sections),
        issuer=content["issuer"],
        seal_note=None,
        date=_day(content["day"]),
        signatory=content["confirmed_by"] or None,
        draft=False,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _short(text: str) -> str:
    day = _day(text)
    return f"{day.month}月{day.day}日" if day else "—"
