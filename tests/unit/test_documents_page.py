"""The official page: GB/T 9704 measured in the finished PDF."""

import re
from datetime import date
from itertools import pairwise

import pytest

from portal.documents.paper import (
    Block,
    Section,
    Table,
    blocks,
    chinese_date,
    chinese_number,
    column_widths,
    missing_characters,
    paper_html,
    paper_pdf,
)
from tests.support.papers import BASICS, PRACTICE, RARE_NAMES, TABLE, summary_document
from tests.support.pdf import faces_of, lines_of, read, runs_of

MM = 72 / 25.4
LEFT, RIGHT = 28 * MM, 184 * MM
LINE = 28.95

LONG = "片区坚持问题导向统筹推进城乡义务教育优质均衡发展不断健全校长教师交流轮岗长效机制着力补齐农村学校短板"


@pytest.fixture(scope="module")
def pdf():
    return paper_pdf(summary_document())


@pytest.fixture(scope="module")
def reader(pdf):
    return read(pdf)


def body_text(reader) -> str:
    """All signs of the pages in reading order, without the page numbers."""
    lines = [line.text for line in lines_of(reader) if not re.fullmatch(r"— \d+ —", line.text)]
    return re.sub(r"\s", "", "".join(lines))


def test_every_sign_of_the_text_is_printed_in_order(reader):
    printed = body_text(reader)

    for words in (BASICS, RARE_NAMES, "三校轮流承办；", "（一）师徒结对", "26对，全学期跟踪听课312节。"):
        assert re.sub(r"\s", "", words) in printed
    parts = [
        "签发人：陈怀瑾",
        "麟峰小学片区2025—2026学年第一学期工作总结",
        "区教育局基础教育科：",
        "一、基本情况",
    ]
    parts += ["二、主要做法", "（一）师资互派。", "三、存在问题", "附件：1.交流教师名单2.联合教研活动一览表"]
    parts += ["麟峰小学片区领导小组（麟峰小学代章）2026年1月28日"]
    places = [printed.index(part) for part in parts]
    assert places == sorted(places)


def test_no_sign_is_missing_and_every_face_is_embedded(reader):
    assert [run for run in runs_of(reader) if run.has_missing] == []
    faces = faces_of(reader)
    assert {name: face.embedded for name, face in faces.items()} == dict.fromkeys(
        [
            "Portal-Title",
            "Portal-Fang",
            "Portal-Hei",
            "Portal-Kai",
            "Portal-Song",
            "Portal-Song-Latin",
            "Portal-Rare",
        ],
        True,
    )


def test_rare_names_print_in_every_role():
    document = summary_document(
        title_lines=(RARE_NAMES[:19],),
        sections=(
            Section(
                RARE_NAMES,
                (RARE_NAMES,),
                f"## {RARE_NAMES}",
                (Table(RARE_NAMES, (RARE_NAMES,), ((RARE_NAMES,),)),),
            ),
        ),
    )
    reader = read(paper_pdf(document))

    assert [run for run in runs_of(reader) if run.has_missing] == []
    assert body_text(reader).count(RARE_NAMES) == 6


def test_each_role_has_its_face_and_size(reader):
    def look(words):
        run = next(run for run in runs_of(reader) if words in run.text)
        return run.face, round(run.size, 1)

    assert look("第一学期工作总结") == ("Portal-Title", 22)
    assert look("一、基本情况") == ("Portal-Hei", 16)
    assert look("（一）师资互派。") == ("Portal-Kai", 16)
    assert look("本学年片区") == ("Portal-Fang", 16)
    assert look("26对") == ("Portal-Hei", 16)
    assert look("拱辰中心小学") == ("Portal-Song", 10.5)
    assert look("61") == ("Portal-Song-Latin", 10.5)


def test_full_page_has_22_lines_of_28_characters():
    section = Section("总体情况", (LONG * 40,))
    reader = read(paper_pdf(summary_document(sections=(section,), attachments=())))
    lines = [line for line in lines_of(reader) if line.page == 2 and not line.text.startswith("—")]

    assert [len(line.text) for line in lines] == [28] * 22
    steps = {round(above.y - below.y, 2) for above, below in pairwise(lines)}
    assert all(abs(step - LINE) < 0.11 for step in steps)
    # The first line stands at the top of the type area, the last one at its foot.
    assert lines[0].y == pytest.approx(297 * MM - 37 * MM - LINE / 2 - 16 * 0.38, abs=0.5)
    assert lines[-1].y > 35 * MM


