"""Searching Chinese text: what is compared, what is looked up, and the piece of a text that shows a find.

A text is folded: every sign in its plain form and in lower case, brackets and quotes dropped, everything else that
is no letter or digit a boundary. Each two neighbouring signs of a folded text are looked up, so a word of two
signs is found anywhere, in any position, without a list of words. Longer words are compared afterwards.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

# Stand inside a word: 七（3）班, 《背影》, 2025-2026, *重点*.
_DROPPED = frozenset("()[]{}（）【】〔〕［］「」『』《》〈〉“”‘’\"'`·•*_~-–—/\\")
LONGEST_QUESTION = 60
MOST_WORDS = 6
LONGEST_PIECE = 96
BEFORE_A_FIND = 24


@lru_cache(maxsize=20_000)
def _fold(sign: str) -> str:
    if sign in _DROPPED:
        return ""
    plain = unicodedata.normalize("NFKC", sign).casefold()
    return "".join(each if each.isalnum() else "" if each in _DROPPED else " " for each in plain)


def folded(text: str) -> str:
    """The text as it is compared: runs of letters and digits with one space between them."""
    return " ".join("".join(map(_fold, text)).split())


def words_asked(question: str) -> list[str]:
    """The folded words of a question, each once, at most ``MOST_WORDS``; every one has to be found."""
    return list(dict.fromkeys(folded(question[:LONGEST_QUESTION]).split()))[:MOST_WORDS]


def pairs(text: str) -> set[str]:
    """Each two neighbouring signs of a folded text, none across a boundary."""
    return {run[at : at + 2] for run in text.split() for at in range(len(run) - 1)}


def piece(
    texts: Sequence[str], words: Iterable[str], beside: Sequence[str] = ()
) -> tuple[tuple[str, bool], ...]:
    """The part of the first text that has one of the folded words, as (signs, found) in order.

    What stands ``beside`` is shown for a find alone. Without one it is the beginning of the first text that
    says anything; () when none does.
    """
    words = sorted(words, key=len, reverse=True)
    for text in (*texts, *beside):
        spans = _spans(text, words)
        if spans:
            return _cut(text, spans)
    first = next((text for text in texts if text.strip()), "")
    return _cut(first, []) if first else ()


def _spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where words stand in a text, in order, none inside another: (begin, end) in its own signs."""
    signs, places = [], []
    for place, sign in enumerate(text):
        for each in _fold(sign):
            signs.append(each)
            places.append(place)
    whole = "".join(signs)
    found: list[tuple[int, int]] = []
    for word in words:
        at = whole.find(word)
        while at >= 0:
            begin, end = places[at], places[at + len(word) - 1] + 1
            if all(end <= b or begin >= e for b, e in found):
                found.append((begin, end))
            at = whole.find(word, at + len(word))
    return sorted(found)


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    """A window of the text that begins a little before its first find."""
    begin = max(0, spans[0][0] - BEFORE_A_FIND) if spans else 0
    begin = 0 if begin <= BEFORE_A_FIND // 2 else begin
    end = min(len(text), begin + LONGEST_PIECE)
    parts, at = [("…", False)] if begin else [], begin
    for first, last in spans:
        if first >= end:
            break
        parts += [(text[at:first], False), (text[first : min(last, end)], True)]
        at = min(last, end)
    parts += [(text[at:end], False), ("…" if end < len(text) else "", False)]
    return tuple((" ".join(signs.split("\n")), mark) for signs, mark in parts if signs)
