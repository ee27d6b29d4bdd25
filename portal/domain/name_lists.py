"""Pasted lists of names: one a line, or parted by commas, tabs or 顿号; 姓名 or 姓名（学校）."""

import re
from dataclasses import dataclass

_PARTS = re.compile(r"[\n\t,，;；、]+")
_NAME = re.compile(r"^(?P<name>[^（(）)]+)(?:[（(](?P<school>[^）)]+)[）)])?$")


@dataclass(frozen=True)
class Named:
    """One entry of a list as it was written, with the name and the school that it means.

    ``name`` is empty where the entry reads like no name.
    """

    line: str
    name: str
    school: str


def read_names(text: str) -> list[Named]:
    """The entries of a pasted list in their order, each once; blanks inside a name do not count."""
    found = {}
    for line in (part.strip() for part in _PARTS.split(text)):
        if line and line not in found:
            match = _NAME.match(line.replace(" ", "").replace("\u3000", ""))
            found[line] = Named(
                line, match["name"] if match else "", (match["school"] or "") if match else ""
            )
    return list(found.values())
