"""Files of people as files: named by what they hold, one folder a district. Knows no framework and no database."""

import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class FileStore:
    """The folder of one installation, and how many bytes a cluster and a person may keep there.

    A file is written under another name first and gets its own when it is whole on the disk; the same
    content of a district is kept once. OSError when the disk is full or the folder is not there.
    """

    folder: Path
    per_cluster: int
    per_person: int

    def put(self, district_id, content: bytes) -> str:
        """Keep the bytes; returns the SHA-256 by which they are found again."""
        name = hashlib.sha256(content).hexdigest()
        path = self._path(district_id, name)
        if path.exists() and path.stat().st_size == len(content):
            os.utime(path)  # young again: a sweep leaves what a row is about to name
            return name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{name}.{secrets.token_hex(4)}")
        try:
            with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            os.replace(draft, path)
        except OSError:
            with suppress(OSError):
                draft.unlink()
            raise
        return name

    def path(self, district_id, name: str) -> Path:
        """Where the bytes lie. FileNotFoundError when they are not there."""
        path = self._path(district_id, name)
        if not path.is_file():
            raise FileNotFoundError(f"file {name[:12]} is missing")
        return path

    def fault(self, district_id, name: str, size: int | None = None, *, reads: bool = False) -> str:
        """What is wrong with a stored file, in words; empty when it is whole. ``reads`` compares its hash too."""
        try:
            path = self.path(district_id, name)
        except FileNotFoundError:
            return "missing"
        if size is not None and path.stat().st_size != size:
            return "of another size"
        if reads and hashlib.sha256(path.read_bytes()).hexdigest() != name:
            return "changed"
        return ""

    def drop(self, district_id, name: str) -> None:
        """Erase the bytes; nothing happens when they are gone already."""
        with suppress(FileNotFoundError):
            self._path(district_id, name).unlink()

    def names(self, district_id, *, older_than: int = 0) -> Iterator[str]:
        """What is kept of a district; ``older_than`` seconds leaves out what was written just now.

        A draft that was never finished is named too, so that a sweep finds it.
        """
        folder = self.folder / str(district_id)
        if not folder.is_dir():
            return
        for path in sorted(folder.glob("*/*")):
            if time.time() - path.stat().st_mtime >= older_than:
                yield path.name

    def _path(self, district_id, name: str) -> Path:
        plain = name.split(".")[0]
        if not _NAME.fullmatch(plain) or "/" in name:
            raise ValueError("no name of a stored file")
        return self.folder / str(district_id) / name[:2] / name
