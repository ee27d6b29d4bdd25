"""What people write in logs: a few light marks, and what comes along when they paste from WeChat or Word.

Headings (`# `, or a short line such as 一、做法), lists (`- `, bullets of Word, `1.` or 1、), quotes (`> `) and
`**bold**`. Everything else is text; a mark that means nothing stays as it was typed. Reading takes one pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BLANK = " \t\u3000\u00a0\u200b\ufeff"
_HEADING = re.compile(r"#{1,6}[ \t\u3000]+(?=\S)")
_CHINESE_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、\S")
# The last ones are how Word's own bullets arrive; `l` and a tab is the bullet of a missing face.
_ITEM = re.compile(r"(?:[-*+–][ \t\u3000]+|[•●◆■▪○‣◦·\uf06c\uf0b7\uf0d8\uf0fc][ \t\u3000]*|l\t+)(?=\S)")
_NUMBER = re.compile(r"(\d{1,2})[.)．、）](?!\d)[ \t\u3000]*(?=\S)")
_QUOTE = re.compile(r"[>＞][ \t\u3000]*")
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_RULE = re.compile(r"(?:[-*_=—][ \t]*){3,}")
LONGEST_HEADING = 24


@dataclass(frozen=True)
class Block:
    """One line as it will stand: `heading`, `item`, `number` (with its `value`), `quote` or `text`.

    `pieces` are (words, bold) in order. `opens` says that a blank line or another kind came before it.
    """

    kind: str
    pieces: tuple[tuple[str, bool], ...]
    opens: bool = True
    value: int = 0

    @property
    def words(self) -> str:
        """The words without their marks."""
        return "".join(words for words, _ in self.pieces)


def blocks(text: str) -> tuple[Block, ...]:
    """The lines of a text in order; blank lines and rules only part them."""
    found: list[Block] = []
    parted = True
    for raw in text.splitlines():
        line = raw.strip(_BLANK)
        if not line or _RULE.fullmatch(line):
            parted = True
            continue
        kind, words, value = _kind_of(line)
        opens = parted or kind == "heading" or not found or found[-1].kind != kind
        found.append(Block(kind, _pieces(words), opens, value))
        parted = False
    return tuple(found)


def plain(text: str) -> str:
    """The words alone on one line, for a list or a search."""
    return " ".join(block.words for block in blocks(text))


def _kind_of(line: str) -> tuple[str, str, int]:
    if mark := _HEADING.match(line):
        return "heading", line[mark.end() :], 0
    if _CHINESE_HEADING.match(line) and len(line) <= LONGEST_HEADING and line[-1] not in "。，；？！,.;?!":
        return "heading", line, 0
    if mark := _NUMBER.match(line):
        return "number", line[mark.end() :], int(mark.group(1))
    if mark := _ITEM.match(line):
        return "item", line[mark.end() :], 0
    if mark := _QUOTE.match(line):
        return "quote", line[mark.end() :], 0
    return "text", line, 0


def _pieces(words: str) -> tuple[tuple[str, bool], ...]:
    pieces = [(piece, number % 2 == 1) for number, piece in enumerate(_BOLD.split(words))]
    return tuple(piece for piece in pieces if piece[0]) or (("", False),)
