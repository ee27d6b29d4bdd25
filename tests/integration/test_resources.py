"""Shared resources of a cluster through the pages: search, versions, use, rules, who may what."""

import io

import pytest
import sqlalchemy as sa

from portal.domain.access import can
from portal.domain.resources import RULES, missing_rules, words_of
from portal.extensions import db
from portal.models import Notification, Resource
from portal.queries import resources
from tests.support import sample_files as samples
from tests.support.cast_names import ACCOUNTS

FORM = {
    "title": "《草船借箭》公开课教案",
    "kind": "lesson",
    "subject": "语文",
    "details": "五年级下册，两课时",
}


@pytest.fixture
def share(as_, world):
    def send(who="teacher", file=("教案.pdf", samples.PDF), cluster=None, **changes):
        school = {"teacher": world.linfeng, "principal": world.gongchen, "lead": world.linfeng}.get(who)
        data = {**FORM, "school": str(school.id) if school else "", **changes}
        if file:
            data["files"] = (io.BytesIO(file[1]), file[0])
        where = (cluster or world.cluster).id
        return as_(who).post(f"/resources/clusters/{where}/new", data=data)

    return send


def the(title=FORM["title"]) -> Resource:
    db.session.expire_all()
    return db.session.scalars(sa.select(Resource).filter_by(title=title)).one()


def test_a_teacher_shares_and_the_cluster_finds_it_by_two_characters(as_, share, world):
    assert share(notify="y").status_code == 303
    row = the()
    assert (row.school_id, row.kind, row.subject, len(row.files)) == (world.linfeng.id, "lesson", "语文", 1)
    told = db.session.scalars(sa.select(Notification.kind).filter_by(person_id=world.principal.id)).all()
    assert told == ["resource_shared"]
    for words in ("公开", "草船 语文", "教案.pdf", "五年级"):
        assert FORM["title"] in as_("colleague").get(f"/resources/?q={words}").get_data(as_text=True), words
    for query in ("q=公开 数学", "q=%25", "kind=rule", "subject=数学", "q=_"):
        assert FORM["title"] not in as_("colleague").get(f"/resources/?{query}").get_data(as_text=True), query
    assert FORM["title"] not in as_("equal_teacher").get("/resources/").get_data(as_text=True)
    assert as_("equal_teacher").get(f"/resources/{row.id}").status_code == 404
    assert as_("west_lead").get(f"/resources/{row.id}").status_code == 404


def test_mistakes_stand_at_their_fields_and_keep_the_text(share):
    for changes, words in (
        ({"title": ""}, "请填写这一项"),
        ({"file": None, "details": ""}, "请选择一个文件，或填写网址、说明"),
        ({"file": ("教案.pdf", samples.HTML)}, "文件内容和扩展名不符"),
        ({"file": None, "kind": "link"}, "网上资源请填写网址"),
        ({"url": "javascript:alert(1)"}, "网址要以 http:// 或 https:// 开头"),
        ({"who": "lead", "kind": "rule"}, "请选择是哪一项制度"),
        ({"who": "lead", "kind": "joint_test"}, "请填写联考日期"),
    ):
        answer = share(**changes)
        page = answer.get_data(as_text=True)
        assert (answer.status_code, words in page, "语文" in page) == (422, True, True), changes
    assert db.session.scalars(sa.select(Resource)).all() == []


def test_a_new_version_keeps_the_old_one(as_, share, world):
    share()
    row, client = the(), as_("teacher")
    newer = samples.PDF + b"%% second\n%%EOF\n"
    data = {"note": "加了板书", "files": (io.BytesIO(newer), "教案二稿.pdf")}
    assert client.post(f"/resources/{row.id}/versions", data=data).status_code == 303
    assert [(v.number, v.attachment.name, v.note) for v in resources.versions_of(the())] == [
        (2, "教案二稿.pdf", "加了板书"),
        (1, "教案.pdf", ""),
    ]
    fetch = f"/resources/{row.id}/fetch"
    assert as_("colleague").post(fetch).get_data() == newer
    assert as_("colleague").post(fetch, data={"number": "1"}).get_data() == samples.PDF
    assert as_("colleague").post(fetch, data={"number": "9"}).status_code == 404
    second = resources.versions_of(the())[0].attachment
    assert client.post(f"/files/{second.id}/remove").headers["Location"] == f"/resources/{row.id}#attachments"
    assert as_("colleague").post(fetch).get_data() == samples.PDF
    third = {"files": (io.BytesIO(samples.PDF + b"3\n%%EOF\n"), "三稿.pdf")}
    client.post(f"/resources/{row.id}/versions", data=third)
    assert [v.number for v in resources.versions_of(the())] == [3, 2, 1]
    assert as_("colleague").post(f"/resources/{row.id}/versions").status_code == 403


