"""Tables of cells, as a spreadsheet shows them, without knowing any file format.

`portal.documents.spreadsheets` makes them from files; the roster and the timetable read them.
Rows and columns are counted from 0 here; people see `cell_name`.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from portal.domain.words import Message

Cell = str | int | float | bool | date | datetime | None

# Private-use code points that the two-byte area of GB18030-2000 gave to characters which have had
# their own since 2005 (GB18030-2022, table of changed mappings); old office programs still write them.
GB18030_CHANGES = str.maketrans(
    "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864",
    "\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb",
)

_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPACE = re.compile(r"\s+")
_SPACE_BESIDE_WIDE = re.compile(r"(?<=[^\x00-\u02ff])\s+|\s+(?=[^\x00-\u02ff])")


class WorkbookProblem(Exception):
    """A file that cannot be read as a workbook: a code for programs, a sentence for people."""

    def __init__(self, code: str, reason: Message) -> None:
        super().__init__(str(reason))
        self.code = code
        self.reason = reason


@dataclass(frozen=True)
class Sheet:
    """One sheet from its cell A1 on; every row has the same length.

    A merged range holds its value in each of its cells, as a reader sees it; `filled` tells those
    cells from cells that were really written: (row, column) -> (row, column) of the origin.
    """

    name: str
    rows: list[list[Cell]]
    filled: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    visible: bool = True

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def own(self, row: int, column: int) -> Cell:
        """The value written in this very cell; None where a merged range merely covers it."""
        return None if (row, column) in self.filled else self.rows[row][column]

    def down(self, row: int, column: int) -> Cell:
        """The value of a cell in a table's body: merged cells count downwards, not sideways."""
        origin = self.filled.get((row, column))
        return None if origin and origin[1] != column else self.rows[row][column]


@dataclass(frozen=True)
class Workbook:
    """The sheets of a file in their order; `kind` is 'xlsx', 'xls' or 'csv'."""

    filename: str
    kind: str
    sheets: tuple[Sheet, ...]


def column_letters(column: int) -> str:
    """0 -> 'A', 25 -> 'Z', 26 -> 'AA'."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """(6, 3) -> 'D7', as the spreadsheet program names it."""
    return f"{column_letters(column)}{row + 1}"


def is_blank(cell: Cell) -> bool:
    """Whether a cell holds nothing that a person can see."""
    return cell is None or (isinstance(cell, str) and not _INVISIBLE.sub("", cell).strip())


def cell_text(cell: Cell) -> str:
    """What the cell says, as one line of text with its characters unchanged.

    Spaces beside Chinese characters go (张　三 is 张三), others shrink to one. Dates are written
    2016-09-01; a whole number has no decimal point.
    """
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.isalnum():
        return cell  # nothing in it to tidy, as in most cells
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != cell.min.time() else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    text = _SPACE.sub(" ", _INVISIBLE.sub("", str(cell))).strip()
    return _SPACE_BESIDE_WIDE.sub("", text)


def plain(cell: Cell) -> str:
    """`cell_text` for comparing: full-width forms made narrow, no spaces, small letters."""
    text = cell_text(cell)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return "".join(text.split()).lower()
