"""What may be attached: type, first bytes, inside, pixels, names (promise 25)."""

import io
import string

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from portal.documents import uploads
from portal.documents.uploads import checked
from portal.domain.files import LARGEST, LONGEST_NAME, UploadProblem, clean_name, distinct_names
from portal.storage import FileStore
from tests.support import sample_files as samples


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(UploadProblem) as found:
        checked(name, data)
    return str(found.value.reason)


DIFFERS = "文件内容和扩展名不符，请用原来的软件另存后再上传"
TYPE = "不收这种文件：可以上传照片、PDF、Word、Excel、PPT 和文本"


@pytest.mark.promise(25)
@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("空.pdf", b"", "文件是空的"),
        ("页.html", samples.HTML, TYPE),
        ("图.svg", samples.SVG, TYPE),
        ("程序.exe", b"MZ\x90\x00", TYPE),
        ("没有扩展名", samples.PDF, TYPE),
        ("照片.jpg", samples.HTML, DIFFERS),
        ("照片.png", samples.SVG, DIFFERS),
        ("照片.jpg", b"GIF89a" + b"\x00" * 100, DIFFERS),
        ("方案.pdf", samples.HTML, DIFFERS),
        ("方案.pdf", b"\n" + samples.PDF, DIFFERS),
        ("方案.pdf", samples.PDF[:-10], "文件已损坏，打不开"),
        ("方案.pdf", samples.PDF + samples.office() + b"%%EOF", DIFFERS),
        ("方案.docx", samples.PDF, DIFFERS),
        ("方案.docx", samples.office("xl/workbook.xml"), DIFFERS),
        ("方案.docx", samples.office()[:-30], "文件已损坏，打不开"),
        (
            "方案.docx",
            samples.office(**{"word/vbaProject.bin": b"x"}),
            "文件带有宏，请另存为不带宏的格式再上传",
        ),
        ("方案.docx", samples.office(**{"../../etc/passwd": b"x"}), "文件已损坏，打不开"),
        ("方案.docm", samples.office(), "文件带有宏，请另存为不带宏的格式再上传"),
        ("炸弹.docx", samples.office(**{"word/a.xml": b"\x00" * 30_000_000}), "文件展开后太大，不能保存"),
        ("炸弹.docx", samples.lying_zip(), "文件已损坏，打不开"),
        ("方案.doc", samples.PDF, DIFFERS),
        ("方案.doc", samples.OLE + "EncryptedPackage".encode("utf-16-le"), "文件有密码，请取消密码后再上传"),
        ("笔记.txt", samples.HTML, DIFFERS),
        ("笔记.txt", b"\x00\x01\x02", DIFFERS),
        ("材料.zip", samples.office(), "不收压缩包：请解开后一次选几个文件上传"),
        (
            "IMG.heic",
            b"\x00\x00\x00\x18ftypheic" + b"\x00" * 50,
            "这是 HEIC 照片，请在手机里改存为 JPG 再上传",
        ),
        (
            "IMG.jpg",
            b"\x00\x00\x00\x18ftypmif1" + b"\x00" * 50,
            "这是 HEIC 照片，请在手机里改存为 JPG 再上传",
        ),
        ("照片.png", samples.huge_png(60_000, 60_000), "照片太大：最多 2500 万像素，请缩小后再上传"),
        ("照片.png", samples.huge_png(100, 100), "文件已损坏，打不开"),
        ("照片.jpg", samples.photo()[:400], "文件已损坏，打不开"),
    ],
)
def test_bad_file_is_refused_with_a_sentence(name, data, reason):
    assert refusal(name, data) == reason


def test_a_file_over_the_limit_is_refused_with_its_size():
    assert refusal("大.pdf", b"%PDF-" + b"x" * LARGEST) == "文件有 20.0 MB，最多 20 MB"


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("方案.pdf", samples.PDF, "application/pdf"),
        ("课件.PPTX", samples.office("ppt/presentation.xml"), uploads.TYPES["pptx"][0]),
        ("名单.xlsx", samples.office("xl/workbook.xml"), uploads.TYPES["xlsx"][0]),
        ("教案.doc", samples.OLE, "application/msword"),
        ("笔记.txt", "第一课\n两个数".encode("gb18030"), "text/plain"),
        ("笔记.csv", "﻿姓名,学校\n".encode(), "text/csv"),
    ],
)
def test_papers_are_kept_as_they_are(name, data, media_type):
    file = checked(name, data)
    assert (file.name, file.media_type, file.content, file.small) == (name, media_type, data, None)


