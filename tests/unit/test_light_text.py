"""Light text: what people type and paste, as blocks and as safe HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import log_templates
from portal.domain.light_text import blocks, plain
from portal.rich_text import rich

WORD = "一、做法\r\n•\t先画旋律线\r\n·\t再唱\r\n　　学生说：“好听。”\r\n2025.11.18 听课\r\n1、第一步\r\n2．第二步\r\n"


def test_what_word_and_wechat_bring_reads_as_it_was_meant():
    assert [(each.kind, each.words) for each in blocks(WORD)] == [
        ("heading", "一、做法"),
        ("item", "先画旋律线"),
        ("item", "再唱"),
        ("text", "学生说：“好听。”"),
        ("text", "2025.11.18 听课"),
        ("number", "第一步"),
        ("number", "第二步"),
    ]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# 小标题\n正文", "<h3>小标题</h3><p>正文</p>"),
        ("一行\n两行\n\n另一段", "<p>一行<br>两行</p><p>另一段</p>"),
        ("- 甲\n- **乙**", "<ul><li>甲</li><li><strong>乙</strong></li></ul>"),
        ("3. 丙\n4. 丁", '<ol><li value="3">丙</li><li value="4">丁</li></ol>'),
        ("> 引一句\n> 又一句", "<blockquote><p>引一句<br>又一句</p></blockquote>"),
        ("---\n***\n", ""),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("- <img src=x onerror=y>", "<ul><li>&lt;img src=x onerror=y&gt;</li></ul>"),
        (
            "**<b>** 和 ** 和 [链接](javascript:x)",
            "<p><strong>&lt;b&gt;</strong> 和 ** 和 [链接](javascript:x)</p>",
        ),
        ("#没有空格 #话题#", "<p>#没有空格 #话题#</p>"),
        ("一、这一句很长，说的是一件事，所以不是小标题，只是这样开头。", None),
        ("😀😀😀", "<p>😀😀😀</p>"),
    ],
)
def test_marks_become_tags_and_everything_else_stays_text(text, html):
    assert str(rich(text)) == (html if html is not None else f"<p>{text}</p>")


@given(st.text(alphabet="甲乙一、#->*1.) \n\t•<&\"'＞　", max_size=60))
def test_no_word_is_lost_and_no_tag_comes_from_the_text(text):
    html = str(rich(text))
    for tag in ("h3", "p", "ul", "ol", "li", "strong", "blockquote"):
        assert html.count(f"</{tag}>") == html.count(f"<{tag}>") + html.count(f"<{tag} value=")
    kept = [sign for sign in text if sign in "甲乙&<"]
    shown = plain(text)
    assert [sign for sign in shown if sign in "甲乙&<"] == kept


def test_a_very_long_paste_is_read_quickly():
    text = "\n".join(["**粗", "- " * 40, "1、" * 40, "# " + "长" * 400] * 500)
    assert len(blocks(text)) == 1500  # a row of dashes only parts


@pytest.mark.parametrize("kind", log_templates.KINDS)
def test_every_kind_has_a_template_and_can_hold_every_part(kind):
    names = [part.name for part in log_templates.parts_of(kind)]
    assert sorted(names) == sorted(log_templates.PARTS)
    assert log_templates.main_parts(kind)


def test_lines_of_a_personal_summary_keep_numbers_apart_from_words():
    rows = [
        {"area": "dropout", "text": "家访", "quantity": 12, "unit": "户"},
        {"area": "records", "text": "转入", "quantity": None, "unit": ""},
        {"area": "nowhere", "text": "别的", "quantity": 0, "unit": "件"},
        {"area": "exams", "text": " ", "quantity": None, "unit": "场"},
    ]
    lines = log_templates.clean_lines(rows)
    assert [(each["area"], each["text"], each["quantity"]) for each in lines] == [
        ("dropout", "家访", 12),
        ("records", "转入", None),
        ("other", "别的", 0),
    ]
    assert [area for area, _ in log_templates.lines_by_area(lines)] == ["records", "dropout", "other"]
