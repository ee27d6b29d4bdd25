"""Which texts speak of the same problem: by the pairs of signs that they share, the rare ones counting more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log

_RUN = re.compile(r"[\u3400-\u9fffA-Za-z0-9]+")
# Words that stand in nearly every log say nothing about its problem, nor do the signs beside them.
_EVERYDAY = re.compile(
    "学生|老师|我们|他们|一个|没有|问题|这个|什么|还是|不是|时候|自己|可以|因为|所以|就是|如何|怎么办|怎么|怎样|比较"
    "|一些|有些|课堂|同学|教学|上课|不能|不会|需要|进行|觉得|出现|存在|情况"
)
LEAST = 0.12


def pairs_of(text: str) -> set[str]:
    """The pairs of neighbouring signs of a text, everyday ones left out."""
    found = set()
    for run in _RUN.findall(_EVERYDAY.sub(" ", text.lower())):
        found.update(run[at : at + 2] for at in range(len(run) - 1))
    return found


def rank(wanted: str, texts: Sequence[tuple[object, str]], *, most: int = 20) -> list[tuple[object, float]]:
    """(key, likeness 0 to 1) of the texts that speak of what is wanted, the likest first.

    Likeness is the share of the wanted pairs' weight that a text has; below `LEAST` it is chance. Texts of the
    same likeness keep their order.
    """
    asked = pairs_of(wanted)
    if not asked or not texts:
        return []
    of_text = [(key, pairs_of(text) & asked) for key, text in texts]
    seen = Counter(pair for _, pairs in of_text for pair in pairs)
    weight = {pair: log(1 + len(texts) / (1 + seen[pair])) for pair in asked}
    whole = sum(weight.values())
    scored = [(key, _sum(pairs, weight) / whole) for key, pairs in of_text if pairs]
    fitting = [(key, score) for key, score in scored if score >= LEAST]
    return sorted(fitting, key=lambda each: -each[1])[:most]


def _sum(pairs: Iterable[str], weight: dict[str, float]) -> float:
    return sum(weight[pair] for pair in sorted(pairs))
