"""Where a line may be widened, and that letters keep the order and the places that they had."""

import pytest

from portal.documents.flush import gap_ends, opens_gap, runs_right_to_left
from portal.documents.renderer import render_pdf
from tests.support.pdf import lines_of, read

WIDTH = 300  # points
PAGE = """<!doctype html><html lang="zh-CN"><head><title>题</title><style>
@page {{ size: {width}pt 800pt; margin: 0 }} body {{ margin: 0 }}
p {{ margin: 0; font: 16pt/20pt "Portal Fang", "Portal Rare", "Portal Song"; text-align: justify; {style} }}
</style></head><body>{body}</body></html>"""


def lines(body: str, style: str = "", width: float = WIDTH):
    return lines_of(read(render_pdf(PAGE.format(width=width, style=style, body=body))))


@pytest.mark.parametrize(
    ("left", "right", "opens"),
    [
        ("甲", "乙", True),
        ("甲", "，", True),
        ("”", "甲", True),
        ("甲", "1", True),
        ("A", "甲", True),
        (" ", "甲", True),
        (" ", "A", True),
        ("𬭎", "䶮", True),
        ("1", "2", False),
        ("A", "b", False),
        ("甲", " ", False),
        ("甲", "\u0301", False),
        ("—", "—", False),
        ("…", "…", False),
    ],
)
def test_gap_opens_beside_chinese_signs_and_behind_spaces(left, right, opens):
    assert opens_gap(left, right) is opens


def test_gap_ends_leave_numbers_words_and_dashes_whole():
    assert gap_ends("共104人——Excel 表") == {3, 6, 9, 15, 21}
    assert gap_ends("甲") == gap_ends("") == set()


def test_right_to_left_text_is_recognised():
    assert not runs_right_to_left("甲乙 ABC 123")
    assert runs_right_to_left("甲 שלום")


def test_chinese_line_ends_at_the_edge_and_its_signs_are_evenly_set():
    found = lines("<p>" + "教师交流轮岗工作方案" * 8 + "</p>", width=305)

    assert len(found) == 5
    assert [round(line.right, 1) for line in found[:-1]] == [305] * 4
    assert found[-1].right == pytest.approx(16 * len(found[-1].text), abs=0.1)
    assert "".join(line.text for line in found) == "教师交流轮岗工作方案" * 8


def test_line_of_several_faces_and_boxes_ends_at_the_edge():
    body = "<p>" + "教<b>师喆</b>交<i>流<span>20</span>轮</i>岗，" * 12 + "</p>"
    found = lines(body, "b, i { font-weight: normal; font-style: normal }")

    assert len(found) > 4
    assert [line.right for line in found[:-1]] == pytest.approx([WIDTH] * (len(found) - 1), abs=0.3)
    assert "".join(line.text for line in found) == "教师喆交流20轮岗，" * 12
    for line in found:
        for before, after in zip(line.runs, line.runs[1:], strict=False):
            assert before.right <= after.left + 0.1


def test_letter_spacing_and_gaps_add_up():
    found = lines(
        "<p>" + "教师交流轮岗工作方案" * 8 + "</p>", "letter-spacing: -0.212pt; text-indent: 31.57pt"
    )
    assert [round(line.right - WIDTH, 1) for line in found[:-1]] == [0.2] * (len(found) - 1)
    assert round(found[0].left, 1) == 31.6


def test_latin_paragraph_is_widened_at_spaces_alone():
    found = lines("<p>" + "teacher exchange and rotation " * 8 + "</p>")
    assert [line.right for line in found[:-1]] == pytest.approx([WIDTH] * (len(found) - 1), abs=0.6)


def test_line_that_would_be_torn_apart_stays_ragged():
    found = lines("<p>教师 " + "x" * 34 + "</p>")
    assert found[0].text == "教师"
    assert found[0].right == pytest.approx(32, abs=0.2)


def test_line_in_another_writing_direction_is_left_to_the_engine():
    found = lines("<p>教师 שלום שלום " * 10 + "</p>")
    assert "".join(line.text for line in found).count("教") == 10


def test_lines_that_are_not_justified_keep_their_places():
    found = lines("<p>" + "教师交流轮岗工作方案" * 4 + "</p>", "text-align: left", width=305)
    assert [round(line.right) for line in found[:-1]] == [304] * (len(found) - 1)
