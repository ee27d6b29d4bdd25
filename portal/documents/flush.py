"""Set Chinese lines flush right: an extension of WeasyPrint's line justification.

WeasyPrint widens spaces only, so a Chinese paragraph, which has none, ends ragged. Here the rest
of a line is shared out between its Chinese characters, in two places of the layout engine:

- `justify_line` (layout) decides how much each gap of a line grows and moves the boxes;
- `Layout.reactivate` (drawing) widens the glyphs in front of those gaps.

A third place, `split_text_box`, puts every run of text on the base line of its own style, so
that a character from a fallback face never makes a line higher than the grid of 22 lines.

All three depend on the inside of one version of WeasyPrint. `install` compares the code it builds
on with what it was written for, and refuses to work on any other.
"""

from __future__ import annotations

import hashlib
import inspect
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise, zip_longest
from math import ceil, floor

WEASYPRINT_VERSION = "70.0"

# SHA-256 of the source of the functions whose working is taken for granted, first 16 digits.
EXPECTED_SOURCE = {
    "weasyprint.layout.inline.text_align": "e953d41b87ccfc30",
    "weasyprint.layout.inline.justify_line": "f83b21ff8793ba6b",
    "weasyprint.layout.inline.split_text_box": "8c564329599ef23f",
    "weasyprint.layout.inline.remove_last_whitespace": "53f0c79c9fbbda50",
    "weasyprint.text.line_break.Layout": "681b737d1ba5e004",
    "weasyprint.text.line_break.line_size": "03fa04fd51fc69aa",
    "weasyprint.text.line_break.first_line_metrics": "55ec5d0b58b29a8b",
    "weasyprint.text.line_break.strut": "b57885b70dd08efe",
    "weasyprint.draw.text.draw_text": "ebaf96239c6ca363",
    "weasyprint.draw.text.draw_first_line": "1bb8eae6d88e71b1",
}

# A line that would need wider gaps than this part of the em stays ragged: it was cut short by
# something that cannot break, and stretched it would be harder to read.
WIDEST_GAP = 0.5

SPACES = " \u00a0"

# Pairs that form one sign and are never pulled apart: the long dash and the ellipsis.
JOINED = ("——", "……", "──", "⸺⸺")


class WrongEngine(RuntimeError):
    """The installed WeasyPrint is not the one that this extension was written for."""


# Scripts that run from right to left, and the signs that turn the direction of others.
RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\u200f\u202a-\u202e\u2066-\u2069"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)

# “ ” ‘ ’ — … · and their like are full width in Chinese faces.
FULL_WIDTH_SIGNS = "“”‘’—…·─①②③④⑤⑥⑦⑧⑨⑩※→×℃"
CHINESE = re.compile(f"[{FULL_WIDTH_SIGNS}\u2e80-\ud7ff\uf900-\ufaff\ufe30-\uffe6\U00020000-\U0003ffff]")


def _is_chinese(character: str) -> bool:
    """Tell whether space may be added beside a character: ideographs and full-width signs."""
    if ord(character) < 0x2E80:
        return character in FULL_WIDTH_SIGNS
    return unicodedata.east_asian_width(character) in ("W", "F")


@lru_cache(maxsize=1 << 16)
def opens_gap(left: str, right: str) -> bool:
    """Tell whether a line may be widened between two neighbouring characters."""
    if left in SPACES:
        return True
    if right in SPACES or unicodedata.combining(right):
        return False
    if left + right in JOINED:
        return False
    return _is_chinese(left) or _is_chinese(right)


def gap_ends(text: str) -> set[int]:
    """Return the places, in bytes of UTF-8, at which a line may be widened: ends of characters."""
    ends = set()
    place = 0
    for left, right in pairwise(text):
        place += 3 if "\u0800" <= left <= "\uffff" else len(left.encode("utf-8", "surrogatepass"))
        if opens_gap(left, right):
            ends.add(place)
    return ends


def runs_right_to_left(text: str) -> bool:
    """Tell whether a text has signs of a right-to-left script."""
    return RIGHT_TO_LEFT.search(text) is not None


def text_boxes(box, boxes):
    """Yield the line's leaves in reading order: text boxes, and None for anything else."""
    for child in box.children:
        if not child.is_in_normal_flow():
            continue
        if isinstance(child, boxes.TextBox):
            yield child
        elif isinstance(child, (boxes.LineBox, boxes.InlineBox)):
            yield from text_boxes(child, boxes)
        else:
            yield None


def make_justify_line(boxes, original):
    """Return the replacement of WeasyPrint's `justify_line`."""

    def justify_line(context, line, extra_width):
        leaves = list(text_boxes(line, boxes))
        texts = [leaf for leaf in leaves if leaf is not None]
        whole = "".join(leaf.text for leaf in texts)
        if line.style["direction"] == "rtl" or not CHINESE.search(whole) or runs_right_to_left(whole):
            original(context, line, extra_width)
            return
        gaps = []
        total = 0
        for leaf, after in zip_longest(leaves, leaves[1:]):
            if leaf is None:
                continue
            ends = gap_ends(leaf.text)
            if after is not None and leaf.text and after.text and opens_gap(leaf.text[-1], after.text[0]):
                ends.add(len(leaf.text.encode()))
            gaps.append((leaf, ends))
            total += len(ends)
        if not total or extra_width / total > WIDEST_GAP * line.style["font_size"]:
            return
        gap = extra_width / total
        growth = {}
        for leaf, ends in gaps:
            growth[leaf] = len(ends) * gap
            leaf.pango_layout.portal_gap = gap
            leaf.pango_layout.portal_ends = ends
        widen(line, growth, 0, boxes)

    return justify_line


