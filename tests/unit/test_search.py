"""Folding, pairs of signs, and the piece of a text that shows a find."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.search import MOST_WORDS, folded, pairs, piece, words_asked

TEXTS = st.text(alphabet="轮岗交流走教作业课堂学生（1）班abＡ，。 *", max_size=60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("七（3）班《背影》", "七3班背影"),
        ("ＰＰＴ Ａ组，第２课", "ppt a组 第2课"),
        ("2025—2026学年", "20252026学年"),
        ("**重点**：轮岗\n交流", "重点 轮岗 交流"),
        ("①不变 ㈡ Ⅳ", "1不变 二 iv"),
        ("\x00😀 \u3000", ""),
    ],
)
def test_a_text_is_compared_in_its_plain_form(text, expected):
    assert folded(text) == expected


def test_a_question_is_its_words_each_once_and_not_too_many():
    assert words_asked("轮岗，作业 轮岗 五（2）班") == ["轮岗", "作业", "五2班"]
    assert words_asked("一 二 三 四 五 六 七 八") == ["一", "二", "三", "四", "五", "六"]
    assert len(words_asked("甲乙 " * 100)) == 1
    assert words_asked(" ，。！ ") == []
    assert len(words_asked(" ".join(chr(0x4E00 + n) for n in range(50)))) == MOST_WORDS


@given(TEXTS, st.integers(0, 60), st.integers(2, 4))
def test_every_word_of_a_text_is_found_by_its_pairs(text, at, length):
    whole = folded(text)
    word = whole[at : at + length]
    if len(word) >= 2 and " " not in word:
        assert pairs(word) <= pairs(whole)
        shown = piece([text], [word])
        assert word in "".join(folded(signs) for signs, found in shown if found)


@given(TEXTS, st.lists(st.sampled_from(["轮岗", "教", "1班", "ab"]), max_size=3))
def test_a_piece_is_a_part_of_its_text(text, words):
    shown = "".join(signs for signs, _ in piece([text], words)).strip("…")
    assert shown in text.replace("\n", " ")


def test_a_piece_shows_the_first_find_and_marks_each():
    before = "前面的话" * 30
    shown = piece(["没有", before + "城乡轮岗的七（3）班" + before, "轮岗"], ["轮岗", "七3班"])
    assert shown[0] == ("…", False)
    assert [signs for signs, found in shown if found] == ["轮岗", "七（3）班"]
    assert shown[-1] == ("…", False)
    assert sum(len(signs) for signs, _ in shown) < 110
    assert piece(["", "开头的话"], ["轮岗"], ["旁边没有"]) == (("开头的话", False),)
    assert piece(["开头的话"], ["轮岗"], ["旁边轮岗"]) == (("旁边", False), ("轮岗", True))
    assert piece(["", ""], ["轮岗"]) == ()
