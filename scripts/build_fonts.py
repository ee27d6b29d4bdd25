"""Build the subset faces in ``portal/documents/fonts`` from their published sources.

Run by hand when a face or the wanted characters change; ``make run`` never needs it:

    python scripts/build_fonts.py            # fetches the sources into a scratch folder
    python scripts/build_fonts.py --sources DIR   # takes sources fetched before

It needs ``npm``, ``apt-get`` and ``dpkg`` (Debian or Ubuntu) and the Python package fonttools.
What is fetched is compared with the checksums below, so the result is the same everywhere.

Each face is renamed: the licences do not allow a changed font under its first name, and a name
of our own can never be mistaken for a font installed on the machine. All faces get the same
ascent and descent, so that a line keeps its height whichever face a character comes from.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[1] / "portal" / "documents" / "fonts"
ASCENT, DESCENT = 880, -120

NPM_SANS = "@expo-google-fonts/noto-sans-sc@0.4.3"
NPM_SERIF = "@expo-google-fonts/noto-serif-sc@0.4.3"
DEB_KAI = "fonts-lxgw-wenkai"
DEB_FANDOL = "texlive-lang-chinese"
DEB_UNIHAN = "unicode-data"

FANDOL = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"
FANDOL_DOC = "usr/share/doc/texlive-doc/fonts/fandol"

# Signs that documents use beyond GB2312: quotation and list marks, boxes to tick, units.
SIGNS = (
    "‐‑‒–—―‖‘’“”†‡•‥…‰′″‹›※‼⁂⁄€℃℅℉№℡™Ω"
    "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹ←↑→↓↖↗↘↙∈∏∑−√∝∞∟∠∣∥∧∨∩∪∫∮∴∵∶∷∼≈≌≒≠≡≤≥≦≧≮≯⊕⊙⊥⊿⌒"
    "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"
    "■□▢▲△▶▷▼▽◆◇○◎●★☆☐☑☒☓♀♂✓✔✕✗　、。〃々〆〇〈〉《》「」『』【】〒〓〔〕〖〗〝〞〡〢〣〤〥〦〧〨〩"
    "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩㈱㊣㎎㎏㎜㎝㎞㎡㏄㏎㏑㏒㏕︰￠￡￢￣￥�"
)


@dataclass(frozen=True)
class Face:
    """One face to build: where it comes from and which characters it keeps."""

    family: str
    role: str
    file: str
    source: str
    package: str
    sha256: str
    licence: str
    keep: str  # core: all wanted characters; latin; rare: what `beside` lacks; rest: what the core lacks
    beside: str = ""
    without: str = ""


FACES = (
    Face(
        family="Portal Fang",
        role="仿宋",
        file="PortalFang.otf",
        source=f"{FANDOL}/FandolFang-Regular.otf",
        package=DEB_FANDOL,
        sha256="d838ad32ce2244d8144f408c37fe71065aba6fbbc80759a4d2aa2033948d5bc9",
        licence="Fandol",
        keep="core",
    ),
    Face(
        family="Portal Rare",
        role="仿宋 and 楷体 for characters that Fandol lacks",
        file="PortalRare.ttf",
        source="usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Light.ttf",
        package=DEB_KAI,
        licence="LXGWWenKai",
        keep="rare",
        beside="PortalFang.otf",
        sha256="e302f84a1967817f91fc4011de7c8c12489c41072a7f0605a1c7b1399352cb93",
    ),
    Face(
        family="Portal Hei",
        role="黑体",
        file="PortalHei.ttf",
        source="package/500Medium/NotoSansSC_500Medium.ttf",
        package=NPM_SANS,
        sha256="b30853d205f3ecdde938b1488c735ee15a2e870d31331b992fdc53971e23ec4a",
        licence="NotoSansSC",
        keep="core",
    ),
    Face(
        family="Portal Kai",
        role="楷体",
        file="PortalKai.otf",
        source=f"{FANDOL}/FandolKai-Regular.otf",
        package=DEB_FANDOL,
        sha256="ea7e7fb4f9b3ac694a68d43946e04d21deed6e8c29a7c2d3081e1a4138f2f827",
        licence="Fandol",
        keep="core",
    ),
    Face(
        family="Portal Song",
        role="宋体",
        file="PortalSong.ttf",
        source="package/400Regular/NotoSerifSC_400Regular.ttf",
        package=NPM_SERIF,
        sha256="c358a69de3df5f423a8946a7b03e3126fb6ba116f1130a463455b4e39e1f0742",
        licence="NotoSerifSC",
        keep="core",
        without="·",
    ),
    Face(
        family="Portal Song Latin",
        role="half-width digits and letters beside 宋体",
        file="PortalSongLatin.otf",
        source=f"{FANDOL}/FandolSong-Regular.otf",
        package=DEB_FANDOL,
        sha256="a3820003227d4abe31fe28b493200d94a849ccfd078b50a019264f70353020b0",
        licence="Fandol",
        keep="latin",
    ),
    Face(
        family="Portal Title",
        role="小标宋",
        file="PortalTitle.ttf",
        source="package/700Bold/NotoSerifSC_700Bold.ttf",
        package=NPM_SERIF,
        sha256="9c6a2ba736e4b499c84f65ce366bd3625c0401885fd3e585ace50fb738b96ff6",
        licence="NotoSerifSC",
        keep="core",
        without="·",
    ),
    Face(
        family="Portal Rest",
        role="every other Chinese character of the basic plane",
        file="PortalRest.ttf",
        source="package/400Regular/NotoSerifSC_400Regular.ttf",
        package=NPM_SERIF,
        sha256="c358a69de3df5f423a8946a7b03e3126fb6ba116f1130a463455b4e39e1f0742",
        licence="NotoSerifSC",
        keep="rest",
    ),
)


def standard_characters(unihan: Path) -> list[str]:
    """Return the 8,105 characters of 通用规范汉字表 (2013) in their order, from Unihan's kTGH."""
    ranks = {}
    with bz2.open(unihan, "rt", encoding="utf-8") as lines:
        for line in lines:
            parts = line.split("\t")
            if len(parts) == 3 and parts[1] == "kTGH":
                ranks[int(parts[2].split(":")[1])] = chr(int(parts[0][2:], 16))
    if sorted(ranks) != list(range(1, 8106)):
        sys.exit(f"{unihan.name} does not list the 8105 characters: found {len(ranks)}")
    return [ranks[rank] for rank in sorted(ranks)]