def test_use_is_counted_by_school_once_a_day_for_each_person(as_, share, world):
    share()
    row = the()
    for who in ("colleague", "colleague", "mentee", "bureau"):
        assert as_(who).post(f"/resources/{row.id}/fetch").status_code == 200
    for _ in range(2):
        assert as_("mentee").post(f"/resources/{row.id}/used").status_code == 303
    found = dict(resources.use_by_school(row))
    assert sum(counts.get("download", 0) for counts in found.values()) == 3
    assert sum(counts.get("used", 0) for counts in found.values()) == 1
    assert found[""] == {"download": 1}
    assert resources.uses(row.district_id, [row.id]) == {row.id: {"download": 3, "used": 1}}
    assert as_("equal_teacher").post(f"/resources/{row.id}/fetch").status_code == 404


def test_rules_and_joint_tests_are_laid_down_by_who_runs_the_cluster(as_, share, world):
    assert share(kind="rule", rule="duty").status_code == 422
    made = share("lead", title="值班制度", kind="rule", rule="duty")
    assert made.status_code == 303
    gaps = resources.rules_to_come(world.cluster)
    assert gaps == [rule for rule in RULES if rule != "duty"]
    assert "联席会议制度" in as_("teacher").get("/resources/").get_data(as_text=True)
    test = share(
        "lead",
        title="期中联考",
        kind="joint_test",
        held_on="2025-11-06",
        grade="五年级",
        schools=[str(world.linfeng.id), str(world.ziyuan.id)],
    )
    assert test.status_code == 422  # a school of another cluster is no choice
    share("lead", title="期中联考", kind="joint_test", held_on="2025-11-06", schools=str(world.linfeng.id))
    assert [row.school_id for row in the("期中联考").schools] == [world.linfeng.id]
    # in the equal cluster each manager may, since nobody runs the others
    equal = {**FORM, "title": "教研制度", "kind": "rule", "rule": "research", "school": str(world.huoban.id)}
    answer = as_("equal_member").post(f"/resources/clusters/{world.team.id}/new", data=equal)
    assert answer.status_code == 303


def test_owner_school_and_lead_change_and_remove_with_undo(as_, share, world):
    share("principal", title="拱辰课例")
    row = the("拱辰课例")
    edit = {**FORM, "title": "拱辰课例", "subject": "数学", "version": row.version}
    assert as_("teacher").post(f"/resources/{row.id}/edit", data=edit).status_code == 403
    assert as_("lead").post(f"/resources/{row.id}/edit", data=edit).status_code == 303
    assert as_("principal").post(f"/resources/{row.id}/edit", data={**edit, "title": "旧"}).status_code == 409
    assert (
        as_("principal")
        .post(f"/resources/{row.id}/remove", data={"version": the("拱辰课例").version})
        .status_code
        == 303
    )
    assert as_("teacher").get(f"/resources/{row.id}").status_code == 404
    assert as_("principal").get(f"/resources/{row.id}").status_code == 200
    assert as_("principal").post(f"/resources/{row.id}/fetch").status_code == 409
    assert as_("principal").post(f"/resources/{row.id}/restore").status_code == 303
    assert as_("teacher").get(f"/resources/{row.id}").status_code == 200


def test_list_permission_and_workbook_agree_for_everybody(as_, share, actor_of):
    share()
    share("principal", title="全区可看", is_open="y")
    rows = db.session.scalars(sa.select(Resource)).all()
    for name in ACCOUNTS:
        actor = actor_of(name)
        seen = set(db.session.scalars(resources.visible_to(actor)))
        assert seen == {row for row in rows if can(actor, "resource.view", row)}, name
    book = as_("equal_teacher").get("/resources/export.xlsx")
    assert book.mimetype.endswith("sheet")
    assert [row.title for row in resources.all_matching(actor_of("equal_teacher"))] == ["全区可看"]


def test_words_of_a_search_and_missing_rules():
    assert words_of(" 公开　语文\t") == ["公开", "语文"]
    assert missing_rules(["duty", "duty", "meeting"]) == ["research", "logistics", "assessment"]
