"""What single cells of the visiting timetable workbook say.

A reader gets a cell that holds something and answers with its value, or raises `Unreadable`.
"""

from __future__ import annotations

import re
from datetime import date

from portal.domain.roster_values import split_list
from portal.domain.sheets import Cell, cell_text, plain
from portal.domain.timetable import Weeks, parse_clock, parse_half_days

MOST = 999
LONGEST_NAME = 80
LONGEST_SHOWN = 40

_PERIOD = re.compile(r"第?(\d{1,2})节?(?:课)?")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)?([一二三四五六日天1-7])")
_COUNT = re.compile(r"(\d{1,4})(?:节|天|日|分钟|分)?")
_DAY_MINUTES = 24 * 60


class Unreadable(ValueError):
    """The cell says something else than its column asks for."""


class Names:
    """Names as they are first written; the same name in full width or with spaces is the same."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._known: dict[object, str] = {}

    def __call__(self, cell: Cell) -> str:
        """The name in a cell, as it was written where it first stood."""
        known = self._known.get((type(cell), cell))
        if known is None:
            text = cell_text(cell)
            if len(text) > LONGEST_NAME:
                raise Unreadable
            known = self._known[type(cell), cell] = self._first.setdefault(plain(cell), text)
        return known


def shown(cell: Cell) -> str:
    """What a message says of a cell."""
    text = cell_text(cell)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def read_names(names: Names, cell: Cell) -> tuple[str, ...]:
    """Several names such as classes of a joint lesson, each once."""
    return tuple(dict.fromkeys(names(part) for part in split_list(cell)))


def read_period(cell: Cell) -> int | str:
    """A period's number or name: 3, 第3节, 早读."""
    if isinstance(cell, bool | date):
        raise Unreadable
    text = plain(cell)
    if match := _PERIOD.fullmatch(text):
        return int(match[1])
    if len(text) > LONGEST_NAME:
        raise Unreadable
    return cell_text(cell)


def read_clock(cell: Cell) -> int:
    """Minutes since midnight: 08:40, a time cell, or the part of a day that a bare number is."""
    if isinstance(cell, float) and 0 <= cell < 1:
        minutes = cell * _DAY_MINUTES
        if abs(minutes - round(minutes)) < 0.01:
            return round(minutes)
    return _or_unreadable(parse_clock, cell_text(cell))


def read_weekday(cell: Cell, *, last: int) -> int:
    """1 to `last`, also 周一 or 星期一."""
    match = None if isinstance(cell, bool) else _WEEKDAY.fullmatch(plain(cell))
    if not match:
        raise Unreadable
    number = int(match[1]) if match[1].isdigit() else "一二三四五六日天".index(match[1]) + 1
    if not 1 <= number <= last:
        raise Unreadable
    return number


def read_count(cell: Cell, *, most: int = MOST) -> int:
    """A whole number from 0 on."""
    match = None if isinstance(cell, bool) else _COUNT.fullmatch(plain(cell))
    if not match or not match[1].isascii() or int(match[1]) > most:
        raise Unreadable
    return int(match[1])


def read_yes_no(cell: Cell) -> bool:
    """是 or 否; a tick box is one as well."""
    if isinstance(cell, bool):
        return cell
    try:
        return {"是": True, "否": False}[plain(cell)]
    except KeyError:
        raise Unreadable from None


def read_half_days(cell: Cell) -> frozenset[tuple[int, str]] | None:
    """The half-days of `周一上;周一下`."""
    return _or_unreadable(parse_half_days, cell_text(cell).replace("；", ";").replace("、", ";"))


def read_weeks(cell: Cell) -> Weeks:
    """`单`, `双`, `3-12` or `5`."""
    return _or_unreadable(Weeks.parse, cell_text(cell))


def _or_unreadable(parse, text: str):
    try:
        return parse(text)
    except ValueError:
        raise Unreadable from None
