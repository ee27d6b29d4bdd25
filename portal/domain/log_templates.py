"""What each kind of log asks for: which parts stand first, and under which words.

The three fields experience, problem and solution are the sources' own (S1-47); observation, feelings and plan
are optional beside them (W8). Every kind can hold every part: changing the kind loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.words import N_

PARTS = ("observation", "experience", "feelings", "problem", "solution", "plan")
KINDS = ("lesson", "observation", "training", "study", "reading", "exchange", "term", "other")


@dataclass(frozen=True)
class Part:
    """One part of a log: its column, its word, and what to write there."""

    name: str
    label: str
    hint: str


GENERAL = {
    "observation": Part("observation", N_("看到的"), N_("时间、人物、过程，照实写")),
    "experience": Part("experience", N_("经验"), N_("做了什么，哪里有效")),
    "feelings": Part("feelings", N_("体会"), N_("有什么触动")),
    "problem": Part("problem", N_("问题"), N_("遇到什么困难")),
    "solution": Part("solution", N_("解决办法"), N_("怎么解决的，下次怎么做")),
    "plan": Part("plan", N_("下一步"), N_("打算做什么，什么时候做")),
}
_THREE = (GENERAL["experience"], GENERAL["problem"], GENERAL["solution"])
#: Kind -> the parts that stand first. Training report: S4-67; reading and study notes: S4-66; own summary: S1-73.
TEMPLATES: dict[str, tuple[Part, ...]] = {
    "lesson": _THREE,
    "observation": (
        Part("observation", N_("课堂实录"), N_("哪个班、什么课，看到的教学环节")),
        Part("experience", N_("值得学的"), N_("哪个环节、哪句话")),
        Part("problem", N_("可以商量的"), N_("换一种做法会怎样")),
        Part("plan", N_("我怎么用"), N_("用到自己的哪节课")),
    ),
    "training": (
        Part("observation", N_("学了什么"), N_("时间、地点、主讲、主要内容")),
        Part("experience", N_("收获"), N_("最有用的几点")),
        Part("problem", N_("疑问"), N_("还没有弄清的")),
        Part("plan", N_("回校以后"), N_("准备做什么，和谁一起做")),
    ),
    "study": (
        Part("observation", N_("今天学的"), N_("听了什么、参加了什么、看了什么")),
        Part("experience", N_("收获"), N_("最有用的几点")),
        Part("problem", N_("疑问"), N_("还没有弄清的")),
        Part("plan", N_("明天要做"), N_("接着学什么、问谁")),
    ),
    "reading": (
        Part("observation", N_("摘录"), N_("书名、作者、页码，打动自己的句子")),
        Part("feelings", N_("体会"), N_("和自己的课堂有什么关系")),
        Part("plan", N_("准备试的"), N_("用到哪里")),
    ),
    "exchange": (*_THREE, GENERAL["feelings"]),
    "term": (
        Part("experience", N_("做法和成效"), N_("这学期最想说的几件事")),
        Part("problem", N_("不足"), N_("没有做好的，原因是什么")),
        Part("plan", N_("下学期打算"), N_("做什么，做到什么程度")),
    ),
    "other": _THREE,
}
#: Work areas of a personal summary, non-teaching posts included (S1-73).
AREAS = {
    "opening": N_("开学工作"),
    "teaching": N_("教学"),
    "research": N_("教研和听课"),
    "class": N_("班级和德育"),
    "records": N_("学籍"),
    "daily": N_("日常教务"),
    "exams": N_("考务"),
    "dropout": N_("控辍保学和家访"),
    "village": N_("驻村帮扶"),
    "other": N_("其他"),
}
MOST_LINES = 40


def main_parts(kind: str) -> tuple[Part, ...]:
    """The parts that stand first for a kind; for an unknown one the three of the sources."""
    return TEMPLATES.get(kind, _THREE)


def more_parts(kind: str) -> tuple[Part, ...]:
    """The parts beside them, in the usual order."""
    first = {part.name for part in main_parts(kind)}
    return tuple(GENERAL[name] for name in PARTS if name not in first)


def parts_of(kind: str) -> tuple[Part, ...]:
    """Every part in the order of the kind."""
    return main_parts(kind) + more_parts(kind)


def clean_lines(rows) -> list[dict]:
    """The lines of a personal summary that say something: {area, text, quantity, unit}; quantity may be None."""
    found = []
    for row in rows:
        text, unit = (row.get("text") or "").strip(), (row.get("unit") or "").strip()
        quantity = row.get("quantity")
        if not text and quantity is None:
            continue
        area = row.get("area") if row.get("area") in AREAS else "other"
        found.append({"area": area, "text": text[:200], "quantity": quantity, "unit": unit[:10]})
    return found[:MOST_LINES]


def lines_by_area(lines) -> list[tuple[str, list[dict]]]:
    """(area, its lines) in the order of the areas; areas without a line are left out."""
    return [
        (area, of_area) for area in AREAS if (of_area := [line for line in lines if line["area"] == area])
    ]
