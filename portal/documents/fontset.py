"""The faces that documents are set in, and the private font configuration that names them.

Standard library only at import: the web process may use `missing_characters` and never pays for
the layout engine. Machine fonts are never seen, so a document looks the same everywhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import unicodedata
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

SHIPPED = Path(__file__).resolve().parent / "fonts"

# Names under which a bureau's own licensed faces may be installed in the instance folder. A
# family that is not there is skipped, so they stand first in every style sheet.
OWN_TITLE = ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05")
OWN_FANG = ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong")
OWN_KAI = ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi")
OWN_HEI = ("黑体", "SimHei")
OWN_SONG = ("宋体", "SimSun")

FACE_SUFFIXES = (".ttf", ".otf", ".ttc")

# Printed for a character that no face has: the printers' sign for a missing type (GB2312).
MISSING_SIGN = "〓"


def instance_folder() -> Path:
    """Return the installation's own folder (PORTAL_INSTANCE, by default `instance`)."""
    named = os.environ.get("PORTAL_INSTANCE")
    return Path(named).resolve() if named else Path(__file__).resolve().parents[2] / "instance"


def own_fonts_folder() -> Path:
    """Return the folder where a bureau puts its own faces."""
    return instance_folder() / "fonts"


def face_files() -> tuple[Path, ...]:
    """Return every face that documents can use, the bureau's own first, in a fixed order."""
    own = own_fonts_folder()
    own_files = sorted(own.iterdir()) if own.is_dir() else []
    files = [path for path in own_files if path.suffix.lower() in FACE_SUFFIXES]
    return (*files, *sorted(path for path in SHIPPED.iterdir() if path.suffix in FACE_SUFFIXES))


def fingerprint() -> str:
    """Return a short hash of the set of faces; it changes when a face is added or replaced."""
    seen = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in face_files()]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]


def extra_families() -> tuple[str, ...]:
    """Return the family names of the bureau's own faces, for the end of every family list.

    Whatever face a bureau adds, characters that only it has are then found in it.
    """
    own = own_fonts_folder()
    names = []
    for path in face_files():
        if path.parent == own:
            names += [name for name in family_names(path) if name not in names]
    return tuple(names)


def configuration_file() -> Path:
    """Write the private fonts.conf and return its path.

    Holds absolute folders, hence made at run time; its own cache folder beside it keeps the
    scan of the faces from one start to the next. Generic families lead to shipped faces.
    """
    folder = instance_folder() / "cache" / "fonts"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        # An installation that may not write beside its data.
        folder = Path(tempfile.gettempdir()) / f"school-cluster-portal-fonts-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
    text = configuration_text(own_fonts_folder(), SHIPPED, folder / "cache")
    name = f"fonts-{hashlib.sha256(text.encode()).hexdigest()[:12]}.conf"
    path = folder / name
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        # Written aside and renamed: another process may read it at this moment.
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=folder, suffix=".part", delete=False
        ) as part:
            part.write(text)
        os.replace(part.name, path)
    return path


def configuration_text(own: Path, shipped: Path, cache: Path) -> str:
    """Return a fonts.conf that knows these two folders and no other."""
    generic = "".join(
        f"<alias binding='same'><family>{name}</family><prefer><family>{face}</family></prefer></alias>"
        for name, face in (
            ("serif", "Portal Song"),
            ("sans-serif", "Portal Hei"),
            ("monospace", "Portal Song"),
        )
    )
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
        f"<fontconfig><dir>{escape(str(own))}</dir><dir>{escape(str(shipped))}</dir>"
        f"<cachedir>{escape(str(cache))}</cachedir>{generic}"
        "<config><rescan><int>0</int></rescan></config></fontconfig>\n"
    )


def open_faces(path: Path) -> list:
    """Open a font file, or each font of a collection, for reading a few tables; none of a broken file."""
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    data = BytesIO(path.read_bytes())
    try:
        if path.suffix.lower() == ".ttc":
            return list(TTCollection(data, lazy=True))
        return [TTFont(data, lazy=True)]
    except TTLibError:
        return []


def family_names(path: Path) -> list[str]:
    """Return the family names that a face carries, in every language it names them in."""
    names: list[str] = []
    for font in open_faces(path):
        for record in font["name"].names:
            if record.nameID in (1, 16):
                name = record.toUnicode(errors="ignore")
                if name and name not in names:
                    names.append(name)
    return names


@lru_cache(maxsize=4)
def _coverage(_fingerprint: str) -> frozenset[int]:
    covered = set(shipped_coverage())
    for path in face_files():
        if path.parent != SHIPPED:
            for font in open_faces(path):
                covered.update(font.getBestCmap())
    return frozenset(covered)


def shipped_coverage() -> frozenset[int]:
    """Return the code points of the shipped faces, as their build recorded them."""
    ranges = json.loads((SHIPPED / "coverage.json").read_text(encoding="utf-8"))
    return frozenset(code for first, last in ranges for code in range(first, last + 1))


def coverage() -> frozenset[int]:
    """Return the code points that some face has; read once per set of faces."""
    return _coverage(fingerprint())


def missing_characters(text: str) -> tuple[str, ...]:
    """Return the characters of a text that no face has, each once, in order of appearance.

    White space, line breaks and invisible format signs are not missing. For a page that warns
    before a document is signed.
    """
    covered = coverage()
    return tuple(
        dict.fromkeys(
            character for character in text if ord(character) not in covered and not is_invisible(character)
        )
    )


def is_invisible(character: str) -> bool:
    """Tell whether a character leaves no mark on paper (space, control or format sign)."""
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Zs")


def printable(text: str) -> str:
    """Return a text as it can be printed: a character that no face has becomes 〓.

    Control characters, variation selectors and lone surrogates go; so do direction marks, which
    could make a printed name read otherwise than it is stored.
    """
    covered = coverage()
    kept = []
    for character in text:
        if ord(character) in covered or character in "\n\t":
            kept.append(character)
        elif is_dropped(character):
            continue
        elif character.isspace():
            kept.append(" ")
        else:
            kept.append(MISSING_SIGN)
    return "".join(kept)


def is_dropped(character: str) -> bool:
    """Tell whether `printable` leaves a character out without a sign in its place."""
    code = ord(character)
    variation = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or code == 0x20E3
    return variation or unicodedata.category(character) in ("Cc", "Cf", "Cs")
