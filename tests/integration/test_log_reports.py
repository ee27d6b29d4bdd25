"""Compiling: one's own logs, records and service become a report or portfolio, and nobody else's words do."""

import io
import re
from datetime import date

import pytest
from pypdf import PdfReader

from portal.extensions import db
from portal.models import LogReport, LogReportEntry, Posting, Reflection, StoredFile, WorkRecord
from tests.support.cast_names import ACCOUNTS
from tests.support.logs import make_pair, share

TITLE = "第一学期学习报告"


def the_report() -> LogReport:
    db.session.expire_all()
    return db.session.scalars(db.select(LogReport)).one()


def headings() -> list[str]:
    rows = db.session.scalars(db.select(LogReportEntry).order_by(LogReportEntry.position))
    return [row.heading for row in rows]


@pytest.fixture
def written(as_, world):
    """Two logs and a record of the teacher; logs, records and comments of others with words of their own."""
    make_pair(world)
    first = share(as_("teacher"), "cluster", title="甲篇", experience="甲的正文", once_key="1" * 32)
    second = share(
        as_("teacher"), "own", title="乙篇", problem="乙的私语", happened_on="2025-11-19", once_key="2" * 32
    )
    share(as_("mentor"), "cluster", title="导师的题目", experience="导师的正文")
    as_("mentor").post(f"/reflections/{first.id}/comments", data={"text": "导师的评论"})
    as_("mentor").post(f"/reflections/{first.id}/note", data={"note": "导师的私记"})
    record = WorkRecord(
        district_id=world.east.id,
        person_id=world.teacher.id,
        kind="observation",
        happened_on=date(2025, 11, 12),
        line="听了师傅一节课",
    )
    theirs = WorkRecord(
        district_id=world.east.id,
        person_id=world.mentor.id,
        kind="talk",
        happened_on=date(2025, 11, 12),
        line="导师的记录",
    )
    posting = Posting(
        district_id=world.east.id,
        person_id=world.teacher.id,
        form="support",
        home_school_id=world.linfeng.id,
        host_school_id=world.gongchen.id,
        starts_on=date(2025, 9, 1),
        arrived_on=date(2025, 9, 1),
        subject="音乐",
        state="active",
        created_by_id=world.lead.id,
    )
    db.session.add_all([record, theirs, posting])
    db.session.commit()
    return {
        "first": first.id,
        "second": second.id,
        "record": record.id,
        "theirs": theirs.id,
        "posting": posting.id,
    }


def compile_it(client, *chosen, form="report"):
    return client.post(f"/reflections/reports/new?form={form}", data={"title": TITLE, "chosen": list(chosen)})


def pdf_text(answer) -> str:
    pages = PdfReader(io.BytesIO(answer.get_data())).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def test_own_things_are_offered_by_term_kind_and_words(as_, written):
    client = as_("teacher")
    page = client.get("/reflections/reports/new").get_data(as_text=True)
    offered = set(re.findall(r'name="chosen" value="([^"]+)"', page))
    logs = {f"log:{written['first']}", f"log:{written['second']}"}
    assert offered == {*logs, f"record:{written['record']}"}
    more = client.get("/reflections/reports/new?form=portfolio").get_data(as_text=True)
    assert f"service:{written['posting']}" in more
    for query, wanted in (
        ("kind=lesson", logs),
        ("q=乙的私语", {f"log:{written['second']}"}),
        ("term=2025-2026-1", logs),
        ("kind=reading", set()),
    ):
        page = client.get(f"/reflections/reports/new?{query}").get_data(as_text=True)
        found = set(re.findall(r'name="chosen" value="([^"]+)"', page))
        assert found - {f"record:{written['record']}"} == wanted, query


def test_what_is_somebody_elses_is_never_compiled(as_, written, world):
    mentors = db.session.scalars(db.select(Reflection).filter_by(person_id=world.mentor.id)).one()
    stolen = (f"log:{mentors.id}", f"record:{written['theirs']}", "log:kein", "unsinn")
    refused = compile_it(as_("teacher"), *stolen)
    assert (refused.status_code, "请至少选一项" in refused.get_data(as_text=True)) == (422, True)
    assert compile_it(as_("teacher"), f"log:{written['first']}", *stolen).status_code == 303
    assert headings() == ["2025年11月18日 甲篇"]
    report = the_report()
    made = as_("teacher").post(f"/reflections/reports/{report.id}/pdf")
    assert made.status_code == 303
    text = pdf_text(as_("teacher").get(f"/reflections/reports/{report.id}.pdf"))
    assert "甲的正文" in text
    assert [word for word in ("导师的", "乙的私语") if word in text] == []
    for role in ACCOUNTS:
        if role != "teacher":
            for place in ("", "/edit", "/add", ".pdf"):
                assert as_(role).get(f"/reflections/reports/{report.id}{place}").status_code == 404, role


