"""记一笔: one line in one go, written once however often it arrives; the ledger; deleting and putting back."""

import io
import threading
from datetime import date, datetime, timedelta

import pytest
from python_calamine import CalamineWorkbook

from portal.actions import records as actions
from portal.actions.errors import Refused
from portal.domain.access import can
from portal.domain.moments import SHANGHAI
from portal.extensions import db
from portal.models import (
    Activity,
    AuditEntry,
    Reflection,
    RemovedRecord,
    VisitingLesson,
    VisitingSession,
    WorkRecord,
)
from portal.queries import records
from tests.support.cast_names import ACCOUNTS
from tests.support.pairs import mentoring_pair, school_pairing, work_record
from tests.support.queries import counted_queries

KEY = "0123456789abcdef" * 2
LINE = {"kind": "observation", "text": "听了二（2）班的课", "happened_on": "2025-11-19", "once_key": KEY}


def text(answer) -> str:
    return answer.get_data(as_text=True)


def all_records() -> list[WorkRecord]:
    return list(db.session.scalars(db.select(WorkRecord).order_by(WorkRecord.id)))


@pytest.fixture
def session(world):
    lesson = VisitingLesson(
        district_id=world.east.id,
        term_id=world.term.id,
        person_id=world.teacher.id,
        home_school_id=world.linfeng.id,
        school_id=world.gongchen.id,
        subject="音乐",
        class_name="四（1）班",
        weekday=3,
        period=5,
        starts=850,
        ends=890,
        state="running",
    )
    db.session.add(lesson)
    db.session.flush()
    row = VisitingSession(
        district_id=world.east.id,
        lesson_id=lesson.id,
        person_id=world.teacher.id,
        school_id=world.gongchen.id,
        class_name="四（1）班",
        held_on=world.today,
        starts=850,
        ends=890,
    )
    db.session.add(row)
    db.session.commit()
    return row


@pytest.fixture
def activity(world):
    row = Activity(
        district_id=world.east.id,
        cluster_id=world.cluster.id,
        term_id=world.term.id,
        kind="zone_research",
        theme="区音乐教研",
        host_school_id=world.nanjiao.id,
        starts_at=datetime(2025, 11, 18, 9, tzinfo=SHANGHAI),
        state="held",
        created_by_id=world.lead.id,
    )
    db.session.add(row)
    db.session.commit()
    return row


def test_one_line_is_enough_and_home_offers_to_complete_it(as_, world):
    client = as_("teacher")
    answer = client.post("/records/new", data=LINE)
    assert (answer.status_code, answer.location) == (303, "/")
    (record,) = all_records()
    assert (record.kind, record.line, record.body, record.periods, record.happened_on, record.school_id) == (
        "observation",
        "听了二（2）班的课",
        "",
        1,
        world.today,
        world.linfeng.id,
    )
    home = text(client.get("/"))
    assert "已记下：听课" in home
    assert f'href="/records/{record.id}/edit"' in home


def test_what_arrives_twice_is_written_once_with_the_same_answer(as_):
    client = as_("teacher")
    answers = [client.post("/records/new", data=LINE) for _ in range(2)]
    assert [(a.status_code, a.location) for a in answers] == [(303, "/"), (303, "/")]
    assert [record.line for record in all_records()] == ["听了二（2）班的课"]
    assert as_("colleague").post("/records/new", data=LINE).status_code == 303
    assert len(all_records()) == 2


def test_words_added_before_the_second_sending_are_kept_but_never_overwrite_an_edit(as_):
    client = as_("teacher")
    client.post("/records/new", data=LINE)
    client.post("/records/new", data={**LINE, "text": "听了二（2）班的课\n节奏游戏很顺"})
    (record,) = all_records()
    assert (record.line, record.body, record.version) == ("听了二（2）班的课", "节奏游戏很顺", 2)
    client.post("/records/new", data=LINE)
    assert record.body == "节奏游戏很顺"


def test_two_phones_of_one_person_at_the_same_moment_write_one_record(app, as_, engine):
    """Both requests stand at a barrier; whichever loses answers as the winner does."""
    as_("teacher")
    clients = [app.test_client().log_in("teacher") for _ in range(6)]
    db.session.commit()
    barrier, answers = threading.Barrier(6), []

    def send(client):
        barrier.wait()
        with app.app_context():
            answer = client.post("/records/new", data=LINE)
        answers.append((answer.status_code, answer.location))

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [(303, "/")] * 6
    assert len(all_records()) == 1


