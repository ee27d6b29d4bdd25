"""Term summaries through the pages: begun, written, signed, submitted, accepted; figures opened to their rows."""

import contextvars
import io
import re
import threading
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy import event

from portal import cli_summary
from portal.domain.access import can
from portal.extensions import db
from portal.models import (
    Activity,
    ActivityParticipant,
    AuditEntry,
    Meeting,
    MentoringPair,
    Notification,
    Posting,
    Reflection,
    SummarySnapshot,
    TermSummary,
    WorkRecord,
)
from portal.queries import summaries
from tests.support.cast_names import ACCOUNTS

PARTS = ("basics", "practice", "results", "problems", "next")
AFTER_TERM = datetime(2026, 1, 31, 2, 0, tzinfo=UTC)
CANARY = "只给自己看的一句话"


@pytest.fixture
def clock(app):
    """``clock(moment)`` sets the time of the following requests."""
    before = app.config["CLOCK"]

    def move(moment: datetime) -> None:
        app.config["CLOCK"] = lambda: moment

    yield move
    app.config["CLOCK"] = before


@pytest.fixture
def work(world):
    """A little of everything in the term: one held activity, one confirmed meeting, one posting, one private log."""
    base = {"district_id": world.east.id}
    at = datetime(2025, 10, 16, 6, 0, tzinfo=UTC)
    activity = Activity(
        **base,
        cluster_id=world.cluster.id,
        term_id=world.term.id,
        kind="zone_research",
        theme="大单元教学",
        host_school_id=world.linfeng.id,
        starts_at=at,
        state="held",
        created_by_id=world.lead.id,
    )
    db.session.add_all(
        [
            activity,
            Meeting(
                **base,
                cluster_id=world.cluster.id,
                term_id=world.term.id,
                title="10月例会",
                starts_at=at,
                minutes="议定",
                state="confirmed",
                created_by_id=world.lead.id,
                confirmed_by_id=world.lead.id,
            ),
            Posting(
                **base,
                person_id=world.teacher.id,
                form="rotation",
                home_school_id=world.linfeng.id,
                host_school_id=world.gongchen.id,
                starts_on=date(2025, 9, 1),
                arrived_on=date(2025, 9, 1),
                state="active",
                created_by_id=world.lead.id,
            ),
            Reflection(
                **base,
                person_id=world.colleague.id,
                school_id=world.nanjiao.id,
                cluster_id=world.cluster.id,
                term_id=world.term.id,
                title=CANARY,
                happened_on=date(2025, 10, 20),
                experience=CANARY,
                state="submitted",
                submitted_at=at,
            ),
        ]
    )
    db.session.flush()  # the participant needs the key of the activity
    db.session.add(
        ActivityParticipant(
            **base, activity_id=activity.id, person_id=world.mentor.id, school_id=world.linfeng.id
        )
    )
    db.session.commit()


def begin(as_, world, who="lead", cluster=None) -> TermSummary:
    cluster = cluster or world.cluster
    answer = as_(who).post(f"/summaries/clusters/{cluster.id}/begin", data={"term": "2025-2026-1"})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return summaries.of_cluster(cluster, world.term)


def write(client, summary, part, text, mark="done"):
    section = summaries.section_of(summary, part)
    db.session.refresh(section)
    data = {"text": text, "mark": mark, "version": section.version}
    return client.post(f"/summaries/{summary.id}/sections/{part}", data=data)


def finish(as_, summary, who="lead") -> None:
    """All parts are written; the last one through the page, as the others are in tests of their own."""
    for section in summaries.sections_of(summary)[:-1]:
        section.text, section.is_done = f"{section.key}的叙述", True
    db.session.commit()
    answer = write(as_(who), summary, "next", "next的叙述")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    db.session.refresh(summary)


def step(client, summary, action, **data):
    db.session.refresh(summary)
    return client.post(
        f"/summaries/{summary.id}/step", data={"action": action, "version": summary.version, **data}
    )


