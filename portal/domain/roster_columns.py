"""Where a roster's table begins and what its columns mean.

Offices put titles above the header, spread it over two or three rows and use their own words, so the
header is the row (or rows) in which the most columns are understood. Every decision can be overruled.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from portal.domain.roster_fields import IGNORE, Field, SheetKind
from portal.domain.roster_problems import masked, without_numbers
from portal.domain.roster_sheets import KIND, KINDS
from portal.domain.roster_values import says_nothing
from portal.domain.sheets import Cell, Sheet, cell_text, column_letters, is_blank, plain

HEADER_WITHIN = 30
HEADER_DEPTH = 3
LONGEST_HEADER = 40
SAMPLES = 3

_SERIAL = frozenset(("序号", "序", "行号", "顺序号", "no", "no.", "#", "编号"))
_HINT = re.compile(r"[(\[【].*?[)\]】]")
_MARKS = re.compile(r"[*:_\s'\"#、.]")
_VALUE_PATTERNS = (
    ("sex", re.compile("[男女]")),
    ("identity_no", re.compile(r"\d{17}[\dx]", re.ASCII)),
    ("phone", re.compile(r"1[3-9]\d{9}", re.ASCII)),
)


@dataclass(frozen=True)
class SheetChoice:
    """What the user decided for a sheet; anything left out is found by meaning.

    `kind` is a key of `KIND` or 'ignore'; `header_row` counts from 1 and is the header's last row;
    `columns` maps a column's index (from 0) to a field's key or 'ignore'.
    """

    kind: str | None = None
    header_row: int | None = None
    columns: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """One column of a table and how sure its meaning is.

    `how` is exact, synonym, pattern, values, user, serial, duplicate (of the column `same_as`) or unknown.
    `confidence` is 0 to 1.
    """

    index: int
    header: str
    field: str | None
    how: str
    confidence: float = 0.0
    samples: tuple[str, ...] = ()
    same_as: int | None = None

    @property
    def letters(self) -> str:
        """The column as the spreadsheet names it."""
        return column_letters(self.index)

    @property
    def is_kept(self) -> bool:
        """Whether its values go along as they are, because nobody knows what they mean."""
        return self.how in ("unknown", "duplicate")


@dataclass(frozen=True)
class Layout:
    """A table found in a sheet: `first` and `last` are the header's rows from 0, data begins after it."""

    kind: SheetKind
    first: int
    last: int
    columns: tuple[Column, ...]

    @property
    def of(self) -> dict[str, int]:
        """field key -> column index."""
        return {column.field: column.index for column in self.columns if column.field}


def find_layout(sheet: Sheet, choice: SheetChoice) -> Layout | None:
    """The table of a sheet, or None when it holds none that is understood."""
    if choice.kind == IGNORE:
        return None
    if choice.kind in KIND:
        candidates: Sequence[SheetKind] = (KIND[choice.kind],)
    else:
        name = _header(sheet.name)
        named = [kind for kind in KINDS if name in kind.names]
        candidates = named or KINDS
        if named and (found := _best(sheet, named, choice)):
            return found
        candidates = KINDS
    return _best(sheet, candidates, choice)


def _best(sheet: Sheet, kinds: Sequence[SheetKind], choice: SheetChoice) -> Layout | None:
    """The layout that understands most columns; of equals the first and shallowest."""
    best: tuple[float, Layout] | None = None
    for last in _header_rows(sheet, choice):
        for depth in range(1, min(HEADER_DEPTH, last + 1) + 1):
            first = last - depth + 1
            if depth > 1 and _is_banner(sheet, first):
                break
            headers = [_parts(sheet, first, last, column) for column in range(sheet.width)]
            for kind in kinds:
                columns, score = _match(headers, kind, choice.columns)
                known = {column.field for column in columns if column.field}
                if (
                    not choice.columns
                    and not choice.header_row
                    and (len(known) < 2 or not kind.anchors <= known)
                ):
                    continue
                if best is None or score > best[0] + 1e-9:
                    best = score, Layout(kind, first, last, tuple(columns))
    if best is None:
        return None
    return _with_values(sheet, best[1], choice.columns)


def _header_rows(sheet: Sheet, choice: SheetChoice) -> Sequence[int]:
    if choice.header_row:
        return [min(choice.header_row, len(sheet.rows)) - 1]
    return [row for row in range(min(HEADER_WITHIN, len(sheet.rows))) if _may_be_header(sheet, row)]


def _may_be_header(sheet: Sheet, row: int) -> bool:
    """A row of data has dates, numbers or 男 and 女; a header has several different words."""
    cells = [cell for cell in sheet.rows[row] if not is_blank(cell)]
    if len({plain(_start(cell)) for cell in cells}) < 2:
        return False
    if any(plain(_start(cell)) in ("男", "女") for cell in cells):
        return False
    return sum(not isinstance(cell, str) for cell in cells) * 3 <= len(cells)


def _is_banner(sheet: Sheet, row: int) -> bool:
    """A title or unit row: one text across the sheet."""
    return len({plain(_start(cell)) for cell in sheet.rows[row] if not is_blank(cell)}) <= 1


