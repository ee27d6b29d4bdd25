"""The seven templates of papers: each as a PDF with its words, its faces, and what the portal knows."""

import re
from functools import lru_cache

import pytest

from portal import labels
from portal.documents.blank_papers import template_document, template_pdf
from portal.documents.paper import Table, column_widths, missing_characters, texts_of
from portal.domain.document_templates import TEMPLATES, content_of
from tests.support.pdf import faces_of, lines_of, read, runs_of

KNOWN = {"cluster": "麟峰小学片区", "school": "麟峰小学", "term": "2025—2026学年第一学期"}


def content(key: str, **known) -> dict:
    return content_of(key, bureau="城中区教育局", district="城中区", **known)


@lru_cache
def reader_of(key: str, is_known: bool):
    return read(template_pdf(content(key, **(KNOWN if is_known else {}))))


def printed(reader) -> str:
    lines = [line.text for line in lines_of(reader) if not re.fullmatch(r"— \d+ —", line.text)]
    return re.sub(r"\s", "", "".join(lines))


def test_there_are_seven_and_the_page_has_words_for_each():
    keys = ["selection", "duties", "indicators", "teacher_training", "principal_training", "summary", "funds"]
    assert list(TEMPLATES) == keys
    assert list(labels.DOCUMENT_TEMPLATE) == list(labels.DOCUMENT_TEMPLATE_USE) == keys


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("key", TEMPLATES)
def test_no_sign_is_missing_and_every_face_is_embedded(key, is_known):
    reader = reader_of(key, is_known)
    assert missing_characters(template_document(content(key, **(KNOWN if is_known else {})))) == ()
    assert [run for run in runs_of(reader) if run.has_missing] == []
    faces = faces_of(reader)
    assert faces
    assert [name for name, face in faces.items() if not face.embedded] == []


@pytest.mark.parametrize("key", TEMPLATES)
def test_every_part_and_table_is_printed_with_what_is_known(key):
    template, words = TEMPLATES[key], printed(reader_of(key, True))
    wanted = [template.title, *(f"、{part.heading}" for part in template.parts)]
    wanted += [sheet.caption for part in template.parts for sheet in part.sheets]
    wanted += [row[0] for part in template.parts for sheet in part.sheets for row in sheet.rows]
    wanted += ["（麟峰小学片区2025—2026学年第一学期）"]
    wanted += [{"bureau": "城中区教育局（盖章）年月日", "school": "麟峰小学（盖章）年月日"}[template.issuer]]
    assert [each for each in wanted if each not in words] == []


@pytest.mark.parametrize("key", TEMPLATES)
def test_what_is_not_known_stays_blank(key):
    words = printed(reader_of(key, False))
    assert [name for name in (*KNOWN.values(), "{", "}") if name in words] == []
    assert "（盖章）年月日" in words


@pytest.mark.parametrize("key", TEMPLATES)
def test_no_number_or_threshold_is_laid_down(key):
    texts = [text for text in texts_of(template_document(content(key))) if text]
    found = [each for text in texts for each in re.findall(r"(?m)(?!^\d+\.)\d+", text)]
    assert found == []
    assert texts


def test_a_name_with_braces_is_only_a_name():
    document = template_document(content("selection", cluster="{term}片区"))
    assert document.sections[0].narrative.startswith("本办法适用于城中区{term}片区义务教育学校")


def test_a_form_keeps_its_rows_together_and_its_columns_as_asked():
    table = Table("表", ("项目", "内容"), (("甲", ""), ("乙", "")), room=(1, 4), widths=(1, 3))
    assert column_widths(table) == (25.0, 75.0)
    with pytest.raises(ValueError, match="room for each row"):
        Table("表", ("项目", "内容"), (("甲", ""),), room=(1, 4))
    for key in ("summary", "funds", "indicators"):
        lines = lines_of(reader_of(key, True))
        for part in TEMPLATES[key].parts:
            for sheet in part.sheets:
                page = {line.page for line in lines if line.text.strip() == sheet.caption}
                last = [row[0] for row in sheet.rows if row[0] != "合计"][-1]
                rows = {line.page for line in lines if line.text.strip().startswith(last)}
                assert len(page) == 1
                assert page <= rows