def test_lines_put_aside_without_a_connection_carry_keys_of_their_own(as_):
    """The page stays open, so the form's own key is the same; each line has the key of the outbox."""
    client = as_("teacher")
    for number, words in ((1, "第一条"), (2, "第二条"), (2, "第二条")):
        data = {**LINE, "text": words, "client_key": f"{number:032x}"}
        answer = client.post("/records/new", data=data, headers={"X-Requested-With": "outbox"})
        assert answer.status_code == 303
    assert [record.line for record in all_records()] == ["第一条", "第二条"]


def test_a_thought_becomes_a_draft_that_only_its_writer_sees(as_, world):
    client = as_("teacher")
    for _ in range(2):
        assert (
            client.post("/records/new", data={**LINE, "kind": "thought", "text": "分组唱效果好"}).status_code
            == 303
        )
    log = db.session.scalars(db.select(Reflection)).one()
    assert (log.state, log.visibility, log.kind, log.experience, log.person_id) == (
        "draft",
        "own",
        "other",
        "分组唱效果好",
        world.teacher.id,
    )
    assert all_records() == []
    home = text(client.get("/"))
    assert "已存为反思草稿，只有您能看到" in home
    assert f'href="/reflections/{log.id}/edit"' in home


def test_suggestions_of_the_day_are_links_and_say_the_kind(as_, world, session, activity):
    pair, support = mentoring_pair(world, "teacher", "mentee"), school_pairing(world)
    client = as_("teacher")
    page = text(client.get("/records/new"))
    for words in ("四（1）班 音乐", "江念一", "麟峰小学—拱辰中心小学", "区音乐教研"):
        assert words in page
    links = [f"session:{session.id}", f"activity:{activity.id}", f"school:{support.id}"]
    for number, link in enumerate(links):
        data = {"link": link, "text": "", "happened_on": "2025-11-19", "once_key": f"{number:032x}"}
        assert client.post("/records/new", data=data).status_code == 303, link
    talk = {"kind": "talk", "link": f"pair:{pair.id}", "text": "谈了公开课", "happened_on": "2025-11-19"}
    assert client.post("/records/new", data=talk).status_code == 303
    found = [
        (r.kind, r.session_id, r.activity_id, r.school_pairing_id, r.mentoring_pair_id, r.place_school_id)
        for r in all_records()
    ]
    assert found == [
        ("lesson", session.id, None, None, None, world.gongchen.id),
        ("activity", None, activity.id, None, None, world.nanjiao.id),
        ("support", None, None, support.id, None, None),
        ("talk", None, None, None, pair.id, None),
    ]
    assert all_records()[3].with_person_id == world.mentee.id


def test_others_lessons_and_pairs_are_neither_offered_nor_taken(as_, world, session, activity):
    pair, support = mentoring_pair(world), school_pairing(world, donor="ziyuan", beneficiary="huoban")
    client = as_("teacher")
    assert "周以宁" not in text(client.get("/records/new"))
    outsider = as_("equal_teacher")
    page = text(outsider.get("/records/new"))
    assert "四（1）班" not in page
    assert "区音乐教研" not in page
    for who, link in (
        (client, f"pair:{pair.id}"),
        (as_("lead"), f"pair:{pair.id}"),
        (client, f"school:{support.id}"),
        (as_("mentor"), f"session:{session.id}"),
        (outsider, f"activity:{activity.id}"),
        (client, "pair:00000000-0000-7000-8000-000000000000"),
        (client, "school:nonsense"),
        (client, "nonsense"),
    ):
        answer = who.post("/records/new", data={**LINE, "link": link})
        assert (answer.status_code, "请从列出的选项里选择" in text(answer)) == (422, True), link
        assert "听了二（2）班的课" in text(answer)
    assert all_records() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": ""}, "请选一项：上课、听课、谈话……"),
        ({"kind": "donation"}, "请选一项：上课、听课、谈话……"),
        ({"text": "", "who": "何思源"}, "写一句就够"),
        ({"happened_on": "2025-11-20", "who": "何思源"}, "日期不能晚于今天"),
        ({"happened_on": "1899-01-01", "who": "何思源"}, "请检查年份"),
        ({"happened_on": "", "who": "何思源"}, "请填写这一项"),
        ({"periods": "21", "who": "何思源"}, "何思源"),
    ],
)
def test_a_wrong_line_comes_back_with_what_was_typed(as_, changes, words):
    answer = as_("teacher").post("/records/new", data={**LINE, **changes})
    page = text(answer)
    assert answer.status_code == 422
    assert words in page
    assert KEY in page
    assert (changes.get("text") == "") or ("听了二（2）班的课" in page)
    assert all_records() == []


