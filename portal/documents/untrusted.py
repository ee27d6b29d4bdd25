"""Limits that every file of a stranger meets: what it may unpack to, and a process of its own to read it in."""

import json
import signal
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from zipfile import BadZipFile, ZipInfo
from zlib import error as ZlibError

#: The first bytes of the old office formats, and of a protected new one.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: What reading a broken archive may raise.
BROKEN_ZIP = (
    BadZipFile,
    ValueError,
    OSError,
    EOFError,
    NotImplementedError,
    IndexError,
    RuntimeError,
    ZlibError,
)
MAX_RATIO = 200
RATIO_FROM = 1024 * 1024
# Out of memory by its own word, aborted, out of CPU time, killed.
_LIMIT_HIT = (4, -signal.SIGABRT, -signal.SIGXCPU, -signal.SIGKILL)


class LimitHit(Exception):
    """The file needed more memory or time than it is given."""


def is_protected_office(data: bytes) -> bool:
    """Whether a container of the old kind holds an encrypted document of the new one."""
    return "EncryptedPackage".encode("utf-16-le") in data


def unpacks_too_large(entries: Collection[ZipInfo], *, most: int, size: int) -> bool:
    """Whether an archive, by its own list, has more parts or bytes than that, or packs suspiciously well."""
    return (
        len(entries) > most
        or sum(entry.file_size for entry in entries) > size
        or any(
            entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
            for entry in entries
        )
    )


def read_in_child(script: Path, limits: dict, data: bytes) -> tuple[int, bytes]:
    """(exit status, answer) of a script that reads the file from standard input; LimitHit when it needs too much.

    ``limits["seconds"]`` is its CPU time. The arguments are our own file and numbers.
    """
    try:
        child = subprocess.run(
            [sys.executable, "-I", str(script), json.dumps(limits)],
            input=data,
            capture_output=True,
            timeout=limits["seconds"] + 5,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise LimitHit from None
    if child.returncode in _LIMIT_HIT:
        raise LimitHit
    return child.returncode, child.stdout
