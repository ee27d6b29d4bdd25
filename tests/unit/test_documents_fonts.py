"""The faces that come with the portal, and those that a bureau adds."""

import hashlib
import json
import re
import shutil
import xml.etree.ElementTree as ET
from functools import lru_cache
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from portal.documents import fontset
from portal.documents.paper import Section, families, missing_characters, paper_html, paper_pdf
from tests.support.papers import summary_document
from tests.support.pdf import faces_of, lines_of, read

MANIFEST = json.loads((fontset.SHIPPED / "manifest.json").read_text(encoding="utf-8"))
STANDARD = (fontset.SHIPPED / "tgh8105.txt").read_text(encoding="utf-8").strip()
NAME_CHARACTERS = "喆堃昇犇彧婳䶮𬭎"


@lru_cache
def open_face(name: str) -> TTFont:
    return TTFont(BytesIO((fontset.SHIPPED / name).read_bytes()), lazy=True)


def copy_of(name: str) -> TTFont:
    return TTFont(BytesIO((fontset.SHIPPED / name).read_bytes()))


def gb2312() -> set[str]:
    found = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            found.add(bytes([high, low]).decode("gb2312", "ignore"))
    return found - {""}


@pytest.fixture(scope="module")
def characters() -> dict[str, set[str]]:
    """Family -> the characters that its face has."""
    return {
        face["family"]: {chr(code) for code in open_face(face["file"]).getBestCmap()} for face in MANIFEST
    }


@pytest.fixture
def instance(tmp_path, monkeypatch):
    """An installation of its own, with an empty folder for fonts."""
    monkeypatch.setenv("PORTAL_INSTANCE", str(tmp_path))
    (tmp_path / "fonts").mkdir()
    return tmp_path