def test_a_report_is_ordered_edited_and_printed_as_it_stands(as_, written):
    client = as_("teacher")
    compile_it(client, f"log:{written['second']}", f"log:{written['first']}", f"record:{written['record']}")
    assert headings() == ["2025年11月12日 听课", "2025年11月18日 甲篇", "2025年11月19日 乙篇"]
    rows = db.session.scalars(db.select(LogReportEntry).order_by(LogReportEntry.position)).all()
    for row, way in ((rows[2], "up"), (rows[0], "up"), (rows[0], "down")):
        assert (
            client.post(f"/reflections/reports/entries/{row.id}/move", data={"way": way}).status_code == 303
        )
    db.session.expire_all()
    assert headings() == ["2025年11月19日 乙篇", "2025年11月12日 听课", "2025年11月18日 甲篇"]
    client.post(f"/reflections/reports/entries/{rows[0].id}/move", data={"way": "out"})
    entry = rows[2]
    address = f"/reflections/reports/entries/{entry.id}"
    client.post(address, data={"heading": "乙篇改题", "text": "改过的**正文**", "version": entry.version})
    stale = client.post(address, data={"heading": "旧", "text": "旧稿", "version": 1})
    page = stale.get_data(as_text=True)
    assert (stale.status_code, "旧稿" in page, "改过的**正文**" in page) == (409, True, True)
    report = the_report()
    edit = {
        "title": TITLE,
        "opening": "这学期学了三件事。",
        "closing": "谢谢师傅。",
        "version": report.version,
    }
    client.post(f"/reflections/reports/{report.id}/edit", data=edit)
    client.post(f"/reflections/reports/{report.id}/pdf")
    text = pdf_text(client.get(f"/reflections/reports/{report.id}.pdf"))
    order = [
        text.index(words)
        for words in (TITLE, "这学期学了三件事", "乙篇改题", "改过的正文", "甲篇", "谢谢师傅")
    ]
    assert order == sorted(order)
    assert "乙的私语" not in text
    assert db.session.get(Reflection, (report.district_id, written["second"])).problem == "乙的私语"
    # What changes afterwards says so, and the next document takes the place of the one before.
    client.post(
        f"/reflections/reports/{report.id}/edit",
        data={**edit, "closing": "", "version": the_report().version},
    )
    assert "上次生成以后有改动" in client.get(f"/reflections/reports/{report.id}").get_data(as_text=True)
    client.post(f"/reflections/reports/{report.id}/pdf")
    assert db.session.query(StoredFile).count() == 1
    assert "谢谢师傅" not in pdf_text(client.get(f"/reflections/reports/{report.id}.pdf"))


def test_a_portfolio_stands_by_kind_of_entry(as_, written):
    client = as_("teacher")
    chosen = (f"log:{written['first']}", f"record:{written['record']}", f"service:{written['posting']}")
    compile_it(client, *chosen, form="portfolio")
    report = the_report()
    client.post(f"/reflections/reports/{report.id}/pdf")
    text = pdf_text(client.get(f"/reflections/reports/{report.id}.pdf"))
    words = ("一、教学反思与学习", "甲篇", "二、工作记录", "听课", "三、服务经历", "从麟峰小学到拱辰中心小学")
    order = [text.index(each) for each in words]
    assert order == sorted(order)


def test_a_deleted_report_takes_its_document_along_and_nothing_else(as_, written):
    client = as_("teacher")
    compile_it(client, f"log:{written['first']}")
    report = the_report()
    client.post(f"/reflections/reports/{report.id}/pdf")
    assert client.post(f"/reflections/reports/{report.id}/delete", data={"version": 99}).status_code == 409
    done = client.post(f"/reflections/reports/{report.id}/delete", data={"version": the_report().version})
    db.session.expire_all()
    left = [db.session.query(model).count() for model in (LogReport, LogReportEntry, StoredFile, Reflection)]
    assert (done.status_code, left) == (303, [0, 0, 0, 3])


def test_more_can_be_put_in_but_nothing_twice(as_, written):
    client = as_("teacher")
    compile_it(client, f"log:{written['first']}")
    address = f"/reflections/reports/{the_report().id}/add"
    assert client.post(address, data={"chosen": [f"log:{written['first']}"]}).status_code == 422
    both = [f"log:{written['first']}", f"log:{written['second']}"]
    assert client.post(address, data={"chosen": both}).status_code == 303
    assert headings() == ["2025年11月18日 甲篇", "2025年11月19日 乙篇"]