def _parts(sheet: Sheet, first: int, last: int, column: int) -> tuple[str, ...]:
    """The different texts that stand above each other in the header of one column."""
    texts = (cell_text(_start(sheet.rows[row][column])) for row in range(first, last + 1))
    return tuple(dict.fromkeys(text for text in texts if text))


def _start(cell: Cell) -> Cell:
    """The beginning of a cell: no header is longer, and a hostile one costs no time."""
    return cell[:200] if isinstance(cell, str) else cell


def _header(text: Cell) -> str:
    """A header for comparing: without spaces, marks and hints in brackets."""
    word = plain(_start(text))
    return _MARKS.sub("", _HINT.sub("", word)) or _MARKS.sub("", word)


@lru_cache(maxsize=4096)
def _meanings(kind_key: str, header: str) -> tuple[tuple[str, str, float], ...]:
    """The fields a header may mean: (field, how, confidence)."""
    if not header or len(header) > LONGEST_HEADER:
        return ()
    found = []
    for candidate in KIND[kind_key].fields:
        if header == candidate.header.lower():
            found.append((candidate.key, "exact", 1.0))
        elif header in candidate.synonyms:
            found.append((candidate.key, "synonym", 0.95))
        elif _fits(candidate, header):
            found.append((candidate.key, "pattern", 0.7))
    return tuple(found)


def _fits(candidate: Field, header: str) -> bool:
    if not candidate.pattern or not candidate.pattern.search(header):
        return False
    return not (candidate.never and candidate.never.search(header))


def _match(
    headers: Sequence[tuple[str, ...]], kind: SheetKind, chosen: Mapping[int, str]
) -> tuple[list[Column], float]:
    """A meaning for each column, each field at most once, the surest first; and how much was understood."""
    claims = []
    for index, parts in enumerate(headers):
        if index in chosen or not parts:
            continue
        own, whole = _header(parts[-1]), _header("".join(parts))
        meanings = _meanings(kind.key, own)
        if not meanings and whole != own:
            meanings = tuple((key, how, sure * 0.9) for key, how, sure in _meanings(kind.key, whole))
        claims += [(-sure, index, key, how) for key, how, sure in meanings]
    fields: dict[int, tuple[str | None, str, float]] = {}
    known = {field.key for field in kind.fields}
    for index, key in chosen.items():
        if index < len(headers) and (key == IGNORE or key in known):
            fields[index] = (None if key == IGNORE else key, "user", 1.0)
    taken = {key for key, _, _ in fields.values()}
    claimed: dict[int, str] = {}
    for negative, index, key, how in sorted(claims):
        claimed.setdefault(index, key)
        if index not in fields and key not in taken:
            fields[index] = (key, how, -negative)
            taken.add(key)
    holder = {key: index for index, (key, _, _) in fields.items()}
    columns = []
    for index, parts in enumerate(headers):
        header = " ".join(parts)
        if index in fields:
            key, how, sure = fields[index]
            columns.append(Column(index, header, key, how, sure))
        elif parts and _header(parts[-1]) in _SERIAL:
            columns.append(Column(index, header, None, "serial", 1.0))
        elif index in claimed:
            columns.append(Column(index, header, None, "duplicate", same_as=holder[claimed[index]]))
        else:
            columns.append(Column(index, header, None, "unknown"))
    return columns, sum(sure for key, _, sure in fields.values() if key)


def _with_values(sheet: Sheet, layout: Layout, chosen: Mapping[int, str]) -> Layout:
    """The layout with sample values; unknown columns whose values speak for themselves get a meaning.

    Columns without header and without values are left out.
    """
    taken = set(layout.of)
    known = {field.key for field in layout.kind.fields}
    columns = []
    for column in layout.columns:
        cells = _first_cells(sheet, layout.last + 1, column.index)
        if not cells and not column.header:
            continue
        key, how, sure = column.field, column.how, column.confidence
        if how == "unknown" and column.index not in chosen and len(cells) >= 3:
            texts = [plain(cell) for cell in cells]
            for candidate, pattern in _VALUE_PATTERNS:
                fitting = sum(bool(pattern.fullmatch(text)) for text in texts)
                if candidate in known - taken and fitting >= 0.8 * len(texts):
                    key, how, sure = candidate, "values", 0.5
                    taken.add(candidate)
                    break
        texts = [cell_text(cell)[:30] for cell in cells if not says_nothing(cell)][:SAMPLES]
        hide = key is not None and layout.kind.field(key).sensitive
        samples = tuple(masked(text) if hide else without_numbers(text) for text in texts)
        columns.append(replace(column, field=key, how=how, confidence=sure, samples=samples))
    return Layout(layout.kind, layout.first, layout.last, tuple(columns))


def _first_cells(sheet: Sheet, start: int, column: int) -> list[Cell]:
    """The first cells of a column's body that were really written."""
    cells = []
    for row in range(start, min(len(sheet.rows), start + 40)):
        cell = sheet.own(row, column)
        if not is_blank(cell):
            cells.append(cell)
    return cells
