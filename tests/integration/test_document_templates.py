"""The templates of papers through the pages, over both engines (S1-61)."""

import io
import re

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from portal.domain.document_templates import TEMPLATES
from portal.extensions import db
from portal.models import Job, StoredFile

TERM = "2025-2026-1"


def words_of(file: StoredFile) -> str:
    return re.sub(
        r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages)
    )


def test_everybody_finds_the_seven(as_):
    for who in ("bureau", "principal", "teacher", "liaison", "west_teacher"):
        page = as_(who).get("/resources/templates").get_data(as_text=True)
        assert re.findall(r'href="/resources/templates/([a-z_]+)"', page) == list(TEMPLATES)
    assert as_(None).get("/resources/templates").status_code == 303


@pytest.mark.parametrize("key", ["selection", "funds"])
def test_a_template_is_filled_with_what_was_chosen_and_kept_for_who_asked(as_, world, key):
    client = as_("teacher")
    data = {"cluster": str(world.cluster.id), "school": str(world.gongchen.id), "term": TERM}
    answer = client.post(f"/resources/templates/{key}", data=data)
    assert answer.status_code == 303
    job = db.session.scalars(sa.select(Job)).one()
    assert answer.location.endswith(f"/plans/papers/{job.id}")
    assert (job.kind, job.state) == ("template_pdf", "done")
    file = db.session.scalars(sa.select(StoredFile)).one()
    words = words_of(file)
    assert file.name == f"{TEMPLATES[key].title}.pdf"
    assert all(each in words for each in (TEMPLATES[key].title, "麟峰小学片区", "2025—2026学年第一学期"))
    assert ("拱辰中心小学" in words) == (key == "funds")
    page = client.get(answer.location).get_data(as_text=True)
    assert f"/resources/templates/{key}" in page
    assert f"/summaries/files/{file.id}" in page
    assert client.get(f"/summaries/files/{file.id}").data == file.content
    assert as_("lead").get(f"/summaries/files/{file.id}").status_code == 404
    assert as_("lead").get(answer.location).status_code == 404


def test_the_same_choice_is_made_once_and_a_blank_is_a_choice(as_, world):
    client = as_("principal")
    for _again in range(2):
        assert client.post("/resources/templates/summary", data={"term": ""}).status_code == 303
    file = db.session.scalars(sa.select(StoredFile)).one()
    assert "学年第" not in words_of(file)


def test_an_english_page_still_makes_a_chinese_paper(as_):
    client = as_("teacher")
    assert client.post("/language", data={"locale": "en"}).status_code == 303
    assert "Fund application form" in client.get("/resources/templates").get_data(as_text=True)
    assert client.post("/resources/templates/duties", data={"term": TERM}).status_code == 303
    assert "2025—2026学年第一学期" in words_of(db.session.scalars(sa.select(StoredFile)).one())


def test_an_unknown_template_is_not_found(as_):
    client = as_("bureau")
    assert client.get("/resources/templates/other").status_code == 404
    assert client.post("/resources/templates/other", data={}).status_code == 404


def test_what_is_out_of_sight_cannot_be_chosen(as_, world):
    west = as_("west_teacher")
    page = west.get("/resources/templates/funds").get_data(as_text=True)
    assert "麟峰小学" not in page
    for field, key in (("cluster", world.cluster.id), ("school", world.gongchen.id)):
        assert west.post("/resources/templates/funds", data={field: str(key)}).status_code == 422
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Job)) == 0
