"""What a cell of a roster means: dates in the forms that offices write, choices, honours, numbers.

Each parser takes a cell and answers a `Reading`: a value, or a fault with its code, never an
exception. None as value means that the cell says nothing.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from portal.domain.sheets import Cell, cell_text, is_blank, plain

ERROR, WARNING = "error", "warning"

_EMPTY_WORDS = frozenset(("-", "--", "—", "——", "/", "\\", "无", "暂无", "空", "null", "none", "n/a", "#n/a"))
_TIME_OF_DAY = re.compile(r"[T ]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_DATE_MARKS = re.compile(r"[年月/.\-–—。、]+")
_FULL = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)
_DIGITS = re.compile(r"\d{4,8}", re.ASCII)
_SERIAL_EPOCH = date(1899, 12, 30)
_SERIALS = range(3_654, 73_051)  # 1910 to 2099, as five or four digits never mean a year
_YEARS = range(1900, 2101)
_SEPARATORS = re.compile(r"[;；、,，/\n|]+")
_NAME_DOT = re.compile(r"(?<=[^\x00-\x7f])[•・･．.‧∙](?=[^\x00-\x7f])")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")


@dataclass(frozen=True)
class Reading:
    """What a cell means. `code` names a fault; with a warning the value may still be used."""

    value: object = None
    code: str | None = None
    severity: str = ERROR
    params: dict = field(default_factory=dict)


NOTHING = Reading()


def says_nothing(cell: Cell) -> bool:
    """An empty cell, or one of the signs people put into it instead (—, /, 无)."""
    return is_blank(cell) or plain(cell) in _EMPTY_WORDS


def read_date(cell: Cell, *, month_end: bool = False) -> Reading:
    """A date cell, 2016-09-01, 2016.9, 2016年9月, 20160901, 201609 or an Excel serial number.

    A month without a day is its first day, with `month_end` its last (formats: 结束). The number
    2016.1 may have been 2016.10 before the program dropped the zero, hence the warning.
    """
    if says_nothing(cell):
        return NOTHING
    if isinstance(cell, bool):
        return Reading(code="date_unreadable")
    if isinstance(cell, datetime):
        return _in_range(cell.date())
    if isinstance(cell, date):
        return _in_range(cell)
    # Made narrow first: beside full-width digits the space before a time of day would be lost.
    text = cell_text(unicodedata.normalize("NFKC", cell) if isinstance(cell, str) else cell)
    if len(text) > 40:
        return Reading(code="date_unreadable")
    if isinstance(cell, float) and _SERIALS.start <= cell < _SERIALS.stop:
        text = str(int(cell))
    reading = _date_of_text(text, month_end=month_end)
    if isinstance(cell, float) and reading.code is None and re.fullmatch(r"\d{4}\.1", text):
        return Reading(reading.value, "month_ambiguous", WARNING, {"year": text[:4]})
    return reading


def _date_of_text(text: str, *, month_end: bool) -> Reading:
    text = re.sub(r"\s+", "", _TIME_OF_DAY.sub("", text))
    text = _DATE_MARKS.sub("-", text.removesuffix("日").removesuffix("号")).strip("-")
    if _DIGITS.fullmatch(text):
        if len(text) == 5 and int(text) in _SERIALS:
            return Reading(_SERIAL_EPOCH + timedelta(days=int(text)))
        if len(text) == 4:
            return Reading(code="month_missing")
        if len(text) in (6, 8):
            text = f"{text[:4]}-{text[4:6]}" + (f"-{text[6:]}" if len(text) == 8 else "")
    if match := _FULL.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3]), month_end=False)
    if match := _MONTH.fullmatch(text):
        return _date(int(match[1]), int(match[2]), None, month_end=month_end)
    return Reading(code="date_unreadable")


def _date(year: int, month: int, day: int | None, *, month_end: bool) -> Reading:
    if year not in _YEARS:
        return Reading(code="year_impossible", params={"year": year})
    if not 1 <= month <= 12:
        return Reading(code="month_impossible", params={"month": month})
    last = calendar.monthrange(year, month)[1]
    if day is None:
        day = last if month_end else 1
    if not 1 <= day <= last:
        return Reading(code="day_impossible", params={"month": month, "day": day})
    return Reading(date(year, month, day))


def _in_range(value: date) -> Reading:
    if value.year not in _YEARS:
        return Reading(code="year_impossible", params={"year": value.year})
    return Reading(value)


def read_month_end(cell: Cell) -> Reading:
    """The end of a period: 至今 and an empty cell are still running."""
    if plain(cell) in ("至今", "现在", "今", "在任"):
        return NOTHING
    return read_date(cell, month_end=True)


def read_name(cell: Cell) -> Reading:
    """A person's name without inner spaces, its characters untouched, the dot of long names unified."""
    text = _NAME_DOT.sub("·", cell_text(cell))
    if not text:
        return NOTHING
    if "\ufffd" in text or "?" in text or "？" in text:
        return Reading(code="name_unreadable")
    if not any(char.isalpha() or _PRIVATE_USE.match(char) for char in text) or any(c.isdigit() for c in text):
        return Reading(code="name_unreadable")
    if len(text) > 60:
        return Reading(code="text_too_long", params={"limit": 60})
    if _PRIVATE_USE.search(text):
        return Reading(text, "private_character", WARNING)
    return Reading(text)