def widen(box, growth, shift, boxes):
    """Move a line's boxes right by what grew before them; return the shift after this box."""
    if isinstance(box, boxes.TextBox):
        box.position_x += shift
        box.width += growth.get(box, 0)
        return shift + growth.get(box, 0)
    if isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        box.position_x += shift
        before = shift
        for child in box.children:
            if child.is_in_normal_flow():
                shift = widen(child, growth, shift, boxes)
        box.width += shift - before
        return shift
    box.translate(shift, 0)
    return shift


def widen_glyphs(layout, ffi, to_units):
    """Add the gap to the glyphs of a layout that is about to be drawn.

    The line that Pango hands out is the one it keeps, so the drawing code reads these widths. It
    writes int(1000 + shift - width) between a full-width glyph and the next, in thousandths of
    the em; widths are put on that grid here, carrying the rest along, so that the last glyph ends
    where it should. The width of other glyphs is not known here, so they only get their share.
    """
    ends = layout.portal_ends
    unit = layout.style["font_size"] * to_units / 1000  # Pango units in a thousandth of the em
    gap = layout.portal_gap * to_units / unit
    least, most = 960 * unit, 1040 * unit
    line, _ = layout.get_first_line()
    run = line.runs[0]
    owed = 0.0
    while run != ffi.NULL:
        item = run.data
        run = run.next
        start = item.item.offset
        string = item.glyphs
        count = string.num_glyphs
        glyphs = string.glyphs
        clusters = ffi.unpack(string.log_clusters, count)
        clusters.append(item.item.length)
        for number in range(count):
            geometry = glyphs[number].geometry
            width = geometry.width
            wanted = width / unit + owed
            # Only the last glyph of a cluster can stand in front of a gap.
            if start + clusters[number + 1] in ends and clusters[number + 1] > clusters[number]:
                wanted += gap
            if least < width < most:
                natural = 1000 + geometry.x_offset * 1.024 / unit
                kerning = round(natural - wanted)
                owed = wanted - natural + kerning
                # One unit beyond, so that cutting towards zero gives this number, not its neighbour.
                width = (natural - kerning) * unit
                geometry.width = floor(width) if kerning > 0 else ceil(width)
            else:
                owed = 0.0
                geometry.width = round(wanted * unit)


def install() -> None:
    """Put the extension into WeasyPrint. WrongEngine when it is not the expected one."""
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout import inline
    from weasyprint.text import line_break
    from weasyprint.text.ffi import TO_UNITS, ffi, pango

    if getattr(inline.justify_line, "portal", False):
        return
    check_engine()

    justify_line = make_justify_line(boxes, inline.justify_line)
    justify_line.portal = True
    inline.justify_line = justify_line

    first_reactivate = line_break.Layout.reactivate

    def reactivate(self, style):
        first_reactivate(self, style)
        if getattr(self, "portal_gap", 0):
            # Drawing sets this too; set for the first time it would throw the widened line away.
            pango.pango_layout_set_single_paragraph_mode(self.layout, True)
            widen_glyphs(self, ffi, TO_UNITS)

    line_break.Layout.reactivate = reactivate

    first_split = inline.split_text_box

    def split_text_box(context, box, available_width, skip, is_line_start=True):
        new_box, resume_index, preserved = first_split(context, box, available_width, skip, is_line_start)
        if new_box is not None:
            new_box.baseline = line_break.strut(new_box.style)[1]
        return new_box, resume_index, preserved

    inline.split_text_box = split_text_box


def check_engine(version: str = WEASYPRINT_VERSION, sources: dict[str, str] = EXPECTED_SOURCE) -> None:
    """Compare WeasyPrint's version and the source of the functions built on with the expected."""
    import weasyprint

    if weasyprint.__version__ != version:
        raise WrongEngine(f"documents need WeasyPrint {version}, found {weasyprint.__version__}")
    check_sources(sources)


def check_sources(sources: dict[str, str]) -> None:
    """Compare the source of functions and classes with the digests that are expected of them."""
    found = source_digests(sources)
    changed = [name for name, digest in found.items() if sources[name] != digest]
    if changed:
        raise WrongEngine(f"WeasyPrint was changed in {', '.join(changed)}")


def source_digests(names: Iterable[str] = EXPECTED_SOURCE) -> dict[str, str]:
    """Return the digest of each function's source in the installed WeasyPrint."""
    from importlib import import_module

    digests = {}
    for name in names:
        module, _, attribute = name.rpartition(".")
        function = getattr(import_module(module), attribute)
        source = inspect.getsource(getattr(function, "__wrapped__", function))
        digests[name] = hashlib.sha256(source.encode()).hexdigest()[:16]
    return digests
