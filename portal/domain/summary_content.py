"""The content of a term summary as plain data: what the page previews, signing freezes and documents print.

The text is official Chinese whatever the reader's language. Data are JSON values only, so that a
signed summary can be printed again long after the records, the words and this code have changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil

from portal.domain.calendar import Term, months_of, term_title
from portal.domain.figures import (
    DEFINITIONS,
    FIGURES,
    Figure,
    Figures,
    figures_from_data,
    figures_to_data,
    plain_number,
)
from portal.domain.narrative import SECTIONS, sentences
from portal.domain.schemes import Scheme

FORMAT = 1
#: Which definitions the figures were made by: changes whenever one of their sentences changes.
DEFINITIONS_CODE = hashlib.sha256(
    json.dumps([[each.key, each.definition] for each in FIGURES], ensure_ascii=False).encode()
).hexdigest()[:12]

#: GB/T 9704: 22 lines of 28 signs on a page; the title is half as large again.
LINES, SIGNS, TITLE_SIGNS = 22, 28, 20


@dataclass(frozen=True)
class Heading:
    """What stands around the text: whose summary, of which edition, signed by whom and when.

    Without `signed_on` it is a draft. `as_of` is the last day that the figures count.
    """

    cluster: str
    lead_school: str
    term: Term
    edition: int
    as_of: date
    signatory: str = ""
    signed_on: date | None = None

    @property
    def is_preliminary(self) -> bool:
        """Whether the term still went on, so that the figures are not complete."""
        return self.as_of < self.term.last_day


def summary_content(
    heading: Heading,
    scheme: Scheme,
    figures: Figures,
    *,
    schools: Iterable[str],
    narrative: Mapping[str, str],
    words: Mapping[str, str],
    form: str = "short",
    cases: Iterable[Mapping] = (),
    annexes: Iterable[Mapping] = (),
) -> dict:
    """The whole summary. `schools` in printing order, `narrative` text by section, `words` of activities.

    `cases` are the typical cases with their writers' consent: id, title, author, school, extract (S0-14).
    `annexes` have key, title and parts of heading, text and tables (S4-25, S4-57); none leaves no trace.
    """
    cases, annexes = [dict(case) for case in cases], [dict(annex) for annex in annexes]
    written = sentences(
        figures,
        cluster=heading.cluster,
        lead=heading.lead_school,
        labels=scheme.labels,
        words=words,
        form=form,
    )
    added = _tables_and_charts(heading.term, scheme, figures, list(schools), words)
    if cases and "results" in added:
        added["results"]["tables"].append(_cases(cases))
    return {
        "format": FORMAT,
        "definitions": DEFINITIONS_CODE,
        "form": form,
        "title": f"{heading.cluster}{term_title(heading.term.code)}工作总结",
        "cluster": heading.cluster,
        "term": heading.term.code,
        "recipient": scheme.summary.body,
        "issuer": issuer_of(heading.cluster, scheme),
        "lead_school": heading.lead_school,
        "leader_word": scheme.labels["leader"] or "",
        "edition": heading.edition,
        "is_draft": heading.signed_on is None,
        "is_preliminary": heading.is_preliminary,
        "as_of": heading.as_of.isoformat(),
        "signatory": heading.signatory,
        "signed_on": heading.signed_on.isoformat() if heading.signed_on else None,
        "figures": figures_to_data(figures),
        **({"cases": cases} if cases else {}),
        **({"annexes": annexes} if annexes else {}),
        "sections": [
            {
                "key": section.key,
                "number": section.number,
                "title": section.title,
                "sentences": [[list(part) for part in each.parts()] for each in written[section.key]],
                "text": narrative.get(section.key, ""),
                "tables": added.get(section.key, {}).get("tables", []),
                "charts": added.get(section.key, {}).get("charts", []),
            }
            for section in SECTIONS[form]
        ],
    }


def issuer_of(cluster: str, scheme: Scheme) -> str:
    """The leading body of the cluster: 麟峰小学片区 and 片区领导小组 give 麟峰小学片区领导小组."""
    body, word = scheme.labels["committee"] or "", scheme.labels["cluster"] or ""
    return cluster + (body.removeprefix(word) if word and cluster.endswith(word) else body)


def content_hash(content: Mapping) -> str:
    """The SHA-256 of a content, the same on every machine."""
    return hashlib.sha256(
        json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def frozen_figures(content: Mapping) -> dict[str, Figure]:
    """The figures of a content; one that was defined later is not in it."""
    return {key: each for key, each in figures_from_data(content["figures"]).items() if key in DEFINITIONS}


def section_parts(
    content: Mapping, key: str, scheme: Scheme, words: Mapping, translate: Callable[..., str] | None
) -> list[list]:
    """The computed sentences of a section as (text, figure key or None) parts.

    In official Chinese as they were frozen; with `translate`, said again in the reader's language.
    """
    section = next(each for each in content["sections"] if each["key"] == key)
    if translate is None:
        return section["sentences"]
    said = sentences(
        frozen_figures(content),
        cluster=content["cluster"],
        lead=content["lead_school"],
        labels=scheme.labels,
        words=words,
        form=content["form"],
    )
    return [[list(part) for part in each.parts(translate)] for each in said[key]]


# Tables and charts


def _tables_and_charts(
    term: Term, scheme: Scheme, figures: Figures, schools: list[str], words: Mapping[str, str]
) -> dict[str, dict]:
    tables, charts = [_months(term, scheme, figures)], []
    if figures["activities_held"].value:
        tables.append(_activities(figures, words))
        charts.append(_activity_chart(figures, words))
    return {
        "practice": {"tables": tables, "charts": charts},
        "results": {"tables": [_by_school(figures, schools)] if schools else []},
    }


def _months(term: Term, scheme: Scheme, figures: Figures) -> dict:
    """How often the members met in each month of the term."""
    held = dict(figures["meetings_held"].breakdown)
    months = months_of(term)
    return {
        "key": "meetings_by_month",
        "title": f"{scheme.labels['meeting']}逐月次数",
        "columns": ["月份", *(f"{month}月" for _, month in months), "合计"],
        "rows": [
            [
                "次数",
                *(held.get(f"{year:04d}-{month:02d}", 0) for year, month in months),
                figures["meetings_held"].value,
            ]
        ],
        "foot": [],
    }


def _kinds(figures: Figures, words: Mapping[str, str]) -> list[tuple[str, int, int]]:
    """(word, number of activities, person-times) of each kind, the most frequent first."""
    times = dict(figures["activity_person_times"].breakdown)
    kinds = sorted(figures["activities_held"].breakdown, key=lambda part: (-part[1], part[0]))
    return [(words.get(kind, kind), count, times.get(kind, 0)) for kind, count in kinds]


def _activities(figures: Figures, words: Mapping[str, str]) -> dict:
    return {
        "key": "activities_by_kind",
        "title": "联合活动分类情况",
        "columns": ["活动类型", "次数", "参加人次"],
        "rows": [list(row) for row in _kinds(figures, words)],
        "foot": ["合计", figures["activities_held"].value, figures["activity_person_times"].value],
    }


def _activity_chart(figures: Figures, words: Mapping[str, str]) -> dict:
    """How often each kind was held; who came, where every kind was held equally often: equal bars say nothing."""
    kinds = _kinds(figures, words)
    if len(kinds) > 1 and len({count for _, count, _ in kinds}) == 1:
        return {
            "key": "activities_chart",
            "title": "联合活动参加人次（按类型）",
            "unit": "人次",
            "bars": [[word, times] for word, _, times in kinds],
        }
    return {
        "key": "activities_chart",
        "title": "联合活动次数（按类型）",
        "unit": "次",
        "bars": [[word, count] for word, count, _ in kinds],
    }


def _by_school(figures: Figures, schools: list[str]) -> dict:
    keys = ("teachers", "participation_rate", "logs", "writing_rate")
    parts = {key: dict(figures[key].breakdown) for key in keys}
    return {
        "key": "schools",
        "title": "各校参与情况",
        "columns": ["学校", "教师（人）", "活动参与率", "反思日志（篇）", "撰写率"],
        "rows": [[name, *(_cell(key, parts[key].get(name)) for key in keys)] for name in schools],
        "foot": ["合计", *(_cell(key, figures[key].value) for key in keys)],
    }


def _cases(cases: list[dict]) -> dict:
    """The typical cases in the words that their writers agreed to."""
    return {
        "key": "cases",
        "title": "典型经验",
        "columns": ["题目", "作者", "学校", "摘录"],
        "rows": [
            [case["title"], case["author"], case["school"] or "—", " ".join(case["extract"].split())]
            for case in cases
        ],
        "foot": [],
    }


def _cell(key: str, value: int | float | None) -> int | str:
    """A share with its sign, a count as a number, nothing as a dash."""
    if value is None:
        return "—"
    return f"{plain_number(value)}%" if DEFINITIONS[key].unit == "%" else value


# Text


def paragraphs(section: Mapping) -> list[str]:
    """A section's running text: the computed sentences as one paragraph, then the narrative's own."""
    computed = "".join(text for sentence in section["sentences"] for text, _ in sentence)
    return [each for each in (computed, *(line.strip() for line in section["text"].split("\n"))) if each]


def status_line(content: Mapping) -> str:
    """What stands under the title of a text that is not final; empty for a final one."""
    day = official_day(date.fromisoformat(content["as_of"]))
    if content["is_draft"]:
        return f"（草稿，数据截至{day}）"
    return f"（阶段稿，数据截至{day}）" if content["is_preliminary"] else ""


def official_day(day: date) -> str:
    """2026年1月30日."""
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True)
class PreviewBlock:
    """A paragraph of the preview: kind `title`, `status`, `to`, `heading`, `text`, `sign` or `more`."""

    kind: str
    text: str


def first_page(content: Mapping) -> list[PreviewBlock]:
    """The text of the first page, about as it will be printed; ends with `more` where it is cut."""
    found = [PreviewBlock("title", content["title"])]
    left = LINES - 2 * ceil(len(content["title"]) / TITLE_SIGNS) - 2
    if status := status_line(content):
        found.append(PreviewBlock("status", status))
        left -= 1
    found.append(PreviewBlock("to", f"{content['recipient']}："))
    for section in content["sections"]:
        blocks = [("heading", f"{section['number']}、{section['title']}")]
        blocks += [("text", text) for text in paragraphs(section)]
        for kind, text in blocks:
            needed = ceil((len(text) + 2) / SIGNS)
            if needed > left:
                cut = left * SIGNS - 3
                if kind == "text" and cut > 10:
                    found.append(PreviewBlock(kind, text[:cut] + "……"))
                return [*found, PreviewBlock("more", "")]
            found.append(PreviewBlock(kind, text))
            left -= needed
    return [*found, PreviewBlock("sign", "")]


def seal_note(content: Mapping) -> str:
    """A cluster has no seal of its own: its lead school seals for it."""
    return f"（{content['lead_school']}代章）"


def date_line(content: Mapping) -> str:
    """The day of signing; left open in a draft."""
    return official_day(date.fromisoformat(content["signed_on"])) if content["signed_on"] else "　年　月　日"