def gb2312_characters() -> set[str]:
    """Return every character of GB2312, from Python's codec."""
    return {
        bytes([high, low]).decode("gb2312", "ignore")
        for high in range(0xA1, 0xF8)
        for low in range(0xA1, 0xFF)
    } - {""}


def fetch(packages: set[str], folder: Path) -> None:
    """Unpack each package into a folder of `folder` that bears its bare name."""
    for package in sorted(packages):
        target = folder / folder_name(package)
        if target.exists():
            continue
        print(f"fetching {package}")
        scratch = folder / "fetched"
        scratch.mkdir(parents=True, exist_ok=True)
        if package.startswith("@"):
            packed = subprocess.run(
                ["npm", "pack", "--silent", package],
                cwd=scratch,
                check=True,
                capture_output=True,
                text=True,
            ).stdout.split()[-1]
            with tarfile.open(scratch / packed) as archive:
                archive.extractall(target, filter="data")
        else:
            subprocess.run(["apt-get", "download", package], cwd=scratch, check=True)
            archive_path = next(scratch.glob(f"{package}_*.deb"))
            subprocess.run(["dpkg", "-x", archive_path, target], check=True)


def folder_name(package: str) -> str:
    """Return the scratch folder's name of a package: its name without scope and version."""
    return package.lstrip("@").split("@")[0].split("/")[-1]


def checked(face: Face, folder: Path) -> Path:
    """Return the source file of a face, or stop when it is not the expected one."""
    path = folder / folder_name(face.package) / face.source
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if face.sha256 != digest:
        sys.exit(f"{face.source} of {face.package} has changed: sha256 {digest}")
    return path


def cut(face: Face, source: Path, characters: set[str]) -> None:
    """Write the face with these characters, our metrics and our name."""
    options = subset.Options()
    options.layout_features = ["ccmp", "kern", "liga", "locl", "mark"]
    options.hinting = False
    options.notdef_outline = True
    options.glyph_names = False
    options.name_IDs = [0, 13, 14]
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "STAT", "gasp", "DSIG"]
    options.recalc_timestamp = False
    font = subset.load_font(source, options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(character) for character in characters])
    cutter.subset(font)
    set_metrics(font)
    set_names(font, face)
    subset.save_font(font, FONTS / face.file, options)


def set_metrics(font: TTFont) -> None:
    """Give every face the same line metrics, in thousandths of the em."""
    if font["head"].unitsPerEm != 1000:
        sys.exit("a face with other than 1000 units per em needs scaled metrics")
    font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = ASCENT, DESCENT, 0
    table = font["OS/2"]
    table.sTypoAscender, table.sTypoDescender, table.sTypoLineGap = ASCENT, DESCENT, 0
    table.usWinAscent, table.usWinDescent = ASCENT, -DESCENT
    # Regular, upright and nothing else: the family name alone selects the face.
    table.usWeightClass = 400
    table.fsSelection = 0x40
    font["head"].macStyle = 0


