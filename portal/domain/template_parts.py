"""What a template of a paper (文书模板) is made of: its title, sections, and tables to fill in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sheet:
    """A table to fill in; `heights` has the lines of room for each row, or is empty for one line each."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    heights: tuple[int, ...] = ()


@dataclass(frozen=True)
class Part:
    """A section: light text (each line a paragraph, `## ` a heading), then its tables."""

    heading: str
    text: str = ""
    sheets: tuple[Sheet, ...] = ()


@dataclass(frozen=True)
class DocumentTemplate:
    """One paper. `issuer` says who puts the seal under it: bureau or school."""

    title: str
    issuer: str
    parts: tuple[Part, ...]


def to_fill(caption: str, *fields: tuple[str, str, int]) -> Sheet:
    """A form of two columns: (name, what stands in it already, lines of room)."""
    rows = tuple((name, given) for name, given, _lines in fields)
    return Sheet(caption, ("项目", "填写内容"), rows, tuple(lines for _name, _given, lines in fields))


def to_judge(caption: str, *lines: tuple[str, str]) -> Sheet:
    """Indicators of an assessment: (indicator, what is looked at), with weight and result left open."""
    rows = tuple((name, looked_at, "", "") for name, looked_at in lines)
    return Sheet(caption, ("指标", "考核要点", "分值", "得分"), (*rows, ("合计", "", "", "")))


def to_plan(caption: str, *topics: str) -> Sheet:
    """A plan of lessons: topics, with hours, form and speaker left open."""
    rows = tuple((topic, "", "", "") for topic in topics)
    return Sheet(caption, ("专题", "形式", "学时", "主讲人"), rows)
