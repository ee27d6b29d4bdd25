"""Spare WeasyPrint work that it does again and again: same result, less time.

Each change keeps the outcome byte for byte (a test compares) and stands on functions whose source
`install` checks like `flush` does. Measured on 202 pages of Chinese text, together about a tenth:

- the references of all pages were listed anew for every tagged element;
- a line was tried with four times the text that fits, which Chinese text never needs;
- the key of a style's faces was spelt out for every run of text;
- most lengths are pixels and need no resolving.
"""

from __future__ import annotations

import re

EXPECTED_SOURCE = {
    "pydyf.PDF": "430a7b480a612b67",
    "weasyprint.layout.percent.percentage": "ebe404ccd9da50bf",
    "weasyprint.layout.percent.resolve_one_percentage": "4cfaa9ad134e4f7b",
    "weasyprint.text.line_break.split_first_line": "39ad1016863ca34d",
    "weasyprint.text.line_break._font_style_cache_key": "d6b09d54b8258d58",
    "weasyprint.css.ComputedStyle": "4ff0512c0af12674",
    "weasyprint.css.AnonymousStyle": "414bbf41061e0a4a",
}

# A stretch of signs that are each about one em wide and may end a line.
IDEOGRAPHS = re.compile("[\u3001-\u30ff\u4e00-\u9fff\uff01-\uff5e“”—…0-9]+")


def install() -> None:
    """Put the shorter ways into WeasyPrint. WrongEngine when it is not the expected one."""
    import pydyf
    from weasyprint.css.properties import Dimension
    from weasyprint.layout import inline, percent
    from weasyprint.text import line_break

    from portal.documents.flush import check_sources

    if getattr(inline.split_first_line, "portal", False):
        return
    check_sources(EXPECTED_SOURCE)
    pydyf.PDF.page_references = property(page_references)
    line_break._font_style_cache_key = make_font_key(line_break._font_style_cache_key)
    percent.resolve_one_percentage = make_resolve(percent.resolve_one_percentage, Dimension)
    inline.split_first_line = make_split(inline.split_first_line)
    inline.split_first_line.portal = True


def page_references(pdf) -> tuple:
    """Return the references of all pages; made again only when pages were added."""
    kids = pdf.pages["Kids"]
    known = pdf.__dict__.get("portal_references", ())
    if len(known) * 3 != len(kids):
        known = pdf.portal_references = tuple(f"{number} 0 R".encode("ascii") for number in kids[::3])
    return known


def make_font_key(original):
    """Return a version of `_font_style_cache_key` that remembers its answer beside the style."""

    def font_key(style, include_size=False):
        known = style.__dict__.get("portal_font_key")
        if known is None:
            known = style.portal_font_key = original(style)
        if include_size:
            return known + str(style["font_size"]) + str(style["line_height"])
        return known

    return font_key


def make_resolve(original, dimension):
    """Return a version of `resolve_one_percentage` that sets pixels at once."""

    def resolve_one_percentage(box, property_name, refer_to):
        value = box.style[property_name]
        if type(value) is dimension and value.unit == "px":
            setattr(box, property_name, value.value)
        else:
            original(box, property_name, refer_to)

    return resolve_one_percentage


def make_split(original):
    """Return a version of `split_first_line` that tries a line of Chinese with little more than fits."""

    def split_first_line(
        text, style, context, max_width, justification_spacing, is_line_start=True, minimum=False
    ):
        size = style["font_size"]
        if max_width is not None and size and size * 8 < max_width < 2**20:
            enough = int(max_width / size * 1.3) + 6
            if len(text) > enough * 2:
                # A line's end depends on what follows it only up to the next place to break.
                stretch = IDEOGRAPHS.match(text)
                if stretch and stretch.end() >= enough:
                    # Digits are half as wide; with many of them the short text might fit whole.
                    result = original(
                        text[:enough],
                        style,
                        context,
                        max_width,
                        justification_spacing,
                        is_line_start,
                        minimum,
                    )
                    if result[2] is not None and result[1] < len(text[: enough - 4].encode()):
                        return result
        return original(text, style, context, max_width, justification_spacing, is_line_start, minimum)

    return split_first_line