def test_faces_are_those_that_the_manifest_names():
    files = {path.name for path in fontset.SHIPPED.iterdir() if path.suffix in fontset.FACE_SUFFIXES}
    assert files == {face["file"] for face in MANIFEST}
    for face in MANIFEST:
        data = (fontset.SHIPPED / face["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == face["sha256"], face["file"]
        assert data[:4] in (b"OTTO", b"\0\1\0\0"), "WOFF2 takes 70 times as long"
        assert (
            "SIL OPEN FONT LICENSE" in (licence := text_of(face["licence"]))
            or "GPL font exception" in licence
        )


def text_of(name: str) -> str:
    return (fontset.SHIPPED / name).read_text(encoding="utf-8")


def test_all_faces_have_one_line_height_and_a_name_of_their_own():
    for face in MANIFEST:
        font = open_face(face["file"])
        assert (font["hhea"].ascent, font["hhea"].descent, font["head"].unitsPerEm) == (880, -120, 1000)
        assert font["name"].getDebugName(1) == face["family"]
        assert not re.search(r"LXGW|霞鹜|Source|Noto|Fandol", font["name"].getDebugName(4))


def test_list_of_standard_characters_is_whole():
    assert len(STANDARD) == len(set(STANDARD)) == 8105
    assert STANDARD[:3] == "一乙二"
    assert set(NAME_CHARACTERS) - set(STANDARD) == set()


def test_every_role_has_every_standard_character_and_all_of_gb2312(characters):
    wanted = set(STANDARD) | gb2312() | {chr(code) for code in range(0x20, 0x7F)} | set("—…“”‘’·〔〕※①⑩×%")
    for role, listed in families().items():
        named = re.findall(r'"([^"]+)"', listed)
        has = set().union(*(characters.get(name, set()) for name in named))
        assert wanted - has == set(), role


def test_recorded_coverage_is_that_of_the_faces(characters):
    assert {chr(code) for code in fontset.shipped_coverage()} == set().union(*characters.values())


def test_no_ideograph_has_an_empty_shape():
    for face in MANIFEST:
        font = open_face(face["file"])
        glyphs = {chr(code): name for code, name in font.getBestCmap().items() if code >= 0x3400}
        if "glyf" in font:
            ends = font["loca"].locations
        else:
            ends = font["CFF "].cff.topDictIndex[0].CharStrings.charStringsIndex.offsets
        sizes = {
            sign: ends[(place := font.getGlyphID(name)) + 1] - ends[place] for sign, name in glyphs.items()
        }
        empty = [sign for sign, size in sizes.items() if size < 8]
        assert empty == [], face["file"]


def test_chinese_marks_are_full_width_in_the_faces_that_print_them(characters):
    for role, listed in families().items():
        named = re.findall(r'"([^"]+)"', listed)
        for mark in "“”‘’…·〔〕、。":
            family = next(name for name in named if mark in characters[name])
            face = next(each for each in MANIFEST if each["family"] == family)
            font = open_face(face["file"])
            assert font["hmtx"][font.getBestCmap()[ord(mark)]][0] == 1000, (role, mark, family)


def test_digits_of_text_and_tables_have_one_width():
    for name in ("PortalFang.otf", "PortalSongLatin.otf"):
        font = open_face(name)
        assert {font["hmtx"][font.getBestCmap()[ord(digit)]][0] for digit in "0123456789"} == {500}


def test_missing_characters_are_named_once_and_in_order():
    assert fontset.missing_characters("甲😀乙𠀀😀\u200d\n\t 丙") == ("😀", "𠀀")
    assert fontset.missing_characters(STANDARD + NAME_CHARACTERS) == ()


def test_printable_text_keeps_what_can_be_printed():
    assert fontset.printable("甲\n乙\t丙\u3000丁") == "甲\n乙\t丙\u3000丁"
    assert fontset.printable("张😀三❤\ufe0f") == "张〓三〓"
    # Signs that turn the reading order, hide or end a text.
    assert fontset.printable("a\u202eb\u2066c\x00d\x1be\ud800f\ufefe") == "abcdef〓"
    assert fontset.printable("a\u2003b") == "a b"


def test_configuration_names_two_folders_and_is_made_once(instance):
    path = fontset.configuration_file()
    root = ET.fromstring(path.read_text(encoding="utf-8"))

    assert [each.text for each in root.findall("dir")] == [str(instance / "fonts"), str(fontset.SHIPPED)]
    assert root.find("cachedir").text.startswith(str(instance))
    assert not root.findall("include")
    before = path.stat().st_mtime_ns
    assert fontset.configuration_file() == path
    assert path.stat().st_mtime_ns == before


def test_faces_of_the_bureau_come_first_from_the_next_document_on(instance):
    document = summary_document(sections=(Section("一", ("仿宋正文喆",)),))
    shipped = read(paper_pdf(document))
    assert "Portal-Fang" in faces_of(shipped)
    assert "仿宋_GB2312" not in paper_html(document)

    font = copy_of("PortalFang.otf")
    for record in list(font["name"].names):
        if record.nameID in (1, 4, 6):
            font["name"].setName("FangSong_GB2312", record.nameID, 3, 1, 0x409)
    font["name"].setName("仿宋_GB2312", 1, 3, 1, 0x804)
    font.save(instance / "fonts" / "simfang.ttf")

    assert families()["fang"].startswith('"仿宋_GB2312", "FangSong_GB2312", "Portal Fang"')
    own = read(paper_pdf(document))
    line = next(line for line in lines_of(own) if line.text == "仿宋正文喆")
    assert line.runs[0].face in ("仿宋_GB2312", "FangSong_GB2312", "FangSong-GB2312")
    assert line.runs[-1].face == "Portal-Rare"


def test_any_face_in_the_folder_helps_with_characters_that_the_others_lack(instance):
    document = summary_document(recipient="王𠀀")
    assert missing_characters(document) == ("𠀀",)

    font = copy_of("PortalSong.ttf")
    for table in font["cmap"].tables:
        if table.isUnicode() and table.format == 12:
            table.cmap[0x20000] = table.cmap[ord("丁")]
    font["name"].setName("Names of Ours", 1, 3, 1, 0x409)
    font.save(instance / "fonts" / "names.ttf")

    assert missing_characters(document) == ()
    reader = read(paper_pdf(document))
    line = next(line for line in lines_of(reader) if line.text == "王𠀀：")
    assert "Names-of-Ours" in [run.face for run in line.runs]


def test_broken_face_in_the_folder_is_left_out(instance):
    (instance / "fonts" / "broken.ttf").write_bytes(b"no font at all")
    shutil.copyfile(fontset.SHIPPED / "LICENSE-Fandol.txt", instance / "fonts" / "README.txt")

    assert read(paper_pdf(summary_document())).metadata.title
    assert missing_characters(summary_document()) == ()
