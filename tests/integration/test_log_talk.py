"""What is said about logs: comments with @, corrected, withdrawn, on a log that closed meanwhile; the mentor's note."""

import sqlalchemy as sa

from portal.extensions import db
from portal.models import AuditEntry, CommentMention, MentorNote, Notification, Reflection, ReflectionComment
from portal.queries.clusters import staff_counts
from tests.support.logs import a_log, make_pair, share


def messages_to(person) -> list[tuple]:
    """(kind, words) of what somebody was told."""
    rows = db.session.scalars(db.select(Notification).filter_by(person_id=person.id))
    return [(row.kind, row.words) for row in rows if row.kind.startswith("comment")]


def the_comment() -> ReflectionComment:
    return db.session.scalars(db.select(ReflectionComment)).one()


def test_people_named_in_a_comment_are_told_once_without_the_title(as_, world):
    log = share(as_("teacher"), "cluster", title="只有题目才知道的词")
    post = {"text": "@何思源 老师那里有观察表，@江念一老师也看看"}
    assert as_("mentor").post(f"/reflections/{log.id}/comments", data=post).status_code == 303
    told = ("comment_mentions", {"who": world.mentor.name})
    assert (messages_to(world.colleague), messages_to(world.mentee)) == ([told], [told])
    assert messages_to(world.teacher) == [
        ("comment_written", {"who": world.mentor.name, "what": "只有题目才知道的词"})
    ]
    address = f"/reflections/comments/{the_comment().id}/edit"
    as_("mentor").post(address, data={"text": "@何思源 请看，@吴静姝 也请看"})
    assert (messages_to(world.colleague), messages_to(world.principal)) == ([told], [told])
    named = set(db.session.scalars(sa.select(CommentMention.person_id)))
    assert named == {world.colleague.id, world.mentee.id, world.principal.id}


def test_whoever_may_not_see_the_log_is_not_told_of_it(as_, world):
    log = share(as_("teacher"), "school")
    client = as_("mentor")
    client.post(f"/reflections/{log.id}/comments", data={"text": "@江念一 @没有这人 @何思源 请看"})
    page = client.get(f"/reflections/{log.id}").get_data(as_text=True)
    assert (messages_to(world.mentee), messages_to(world.colleague)) == ([], [])
    assert "没有通知到 江念一、没有这人、何思源：看不到这一篇，或有同名的人" in page


def test_a_comment_is_corrected_and_withdrawn_by_its_writer_alone(as_, world):
    log = share(as_("teacher"), "cluster")
    as_("colleague").post(f"/reflections/{log.id}/comments", data={"text": "第一稿的话"})
    row = the_comment()
    edit, withdraw = f"/reflections/comments/{row.id}/edit", f"/reflections/comments/{row.id}/withdraw"
    for role in ("teacher", "mentor", "lead", "bureau"):
        assert as_(role).post(edit, data={"text": "别人改的"}).status_code == 404, role
        assert as_(role).post(withdraw).status_code == 404, role
    assert as_("colleague").post(edit, data={"text": "第二稿的话"}).status_code == 303
    page = as_("teacher").get(f"/reflections/{log.id}").get_data(as_text=True)
    assert ("第二稿的话" in page, "第一稿的话" in page, "已修改" in page) == (True, False, True)
    assert as_("colleague").post(withdraw).status_code == 303
    page = as_("teacher").get(f"/reflections/{log.id}").get_data(as_text=True)
    assert ("第二稿的话" in page, "（这条评论已撤回）" in page, row.text) == (False, True, "")
    late = as_("colleague").post(edit, data={"text": "撤回以后又改"})
    assert (late.status_code, row.text) == (422, "")
    assert "条评论" not in as_("teacher").get("/reflections/").get_data(as_text=True)
    values = db.session.scalars(
        db.select(AuditEntry).where(AuditEntry.action.like("reflection.comment%"))
    ).all()
    assert [entry.values for entry in values] == [[], [], []]


def test_a_comment_on_a_log_made_private_gives_the_words_back_and_tells_nothing(as_, world):
    log = share(as_("teacher"), "cluster", title="刚刚收回的题目")
    as_("teacher").post(f"/reflections/{log.id}/step", data={"action": "take_back", "version": log.version})
    words = "晚到一步的评论"
    closed = as_("colleague").post(f"/reflections/{log.id}/comments", data={"text": words})
    nothing = as_("colleague").post(f"/reflections/{world.term.id}/comments", data={"text": words})
    pages = [answer.get_data(as_text=True) for answer in (closed, nothing)]
    assert [answer.status_code for answer in (closed, nothing)] == [404, 404]
    assert all("评论没有发出" in page and words in page for page in pages)
    assert all("刚刚收回的题目" not in page and world.teacher.name not in page for page in pages)
    assert db.session.scalars(db.select(ReflectionComment)).all() == []
    # The writer's own draft takes no comments either, and says so.
    own = as_("teacher").post(f"/reflections/{log.id}/comments", data={"text": words})
    assert own.status_code == 422


def test_the_mentors_note_is_the_mentors_alone_and_sealed(as_, world):
    make_pair(world)
    log = share(as_("teacher"), "mentor")
    secret = "下次听课留意等待时间"
    address = f"/reflections/{log.id}/note"
    assert as_("mentor").post(address, data={"note": secret}).status_code == 303
    page = as_("mentor").get(f"/reflections/{log.id}").get_data(as_text=True)
    assert secret in page
    for role in ("teacher", "lead", "principal", "bureau", "colleague"):
        client = as_(role)
        for place in (f"/reflections/{log.id}", "/", "/reflections/", "/messages/"):
            assert secret not in client.get(place).get_data(as_text=True), (role, place)
        assert client.post(address, data={"note": "别人写的"}).status_code in (403, 404), role
    note = db.session.scalars(db.select(MentorNote)).one()
    raw = db.session.execute(sa.text("SELECT text FROM mentor_note")).scalar_one()
    assert (note.text, secret in raw) == (secret, False)
    told = db.session.scalars(db.select(AuditEntry).filter_by(object_kind="mentor_note")).one()
    assert told.values == []
    # A second device with an older page: both texts are shown, none is lost.
    as_("mentor").post(address, data={"note": "第二次", "version": 1})
    stale = as_("mentor").post(address, data={"note": "第三次", "version": 1})
    page = stale.get_data(as_text=True)
    assert (stale.status_code, "第二次" in page, "第三次" in page, note.text) == (409, True, True, "第二次")
    # When the log closes, its note is out of sight with it, and kept.
    as_("teacher").post(f"/reflections/{log.id}/step", data={"action": "take_back", "version": log.version})
    assert as_("mentor").get(f"/reflections/{log.id}").status_code == 404
    assert (note.text, a_log().state) == ("第二次", "draft")


def test_who_can_see_is_said_by_names_and_numbers(as_, world):
    make_pair(world)
    staff = staff_counts(world.east.id, [world.linfeng.id])[world.linfeng.id]
    said = {
        "own": "谁能看到：只有我",
        "mentor": f"谁能看到：本人和导师{world.mentor.name}",
        "school": f"谁能看到：{world.linfeng.name} {staff} 位教职工、导师{world.mentor.name}",
        "cluster": f"谁能看到：{world.cluster.name} 3 所学校的教职工、导师{world.mentor.name}",
    }
    for number, (visibility, words) in enumerate(said.items()):
        log = share(as_("teacher"), visibility, once_key=f"{number:032x}")
        page = as_("teacher").get(f"/reflections/{log.id}").get_data(as_text=True)
        assert words in page, visibility
        assert db.session.get(Reflection, (log.district_id, log.id)).visibility == visibility