@pytest.mark.promise(25)
def test_a_photo_is_drawn_anew_without_place_and_stands_upright():
    data = samples.photo(600, 400, orientation=6, gps=True) + b"<script>PK\x03\x04 trailing"
    file = checked("现场.jpg", data)
    kept = Image.open(io.BytesIO(file.content))
    assert (file.width, file.height, kept.size) == (400, 600, (400, 600))
    assert kept.getexif() == {}
    assert not [word for word in (b"Exif", b"PHONEMAKER", b"script", b"PK\x03\x04") if word in file.content]
    # turned a quarter to the right, the black left third is on top
    assert max(kept.getpixel((200, 50))) < 40
    assert min(kept.getpixel((200, 550))) > 30
    small = Image.open(io.BytesIO(file.small))
    assert (max(small.size), small.format) == (uploads.SMALL_SIDE, "JPEG")


@pytest.mark.promise(25)
def test_a_photo_of_forty_megapixels_is_made_smaller():
    file = checked("大照片.jpg", samples.photo(7300, 5500))
    assert (file.width, file.height) == (2560, 1929)
    assert len(file.content) < 2_000_000


def test_a_picture_with_the_ending_of_another_gets_its_own():
    file = checked("截图.jpg", samples.photo(form="PNG"))
    assert (file.name, file.media_type) == ("截图.png", "image/png")


@pytest.mark.promise(25)
@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("..\\..\\windows\\教案.docx", "教案.docx"),
        ("/etc/passwd", "passwd"),
        ("a\u202efdp.exe\x00\r\n.pdf", "afdp.exe.pdf"),
        ('有"引号"<和>尖.pdf', "有_引号__和_尖.pdf"),
        ("  . .pdf", "pdf"),
        ("", "file"),
        ("长" * 300 + ".docx", "长" * (LONGEST_NAME - 5) + ".docx"),
    ],
)
def test_names_are_clean(name, clean):
    assert clean_name(name) == clean


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_can_be_saved(name):
    clean = clean_name(name)
    assert 0 < len(clean) <= LONGEST_NAME
    assert not set(clean) & set('/\\\x00\r\n<>:"|?*\u202e')
    assert clean not in (".", "..")
    assert clean_name(clean) == clean


@given(st.lists(st.sampled_from(["a.pdf", "A.pdf", "a (2).pdf", "b", "B"]), max_size=12))
def test_names_in_one_archive_differ(names):
    found = distinct_names(names)
    assert len({each.casefold() for each in found}) == len(names)


@pytest.mark.promise(25)
@hypothesis_settings(max_examples=60)
@given(
    st.sampled_from(["a.pdf", "a.docx", "a.xlsx", "a.doc", "a.txt"]),
    st.integers(0, 400),
    st.binary(max_size=40),
)
def test_mutated_papers_give_a_file_or_a_sentence(name, at, junk):
    whole = samples.office() if name.endswith("x") else samples.PDF
    data = whole[:at] + junk + whole[at + len(junk) :]
    try:
        kept = checked(name, data).content
    except UploadProblem as problem:
        kept, reason = None, str(problem.reason)
    assert reason if kept is None else kept == data


def test_store_keeps_the_same_content_once_and_finds_faults(tmp_path):
    store = FileStore(tmp_path / "files", 100, 100)
    name = store.put("d", b"abc")
    assert store.put("d", b"abc") == name
    assert list(store.names("d")) == [name]
    assert (store.path("d", name).read_bytes(), store.fault("d", name, 3, reads=True)) == (b"abc", "")
    assert store.fault("e", name) == "missing"
    store.path("d", name).write_bytes(b"abd")
    assert (store.fault("d", name, 3), store.fault("d", name, 3, reads=True)) == ("", "changed")
    assert store.fault("d", name, 4) == "of another size"
    store.drop("d", name)
    store.drop("d", name)
    assert list(store.names("d")) == []


@pytest.mark.promise(25)
@given(st.text(alphabet=string.printable, max_size=70))
def test_store_opens_nothing_but_its_own_names(name):
    store = FileStore(uploads.Path("/nonexistent"), 1, 1)
    with pytest.raises((ValueError, FileNotFoundError)):
        store.path("d", name)
