"""The dossier of a joint activity as one archive: its facts and lists as workbooks, and its files by kind."""

import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.documents.tables import table_workbook
from portal.domain.files import MEGABYTE, clean_name, distinct_names

#: The files of one dossier; an activity of a day has a few dozen megabytes.
MOST_BYTES = 400 * MEGABYTE
_BLOCK = 256 * 1024


@dataclass(frozen=True)
class Table:
    """A list that becomes a workbook."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence]


def dossier_zip(
    title: str, tables: Iterable[Table], texts: dict[str, str], stored: Iterable[tuple[str, str, Path]]
) -> Iterator[bytes]:
    """The archive in blocks. ``stored`` are (folder, name, path) of files; two of one name get numbers.

    It is written to a temporary file first, so it takes no memory, and a missing file fails before anything is sent.
    """
    root = clean_name(title)[:60].strip(". ")
    out = tempfile.TemporaryFile()  # noqa: SIM115  (closed by the generator below)
    try:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            for table in tables:
                packed.writestr(
                    f"{root}/{table.name}.xlsx", table_workbook(table.name, table.columns, table.rows)
                )
            for name, text in texts.items():
                packed.writestr(f"{root}/{name}.txt", text.replace("\n", "\r\n").encode("utf-8-sig"))
            entries = list(stored)
            names = distinct_names(f"{folder}/{clean_name(name)}" for folder, name, _path in entries)
            for (_folder, _name, path), name in zip(entries, names, strict=True):
                packed.write(
                    path, f"{root}/{name}", zipfile.ZIP_STORED
                )  # photos and papers are packed already
    except BaseException:
        out.close()
        raise
    return _blocks(out)


def _blocks(out) -> Iterator[bytes]:
    with out:
        out.seek(0)
        while block := out.read(_BLOCK):
            yield block
