"""Which known school a roster means: offices shorten names, add the district's, and use spaces freely."""

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from portal.domain.sheets import plain

_BRACKETS = re.compile(r"[(\[【].*?[)\]】]")
# What a shortened name leaves out at its end: 麟峰小, 拱辰中心 and 南郊 are all in use.
_ENDINGS = (
    "学",
    "校",
    "小学",
    "中学",
    "学校",
    "幼儿园",
    "儿园",
    "园",
    "中心小学",
    "中心校",
    "中心学校",
    "心小学",
)


@dataclass(frozen=True)
class SchoolMatch:
    """The school that a name means; not ``exact`` when only the beginning or the core of the name fits."""

    key: Hashable
    name: str
    exact: bool


def match_school(
    text: str, known: Iterable[tuple[Hashable, str]], *, district: str = ""
) -> SchoolMatch | None:
    """Find the one school that ``text`` means among (key, name); None when none or several fit.

    Tried in turn: the name itself; without the district's name and what stands in brackets; a
    shortened name whose missing end is a usual one. 城关小学 is never 城关中学.
    """
    schools = [(key, name, plain(name)) for key, name in known]
    wanted = plain(text)
    for fits in (
        lambda name: name == wanted,
        lambda name: _core(name, district) == _core(wanted, district),
        lambda name: _is_short_for(_core(wanted, district), _core(name, district)),
    ):
        found = [(key, name) for key, name, compared in schools if fits(compared)]
        if found:
            if len(found) > 1:
                return None
            key, name = found[0]
            return SchoolMatch(key, name, plain(name) == wanted)
    return None


def _core(name: str, district: str) -> str:
    short = _BRACKETS.sub("", name) or name
    rest = short.removeprefix(plain(district)) if district else short
    return rest if len(rest) >= 2 and rest not in _ENDINGS else short


def _is_short_for(short: str, name: str) -> bool:
    return len(short) >= 2 and name.startswith(short) and name.removeprefix(short) in _ENDINGS
