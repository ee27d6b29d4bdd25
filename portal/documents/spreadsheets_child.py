"""Parse one workbook from standard input and write its cells to standard output as JSON.

Run by `spreadsheets.read_workbook` as a process of its own, by file name and without the portal's
packages, so that a hostile file meets limits of memory and time and nothing else. Exit status 3 means
that the file is broken; a limit that is hit ends the process with another status.
"""

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta

MEMORY = 1024 * 1024 * 1024
BROKEN = 3


def main() -> None:
    """Read, parse, answer."""
    limits = json.loads(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    data = sys.stdin.buffer.read()
    try:
        answer = parsed(data, limits)
    except MemoryError:
        sys.exit(4)
    except BaseException as fault:  # a panic of the parser is no Exception; any of them means: broken
        if type(fault).__name__ != "PasswordError":
            sys.exit(BROKEN)
        answer = problem("encrypted")
    json.dump(answer, sys.stdout, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def problem(code: str, **params: object) -> dict:
    """The answer for a workbook that exceeds a limit."""
    return {"problem": code, "params": params}


def parsed(data: bytes, limits: dict) -> dict:
    """All sheets with their cells and merged ranges, or the first limit that is exceeded."""
    import python_calamine  # after the limits are set

    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    pages = [page for page in workbook.sheets_metadata if page.typ is python_calamine.SheetTypeEnum.WorkSheet]
    if len(pages) > limits["sheets"]:
        return problem("too_many_sheets", count=len(pages), limit=limits["sheets"])
    sheets = []
    cells = text = 0
    for page in pages:
        sheet = workbook.get_sheet_by_name(page.name)
        height, width = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
        if height > limits["rows"]:
            return problem("too_many_rows", sheet=page.name, count=height, limit=limits["rows"])
        if width > limits["columns"]:
            return problem("too_many_columns", sheet=page.name, count=width, limit=limits["columns"])
        cells += height * width
        if cells > limits["cells"]:
            return problem("too_many_cells", limit=limits["cells"])
        rows = sheet.to_python(skip_empty_area=False) if height else []
        # One long text that many cells share is small in the file and huge here.
        text += sum(len(cell) for row in rows for cell in row if isinstance(cell, str))
        if text > limits["text"]:
            return problem("too_much_text", limit=limits["text"])
        sheets.append(
            {
                "name": page.name,
                "visible": page.visible is python_calamine.SheetVisibleEnum.Visible,
                "rows": [[value(cell) for cell in row] for row in rows],
                "merged": sheet.merged_cell_ranges or [],
            }
        )
    return {"sheets": sheets}


def value(cell: object) -> object:
    """A cell as JSON: dates as ["date", ISO], times of day and durations as text, whole floats as int."""
    if isinstance(cell, float):
        if cell != cell or cell in (float("inf"), float("-inf")):
            return ""
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
    if isinstance(cell, datetime):
        if cell.time() == time():
            return ["date", cell.date().isoformat()]
        return ["datetime", cell.isoformat()]
    if isinstance(cell, date):
        return ["date", cell.isoformat()]
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02d}"
    if isinstance(cell, str):
        # A lone surrogate cannot be stored or shown.
        return cell.encode("utf-8", "replace").decode("utf-8")
    return cell


if __name__ == "__main__":
    main()