def text_of(client, address: str) -> str:
    return client.get(address).get_data(as_text=True)


# --- Beginning and the list ---


def test_lead_begins_a_summary_once(as_, world):
    first = begin(as_, world)
    assert begin(as_, world).id == first.id
    assert [(s.key, s.text, s.is_done) for s in summaries.sections_of(first)] == [
        (k, "", False) for k in PARTS
    ]
    assert "麟峰小学片区以麟峰小学为领衔学校" in text_of(as_("lead"), f"/summaries/{first.id}")


def test_characters_that_no_face_has_are_named_before_the_paper_is_signed(as_, world):
    summary = begin(as_, world)
    lead, address = as_("lead"), f"/summaries/{summary.id}"
    assert "印出来是〓" not in text_of(lead, address)
    for text, signs in (("龚喆堃、𬭎、䶮都在", ""), ("笑脸😀和手语", "😀")):
        section = summaries.section_of(summary, "practice")
        data = {"text": text, "version": section.version}
        assert lead.post(f"{address}/sections/practice", data=data).status_code == 303
        page = text_of(lead, address)
        assert ("印出来是〓" in page, f"请换一种写法：{signs}<" in page) == (bool(signs), bool(signs))


def test_only_those_who_run_the_cluster_begin_its_summary(as_, world):
    address = f"/summaries/clusters/{world.cluster.id}/begin"
    answers = {
        who: as_(who).post(address, data={"term": "2025-2026-1"}).status_code
        for who in ("principal", "liaison", "bureau", "teacher", "equal_lead", "west_lead")
    }
    assert answers == {
        "principal": 403,
        "liaison": 403,
        "bureau": 403,
        "teacher": 404,
        "equal_lead": 404,
        "west_lead": 404,
    }
    assert db.session.scalars(db.select(TermSummary)).all() == []


def test_a_term_that_is_not_there_is_refused(as_, world):
    answer = as_("lead").post(f"/summaries/clusters/{world.cluster.id}/begin", data={"term": "2030-2031-1"})
    assert answer.status_code == 409
    assert "没有这个学期" in answer.get_data(as_text=True)


def test_bureau_sees_every_cluster_with_what_is_late(as_, world, clock):
    summary = begin(as_, world)
    page = text_of(as_("bureau"), "/summaries/")
    assert [name in page for name in ("麟峰小学片区", "城南组团", "南关责任区")] == [True, True, False]
    assert ("撰写中" in page, "未开始" in page, "state-bad" in page) == (True, True, False)
    clock(AFTER_TERM)
    late = text_of(as_("bureau"), "/summaries/?term=2025-2026-1&late=1")
    assert late.count("state-bad") == 2
    finish(as_, summary)
    assert step(as_("lead"), summary, "sign").status_code == 303
    assert step(as_("lead"), summary, "submit").status_code == 303
    late = text_of(as_("bureau"), "/summaries/?term=2025-2026-1&late=1")
    assert "城南组团" in late
    assert "麟峰小学片区" not in late


def test_the_list_shows_own_clusters_only_and_swaps_as_a_block(as_, world):
    begin(as_, world)
    page = text_of(as_("principal"), "/summaries/")
    assert "麟峰小学片区" in page
    assert "城南组团" not in page
    block = as_("bureau").get("/summaries/?state=accepted", htmx="summary_list").get_data(as_text=True)
    assert "没有符合条件的片区" in block
    assert "<html" not in block
    assert "没有您要看的总结" in text_of(as_("teacher"), "/summaries/")


def test_the_list_costs_the_same_however_many_summaries_there_are(as_, world):
    counts = []
    for cluster, lead in ((world.cluster, "lead"), (world.team, "equal_lead")):
        begin(as_, world, lead, cluster)
        client, statements = as_("bureau"), []
        event.listen(db.engine, "before_cursor_execute", lambda *given, s=statements: s.append(given[2]))
        client.get("/summaries/")
        counts.append(len([s for s in statements if s.startswith("SELECT")]))
    assert counts[0] == counts[1]


