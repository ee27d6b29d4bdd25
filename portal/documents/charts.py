"""Charts as SVG text: the same picture on the page, in the PDF and, as a bitmap, in Word.

No style, script or address inside, colours as attributes: a page with a strict content policy
and the closed renderer take it alike. Every value stands beside its bar, so no colour carries a
meaning alone, and the picture bears its caption and its text alternative.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

INK = "#16262c"
QUIET = "#586870"
BAR = "#0b5c66"
EMPTY = "#f5f8f8"
LINE = "#c2ced2"
WARN = "#7a4b00"

FONT = 14
ROW = 28
LONGEST_LABEL = 14  # full-width characters; a longer label is cut, the table beside it has it whole

Value = float | int | None


@dataclass(frozen=True)
class Chart:
    """A small chart: one value (None when it is unknown) for each label.

    kind: "bar" (horizontal bars) or "strip" (one cell a month or week). unit follows each value,
    alt is the text alternative: what a reader should take from the picture.
    """

    caption: str
    kind: str
    labels: tuple[str, ...]
    values: tuple[Value, ...]
    unit: str = ""
    alt: str = ""

    def __post_init__(self) -> None:
        if self.kind not in ("bar", "strip"):
            raise ValueError(f"unknown kind of chart: {self.kind}")
        if len(self.labels) != len(self.values):
            raise ValueError("a chart needs one value for each label")
        if any(value is not None and not 0 <= value < float("inf") for value in self.values):
            raise ValueError("a chart shows counts: values must be finite and not negative")


def bar_chart(title: str, bars: Sequence[tuple[str, Value]], unit: str, *, width: int = 640) -> Markup:
    """Return horizontal bars for (label, value) pairs; empty markup where there is none."""
    if not bars:
        return Markup("")
    labels, values = zip(*bars, strict=True)
    return bar_chart_svg(Chart(title, "bar", tuple(labels), tuple(values), unit), width=width)


def chart_svg(chart: Chart, *, width: int = 640) -> Markup:
    """Return the picture of a chart of any kind; width in pixels of its own scale."""
    if chart.kind == "strip":
        return month_strip_svg(chart, width=width)
    return bar_chart_svg(chart, width=width)


def bar_chart_svg(chart: Chart, *, width: int = 640) -> Markup:
    """Return horizontal bars, one a row, each with its value and unit at its end."""
    labels = [shortened(label) for label in chart.labels]
    ends = [value_text(value, chart.unit) for value in chart.values]
    left = round(max((text_width(label) for label in labels), default=0)) + 12
    right = round(max((text_width(end) for end in ends), default=0)) + 12
    room = max(40, width - left - right)
    longest = max((value for value in chart.values if value), default=0)
    height = ROW * max(1, len(labels)) + 8
    parts = [line(left, 4, left, height - 4)]
    for row, (label, value, end) in enumerate(zip(labels, chart.values, ends, strict=True)):
        top = 4 + row * ROW
        middle = top + ROW / 2 + FONT * 0.36
        length = room * value / longest if value and longest else 0
        parts.append(text(left - 8, middle, label, anchor="end"))
        if length:
            parts.append(rectangle(left, top + 6, max(1, length), ROW - 12, BAR))
        parts.append(text(left + length + 6, middle, end, colour=INK if value else QUIET))
    return frame(chart, width, height, parts)


def month_strip_svg(chart: Chart, *, width: int = 640) -> Markup:
    """Return a strip of cells: filled with the count where there is one, hollow where not."""
    count = max(1, len(chart.labels))
    gap = 6
    cell = min(96, max(28, (width - gap * (count - 1)) / count))
    used = cell * count + gap * (count - 1)
    start = max(0, (width - used) / 2)
    parts = []
    for index, (label, value) in enumerate(zip(chart.labels, chart.values, strict=True)):
        left = start + index * (cell + gap)
        centre = left + cell / 2
        if value:
            parts.append(rectangle(left, 1, cell, 34, BAR))
            parts.append(text(centre, 23, value_text(value, chart.unit), anchor="middle", colour="#ffffff"))
        else:
            word = value_text(value, chart.unit)
            parts.append(rectangle(left + 0.75, 1.75, cell - 1.5, 32.5, EMPTY, border=WARN))
            parts.append(text(centre, 23, word, anchor="middle", colour=WARN))
        parts.append(text(centre, 54, shortened(label, 5), anchor="middle"))
    return frame(chart, round(max(used, width)), 62, parts)


def frame(chart: Chart, width: int, height: int, parts: list[Markup]) -> Markup:
    """Return the whole picture around its parts, with caption and text alternative."""
    name = f"{chart.caption}：{alternative(chart)}"
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img"'
        ' font-family="sans-serif" font-size="{}"><title>{}</title>{}</svg>'
    ).format(width, height, FONT, name, Markup("").join(parts))


def alternative(chart: Chart) -> str:
    """Return the text alternative: the given one, or the values read out."""
    if chart.alt:
        return chart.alt
    pairs = zip(chart.labels, chart.values, strict=True)
    return "；".join(f"{label}{value_text(value, chart.unit)}" for label, value in pairs)


def value_text(value: Value, unit: str) -> str:
    """Return a value as printed: — when unknown, no decimals for a whole number."""
    if value is None:
        return "—"
    number = f"{value:.1f}".removesuffix(".0")
    return f"{number}{unit}"


def shortened(label: str, longest: int = LONGEST_LABEL) -> str:
    """Return a label cut to a number of full-width characters, with … where it was cut."""
    if text_width(label) <= longest * FONT:
        return label
    kept = label
    while kept and text_width(kept) > (longest - 1) * FONT:
        kept = kept[:-1]
    return kept + "…"


def text_width(words: str) -> float:
    """Estimate the width of words in pixels: an em for full-width signs, 0.56 em for others."""
    return sum(FONT if ord(sign) > 0x2000 else FONT * 0.56 for sign in words)


def text(x: float, y: float, words: str, *, anchor: str = "start", colour: str = INK) -> Markup:
    """Return words at a place, escaped."""
    return Markup('<text x="{}" y="{}" text-anchor="{}" fill="{}">{}</text>').format(
        number(x), number(y), anchor, colour, words
    )


def rectangle(x: float, y: float, width: float, height: float, fill: str, *, border: str = "none") -> Markup:
    """Return a filled box with slightly rounded corners."""
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="2" fill="{}" stroke="{}"/>').format(
        number(x), number(y), number(width), number(height), fill, border
    )


def line(x1: float, y1: float, x2: float, y2: float) -> Markup:
    """Return a thin straight line."""
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}"/>').format(
        number(x1), number(y1), number(x2), number(y2), LINE
    )


def number(value: float) -> str:
    """Return a coordinate with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
