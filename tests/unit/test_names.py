"""Pinyin of names, masked numbers, and workbooks that hold no formula."""

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from portal.actions.names import pinyin_of
from portal.documents.tables import table_workbook
from portal.domain.masks import masked_phone


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("曾小乐", ("zengxiaole zengxiaoyue", "zxl zxy")),
        ("单雄", ("shanxiong", "sx")),
        ("尉迟恭", ("yuchigong", "ycg")),
        ("尉健", ("weijian", "wj")),
        ("盖叫天", ("gejiaotian gaijiaotian", "gjt")),
        ("吕一", ("lvyi", "ly")),
        ("䶮昇", ("yansheng", "ys")),
        ("Anna Li", ("annali", "annali")),
        ("", ("", "")),
        ("···", ("", "")),
    ],
)
def test_names_are_read_as_people_say_them(name, expected):
    assert pinyin_of(name) == expected


@given(st.text(max_size=60))
def test_any_name_fits_its_columns(name):
    pinyin, initials = pinyin_of(name)
    assert len(pinyin) <= 400
    assert len(initials) <= 120
    assert bool(pinyin) == bool(initials)


@given(st.text("0123456789 -", max_size=20))
def test_a_masked_number_hides_at_least_half(number):
    masked = masked_phone(number)
    number = number.strip()
    assert len(masked) == len(number)
    assert masked.count("*") * 2 >= len(number) - 3
    assert all(shown in ("*", digit) for shown, digit in zip(masked, number, strict=True))


def test_masked_numbers_read_as_usual():
    assert [masked_phone(n) for n in ("13812345678", "62345678", "119", "", None)] == [
        "138****5678", "*****678", "***", "", "",
    ]  # fmt: skip


@pytest.mark.promise(27)
def test_a_workbook_keeps_texts_numbers_and_dates_apart():
    rows = [["=1+1", 3, date(2025, 9, 1)], ["@SUM(A1)", 2.5, None], ["http://x", True, "2025"]]
    book = CalamineWorkbook.from_filelike(io.BytesIO(table_workbook("名单[1]/2", ["甲", "乙", "丙"], rows)))
    assert book.sheet_names == ["名单12"]
    assert book.get_sheet_by_index(0).to_python() == [
        ["甲", "乙", "丙"], ["=1+1", 3, date(2025, 9, 1)], ["@SUM(A1)", 2.5, ""], ["http://x", "True", "2025"],
    ]  # fmt: skip
