"""Forms for observed lessons: items written as lines, and the check of what was filled in (S1-78)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_ITEMS = 30
LONGEST_ITEM = 80
LONGEST_ANSWER = 1000
MOST_POINTS = 100

#: What a new form begins with: the indicators that S1-78 names. Points are the template's to set.
SAMPLE = "教案与备课：\n课堂效果：\n课堂互动：\n情绪与课堂管理：\n优点\n建议"

_RATED = re.compile(r"^(?P<text>.+?)\s*[:：|]\s*(?P<most>\d{1,3})?\s*分?$")


@dataclass(frozen=True)
class Items:
    """What the lines say, and the numbers of the lines that cannot be read (from 1)."""

    items: tuple[dict, ...]
    faults: tuple[int, ...] = ()


def items_of(text: str) -> Items:
    """The items of a template, one a line: ``教学设计：10`` is rated up to ten, ``优点`` is words.

    A line that ends with a colon and no number is rated without a number yet: a fault, for no number is
    put in its place.
    """
    items, faults = [], []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line:
            continue
        found = _RATED.match(line)
        if found is None:
            item = {"text": line, "kind": "text"}
        elif found["most"] and 1 <= int(found["most"]) <= MOST_POINTS:
            item = {"text": found["text"], "kind": "rating", "most": int(found["most"])}
        else:
            faults.append(number)
            continue
        if len(item["text"]) > LONGEST_ITEM:
            faults.append(number)
            continue
        items.append(item)
    return Items(tuple(items), tuple(faults))


def lines_of(items: Sequence[Mapping]) -> str:
    """The items as they are written, to be edited."""
    return "\n".join(
        f"{item['text']}：{item['most']}" if item["kind"] == "rating" else item["text"] for item in items
    )


@dataclass(frozen=True)
class Filled:
    """Answers by item number (as text, from 0), and the numbers of items whose answer does not fit."""

    answers: dict[str, int | str]
    faults: tuple[int, ...] = ()


def fill(items: Sequence[Mapping], given: Mapping[int, str]) -> Filled:
    """Check what was filled in: ratings from 0 to the item's most, words of bounded length; empty is no answer."""
    answers: dict[str, int | str] = {}
    faults = []
    for number, item in enumerate(items):
        text = given.get(number, "").strip()
        if not text:
            continue
        if item["kind"] == "text":
            if len(text) > LONGEST_ANSWER:
                faults.append(number)
            else:
                answers[str(number)] = text
        elif text.isdecimal() and len(text) <= 3 and int(text) <= item["most"]:
            answers[str(number)] = int(text)
        else:
            faults.append(number)
    return Filled(answers, tuple(faults))


def points(items: Sequence[Mapping], answers: Mapping[str, int | str]) -> tuple[int, int] | None:
    """Points given and the most of the items that were rated; None when none was."""
    rated = [
        number for number, item in enumerate(items) if item["kind"] == "rating" and str(number) in answers
    ]
    if not rated:
        return None
    return sum(answers[str(number)] for number in rated), sum(items[number]["most"] for number in rated)