def test_lines_of_fallback_faces_keep_the_grid():
    section = Section("名单", ((RARE_NAMES + "、" + "Teacher 2026、") * 60,))
    lines = [
        line
        for line in lines_of(read(paper_pdf(summary_document(sections=(section,)))))
        if line.page == 2 and not line.text.startswith("—")
    ]

    assert len(lines) == 22
    assert lines[0].y - lines[-1].y == pytest.approx(21 * LINE, abs=0.2)


def test_paragraphs_end_flush_right():
    section = Section(
        "总体情况", (), "\n".join([BASICS * 3, PRACTICE, LONG * 3, "用 Excel 和 WPS 汇总，" * 30])
    )
    reader = read(paper_pdf(summary_document(sections=(section,), attachments=(), signatory=None)))
    lines = [
        line for line in lines_of(reader) if line.runs[0].face in ("Portal-Fang", "Portal-Kai", "Portal-Rare")
    ]
    pairs = pairwise(lines)
    # A line is inside a paragraph when the next one starts at the left edge and not at the indent.
    full = [line for line, following in pairs if abs(following.left - LEFT) < 0.5 and line.right > RIGHT - 60]

    assert len(full) > 25
    # The last sign's body passes the edge by the 0.21 pt that every sign gives up behind itself; Latin
    # letters, whose widths are no round numbers, may add a little.
    assert {
        line.text: round(line.right - RIGHT, 1) for line in full if not 0.1 <= line.right - RIGHT <= 0.45
    } == {}


def test_first_lines_are_indented_by_two_characters(reader):
    first = next(line for line in lines_of(reader) if line.text.startswith("本学年片区"))
    assert first.left - LEFT == pytest.approx(2 * (16 - 0.212), abs=0.05)


def test_page_numbers_stand_at_the_outer_corners():
    section = Section("总体情况", (LONG * 40,))
    reader = read(paper_pdf(summary_document(sections=(section,))))
    numbers = [line for line in lines_of(reader) if re.fullmatch(r"— \d+ —", line.text)]

    assert [line.text for line in numbers] == [f"— {number} —" for number in range(1, len(reader.pages) + 1)]
    for line in numbers:
        if line.page % 2:
            assert line.right == pytest.approx(RIGHT - 14, abs=0.5)
        else:
            assert line.left == pytest.approx(LEFT + 14, abs=0.5)
        assert line.y == pytest.approx(35 * MM - 7 * MM - 14 * 0.88, abs=1)
        assert {round(run.size) for run in line.runs} == {14}


def test_draft_is_marked_on_every_page_and_signed_paper_on_none():
    section = Section("总体情况", (LONG * 40,))
    draft = read(paper_pdf(summary_document(sections=(section,), draft=True, date=None, version=2)))
    signed = read(paper_pdf(summary_document(sections=(section,))))

    marks = [(line.page, line.text) for line in lines_of(draft) if "草稿" in line.text]
    assert marks == [(page, "草稿　第2稿　未签署") for page in range(1, len(draft.pages) + 1)]
    assert draft.metadata.title == "麟峰小学片区2025—2026学年第一学期工作总结（草稿）"
    assert [line.text for line in lines_of(draft)][-2].strip("　") == "年　　月　　日"
    assert "稿" not in body_text(signed)
    assert signed.metadata.title == "麟峰小学片区2025—2026学年第一学期工作总结"


def test_corrected_issue_says_which_one_it_is():
    reader = read(paper_pdf(summary_document(version=3)))
    marks = [line.text for line in lines_of(reader) if line.text == "第3稿"]
    assert len(marks) == len(reader.pages)


def test_signature_never_stands_alone_on_a_page():
    for length in range(15, 22):
        section = Section("总体情况", tuple([LONG[:20]] * length))
        lines = lines_of(
            read(paper_pdf(summary_document(sections=(section,), attachments=(), signatory=None)))
        )
        page = next(line.page for line in lines if line.text == "麟峰小学片区领导小组")
        assert any(line.page == page and line.text == LONG[:20] for line in lines), length


def test_issuer_seal_and_date_are_centred_on_each_other(reader):
    words = ("麟峰小学片区领导小组", "（麟峰小学代章）", "2026年1月28日")
    block = [line for line in lines_of(reader) if line.text in words]

    assert [line.text for line in block] == list(words)
    centres = [(line.left + line.right) / 2 for line in block]
    assert centres == pytest.approx([centres[0]] * 3, abs=0.5)
    assert max(line.right for line in block) == pytest.approx(RIGHT - 4 * 15.79, abs=2)