def test_the_list_goes_into_a_workbook(as_, world):
    begin(as_, world)
    answer = as_("bureau").get("/summaries/list.xlsx?term=2025-2026-1")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [row[:4] for row in rows] == [
        ["片区", "状态", "稿次", "已完成部分"],
        ["城南组团", "未开始", "", ""],
        ["麟峰小学片区", "撰写中", 1.0, 0.0],
    ]


@pytest.mark.parametrize("name", ACCOUNTS)
def test_list_and_page_agree_about_who_sees_a_summary(as_, world, actor_of, name):
    begin(as_, world)
    begin(as_, world, "equal_lead", world.team)
    actor = actor_of(name)
    seen = set(db.session.scalars(summaries.visible_to(actor)))
    rows = db.session.scalars(db.select(TermSummary)).all()
    assert seen == {row for row in rows if can(actor, "summary.view", row)}


# --- Writing ---


def test_a_section_is_saved_with_who_wrote_it_and_stays_open_until_marked(as_, world):
    summary = begin(as_, world)
    assert write(as_("lead"), summary, "basics", "先写一点", mark="").status_code == 303
    section = summaries.section_of(summary, "basics")
    assert (section.text, section.is_done, section.edited_by.name) == ("先写一点", False, "陈怀瑾")
    assert write(as_("lead"), summary, "basics", "写完了").status_code == 303
    db.session.refresh(section)
    assert (section.text, section.is_done) == ("写完了", True)
    assert write(as_("lead"), summary, "basics", "写完了", mark="open").status_code == 303
    db.session.refresh(section)
    assert section.is_done is False


@pytest.mark.promise(11)
def test_a_stale_section_keeps_both_texts(as_, world):
    summary = begin(as_, world)
    client, section = as_("lead"), summaries.section_of(summary, "next")
    address, stale = f"/summaries/{summary.id}/sections/next", section.version
    assert client.post(address, data={"text": "先保存的", "version": stale}).status_code == 303
    answer = client.post(address, data={"text": "后保存的", "version": stale})
    page = answer.get_data(as_text=True)
    db.session.refresh(section)
    assert (answer.status_code, section.text) == (409, "先保存的")
    assert "先保存的" in page
    assert "后保存的" in page


def test_autosave_answers_the_version_and_a_conflict_the_other_text(as_, world):
    summary = begin(as_, world)
    client, version = as_("lead"), summaries.section_of(summary, "next").version
    address = f"/summaries/{summary.id}/sections/next/autosave"
    first = client.post(address, data={"text": "一", "version": version})
    assert (first.status_code, first.json) == (200, {"saved_at": "14:10", "version": version + 1})
    second = client.post(address, data={"text": "一二", "version": first.json["version"]})
    assert second.json["version"] == first.json["version"] + 1
    stale = client.post(address, data={"text": "别的", "version": first.json["version"]})
    assert (stale.status_code, stale.json) == (
        409,
        {"theirs": {"text": "一二"}, "version": second.json["version"]},
    )
    # One sitting is one line of the history.
    lines = db.session.scalars(
        db.select(AuditEntry).where(AuditEntry.action == "term_summary.sections")
    ).all()
    assert len(lines) == 1


def test_too_long_a_section_comes_back_whole(as_, world):
    summary = begin(as_, world)
    answer = write(as_("lead"), summary, "next", "长" * 20001)
    assert answer.status_code == 422
    assert "长" * 20001 in answer.get_data(as_text=True)
    assert summaries.section_of(summary, "next").text == ""


def test_a_part_without_any_words_cannot_be_finished(as_, world):
    summary = begin(as_, world)
    answer = write(as_("lead"), summary, "next", "")
    assert answer.status_code == 422
    assert "这一部分还没有内容" in answer.get_data(as_text=True)
    # The computed sentences of the first part are words enough.
    assert write(as_("lead"), summary, "basics", "").status_code == 303


