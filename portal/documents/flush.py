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
import unicodedata
from functools import lru_cache
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


@lru_cache(maxsize=20_000)
def _is_chinese(character: str) -> bool:
    """Tell whether space may be added beside a character: ideographs and full-width signs."""
    code = ord(character)
    if code < 0x2E80:
        # “ ” ‘ ’ — … · and their like are full width in Chinese faces.
        return character in "“”‘’—…·─①②③④⑤⑥⑦⑧⑨⑩※→×℃"
    return unicodedata.east_asian_width(character) in ("W", "F")


def opens_gap(left: str, right: str) -> bool:
    """Tell whether a line may be widened between two neighbouring characters."""
    if left in SPACES:
        return True
    if right in SPACES or unicodedata.combining(right):
        return False
    if left + right in JOINED:
        return False
    return _is_chinese(left) or _is_chinese(right)


def gap_places(text: str) -> list[int]:
    """Return the indexes of the characters of a text after which the line may be widened."""
    return [index for index in range(len(text) - 1) if opens_gap(text[index], text[index + 1])]


def runs_right_to_left(text: str) -> bool:
    """Tell whether a text has characters of a right-to-left script."""
    return not text.isascii() and any(
        unicodedata.bidirectional(character) in ("R", "AL", "AN", "RLE", "RLO", "RLI")
        for character in text
        if ord(character) > 0x590
    )


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
        if (
            line.style["direction"] == "rtl"
            or not any(_is_chinese(character) for character in whole)
            or runs_right_to_left(whole)
        ):
            original(context, line, extra_width)
            return
        gaps = []
        total = 0
        for index, leaf in enumerate(leaves):
            if leaf is None:
                continue
            inside = len(gap_places(leaf.text))
            after = leaves[index + 1] if index + 1 < len(leaves) else None
            joint = bool(
                after is not None and leaf.text and after.text and opens_gap(leaf.text[-1], after.text[0])
            )
            gaps.append((leaf, inside + joint, joint))
            total += inside + joint
        if not total or extra_width / total > WIDEST_GAP * line.style["font_size"]:
            return
        gap = extra_width / total
        growth = {}
        for leaf, count, joint in gaps:
            growth[leaf] = count * gap
            leaf.pango_layout.portal_gap = gap
            leaf.pango_layout.portal_joint = joint
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


def widen_glyphs(layout, pango_null, to_units):
    """Add the gap to the glyphs of a layout that is about to be drawn.

    The line that Pango hands out is the one it keeps, so the drawing code reads these widths.
    It cuts each shift down to a whole thousandth of the em; the places of full-width glyphs are
    put on that grid here, carrying the rest along, so that the last one ends where it should.
    """
    text = layout.text
    places = set(gap_places(text))
    if layout.portal_joint:
        places.add(len(text) - 1)
    unit = layout.style["font_size"] * to_units / 1000  # Pango units in a thousandth of the em
    gap = layout.portal_gap * to_units / unit
    index_at = {}
    offset = 0
    for index, character in enumerate(text):
        index_at[offset] = index
        offset += len(character.encode())
    line, _ = layout.get_first_line()
    run = line.runs[0]
    owed = 0.0
    while run != pango_null:
        item = run.data
        run = run.next
        start, length = item.item.offset, item.item.length
        count = item.glyphs.num_glyphs
        glyphs, clusters = item.glyphs.glyphs, item.glyphs.log_clusters
        for number in range(count):
            geometry = glyphs[number].geometry
            # Only the last glyph of a cluster can stand in front of a gap.
            end = clusters[number + 1] if number + 1 < count else length
            opened = end > clusters[number] and index_at.get(start + end, len(text)) - 1 in places
            wanted = geometry.width / unit + owed + (gap if opened else 0)
            geometry.width, owed = on_the_grid(wanted, geometry, unit)


def on_the_grid(wanted, geometry, unit):
    """Return a glyph's width in Pango units and what is left over, in thousandths of the em."""
    if not 960 < geometry.width / unit < 1040:
        # Not a full-width glyph: its own width is not known here, so it only gets its share.
        return round(wanted * unit), 0.0
    # The drawing code writes int(1000 + shift - width) between this glyph and the next.
    shift = geometry.x_offset * 1.024 / unit
    kerning = round(1000 + shift - wanted)
    width = (1000 + shift - kerning) * unit
    # One unit beyond, so that cutting towards zero gives this number and not its neighbour.
    return (floor(width) if kerning > 0 else ceil(width)), wanted - (1000 + shift - kerning)


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
            widen_glyphs(self, ffi.NULL, TO_UNITS)

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
    changed = [name for name, digest in source_digests().items() if sources[name] != digest]
    if changed:
        raise WrongEngine(f"WeasyPrint was changed in {', '.join(changed)}")


def source_digests() -> dict[str, str]:
    """Return the digest of each function's source in the installed WeasyPrint."""
    from importlib import import_module

    digests = {}
    for name in EXPECTED_SOURCE:
        module, _, attribute = name.rpartition(".")
        function = getattr(import_module(module), attribute)
        source = inspect.getsource(getattr(function, "__wrapped__", function))
        digests[name] = hashlib.sha256(source.encode()).hexdigest()[:16]
    return digests