def test_a_long_text_is_cut_in_the_list_only(as_):
    long = "唱" * 400
    as_("teacher").post("/records/new", data={**LINE, "text": long})
    (record,) = all_records()
    assert (record.line, record.body) == ("唱" * 299 + "…", long)


def test_a_record_without_a_pair_is_its_writers_alone(as_, world, activity):
    client = as_("teacher")
    client.post("/records/new", data={**LINE, "link": f"activity:{activity.id}"})
    (record,) = all_records()
    assert "谁能看到：只有我" in text(client.get(f"/records/{record.id}"))
    for name in ACCOUNTS:
        if name != "teacher":
            assert as_(name).get(f"/records/{record.id}").status_code == 404, name


def test_list_and_permission_agree_for_everybody(world, actor_of):
    pair, support = mentoring_pair(world), school_pairing(world)
    beyond = school_pairing(world, donor="linfeng", beneficiary="huoban", cluster_id=None)
    work_record(world.mentor, mentoring_pair_id=pair.id)
    work_record(world.mentee, mentoring_pair_id=pair.id)
    work_record(world.teacher, school_pairing_id=support.id)
    work_record(world.teacher, school_pairing_id=beyond.id)
    work_record(world.teacher)
    work_record(world.lead)
    work_record(world.west_teacher)
    rows = all_records()
    for name in ACCOUNTS:
        actor = actor_of(name)
        seen = set(db.session.scalars(records.visible_to(actor)))
        assert seen == {row for row in rows if can(actor, "record.view", row)}, name


def test_a_record_is_completed_with_its_history_and_stale_forms_keep_both_texts(as_, world):
    record = work_record(world.teacher)
    client = as_("teacher")
    stale = record.version
    data = {"kind": "observation", "line": "改过的一句", "happened_on": "2025-11-06", "version": stale}
    assert client.post(f"/records/{record.id}/edit", data={**data, "body": "补充的正文"}).status_code == 303
    assert (record.line, record.body, record.version) == ("改过的一句", "补充的正文", stale + 1)
    page = text(client.get(f"/records/{record.id}"))
    assert "补充的正文" in page
    assert "林晓岚 修改" in page
    answer = client.post(f"/records/{record.id}/edit", data={**data, "line": "另一台手机写的"})
    assert (answer.status_code, record.line) == (409, "改过的一句")
    assert "另一台手机写的" in text(answer)
    assert "改过的一句" in text(answer)
    wrong = client.post(
        f"/records/{record.id}/edit", data={**data, "line": "", "body": "", "version": record.version}
    )
    assert (wrong.status_code, record.line) == (422, "改过的一句")


def test_a_record_moves_to_a_pair_and_then_both_read_it(as_, world):
    pair, record = mentoring_pair(world), work_record(world.mentor)
    assert as_("mentee").get(f"/records/{record.id}").status_code == 404
    data = {
        "kind": "observation",
        "line": record.line,
        "happened_on": "2025-11-06",
        "version": record.version,
    }
    moved = as_("mentor").post(f"/records/{record.id}/edit", data={**data, "link": f"pair:{pair.id}"})
    assert (moved.status_code, record.mentoring_pair_id) == (303, pair.id)
    assert as_("mentee").get(f"/records/{record.id}").status_code == 200
    assert "关联" in text(as_("mentor").get(f"/records/{record.id}"))


def test_official_records_keep_their_words_in_the_history(as_, world):
    support = school_pairing(world)
    record = work_record(world.teacher, school_pairing_id=support.id, kind="visit")
    data = {"kind": "visit", "line": "走访了三个班", "happened_on": "2025-11-06", "version": record.version}
    as_("teacher").post(f"/records/{record.id}/edit", data={**data, "link": f"school:{support.id}"})
    page = text(as_("bureau").get(f"/records/{record.id}"))
    assert "听了一节课" in page
    assert "走访了三个班" in page


def test_deleting_offers_to_undo_and_undo_puts_everything_back(as_, world):
    pair = mentoring_pair(world)
    record = work_record(world.mentor, mentoring_pair_id=pair.id, body="正文", periods=2, once_key=KEY)
    key, before = record.id, {name: getattr(record, name) for name in actions.KEPT}
    client = as_("mentor")
    answer = client.post(f"/records/{key}/delete", data={"version": record.version})
    assert (answer.status_code, answer.location) == (303, "/records/")
    assert all_records() == []
    assert as_("mentee").get(f"/records/{key}").status_code == 404
    removed = db.session.scalars(db.select(RemovedRecord)).one()
    undo = f"/records/undo/{removed.id}"
    assert f'action="{undo}"' in text(client.get("/records/"))
    assert as_("mentee").post(undo).status_code == 404
    back = client.post(undo)
    assert (back.status_code, back.location) == (303, f"/records/{key}")
    (restored,) = all_records()
    assert {name: getattr(restored, name) for name in actions.KEPT} == before
    done = db.session.scalars(
        db.select(AuditEntry.action).where(AuditEntry.object_id == key).order_by(AuditEntry.number)
    )
    assert list(done) == ["record.delete", "record.restore"]
    assert client.post(undo).status_code == 404


