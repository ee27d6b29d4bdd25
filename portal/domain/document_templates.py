"""The seven papers that a plan of exchange has as annexes (S1-61), and what the portal knows to put into them.

In their texts `{bureau}`, `{district}`, `{cluster}`, `{school}` and `{term}` are filled with what is known, or with
a blank. The papers are Chinese whatever the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping

from portal.domain import template_texts as texts

BLANK = "________"
KNOWN = ("bureau", "district", "cluster", "school", "term")

TEMPLATES = {
    "selection": texts.SELECTION,
    "duties": texts.DUTIES,
    "indicators": texts.INDICATORS,
    "teacher_training": texts.TEACHER_TRAINING,
    "principal_training": texts.PRINCIPAL_TRAINING,
    "summary": texts.SUMMARY,
    "funds": texts.FUNDS,
}


def content_of(
    key: str, *, bureau: str, district: str, cluster: str = "", school: str = "", term: str = ""
) -> dict:
    """What is printed, as plain data: which template, and what the portal knows."""
    known = {"bureau": bureau, "district": district, "cluster": cluster, "school": school, "term": term}
    return {"template": key, **known}


def filled(text: str, content: Mapping) -> str:
    """A text of a template with what is known in its places.

    A name that is not known is a blank in a sentence; in a cell (`{school_cell}`) there is room anyway. Before a
    cluster's name no blank is needed: without one the whole district is meant.
    """
    words = {name: content[name] or BLANK for name in KNOWN} | {"cluster": content["cluster"]}
    return text.format(**words, **{f"{name}_cell": content[name] for name in KNOWN})
