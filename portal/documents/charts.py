"""Charts as SVG: no script, no style, a title for those who cannot see them; the same on page and paper."""

from collections.abc import Sequence

from markupsafe import Markup, escape

BAR = "#0f5b66"
INK, QUIET = "#1c2526", "#5b6668"
ROW, GAP, LABEL, VALUE = 22, 8, 132, 44


def bar_chart(title: str, bars: Sequence[tuple[str, int]], unit: str, *, width: int = 640) -> Markup:
    """Horizontal bars, one a row, each with its number; an empty chart is empty markup.

    ``title`` becomes the text alternative together with all values. The table of the same figures stands
    beside every chart, so nothing is told by the picture alone.
    """
    if not bars:
        return Markup("")
    most = max((value for _, value in bars), default=0) or 1
    room = width - LABEL - VALUE
    height = len(bars) * (ROW + GAP) + GAP
    told = escape(title) + "：" + Markup("；").join(Markup("{} {}{}").format(w, v, unit) for w, v in bars)
    parts = [
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img"><title>{}</title>'
        ).format(width, height, told)
    ]
    for number, (word, value) in enumerate(bars):
        top = GAP + number * (ROW + GAP)
        length = round(room * value / most, 1)
        parts.append(
            Markup(
                '<text x="{}" y="{}" font-size="14" text-anchor="end" fill="{}">{}</text>'
                '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>'
                '<text x="{}" y="{}" font-size="14" fill="{}">{}</text>'
            ).format(
                LABEL - 8, top + 16, INK, _short(word),
                LABEL, top, max(length, 1), ROW, BAR,
                LABEL + length + 6, top + 16, QUIET, f"{value}{unit}",
            )
        )  # fmt: skip
    parts.append(Markup("</svg>"))
    return Markup("").join(parts)


def _short(word: str) -> str:
    """A label that fits beside its bar."""
    return word if len(word) <= 9 else word[:8] + "…"
