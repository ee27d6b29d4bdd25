"""Looking into a file that somebody attaches: is it what its name says, and is it harmless to keep (promise 25).

A picture is drawn anew by a process of its own, so nothing of the file that came in remains but its pixels.
"""

import io
import json
import zipfile
from pathlib import Path

from portal.documents.untrusted import (
    BROKEN_ZIP,
    OLE,
    LimitHit,
    is_protected_office,
    read_in_child,
    unpacks_too_large,
)
from portal.domain.files import (
    LARGEST,
    MEGABYTE,
    PICTURES,
    TYPES,
    CheckedFile,
    UploadProblem,
    clean_name,
    ending_of,
    with_ending,
)
from portal.domain.words import N_

MAX_UNPACKED = 150 * MEGABYTE
MAX_ENTRIES = 3_000
# A photo is decoded at a part of its size; the other formats need all their pixels at once.
PIXELS = {"JPEG": 50_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
LONGEST_SIDE = 2560
SMALL_SIDE = 400
SECONDS = 20

_CHILD = Path(__file__).with_name("pictures_child.py")
_TOO_MANY_PIXELS = 5
_MAIN_PART = {"word": "word/document.xml", "excel": "xl/workbook.xml", "slides": "ppt/presentation.xml"}
_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")


def checked(name: str, data: bytes) -> CheckedFile:
    """What is kept of a file. UploadProblem with the sentence to show when it is not kept.

    Name, first bytes and inside have to agree; a picture with another picture's ending gets its own.
    """
    name = clean_name(name)
    ending = ending_of(name)
    _check_outside(data, ending)
    media_type, look = TYPES[ending]
    if look in PICTURES:
        return _picture(name, data)
    _LOOK[look](data, look)
    return CheckedFile(name, media_type, data)


def _check_outside(data: bytes, ending: str) -> None:
    if not data:
        raise UploadProblem(N_("文件是空的"))
    if len(data) > LARGEST:
        size = f"{len(data) / MEGABYTE:.1f}"
        raise UploadProblem(N_("文件有 %(size)s MB，最多 %(limit)s MB"), size=size, limit=LARGEST // MEGABYTE)
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        raise UploadProblem(N_("这是 HEIC 照片，请在手机里改存为 JPG 再上传"))
    if ending in ("zip", "rar", "7z"):
        raise UploadProblem(N_("不收压缩包：请解开后一次选几个文件上传"))
    if ending in ("docm", "xlsm", "pptm"):
        raise UploadProblem(N_("文件带有宏，请另存为不带宏的格式再上传"))
    if ending not in TYPES:
        raise UploadProblem(N_("不收这种文件：可以上传照片、PDF、Word、Excel、PPT 和文本"))


def _looks_like_markup(data: bytes) -> bool:
    head = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").lower()
    return head.startswith((b"<", b"#!")) or b"<script" in head or b"<svg" in head or b"<html" in head


def _differs() -> UploadProblem:
    return UploadProblem(N_("文件内容和扩展名不符，请用原来的软件另存后再上传"))


def _broken() -> UploadProblem:
    return UploadProblem(N_("文件已损坏，打不开"))


# --- Pictures ---


def _format_of(data: bytes) -> str:
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    raise _differs()


def _picture(name: str, data: bytes) -> CheckedFile:
    form = _format_of(data)
    ending = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}[form]
    limits = {
        "format": form,
        "pixels": PIXELS,
        "side": LONGEST_SIDE,
        "small": SMALL_SIDE,
        "seconds": SECONDS,
    }
    try:
        status, said = read_in_child(_CHILD, limits, data)
    except LimitHit:
        raise _too_large(form) from None
    if status == _TOO_MANY_PIXELS:
        raise _too_large(form)
    if status:
        raise _broken()
    head, _, rest = said.partition(b"\n")
    told = json.loads(head)
    picture, small = rest[: told["bytes"]], rest[told["bytes"] :]
    if TYPES[ending_of(name)][1] != form.lower():
        name = with_ending(name, ending)
    return CheckedFile(name, TYPES[ending][0], picture, told["width"], told["height"], small)


def _too_large(form: str) -> UploadProblem:
    return UploadProblem(N_("照片太大：最多 %(limit)s 万像素，请缩小后再上传"), limit=PIXELS[form] // 10_000)


# --- Documents ---


def _pdf(data: bytes, _look: str) -> None:
    if not data.startswith(b"%PDF-"):
        raise _differs()
    if b"%%EOF" not in data[-2048:]:
        raise _broken()
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise _differs()  # two files in one: another program would read something else


def _old_office(data: bytes, _look: str) -> None:
    if not data.startswith(OLE):
        raise _differs()
    if is_protected_office(data):
        raise UploadProblem(N_("文件有密码，请取消密码后再上传"))


def _text(data: bytes, _look: str) -> None:
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text or _looks_like_markup(text[:4096].encode("utf-8", "replace")):
            raise _differs()
        return
    raise _differs()


def _packed(data: bytes, look: str) -> None:
    """A zip-based document: its parts are unpacked once, within limits, and thrown away."""
    if data.startswith(OLE):
        _old_office(data, look)  # a protected docx is such a container
        raise _differs()
    if not data.startswith(b"PK\x03\x04"):
        raise _differs()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries, look)
            _unpack(archive, entries)
    except BROKEN_ZIP as error:
        raise _broken() from error


def _check_entries(entries, look: str) -> None:
    names = {entry.filename.replace("\\", "/").lower() for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise UploadProblem(N_("文件有密码，请取消密码后再上传"))
    if unpacks_too_large(entries, most=MAX_ENTRIES, size=MAX_UNPACKED):
        raise UploadProblem(N_("文件展开后太大，不能保存"))
    if any(name.startswith("/") or ".." in name.split("/") for name in names) or len(names) != len(entries):
        raise _broken()
    if _MAIN_PART[look] not in names or "[content_types].xml" not in names:
        raise _differs()
    if any(name.endswith("vbaproject.bin") for name in names):
        raise UploadProblem(N_("文件带有宏，请另存为不带宏的格式再上传"))


def _unpack(archive: zipfile.ZipFile, entries) -> None:
    """Read every part to its end: sizes and checksums have to be what the list says."""
    left = MAX_UNPACKED
    for entry in entries:
        with archive.open(entry) as part:
            while block := part.read(MEGABYTE):
                left -= len(block)
                if left < 0:
                    raise UploadProblem(N_("文件展开后太大，不能保存"))


_LOOK = {
    "pdf": _pdf,
    "ole": _old_office,
    "text": _text,
    "word": _packed,
    "excel": _packed,
    "slides": _packed,
}
