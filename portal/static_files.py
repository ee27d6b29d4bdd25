"""Static files through WhiteNoise: compressed, and kept by browsers for a year."""

import gzip
import os
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

YEAR = 31536000
COMPRESSED = {".css", ".js", ".svg", ".json", ".webmanifest"}
WORTHWHILE = 512  # bytes: below that the packet is sent anyway


def register(app: Flask) -> None:
    """Answer static files before Flask sees the request."""
    if not app.debug:
        compress(Path(app.static_folder))
    app.wsgi_app = WhiteNoise(
        app.wsgi_app,
        root=app.static_folder,
        prefix="static/",
        max_age=YEAR,
        allow_all_origins=False,
        autorefresh=app.debug,
        add_headers_function=_add_headers,
    )


def compress(folder: Path) -> None:
    """Lay a .gz beside each file that gains by it, unless one of the same moment lies there.

    The moment is copied from the original, so that neither a newer nor an older original meets a stale copy.
    Where the folder may not be written, files go out as they are.
    """
    for path in sorted(folder.rglob("*")):
        if path.suffix not in COMPRESSED:
            continue
        copy = path.with_name(path.name + ".gz")
        original = path.stat()
        if original.st_size < WORTHWHILE:
            copy.unlink(missing_ok=True)
            continue
        if copy.exists() and copy.stat().st_mtime_ns == original.st_mtime_ns:
            continue
        fresh = copy.with_name(f"{copy.name}.{os.getpid()}")
        try:
            fresh.write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
            os.utime(fresh, ns=(original.st_mtime_ns, original.st_mtime_ns))
            os.replace(fresh, copy)  # another process may be doing the same
        except OSError:
            return


def _add_headers(headers, path, url) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
