"""The opinion box of a school: who reads what, no trace of who wrote without a name, the principal's answer (S1-49)."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.domain.opinions import MOST_A_DAY
from portal.extensions import db
from portal.models import AuditEntry, Notification, Opinion, OpinionDigest, RoleAssignment, SentForm
from portal.queries import opinions
from tests.support.cast_names import ACCOUNTS

WORDS = "走教的两天没有午休的地方"
COLLECTED = "## 走教与课务\n希望安排午休。"


def text(answer) -> str:
    return answer.get_data(as_text=True)


def only() -> Opinion:
    db.session.expire_all()
    return db.session.scalars(sa.select(Opinion)).one()


def collection() -> OpinionDigest:
    db.session.expire_all()
    return db.session.scalars(sa.select(OpinionDigest)).one()


def represent(world, person, school, since=date(2025, 9, 1), until=None) -> RoleAssignment:
    row = RoleAssignment(
        district_id=world.east.id, person_id=person.id, role="representative", school_id=school.id,
        starts_on=since, ends_on=until,
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row


@pytest.fixture
def box(world, as_):
    """The box of 拱辰中心小学: 江念一 represents its teachers, 许清和 works there, 吴静姝 is principal."""
    represent(world, world.mentee, world.gongchen)

    def put(who="office", **changes):
        data = {"topic": "visiting", "text": WORDS, "name": "nameless", **changes}
        return as_(who).post(f"/opinions/schools/{world.gongchen.id}/new", data=data)

    return put


@pytest.fixture
def collected(box, as_, world):
    """A collection that is written and not handed in."""
    box()
    assert (
        as_("mentee")
        .post(f"/opinions/schools/{world.gongchen.id}/digest", data={"text": COLLECTED})
        .status_code
        == 303
    )


def readers_of(as_, words: str, address: str) -> set[str]:
    return {name for name in ACCOUNTS if words in text(as_(name).get(address))}


def step(as_, who, action, row=None, version=None):
    row = row or collection()
    where = "digests/" if isinstance(row, OpinionDigest) else ""
    data = {"action": action, "version": str(version or row.version)}
    return as_(who).post(f"/opinions/{where}{row.id}/step", data=data)


def test_a_single_opinion_is_read_by_the_representative_alone(as_, box, world):
    assert box().status_code == 303
    assert readers_of(as_, WORDS, "/opinions/") == {"mentee"}
    assert "不署名" in text(as_("mentee").get("/opinions/"))
    assert box(text="署名的意见", name="named").status_code == 303
    assert readers_of(as_, "署名的意见", "/opinions/") == {"mentee", "office"}
    assert readers_of(as_, "许清和", f"/opinions/?school={world.gongchen.id}&topic=visiting") >= {"mentee"}


def test_without_a_name_nothing_anywhere_tells_who_wrote(as_, box, world):
    before = everything()
    assert box().status_code == 303
    row = only()
    assert (row.created_by_id, row.id.version, row.created_at, row.updated_at) == (
        None,
        4,
        datetime(2025, 11, 19, tzinfo=UTC),
        datetime(2025, 11, 19, tzinfo=UTC),
    )
    new = {name: rows - before.get(name, set()) for name, rows in everything().items()}
    told = {name: rows for name, rows in new.items() if rows and name != "login_session"}
    assert set(told) == {"opinion", "sent_form"} or set(told) == {"opinion"}
    # No row that is new names the writer, and none but the session that was there tells the time of day.
    assert str(world.office.id) not in repr(told)
    moments = [
        value for rows in told.values() for row in rows for value in row if isinstance(value, datetime)
    ]
    assert {(moment.hour, moment.minute, moment.second) for moment in moments} == {(0, 0, 0)}


def everything() -> dict[str, set]:
    db.session.rollback()
    return {
        table.name: {tuple(map(hashable, row)) for row in db.session.execute(sa.select(table))}
        for table in db.metadata.sorted_tables
    }


def hashable(value):
    return (
        repr(value)
        if isinstance(value, dict | list | bytes)
        else str(value)
        if hasattr(value, "hex")
        else value
    )


def test_the_note_of_a_sent_form_keeps_the_day_only_and_two_arrivals_are_one(as_, box, world):
    data = {"sent_key": "0123456789abcdef0123456789abcdef"}
    assert [box(**data).status_code for _ in range(2)] == [303, 303]
    assert only().text == WORDS
    note = db.session.scalars(sa.select(SentForm)).one()
    assert (note.sent_at.hour, note.sent_at.minute, note.sent_at.second, note.sent_at.microsecond) == (
        0,
        0,
        0,
        0,
    )
    assert note.link == f"/opinions/?school={world.gongchen.id}"


def test_with_a_name_one_sees_what_became_of_it_and_may_withdraw(as_, box):
    box(name="named", text="请调整集体备课的时间")
    row = only()
    actions = sa.select(AuditEntry.action).filter_by(object_id=row.id).order_by(AuditEntry.number)
    assert db.session.scalars(actions).all() == ["opinion.create"]
    taken = step(as_, "mentee", "take", row)
    # Back to the box and the term that it lies in.
    assert (taken.status_code, taken.location.partition("?")[2]) == (
        303,
        f"school={row.school_id}&term=2025-2026-1",
    )
    assert "已列入汇总" in text(as_("office").get("/opinions/"))
    assert step(as_, "office", "withdraw", only()).status_code == 409
    assert step(as_, "mentee", "leave", only()).status_code == 303
    stale = only().version - 1
    assert step(as_, "office", "withdraw", only(), stale).status_code == 409
    assert step(as_, "office", "withdraw", only()).status_code == 303
    assert only().state == "withdrawn"
    assert "请调整集体备课的时间" not in text(as_("mentee").get("/opinions/"))


def test_who_writes_where(as_, box, world):
    address = f"/opinions/schools/{world.gongchen.id}/new"
    codes = {name: as_(name).get(address).status_code for name in ACCOUNTS}
    assert {name for name, code in codes.items() if code == 200} == {"mentee", "office"}
    assert codes["principal"] == 403
    assert box(text="").status_code == 422
    assert box(text="长" * 2001).status_code == 422
    assert "长长长" in text(box(text="长" * 2001))
    assert box(topic="elsewhere").status_code == 422
    assert db.session.scalar(sa.select(sa.func.count(Opinion.id))) == 0


def test_a_box_that_runs_over_takes_no_more_that_day(box, world):
    day = datetime(2025, 11, 19, tzinfo=UTC)
    for number in range(MOST_A_DAY):
        db.session.add(
            Opinion(
                district_id=world.east.id, school_id=world.gongchen.id, term_id=world.term.id, topic="other",
                text=str(number), written_on=world.today, created_at=day, updated_at=day,
            )
        )  # fmt: skip
    db.session.commit()
    answer = box()
    assert (answer.status_code, WORDS in text(answer), "今天的意见已经很多" in text(answer)) == (
        422,
        True,
        True,
    )


def test_the_collection_goes_to_the_principal_and_with_the_answer_to_all(as_, collected, world):
    page = f"/opinions/digests/{collection().id}"

    def seen_by():
        return {name for name in ACCOUNTS if as_(name).get(page).status_code == 200}

    assert seen_by() == {"mentee"}
    assert step(as_, "mentee", "submit").status_code == 303
    assert (seen_by(), collection().submitted_on) == ({"mentee", "principal"}, world.today)
    told = sa.select(Notification.person_id).filter_by(kind="digest_submitted")
    assert db.session.scalars(told).all() == [world.principal.id]
    assert "答复教师意见汇总" in text(as_("principal").get("/"))
    assert step(as_, "principal", "recall").status_code == 403
    address = f"{page}/answer"
    assert as_("mentee").get(address).status_code == 403
    answered = {"reply": "已安排午休室。", "version": str(collection().version)}
    assert as_("principal").post(address, data={**answered, "reply": ""}).status_code == 422
    assert as_("principal").post(address, data=answered).status_code == 303
    assert (seen_by(), collection().state) == ({"mentee", "principal", "office"}, "answered")
    assert as_("principal").get(address).status_code == 404
    assert "已安排午休室。" in text(as_("office").get(page))
    assert WORDS not in text(as_("office").get("/opinions/")) + text(as_("principal").get("/opinions/"))
    told = sa.select(Notification.person_id).filter_by(kind="digest_answered")
    assert db.session.scalars(told).all() == [world.mentee.id]
    steps = sa.select(AuditEntry.action).filter_by(object_id=collection().id).order_by(AuditEntry.number)
    assert db.session.scalars(steps).all() == [
        f"opinion_digest.{key}" for key in ("create", "submit", "answer")
    ]


def test_nobody_answers_the_own_collection(as_, collected, world):
    assert step(as_, "mentee", "submit").status_code == 303
    address = f"/opinions/digests/{collection().id}/answer"
    both = represent(world, world.principal, world.gongchen)  # as no page would let it be
    assert as_("principal").get(address).status_code == 403
    answered = {"reply": "已安排。", "version": str(collection().version)}
    assert (as_("principal").post(address, data=answered).status_code, collection().reply) == (403, "")
    db.session.delete(db.session.merge(both))
    db.session.commit()
    assert (as_("principal").post(address, data=answered).status_code, collection().reply) == (
        303,
        "已安排。",
    )


def test_what_is_handed_in_is_taken_back_before_it_is_changed(as_, collected, world):
    address = f"/opinions/schools/{world.gongchen.id}/digest"
    assert step(as_, "mentee", "submit").status_code == 303
    late = {"text": "改过", "version": str(collection().version)}
    refused = as_("mentee").post(address, data=late)
    assert (refused.status_code, "改过" in text(refused), collection().text) == (422, True, COLLECTED)
    assert step(as_, "mentee", "recall").status_code == 303
    assert (collection().state, collection().submitted_on) == ("drafting", None)
    stale = as_("mentee").post(address, data={"text": "两台电脑", "version": "1"})
    assert (stale.status_code, "两台电脑" in text(stale), "希望安排午休。" in text(stale)) == (
        409,
        True,
        True,
    )
    assert as_("mentee").post(address, data={**late, "version": str(collection().version)}).status_code == 303
    assert collection().text == "改过"


def test_of_two_first_collections_the_second_is_told_and_keeps_its_words(as_, collected, world, monkeypatch):
    # As both saw it: nobody had begun.
    monkeypatch.setattr(opinions, "digest_of", lambda school, term: None)
    late = as_("mentee").post(
        f"/opinions/schools/{world.gongchen.id}/digest", data={"text": "另一台电脑写的"}
    )
    page = text(late)
    assert (late.status_code, "刚才有人先写了" in page, "另一台电脑写的" in page) == (422, True, True)
    assert collection().text == COLLECTED


def test_a_new_collection_begins_with_what_was_written_about(as_, box, world):
    box(), box(topic="pairing", text="师徒一起备课的时间少")
    page = text(as_("mentee").get(f"/opinions/schools/{world.gongchen.id}/digest"))
    assert re.search(r"<textarea[^>]*>\s*([^<]*)", page)[1].split() == [
        "##",
        "结对与带教",
        "##",
        "走教与课务",
    ]
    assert (WORDS in page, "师徒一起备课的时间少" in page) == (True, True)


def test_a_representative_is_named_by_the_principal_and_is_no_principal_nor_office(as_, world):
    def begin(who, person, school):
        data = {"role": "representative", "since": "2025-11-19", "school": str(school.id), "office": ""}
        return as_(who).post(f"/admin/people/{person.id}/roles/new", data=data)

    assert begin("principal", world.mentee, world.gongchen).status_code == 303
    row = db.session.scalars(sa.select(RoleAssignment).filter_by(role="representative")).one()
    assert (row.person_id, row.school_id, row.starts_on) == (world.mentee.id, world.gongchen.id, world.today)
    assert begin("principal", world.office, world.gongchen).status_code == 422
    assert begin("bureau", world.principal, world.gongchen).status_code == 422
    assert begin("bureau", world.colleague, world.gongchen).status_code == 422  # works elsewhere
    assert begin("principal", world.colleague, world.nanjiao).status_code in (403, 404)
    data = {"role": "office", "since": "2025-11-20", "school": str(world.gongchen.id), "office": ""}
    assert as_("principal").post(f"/admin/people/{world.mentee.id}/roles/new", data=data).status_code == 422
    end = as_("principal").post(f"/admin/roles/{row.id}/end", data={"last_day": "2025-11-19"})
    assert end.status_code == 303


def test_the_box_is_closed_to_a_representative_whose_time_is_over(as_, box, world):
    box()
    row = db.session.scalars(sa.select(RoleAssignment).filter_by(role="representative")).one()
    row.ends_on = world.today - timedelta(days=1)
    db.session.commit()
    assert readers_of(as_, WORDS, "/opinions/") == set()
    assert step(as_, "mentee", "take", only()).status_code == 404


def test_home_counts_what_the_representative_has_not_seen(as_, box, world):
    box(), box(text="第二条")
    page = text(as_("mentee").get("/"))
    link = f"/opinions/?school={world.gongchen.id}&amp;term={world.term.code}"
    assert ("意见箱里有 2 条还没看" in page, link in page) == (True, True)
    assert "意见箱里有" not in text(as_("principal").get("/")) + text(as_("office").get("/"))


def test_search_knows_nothing_of_the_box(as_, collected):
    for who in ACCOUNTS:
        found = text(as_(who).get("/search/?q=午休"))
        assert [words in found for words in (WORDS, "希望安排")] == [False, False], who