def read_school(cell: Cell) -> Reading:
    """A school's name."""
    text = cell_text(cell)
    if not text or plain(cell) in _EMPTY_WORDS:
        return NOTHING
    if len(text) > 80:
        return Reading(code="text_too_long", params={"limit": 80})
    if not any(char.isalpha() for char in text):
        return Reading(code="school_unreadable")
    return Reading(text)


def read_text(cell: Cell) -> Reading:
    """Free text; a text that looks like a formula stays text."""
    text = cell_text(cell)
    if len(text) > 2000:
        return Reading(text[:2000], "text_too_long", WARNING, {"limit": 2000})
    return Reading(text or None)


def read_code(cell: Cell) -> Reading:
    """An identifier such as 工号: narrow characters, no spaces."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", cell_text(cell)))
    if not text or text in _EMPTY_WORDS:
        return NOTHING
    if len(text) > 40:
        return Reading(code="text_too_long", params={"limit": 40})
    return Reading(text)


def read_phone(cell: Cell) -> Reading:
    """A mobile or landline number as digits; of several the first."""
    if says_nothing(cell):
        return NOTHING
    for part in re.split(r"[/;,、;，\n]|\s{2,}", unicodedata.normalize("NFKC", cell_text(cell))):
        digits = re.sub(r"[\s\-()]", "", part).removeprefix("+86")
        if re.fullmatch(r"1[3-9]\d{9}|0\d{9,11}|[2-8]\d{6,7}", digits, re.ASCII):
            return Reading(digits)
    return Reading(None, "phone_unreadable", WARNING)


def read_identity(cell: Cell) -> Reading:
    """A citizen identity number of 18 (or, before 1999, 15) places. Check digits are not examined."""
    if says_nothing(cell):
        return NOTHING
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", cell_text(cell))).upper()
    if isinstance(cell, int | float) and len(text) > 15:
        return Reading(None, "identity_rounded", WARNING)
    if not re.fullmatch(r"\d{17}[\dX]|\d{15}", text, re.ASCII):
        return Reading(None, "identity_unreadable", WARNING)
    return Reading(text)


def read_count(cell: Cell) -> Reading:
    """A whole number such as 编制数; a unit behind it is dropped (12人)."""
    number = _number(cell)
    if number is NOTHING or number.code:
        return number
    if not float(number.value).is_integer():
        return Reading(None, "number_unreadable", WARNING)
    return Reading(int(number.value))


def read_number(cell: Cell) -> Reading:
    """A number of zero or more, with decimals."""
    number = _number(cell)
    return number if number is NOTHING or number.code else Reading(float(number.value))


def _number(cell: Cell) -> Reading:
    if says_nothing(cell):
        return NOTHING
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,4})?)(人|名|个|节|课时|年|月|个月)?", plain(cell), re.ASCII)
    return (
        Reading(match[1])
        if match and not isinstance(cell, bool)
        else Reading(None, "number_unreadable", WARNING)
    )


_NUMERALS = {
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "十一": 11,
    "十二": 12,
    "十三": 13,
}


def read_post_grade(cell: Cell) -> Reading:
    """The grade of a professional post, 5 to 13: 9, 9级, 专技九级."""
    if says_nothing(cell):
        return NOTHING
    match = re.fullmatch(
        r"(?:专业技术|专技)?(?:岗位)?(\d{1,2}|[五六七八九]|十[一二三]?)(?:级|级岗位|等级)?", plain(cell)
    )
    if not match:
        return Reading(None, "grade_unreadable", WARNING)
    grade = _NUMERALS.get(match[1]) or (int(match[1]) if match[1].isascii() else None)
    if grade is None or not 5 <= grade <= 13:
        return Reading(None, "grade_unreadable", WARNING)
    return Reading(grade)


def split_list(cell: Cell) -> tuple[str, ...]:
    """The parts of a list with any of the usual separators, in order, each once."""
    if says_nothing(cell):
        return ()
    raw = str(cell) if isinstance(cell, str) else cell_text(cell)
    # Two subjects may be parted by a space alone; a space inside a word of one sign is only layout.
    if not _SEPARATORS.search(raw) and all(len(part) > 1 for part in raw.split()):
        raw = ";".join(raw.split())
    parts = (cell_text(part) for part in _SEPARATORS.split(raw))
    return tuple(dict.fromkeys(part for part in parts if part))


def read_list(cell: Cell) -> Reading:
    """Several words, such as 任教学科, as they are written."""
    parts = split_list(cell)
    if any(len(part) > 40 for part in parts) or len(parts) > 20:
        return Reading((), "list_unreadable", WARNING)
    return Reading(parts)