def test_others_read_a_draft_but_do_not_write_it(as_, world):
    summary = begin(as_, world)
    section = summaries.section_of(summary, "next")
    data = {"text": "外人写的", "version": section.version}
    answers = {
        who: as_(who).post(f"/summaries/{summary.id}/sections/next", data=data).status_code
        for who in ("principal", "bureau", "liaison", "teacher", "equal_lead", "west_lead")
    }
    assert answers == {
        "principal": 403,
        "bureau": 403,
        "liaison": 403,
        "teacher": 404,
        "equal_lead": 404,
        "west_lead": 404,
    }
    assert "data-autosave" not in text_of(as_("principal"), f"/summaries/{summary.id}?section=next")
    assert summaries.section_of(summary, "next").text == ""


# --- Signing ---


def test_signing_waits_for_every_part(as_, world):
    summary = begin(as_, world)
    write(as_("lead"), summary, "basics", "好")
    answer = step(as_("lead"), summary, "sign")
    assert answer.status_code == 409
    assert "还有 4 个部分未完成" in answer.get_data(as_text=True)
    assert (summary.state, db.session.scalars(db.select(SummarySnapshot)).all()) == ("drafting", [])


@pytest.mark.promise(9)
def test_only_the_lead_principal_signs(as_, world):
    summary = begin(as_, world)
    finish(as_, summary)
    answers = {
        who: step(as_(who), summary, "sign").status_code
        for who in ("principal", "office", "bureau", "liaison", "teacher", "equal_lead", "west_lead")
    }
    assert answers == {
        "principal": 403,
        "office": 403,
        "bureau": 403,
        "liaison": 403,
        "teacher": 404,
        "equal_lead": 404,
        "west_lead": 404,
    }
    assert step(as_("lead"), summary, "sign").status_code == 303


def test_signing_before_the_end_of_term_gives_a_preliminary_edition(as_, world, work):
    summary = begin(as_, world)
    finish(as_, summary)
    assert step(as_("lead"), summary, "sign").status_code == 303
    db.session.refresh(summary)
    content = summary.snapshot.content
    assert (summary.state, content["is_preliminary"], content["as_of"], content["signatory"]) == (
        "signed",
        True,
        "2025-11-19",
        "陈怀瑾",
    )
    assert "阶段稿" in text_of(as_("bureau"), f"/summaries/{summary.id}")


def test_what_was_signed_does_not_change_with_the_records(as_, world, work):
    summary = begin(as_, world)
    finish(as_, summary)
    step(as_("lead"), summary, "sign")
    db.session.refresh(summary)
    before = dict(summary.snapshot.content)
    meeting = db.session.scalars(db.select(Meeting)).one()
    meeting.state = "cancelled"
    db.session.commit()
    page = text_of(as_("lead"), f"/summaries/{summary.id}?section=practice")
    assert "次（应有5次）" in page
    assert summaries.content_of(summary, world.today) == before
    drill = text_of(as_("lead"), f"/summaries/{summary.id}/figures/meetings_held")
    assert "召开会议 1 次" in drill
    assert "签署时定格" in drill
    # A new edition sees the records as they are now, and the old one stays.
    assert step(as_("lead"), summary, "revise", note="会议取消了").status_code == 303
    db.session.refresh(summary)
    assert (summary.edition, summary.state) == (2, "drafting")
    assert "召开会议 0 次" in text_of(as_("lead"), f"/summaries/{summary.id}/figures/meetings_held")
    old = text_of(as_("lead"), f"/summaries/{summary.id}/figures/meetings_held?edition=1")
    assert "召开会议 1 次" in old
    assert "召开片区成员校例会1次" in text_of(as_("lead"), f"/summaries/{summary.id}/editions/1")