def test_pdf_is_tagged_and_names_its_language_title_and_outline(reader):
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "zh-CN"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert reader.metadata.author == "麟峰小学片区领导小组"

    def titles(entries):
        return [titles(entry) if isinstance(entry, list) else entry["/Title"] for entry in entries]

    assert titles(reader.outline) == [
        "麟峰小学片区2025—2026学年第一学期工作总结",
        ["一、基本情况", "二、主要做法", ["（一）师徒结对"], "三、存在问题"],
    ]


def test_table_heads_and_pictures_are_tagged(reader):
    kinds, alternatives, headers = [], [], []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif hasattr(node, "get"):
            if "/S" in node:
                kinds.append(str(node["/S"]))
                alternatives.extend([str(node["/Alt"])] if "/Alt" in node else [])
                if node["/S"] == "/TD":
                    headers.append(len(node["/A"].get_object()["/Headers"]))
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    assert kinds.count("/Table") == 1
    assert kinds.count("/TH") == 8
    # Each of the twelve cells names the head of its column and of its row.
    assert headers == [2] * 12
    assert kinds.count("/Figure") == 2
    assert "图1　联合教研活动：麟峰小学8次；拱辰中心小学5次；石亭小学0次" in alternatives


def test_same_document_gives_the_same_bytes(pdf):
    assert paper_pdf(summary_document()) == pdf


def test_markup_in_any_text_is_printed_as_it_was_typed():
    typed = "<b>甲</b> & <script>x</script> <img src=x>"
    document = summary_document(
        recipient=typed,
        sections=(
            Section(typed, (typed,), f"{typed}\n- **{typed}**", (Table(typed, (typed,), ((typed,),)),)),
        ),
        issuer=typed,
    )
    html = paper_html(document)
    assert "<script>" not in html
    assert "<img" not in html
    assert body_text(read(paper_pdf(document))).count(re.sub(r"\s", "", typed)) == 9


def test_sign_that_no_face_has_is_printed_as_a_stand_in_and_reported():
    document = summary_document(recipient="张😀三", sections=(Section("一", (), "王𠀀五"),))
    reader = read(paper_pdf(document))

    assert missing_characters(document) == ("😀", "𠀀")
    assert missing_characters(summary_document()) == ()
    assert "张〓三：" in body_text(reader)
    assert "王〓五" in body_text(reader)
    assert [run for run in runs_of(reader) if run.has_missing] == []


def test_long_table_repeats_its_head_on_every_page():
    rows = tuple((f"第{number}小学", str(number), "") for number in range(1, 91))
    table = Table("表1　各校", ("学校", "次数", "说明"), rows)
    reader = read(paper_pdf(summary_document(sections=(Section("总体情况", (), "", (table,)),))))
    heads = [line.page for line in lines_of(reader) if line.text == "学校次数说明"]
    cells = [line.text for line in lines_of(reader) if re.fullmatch(r"第\d+小学\d+", line.text)]

    assert len(reader.pages) > 2
    assert heads == sorted(set(heads))
    assert len(heads) >= 3
    assert cells == [f"第{number}小学{number}" for number in range(1, 91)]


def test_blocks_read_light_marks():
    assert blocks("甲\n\n　乙**丙**丁\n## 戊\n- 己\n（二）庚辛。壬\n---\n<b>") == (
        Block("paragraph", "", (("甲", False),)),
        Block("paragraph", "", (("乙", False), ("丙", True), ("丁", False))),
        Block("heading", "（一）戊", ()),
        Block("item", "", (("己", False),)),
        Block("paragraph", "（二）庚辛。", (("壬", False),)),
        Block("paragraph", "", (("<b>", False),)),
    )
    assert blocks(" \n\t\n") == ()


def test_numbers_and_dates_are_written_as_official_papers_do():
    assert [chinese_number(value) for value in (1, 9, 10, 11, 20, 35, 99, 100)] == [
        "一",
        "九",
        "十",
        "十一",
        "二十",
        "三十五",
        "九十九",
        "100",
    ]
    assert chinese_date(date(2026, 1, 8)) == "2026年1月8日"
    assert chinese_date(None) == "　　年　　月　　日"


def test_column_widths_follow_the_texts():
    widths = column_widths(TABLE)
    assert sum(widths) == pytest.approx(100, abs=0.05)
    assert widths[0] == max(widths)
    assert min(widths) > 15


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rows": (("甲",),)}, "every row needs 2 cells"),
        ({"foot": ("甲",)}, "every row needs 2 cells"),
        ({"align": ("left",)}, "one alignment for each column"),
        ({"align": ("left", "middle")}, "alignments are left, center, right"),
    ],
)
def test_table_of_uneven_rows_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        Table(**{"caption": "表", "head": ("甲", "乙"), "rows": (("丙", "丁"),), **changes})
