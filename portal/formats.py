"""How moments, dates and numbers read on a page, in the language of the reader."""

from datetime import UTC, date, datetime

from flask_babel import gettext as _
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from portal.domain.light_text import plain
from portal.domain.moments import local
from portal.rich_text import rich
from portal.translation import chinese

_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# "zero" knows no rule of Markdown; `breaks` keeps the lines as people typed them on their phones.
_markdown = MarkdownIt("zero", {"breaks": True}).enable(
    ["emphasis", "list", "newline", "backticks", "escape"]
)


def day(value: date | None) -> str:
    """11月19日, or 19 Nov; the year is added with ``full_day``."""
    if value is None:
        return "—"
    return f"{value.month}月{value.day}日" if chinese() else f"{value.day} {_MONTHS_EN[value.month - 1]}"


def full_day(value: date | None) -> str:
    """2025年11月19日, or 19 Nov 2025."""
    if value is None:
        return "—"
    return f"{value.year}年{value.month}月{value.day}日" if chinese() else f"{day(value)} {value.year}"


def weekday(value: date | int) -> str:
    """周三, or Wed; takes a date or the number 1 (Monday) to 7."""
    number = value if isinstance(value, int) else value.isoweekday()
    return "周" + "一二三四五六日"[number - 1] if chinese() else _WEEKDAYS_EN[number - 1]


def day_weekday(value: date | None) -> str:
    """11月19日 周三."""
    return "—" if value is None else f"{day(value)} {weekday(value)}"


def moment(value: datetime | None) -> str:
    """11月19日 14:30."""
    if value is None:
        return "—"
    here = local(value)
    return f"{day(here)} {here.hour:02}:{here.minute:02}"


def full_moment(value: datetime | None) -> str:
    """2025年11月19日 周三 14:30."""
    if value is None:
        return "—"
    here = local(value)
    return f"{full_day(here)} {weekday(here)} {here.hour:02}:{here.minute:02}"


def clock(minutes: int) -> str:
    """8:30, from minutes after midnight."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def number(value: int | float | None) -> str:
    """A number; — when there is none (a zero denominator)."""
    return "—" if value is None else f"{value:,}"


def percent(value: float | None) -> str:
    """A share as whole per cent; — when there is none."""
    return "—" if value is None else f"{value * 100:.0f}%"


def month_name(month: int) -> str:
    """9月, or Sep."""
    return f"{month}月" if chinese() else _MONTHS_EN[month - 1]


def prose(text: str) -> Markup:
    """Light Markdown (emphasis, lists, line breaks) as safe HTML; no raw HTML, links or pictures."""
    import nh3

    html = _markdown.render(text)
    return Markup(nh3.clean(html, tags={"p", "br", "em", "strong", "ul", "ol", "li", "code"}, attributes={}))


def lines(text: str) -> Markup:
    """Plain text with its line breaks."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def iso(value: date | datetime) -> str:
    """For the datetime attribute of a time element."""
    return (
        value.astimezone(UTC).isoformat(timespec="minutes")
        if isinstance(value, datetime)
        else value.isoformat()
    )


def names(values, limit: int = 0) -> str:
    """A、B、C; with a limit, the rest is counted."""
    listed = [str(v) for v in values]
    mark = "、" if chinese() else ", "
    if limit and len(listed) > limit:
        return mark.join(listed[:limit]) + " " + _("等 %(count)s 个", count=len(listed))
    return mark.join(listed)


FILTERS = {
    "day": day,
    "full_day": full_day,
    "weekday": weekday,
    "day_weekday": day_weekday,
    "moment": moment,
    "full_moment": full_moment,
    "clock": clock,
    "number": number,
    "percent": percent,
    "prose": prose,
    "rich": rich,
    "plain_text": plain,
    "lines": lines,
    "iso": iso,
    "month_name": month_name,
    "names": names,
    "local": local,
}
