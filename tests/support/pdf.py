"""Reads a PDF as it is drawn: every run of text with its place, its face and its signs."""

import re
from dataclasses import dataclass
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import ContentStream

IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True)
class Run:
    """Signs that were drawn with one face in one go; x and y in points from the page's lower left."""

    page: int
    left: float
    right: float
    y: float
    size: float
    face: str
    text: str
    has_missing: bool


@dataclass(frozen=True)
class Line:
    """What stands on one base line of a page."""

    page: int
    y: float
    left: float
    right: float
    text: str
    runs: tuple[Run, ...]


class Face:
    """A font of a page: the width and the text of each glyph, and whether its file is embedded."""

    def __init__(self, font) -> None:
        descendant = font["/DescendantFonts"][0].get_object()
        descriptor = descendant["/FontDescriptor"].get_object()
        self.name = str(font["/BaseFont"]).lstrip("/").split("+")[-1]
        self.embedded = any(key in descriptor for key in ("/FontFile2", "/FontFile3"))
        self.widths: dict[int, float] = {}
        entries = [entry.get_object() for entry in descendant["/W"]]
        while entries:
            first, widths = int(entries.pop(0)), entries.pop(0)
            for offset, width in enumerate(widths):
                self.widths[first + offset] = float(width)
        self.texts = {}
        table = font["/ToUnicode"].get_object().get_data().decode("latin-1")
        for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S):
            for glyph, text in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>", block):
                self.texts[int(glyph, 16)] = bytes.fromhex(text).decode("utf-16-be")


def multiply(a, b):
    """The matrix that applies a first, then b."""
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


def read(pdf: bytes) -> PdfReader:
    """The reader of a PDF."""
    return PdfReader(BytesIO(pdf))


def faces_of(reader: PdfReader) -> dict[str, Face]:
    """Name -> face, of all pages and of the drawings on them."""
    found = {}

    def look(resources):
        for key, font in (resources.get("/Font") or {}).items():
            found[key] = Face(font.get_object())
        for drawing in (resources.get("/XObject") or {}).values():
            inner = drawing.get_object()
            if "/Resources" in inner:
                look(inner["/Resources"].get_object())

    for page in reader.pages:
        look(page["/Resources"].get_object())
    return {face.name: face for face in found.values()}


def runs_of(reader: PdfReader) -> list[Run]:
    """Every run of text of the pages themselves, in drawing order."""
    found = []
    for number, page in enumerate(reader.pages, 1):
        fonts = page["/Resources"].get_object().get("/Font") or {}
        faces = {key: Face(font.get_object()) for key, font in fonts.items()}
        found += _page_runs(number, ContentStream(page.get_contents(), reader), faces)
    return found


def _page_runs(number: int, stream: ContentStream, faces: dict[str, Face]) -> list[Run]:
    found, stack = [], []
    matrix, text_matrix, face, size = IDENTITY, IDENTITY, None, 0.0
    for operands, operator in stream.operations:
        if operator == b"q":
            stack.append(matrix)
        elif operator == b"Q":
            matrix = stack.pop()
        elif operator == b"cm":
            matrix = multiply(tuple(map(float, operands)), matrix)
        elif operator == b"Tm":
            text_matrix = tuple(map(float, operands))
        elif operator == b"Tf":
            face, size = faces[operands[0]], float(operands[1])
        elif operator == b"TJ":
            advance, text, missing = 0.0, "", False
            for piece in operands[0]:
                if isinstance(piece, int | float):
                    advance -= float(piece) / 1000 * size
                    continue
                raw = piece.original_bytes
                for index in range(0, len(raw), 2):
                    glyph = int.from_bytes(raw[index : index + 2], "big")
                    advance += face.widths.get(glyph, 0) / 1000 * size
                    text += face.texts.get(glyph, "")
                    missing = missing or glyph == 0 or glyph not in face.texts
            whole = multiply(text_matrix, matrix)
            text_matrix = multiply((1, 0, 0, 1, advance, 0), text_matrix)
            left, y = whole[4], whole[5]
            found.append(
                Run(
                    number,
                    left,
                    left + advance * whole[0],
                    y,
                    size * abs(whole[3]),
                    face.name,
                    text,
                    missing,
                )
            )
    return found


def lines_of(reader: PdfReader) -> list[Line]:
    """The lines of all pages, from top to bottom, each from left to right."""
    lines = {}
    for run in runs_of(reader):
        lines.setdefault((run.page, round(run.y, 1)), []).append(run)
    found = []
    for (page, y), runs in sorted(lines.items(), key=lambda item: (item[0][0], -item[0][1])):
        runs.sort(key=lambda run: run.left)
        text = "".join(run.text for run in runs)
        found.append(Line(page, y, runs[0].left, max(run.right for run in runs), text, tuple(runs)))
    return found
