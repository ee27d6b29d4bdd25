"""What may be attached: kinds of files, limits, clean names. What a file holds is looked at in ``documents``."""

import re
import unicodedata
from dataclasses import dataclass

from portal.domain.words import N_, Message, message

MEGABYTE = 1024 * 1024
#: The largest single file. Pictures are made smaller when they are kept.
LARGEST = 20 * MEGABYTE
#: The largest form with files, and how many files it may bring.
LARGEST_FORM = 64 * MEGABYTE
MOST_AT_ONCE = 20
LONGEST_NAME = 120

_OFFICE = "application/vnd.openxmlformats-officedocument."
#: Ending -> (media type, how it is looked at). ``jpeg``, ``png`` and ``webp`` are pictures.
TYPES: dict[str, tuple[str, str]] = {
    "jpg": ("image/jpeg", "jpeg"),
    "jpeg": ("image/jpeg", "jpeg"),
    "png": ("image/png", "png"),
    "webp": ("image/webp", "webp"),
    "pdf": ("application/pdf", "pdf"),
    "docx": (_OFFICE + "wordprocessingml.document", "word"),
    "xlsx": (_OFFICE + "spreadsheetml.sheet", "excel"),
    "pptx": (_OFFICE + "presentationml.presentation", "slides"),
    "doc": ("application/msword", "ole"),
    "xls": ("application/vnd.ms-excel", "ole"),
    "ppt": ("application/vnd.ms-powerpoint", "ole"),
    "wps": ("application/vnd.ms-works", "ole"),
    "txt": ("text/plain", "text"),
    "csv": ("text/csv", "text"),
}
PICTURES = ("jpeg", "png", "webp")
#: The ``accept`` of a file field.
ACCEPT = ",".join(f".{ending}" for ending in TYPES)

# Directions, blanks of no width and other format characters can make a name read as another one.
_UNWANTED = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_FORBIDDEN = re.compile(r'[<>:"|?*]')


class UploadProblem(Exception):
    """A file that is not kept; ``reason`` is the sentence that says why."""

    def __init__(self, template: str, **params):
        self.reason: Message = message(template, **params)
        super().__init__(str(self.reason))


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept: its clean name, what it is, and the bytes to keep (a picture is made anew)."""

    name: str
    media_type: str
    content: bytes
    width: int | None = None
    height: int | None = None
    small: bytes | None = None


def clean_name(name: str) -> str:
    """The last part of a name, for showing and saving: no folders, control or direction characters, and short."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(ch for ch in name if unicodedata.category(ch) not in _UNWANTED)
    name = " ".join(_FORBIDDEN.sub("_", name).split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:LONGEST_NAME].strip(". ") or "file"
    return f"{stem[: LONGEST_NAME - len(ending) - 1].strip('. ') or 'file'}.{ending}"


def ending_of(name: str) -> str:
    """The ending of a name in small letters, or nothing."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def with_ending(name: str, ending: str) -> str:
    """The name with another ending."""
    return f"{name.rpartition('.')[0] or name}.{ending}"


def distinct_names(names) -> list[str]:
    """Each name once, in the same order; a second one gets a number: ``课件.pdf``, ``课件 (2).pdf``."""
    found: list[str] = []
    used: set[str] = set()
    for name in names:
        stem, dot, ending = name.rpartition(".")
        stem, tail = (stem, dot + ending) if dot else (name, "")
        number, tried = 1, name
        while tried.casefold() in used:
            number += 1
            tried = f"{stem} ({number}){tail}"
        used.add(tried.casefold())
        found.append(tried)
    return found


def size_words(size: int) -> str:
    """A number of bytes as people read it."""
    if size < MEGABYTE:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / MEGABYTE:.1f}".removesuffix(".0") + " MB"


def room_problem(used: int, more: int, limit: int, whose: str) -> UploadProblem | None:
    """The refusal when ``more`` bytes would go over the limit; ``whose`` is ``cluster`` or ``person``."""
    if used + more <= limit:
        return None
    sentence = {
        "cluster": N_("片区的存储空间不够：已用 %(used)s，上限 %(limit)s，请先移除不用的文件或联系管理员"),
        "person": N_("您的存储空间不够：已用 %(used)s，上限 %(limit)s，请先移除不用的文件或联系管理员"),
    }[whose]
    return UploadProblem(sentence, used=size_words(used), limit=size_words(limit))