def set_names(font: TTFont, face: Face) -> None:
    """Replace family, full and PostScript names; copyright and licence records stay."""
    names = font["name"]
    postscript = face.family.replace(" ", "") + "-Regular"
    wanted = {1: face.family, 2: "Regular", 3: postscript, 4: face.family, 6: postscript}
    for number, text in wanted.items():
        names.setName(text, number, 3, 1, 0x409)
    if "CFF " in font:
        table = font["CFF "].cff
        table.fontNames = [postscript]
        top = table.topDictIndex[0]
        for key, value in (("FullName", face.family), ("FamilyName", face.family)):
            if hasattr(top, key):
                setattr(top, key, value)


def characters_of(path: Path) -> set[str]:
    """Return the characters that a font file maps."""
    return {chr(code) for code in TTFont(path, lazy=True).getBestCmap()}


def wanted_for(face: Face, available: set[str], core: set[str]) -> set[str]:
    """Return the characters that a face keeps out of those its source has."""
    if face.keep == "latin":
        return {chr(code) for code in range(0x20, 0x7F)}
    if face.keep == "rare":
        return core & (available - characters_of(FONTS / face.beside))
    if face.keep == "rest":
        basic_plane = {chr(code) for code in range(0x4E00, 0xA000)}
        return (basic_plane & available) - core
    return (core & available) - set(face.without)


def write_licences(folder: Path) -> None:
    """Put each source's own licence text beside the faces."""
    for package, name in ((NPM_SANS, "NotoSansSC"), (NPM_SERIF, "NotoSerifSC")):
        source = folder / folder_name(package) / "package" / "LICENSE_FONT"
        shutil.copyfile(source, FONTS / f"LICENSE-{name}.txt")
    shutil.copyfile(
        folder / DEB_KAI / "usr/share/doc" / DEB_KAI / "copyright", FONTS / "LICENSE-LXGWWenKai.txt"
    )
    fandol = folder / DEB_FANDOL / FANDOL_DOC
    gpl = gzip.decompress((fandol / "COPYING.gz").read_bytes())
    (FONTS / "LICENSE-Fandol.txt").write_bytes((fandol / "README").read_bytes().rstrip() + b"\n\n" + gpl)


def build(folder: Path) -> None:
    """Build all faces, the list of standard characters, the licences and the manifest."""
    fetch({face.package for face in FACES} | {DEB_UNIHAN}, folder)
    unihan = folder / DEB_UNIHAN / "usr/share/unicode/Unihan_OtherMappings.txt.bz2"
    standard = standard_characters(unihan)
    (FONTS / "tgh8105.txt").write_text("".join(standard) + "\n", encoding="utf-8")
    core = set(standard) | gb2312_characters() | set(SIGNS)
    core |= {chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0xFF01, 0xFF5F))}
    faces = []
    for face in FACES:
        source = checked(face, folder)
        characters = wanted_for(face, characters_of(source), core)
        cut(face, source, characters)
        data = (FONTS / face.file).read_bytes()
        faces.append(
            {
                "family": face.family,
                "role": face.role,
                "file": face.file,
                "source": Path(face.source).name,
                "package": face.package,
                "licence": f"LICENSE-{face.licence}.txt",
                "characters": len(characters),
                "bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
            }
        )
        print(f"{face.file}: {len(characters)} characters, {len(data) / 1e6:.1f} MB")
    manifest = json.dumps(faces, ensure_ascii=False, indent=1) + "\n"
    (FONTS / "manifest.json").write_text(manifest, encoding="utf-8")
    covered = sorted({ord(mark) for face in FACES for mark in characters_of(FONTS / face.file)})
    (FONTS / "coverage.json").write_text(json.dumps(ranges_of(covered)) + "\n", encoding="utf-8")
    write_licences(folder)


def ranges_of(codes: list[int]) -> list[list[int]]:
    """Return sorted code points as [first, last] ranges."""
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return ranges


def main() -> None:
    """Parse the arguments and build."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sources", type=Path, help="folder of sources fetched before")
    arguments = parser.parse_args()
    FONTS.mkdir(parents=True, exist_ok=True)
    if arguments.sources:
        build(arguments.sources.resolve())
        return
    with tempfile.TemporaryDirectory(prefix="portal-fonts-") as scratch:
        build(Path(scratch))


if __name__ == "__main__":
    main()