def test_a_signed_text_is_closed(as_, world):
    summary = begin(as_, world)
    finish(as_, summary)
    step(as_("lead"), summary, "sign")
    answer = write(as_("lead"), summary, "next", "签署之后写的")
    assert answer.status_code == 422
    assert "总结已签署，要先更正才能修改文字" in answer.get_data(as_text=True)
    assert "签署之后写的" in answer.get_data(as_text=True)
    assert summaries.section_of(summary, "next").text == "next的叙述"


@pytest.mark.promise(10)
def test_eight_signatures_at_once_give_one_edition(app, as_, world):
    summary = begin(as_, world)
    finish(as_, summary)
    address, version = f"/summaries/{summary.id}/step", summary.version
    clients = [as_("lead") for _ in range(8)]
    db.session.commit()
    db.session.remove()
    barrier, answers = threading.Barrier(8), []

    def sign(client):
        with app.app_context():
            barrier.wait()
            answers.append(client.post(address, data={"action": "sign", "version": version}).status_code)

    threads = [threading.Thread(target=contextvars.Context().run, args=(sign, client)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, *[409] * 7]
    assert [s.edition for s in db.session.scalars(db.select(SummarySnapshot))] == [1]


def test_a_summary_goes_to_the_bureau_and_comes_back_as_the_next_edition(as_, world, clock):
    clock(AFTER_TERM)
    summary = begin(as_, world)
    finish(as_, summary)
    step(as_("lead"), summary, "sign")
    step(as_("lead"), summary, "submit")
    assert step(as_("personnel"), summary, "accept").status_code == 403
    assert step(as_("bureau"), summary, "return").status_code == 409  # without a reason
    assert step(as_("bureau"), summary, "return", note="请补充成效").status_code == 303
    db.session.refresh(summary)
    assert (summary.state, summary.edition, summary.state_note) == ("drafting", 2, "请补充成效")
    assert "请补充成效" in text_of(as_("lead"), f"/summaries/{summary.id}")
    write(as_("lead"), summary, "results", "补充了")
    for who, action in (("lead", "sign"), ("lead", "submit"), ("bureau", "accept")):
        assert step(as_(who), summary, action).status_code == 303
    db.session.refresh(summary)
    assert (summary.state, summary.snapshot.edition, summary.snapshot.content["is_preliminary"]) == (
        "accepted",
        2,
        False,
    )
    told = [
        (n.person.name, n.kind) for n in db.session.scalars(db.select(Notification).order_by("created_at"))
    ]
    assert sorted(told) == sorted(
        [
            ("郑书恒", "summary_submitted"),
            ("陈怀瑾", "summary_returned"),
            ("郑书恒", "summary_submitted"),
            ("陈怀瑾", "summary_accepted"),
        ]
    )


@pytest.mark.promise(8)
def test_steps_cannot_be_skipped(as_, world):
    summary = begin(as_, world)
    finish(as_, summary)
    for who, action in (("lead", "submit"), ("bureau", "accept"), ("lead", "revise")):
        assert step(as_(who), summary, action, note="跳过").status_code == 409
    db.session.refresh(summary)
    assert summary.state == "drafting"


# --- Equal partners ---


def test_equal_partners_sign_after_every_member_agreed(as_, world):
    summary = begin(as_, world, "equal_lead", world.team)
    assert as_("equal_member").post(f"/summaries/{summary.id}/agree").status_code == 409
    finish(as_, summary, "equal_lead")
    answer = step(as_("equal_lead"), summary, "sign")
    assert answer.status_code == 409
    assert "还有成员校没有表示同意：伙伴小学" in answer.get_data(as_text=True)
    assert as_("equal_teacher").post(f"/summaries/{summary.id}/agree").status_code == 404
    assert "代表本校同意" in text_of(as_("equal_member"), f"/summaries/{summary.id}")
    assert as_("equal_member").post(f"/summaries/{summary.id}/agree").status_code == 303
    assert step(as_("equal_lead"), summary, "sign").status_code == 303


def test_consent_goes_with_the_words_it_was_given_to(as_, world):
    summary = begin(as_, world, "equal_lead", world.team)
    finish(as_, summary, "equal_lead")
    as_("equal_member").post(f"/summaries/{summary.id}/agree")
    assert [bool(c.given) for c in summaries.consents_of(summary, world.today)] == [True]
    write(as_("equal_lead"), summary, "next", "改了一句", mark="")
    assert [bool(c.given) for c in summaries.consents_of(summary, world.today)] == [False]
    kinds = [n.kind for n in db.session.scalars(db.select(Notification))]
    assert kinds == ["summary_for_consent"]


def test_nobody_agrees_to_words_that_changed_after_the_page_was_opened(as_, world):
    summary = begin(as_, world, "equal_lead", world.team)
    finish(as_, summary, "equal_lead")
    member, address = as_("equal_member"), f"/summaries/{summary.id}"
    seen = re.search(r'name="seen" value="(\w+)"', text_of(member, address))[1]
    write(as_("equal_lead"), summary, "next", "改了一句", mark="")
    assert member.post(f"{address}/agree", data={"seen": seen}).status_code == 409
    assert [bool(c.given) for c in summaries.consents_of(summary, world.today)] == [False]
    now = re.search(r'name="seen" value="(\w+)"', text_of(member, address))[1]
    assert member.post(f"{address}/agree", data={"seen": now}).status_code == 303


def test_a_directing_cluster_asks_nobody_for_consent(as_, world):
    summary = begin(as_, world)
    assert summaries.consents_of(summary, world.today) == []
    assert as_("principal").post(f"/summaries/{summary.id}/agree").status_code == 403


# --- Figures ---


def test_every_figure_opens_to_its_rows(as_, world, work):
    from portal.domain.figures import DEFINITIONS

    summary = begin(as_, world)
    client = as_("lead")
    for key, definition in DEFINITIONS.items():
        page = text_of(client, f"/summaries/{summary.id}/figures/{key}")
        assert definition.definition in page
    assert client.get(f"/summaries/{summary.id}/figures/nonsense").status_code == 404
    assert client.get(f"/summaries/{summary.id}/figures/logs?edition=7").status_code == 404


def test_rows_carry_names_and_links_for_those_who_may_open_them(as_, world, work):
    summary = begin(as_, world)
    address = f"/summaries/{summary.id}/figures/exchanged_persons"
    for who in ("lead", "principal", "bureau"):
        assert "林晓岚" in text_of(as_(who), address)
    for who in ("nanjiao_principal", "liaison"):
        page = text_of(as_(who), address)
        assert ("林晓岚" in page, "姓名不公开" in page, "拱辰中心小学" in page) == (False, True, True)


def test_rows_export_to_a_workbook_with_the_same_care(as_, world, work):
    summary = begin(as_, world)
    address = f"/summaries/{summary.id}/figures/exchanged_persons.xlsx"
    names = {}
    for who in ("lead", "liaison"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(as_(who).get(address).data))
        names[who] = book.get_sheet_by_index(0).to_python()[1][1]
    assert names == {"lead": "林晓岚", "liaison": "姓名不公开"}


def test_records_of_a_pair_name_the_pair_and_not_who_wrote_what(as_, world):
    pair = MentoringPair(
        district_id=world.east.id,
        cluster_id=world.cluster.id,
        mentor_id=world.mentor.id,
        mentee_id=world.mentee.id,
        mentor_accepted=True,
        mentee_accepted=True,
        state="active",
        starts_on=date(2025, 9, 1),
        created_by_id=world.lead.id,
    )
    db.session.add(pair)
    db.session.flush()  # the record names the pair
    db.session.add(
        WorkRecord(
            district_id=world.east.id,
            person_id=world.mentor.id,
            kind="observation",
            happened_on=date(2025, 10, 9),
            line=CANARY,
            mentoring_pair_id=pair.id,
        )
    )
    db.session.commit()
    summary = begin(as_, world)
    page = text_of(as_("principal"), f"/summaries/{summary.id}/figures/pair_records")
    assert "周以宁—江念一" in page
    assert f"/pairing/mentoring/{pair.id}" in page
    assert "姓名不公开" in page
    assert CANARY not in page


@pytest.mark.promise(3)
def test_logs_are_numbers_of_schools_and_never_words(as_, world, work):
    summary = begin(as_, world)
    finish(as_, summary)
    step(as_("lead"), summary, "sign")
    pages = [f"/summaries/{summary.id}", f"/summaries/{summary.id}/editions/1"]
    pages += [f"/summaries/{summary.id}?section={part}" for part in PARTS]
    pages += [f"/summaries/{summary.id}/figures/{key}" for key in ("logs", "log_writers", "writing_rate")]
    for who in ("lead", "bureau"):
        assert [address for address in pages if CANARY in text_of(as_(who), address)] == []
    db.session.refresh(summary)
    assert CANARY not in str(summary.snapshot.content)
    rows = text_of(as_("lead"), f"/summaries/{summary.id}/figures/logs")
    assert "南郊小学" in rows
    assert "何思源" not in rows


def test_what_the_scheme_does_not_set_is_named_and_left_out_of_the_text(as_, world):
    summary = begin(as_, world, "equal_lead", world.team)
    page = text_of(as_("equal_lead"), f"/summaries/{summary.id}?section=problems")
    assert "未设定" in page
    content = summaries.content_of(summary, world.today)
    assert "未设定" not in str([s["sentences"] for s in content["sections"]])


def test_a_summary_reads_in_english_with_the_official_page_in_chinese(as_, world, work):
    summary = begin(as_, world)
    client = as_("lead")
    client.post("/language", data={"locale": "en"})
    page = text_of(client, f"/summaries/{summary.id}")
    assert 'lang="en"' in page
    assert "麟峰小学片区以麟峰小学为领衔学校" in page  # the preview is the official text


def test_another_district_finds_nothing(as_, world):
    summary = begin(as_, world)
    for address in (f"/summaries/{summary.id}", f"/summaries/{summary.id}/figures/logs"):
        assert {as_(who).get(address).status_code for who in ("west_bureau", "west_lead")} == {404}


# --- The command ---


def summary_export(app, *arguments):
    db.session.commit()
    return app.test_cli_runner().invoke(cli_summary.group, ["export", *arguments])


def test_the_command_writes_a_draft_of_the_last_complete_term(app, world, work, tmp_path):
    out = tmp_path / "总结.pdf"
    answer = summary_export(app, "--cluster", "麟峰小学片区", "--out", str(out))
    assert answer.exit_code == 0, answer.output
    assert "麟峰小学片区2024—2025学年第二学期工作总结  (draft)" in answer.output
    assert out.read_bytes()[:5] == b"%PDF-"
    assert [path.name for path in tmp_path.iterdir()] == ["总结.pdf"]


def test_the_command_writes_the_signed_edition(app, as_, world, work, tmp_path):
    summary = begin(as_, world)
    finish(as_, summary)
    step(as_("lead"), summary, "sign")
    out = tmp_path / "out.pdf"
    answer = summary_export(app, "--cluster", "麟峰小学片区", "--term", "2025-2026-1", "--out", str(out))
    assert "(preliminary edition 1)" in answer.output
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(out).pages)
    assert "next的叙述" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--cluster", "没有的片区", "--out", "x.pdf"), "There is no cluster"),
        (("--cluster", "麟峰小学片区", "--term", "2030-2031-1", "--out", "x.pdf"), "There is no term"),
        (("--cluster", "麟峰小学片区", "--district", "west", "--out", "x.pdf"), "There is no cluster"),
        (("--cluster", "南关责任区", "--out", "x.pdf"), "No term is complete yet"),
        (("--cluster", "麟峰小学片区", "--out", "/nonexistent/x.pdf"), "cannot be written"),
    ],
)
def test_the_command_says_what_is_wrong(app, world, arguments, said):
    answer = summary_export(app, *arguments)
    assert answer.exit_code == 1
    assert said in answer.output
