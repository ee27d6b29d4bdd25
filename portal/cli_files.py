"""Files that commands write."""

import os
import tempfile
from pathlib import Path


def write_whole(out: Path, content: bytes) -> None:
    """The whole file or none: a reader never finds half of it."""
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # The permissions of an ordinary new file, which mkstemp does not give.
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