def test_only_the_last_deletion_can_be_undone_and_only_for_a_day(as_, world, actor_of):
    first, second = work_record(world.teacher, line="第一条"), work_record(world.teacher, line="第二条")
    client = as_("teacher")
    for record in (first, second):
        client.post(f"/records/{record.id}/delete", data={"version": record.version})
    removed = db.session.scalars(db.select(RemovedRecord)).one()
    assert removed.values["line"] == "第二条"
    with pytest.raises(Refused, match="删除已超过一天"):
        actions.restore(actor_of("teacher"), removed, now=world.now + timedelta(days=1, minutes=1))


def test_others_records_are_neither_changed_nor_deleted(as_, world):
    pair = mentoring_pair(world)
    record = work_record(world.mentor, mentoring_pair_id=pair.id)
    data = {"version": record.version, "line": "x", "kind": "talk", "happened_on": "2025-11-06"}
    for name, status in (("mentee", 403), ("lead", 404), ("bureau", 404), ("west_lead", 404)):
        client = as_(name)
        assert client.post(f"/records/{record.id}/edit", data=data).status_code == status, name
        assert client.post(f"/records/{record.id}/delete", data=data).status_code == status, name
    stale = as_("mentor").post(f"/records/{record.id}/delete", data={"version": record.version + 1})
    assert (stale.status_code, record.line) == (409, "听了一节课")


def test_ledger_shows_a_term_counts_times_and_periods_and_exports(as_, world):
    pair = mentoring_pair(world)
    work_record(world.mentor, mentoring_pair_id=pair.id, periods=2)
    work_record(world.mentor, kind="talk", line="=谈话", happened_on=date(2025, 11, 7))
    work_record(world.mentor, line="上学期的课", happened_on=date(2025, 5, 6), periods=1)
    work_record(world.mentee, line="别人的记录")
    client = as_("mentor")
    page = text(client.get("/records/"))
    for words in ("听了一节课", "=谈话", "全部 2 次", "听课 1 次 2 节", "谈话 1 次", "江念一"):
        assert words in page
    for words in ("上学期的课", "别人的记录"):
        assert words not in page
    last = text(client.get("/records/?term=2024-2025-2", htmx="ledger"))
    assert "上学期的课" in last
    assert "<html" not in last
    talks = text(client.get("/records/?kind=talk", htmx="ledger"))
    assert "听了一节课" not in talks
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/records/ledger.xlsx?term=all").data))
    head, *rows = workbook.get_sheet_by_index(0).to_python()
    assert head[:3] == ["日期", "类别", "一句话"]
    assert [row[:3] + row[5:7] for row in rows] == [
        [date(2025, 5, 6), "听课", "上学期的课", "", 1.0],
        [date(2025, 11, 6), "听课", "听了一节课", "江念一 音乐", 2.0],
        [date(2025, 11, 7), "谈话", "=谈话", "", ""],
    ]
    assert "上完课、听完课、谈过话" in text(as_("colleague").get("/records/"))


def test_ledger_costs_the_same_for_one_line_and_for_many(as_, world, session, activity):
    pair = mentoring_pair(world, "teacher", "mentee")
    work_record(world.teacher, mentoring_pair_id=pair.id)
    client = as_("teacher")
    client.get("/records/")
    with counted_queries() as one:
        client.get("/records/")
    support = school_pairing(world)
    for number in range(8):
        links = ({"session_id": session.id}, {"activity_id": activity.id}, {"school_pairing_id": support.id})
        work_record(world.teacher, happened_on=date(2025, 10, 1 + number), **links[number % 3])
    with counted_queries() as many:
        client.get("/records/")
    assert many.count == one.count <= 18


@pytest.mark.parametrize(
    "words", ["😀" * 200, "<script>alert(1)</script>", "𬭎䶮婳\u202e\x00尾", "' OR 1=1 --"]
)
def test_unusual_text_is_kept_as_text(as_, words):
    client = as_("teacher")
    assert client.post("/records/new", data={**LINE, "text": words}).status_code == 303
    (record,) = all_records()
    page = text(client.get(f"/records/{record.id}"))
    assert "<script>alert" not in page
    assert client.get("/records/").status_code == 200
