"""The search: what is found, by whom, in which order; and that its entries follow every change."""

import io
import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from portal import cli_search
from portal.actions import attachments, reflections, search
from portal.domain.search import words_asked
from portal.extensions import db
from portal.models import Activity, ActivityCredit, Reflection, ReflectionComment, SearchEntry, WorkRecord
from portal.queries import search as queries
from tests.conftest import NOW
from tests.integration.test_isolation import READERS
from tests.support import sample_files as samples
from tests.support.canaries import fill, word
from tests.support.cast_names import ACCOUNTS
from tests.support.logs import make_pair, share
from tests.support.queries import counted_queries

SECRET = "青花瓷瓶的秘密"
# Canaries that the search reads; every other word of the world must not be in it at all.
READ = (
    *("reflection", "case_log", "shared_mentor", "shared_school", "shared_cluster"),
    *("record", "lone", "official", "support_record", "observation_sheet"),
    *("comment", "attachment"),  # of a log and of an activity: their readers alone
    *("meeting", "task", "activity", "credit", "resource", "resource_paper", "resource_file"),
    *("analysis", "analysis_step"),
)


def found(client, **query) -> list[str]:
    """The titles on the page of finds, marks and all signs of markup left out."""
    page = client.get("/search/", query_string=query).get_data(as_text=True)
    return [re.sub("<[^>]*>", "", title) for title in re.findall(r"<b>(.*?)</b></a>", page)]


def log(world, title: str, day: date, **values) -> Reflection:
    """A log of the teacher that the cluster reads."""
    base = {"person_id": world.teacher.id, "school_id": world.linfeng.id, "cluster_id": world.cluster.id}
    base |= {"term_id": world.term.id, "state": "submitted", "submitted_at": NOW, "visibility": "cluster"}
    row = Reflection(
        district_id=world.east.id, title=title, happened_on=day, **{**base, "experience": "课", **values}
    )
    db.session.add(row)
    return row


def test_words_names_and_filters_find_what_one_may_read(as_, world):
    share(
        as_("teacher"), "cluster", title="城乡轮岗第一月", experience="七（3）班的《背影》", once_key="1" * 32
    )
    share(
        as_("colleague"),
        "cluster",
        title="走教手记",
        experience="路上两小时，轮岗不易",
        once_key="2" * 32,
        happened_on="2025-11-19",
    )
    share(as_("teacher"), "own", title="轮岗私记", experience="x", once_key="3" * 32)
    mentee = as_("mentee")
    assert found(mentee, q="轮岗") == ["走教手记", "城乡轮岗第一月"]
    assert found(mentee, q="轮岗 背影") == found(mentee, q="七3班") == ["城乡轮岗第一月"]
    assert found(mentee, q="linxiao") == found(mentee, q="林晓岚") == ["城乡轮岗第一月"]
    assert found(mentee, q="南郊") == ["走教手记"]
    assert found(mentee, q="背") == ["城乡轮岗第一月"]  # one sign alone
    assert found(mentee, q="影背") == found(mentee, q="轮岗月") == found(mentee, q="%") == []
    # Both are of one day: within it the order is any.
    assert sorted(found(as_("teacher"), q="轮岗", mine="1")) == ["城乡轮岗第一月", "轮岗私记"]
    assert found(mentee, q="轮岗", kind="meeting") == []
    assert found(mentee, q="轮岗", kind="reflection", cluster=world.cluster.id) == [
        "走教手记",
        "城乡轮岗第一月",
    ]
    assert found(mentee, q="轮岗", term="2024-2025-2") == found(mentee, q="轮岗", cluster=world.team.id) == []
    assert found(mentee, q="轮岗", term="2025-2026-1", at="nonsense") == ["走教手记", "城乡轮岗第一月"]
    page = mentee.get("/search/?q=linxiao").get_data(as_text=True)
    assert "<mark>林晓岚</mark>" in page
    assert re.findall(r'<a href="([^"]+)">林晓岚</a>', page) == ["/search/?q=%E6%9E%97%E6%99%93%E5%B2%9A"]
    assert ">林晓岚</a>" not in mentee.get("/search/?q=林晓岚").get_data(
        as_text=True
    )  # it would lead to itself
    assert f"/admin/people/{world.teacher.id}" in as_("lead").get("/search/?q=林晓岚").get_data(as_text=True)
    assert "/clusters/schools/" in mentee.get("/search/?q=拱辰").get_data(as_text=True)
    empty = mentee.get("/search/").get_data(as_text=True)
    nothing = mentee.get("/search/?q=查无此词&mine=1").get_data(as_text=True)
    assert ("想找什么" in empty, "去掉筛选条件" in nothing, "没有找到“查无此词”" in nothing) == (
        True,
        True,
        True,
    )


@pytest.mark.promise(3)
def test_private_words_reach_no_other_role_and_go_out_of_sight_at_once(as_, app, world, actor_of):
    row = share(as_("teacher"), "own", title=SECRET, experience=SECRET, theme=SECRET)
    own = as_("teacher")

    def seen_by() -> set[str]:
        """Who finds it; everybody else gets the page of a word that nobody wrote."""
        finders = set()
        for role in ACCOUNTS:
            pages = [
                as_(role).get(f"/search/?q={asked}").get_data(as_text=True)
                for asked in ("青花瓷瓶", "没写过的")
            ]
            theirs, nothing = (
                re.sub(r'青花瓷瓶|没写过的|%[0-9A-F%]+|(nonce|content|value)="[^"]*"', "", page)
                for page in pages
            )
            if "的秘密" in theirs:
                finders.add(role)
            else:
                assert theirs == nothing, role
        return finders

    assert (seen_by(), found(own, q="花瓷")) == ({"teacher"}, [SECRET])
    staff = {"lead", "principal", "office", "teacher", "mentee", "mentor", "colleague", "nanjiao_principal"}
    teacher = actor_of("teacher")

    def keep(visibility: str) -> None:
        values = {"visibility": visibility, "experience": SECRET}
        reflections.save_draft(teacher, row, values, expected=None, once_key="", now=NOW)
        db.session.commit()

    keep("cluster")
    assert seen_by() == staff
    keep("own")
    assert seen_by() == {"teacher"}
    # An entry that says too much shows nothing: the record itself is asked.
    more = {"sqlite": "' a{}'", "postgresql": "'a{}'::tsvector"}[db.engine.dialect.name]
    db.session.execute(
        sa.text(f"UPDATE search_entry SET tokens = tokens || {more.format(world.east.id.hex)}")
    )
    db.session.commit()
    assert seen_by() == {"teacher"}


@pytest.mark.promise(3)
def test_what_each_role_finds_is_what_it_may_read_and_a_rebuild_makes_the_same(app, world, actor_of):
    rows, wrong = fill(world), []
    actors = {role: actor_of(role) for role in ACCOUNTS}
    for number, side in enumerate(("east", "equal", "west")):
        for kind in READ:
            words = words_asked(word(side, kind))
            finders = {role for role, actor in actors.items() if queries.search_page(actor, words).rows}
            if finders != set(READERS[kind][number].split()):
                wrong.append((side, kind, finders ^ set(READERS[kind][number].split())))
        texts = "".join(db.session.scalars(sa.select(SearchEntry.text)))
        told = {kind for kind in vars(rows)[side] if words_asked(word(side, kind))[0] in texts}
        assert told - set(READ) == {
            "pair"
        }  # its name for a group stands in its records, which fewer may read
        assert {
            role
            for role, actor in actors.items()
            if queries.search_page(actor, words_asked(word(side, "pair"))).rows
        } <= set(READERS["pair"][number].split())
    assert wrong == []
    _rebuilt(app, world)


def entries() -> list[tuple]:
    """All entries as they stand, without the order of their tokens."""
    db.session.expire_all()
    columns = [column for column in SearchEntry.__table__.c if column.name != "tokens"]
    plain = sa.cast(SearchEntry.tokens, sa.Text)
    rows = db.session.execute(sa.select(*columns, plain).order_by(SearchEntry.id)).all()
    return [(*row[:-1], frozenset(row[-1].split())) for row in rows]


def _rebuilt(app, world) -> None:
    before = entries()
    assert len(before) > 20
    # Whatever was lost, is left over or is wrong: a rebuild makes it right, and nothing else.
    db.session.execute(sa.delete(SearchEntry).where(SearchEntry.kind == "meeting"))
    db.session.execute(sa.update(SearchEntry).where(SearchEntry.kind == "record").values(text="谬误"))
    stray = SearchEntry(district_id=world.east.id, kind="activity", place=7, text="孤儿", tokens="孤儿")
    db.session.add(stray)
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert (result.exit_code, "east:" in result.output, "west:" in result.output) == (0, True, True)
    assert entries() == before
    with pytest.raises(sa.exc.IntegrityError):  # of a change that is undone nothing stays
        log(world, "撤回的一篇", date(2025, 11, 12), experience="", state="submitted")
        db.session.commit()
    db.session.rollback()
    assert entries() == before
    assert search.rebuild(world.east.id) == len([row for row in before if row[0] == world.east.id])
    # An upgrade from before the search reads what stands there; a later one finds it read.
    db.session.execute(sa.delete(SearchEntry))
    cli_search.read_what_was_never_read()
    assert entries() == before
    db.session.execute(sa.delete(SearchEntry).where(SearchEntry.kind == "meeting"))
    cli_search.read_what_was_never_read()
    assert {row[1] for row in before} - {row[1] for row in entries()} != set()


def test_entries_follow_every_change(app, as_, world, actor_of):
    pair = make_pair(world)
    record = WorkRecord(
        district_id=world.east.id,
        person_id=world.mentor.id,
        mentoring_pair_id=pair.id,
        kind="talk",
        happened_on=date(2025, 11, 12),
        line="谈板书",
    )
    db.session.add(record)
    data = {"title": "朗读资料", "kind": "lesson", "school": str(world.linfeng.id), "details": "x"}
    file = (io.BytesIO(samples.PDF), "吟诵谱.pdf")
    as_("teacher").post(f"/resources/clusters/{world.cluster.id}/new", data={**data, "files": file})
    db.session.commit()
    mentee, teacher = as_("mentee"), as_("teacher")
    assert (found(teacher, q="板书"), found(mentee, q="板书")) == (["谈板书"], [])
    assert found(mentee, q="吟诵") == ["朗读资料"]
    # Another mentee, another name, a file that is removed, another day: each reaches its entries.
    pair.mentee_id = world.mentee.id
    world.mentor.name = "周伯宁"
    resource = db.session.scalars(sa.select(queries.Resource)).one()
    attachments.remove(actor_of("teacher"), resource.files[0].attachment, now=NOW)
    record.happened_on = date(2025, 3, 5)
    db.session.commit()
    assert (found(teacher, q="板书"), found(mentee, q="伯宁"), found(mentee, q="以宁")) == (
        [],
        ["谈板书"],
        [],
    )
    assert (found(mentee, q="吟诵"), found(mentee, q="朗读")) == ([], ["朗读资料"])
    assert found(mentee, q="板书", term="2024-2025-2") == ["谈板书"]
    db.session.delete(record)
    db.session.commit()
    assert found(mentee, q="板书") == []
    # What was said about a log is found with it, and goes out of sight with it, or alone.
    row = share(teacher, "cluster", title="合唱一课", experience="x")
    mentee.post(f"/reflections/{row.id}/comments", data={"text": "转调可以慢些"})
    comment = db.session.scalars(sa.select(ReflectionComment)).one()
    assert found(mentee, q="转调") == found(as_("colleague"), q="转调") == ["合唱一课"]
    mentee.post(f"/reflections/comments/{comment.id}/edit", data={"text": "和声可以慢些"})
    assert (found(teacher, q="转调"), found(teacher, q="和声")) == ([], ["合唱一课"])
    row.visibility = "own"
    db.session.commit()
    assert (found(mentee, q="和声"), found(teacher, q="和声")) == ([], ["合唱一课"])
    row.visibility, comment.withdrawn_at = "cluster", NOW
    db.session.commit()
    assert found(teacher, q="和声") == []


def test_an_activity_is_found_by_its_guests_and_results(app, as_, world):
    activity = Activity(
        district_id=world.east.id, cluster_id=world.cluster.id, term_id=world.term.id, host_school_id=world.linfeng.id,
        kind="demonstration_lesson", theme="同题异构", starts_at=NOW, state="held", created_by_id=world.lead.id,
    )  # fmt: skip
    db.session.add(activity)
    db.session.flush()
    named = {"district_id": world.east.id, "activity_id": activity.id}
    guest = ActivityCredit(**named, kind="guest", name="沈既明", unit="省教科院", about="特级教师")
    db.session.add_all([guest, ActivityCredit(**named, kind="result", name="许清和", about="一等奖")])
    db.session.commit()
    teacher, outside = as_("teacher"), as_("equal_teacher")
    asked = ("既明", "教科院", "特级", "一等奖")
    assert [found(teacher, q=each, kind="activity") for each in asked] == [["同题异构"]] * 4
    assert [found(outside, q=each) for each in asked] == [[]] * 4
    activity.is_open = True
    db.session.commit()
    assert found(outside, q="既明") == ["同题异构"]
    db.session.delete(guest)
    db.session.commit()
    assert [found(teacher, q=each) for each in asked] == [[], [], [], ["同题异构"]]
    before = entries()
    assert app.test_cli_runner().invoke(args=["search", "rebuild"]).exit_code == 0
    assert entries() == before


def test_pages_go_by_key_in_the_order_of_days_at_a_fixed_cost(as_, world, actor_of):
    days = [date(2025, 11, 18) - timedelta(days=n // 3) for n in range(50)]
    for number, day in enumerate(days):
        log(world, f"合唱第{number}次", day)
    db.session.commit()
    actor, seen, cursor, starts = actor_of("colleague"), [], None, []
    for _ in range(9):
        page = queries.search_page(actor, ["合唱"], cursor=cursor)
        starts.append(page.newer)
        seen += page.rows
        cursor = page.older
        if not cursor:
            break
    assert [hit.day for hit in seen] == sorted(days, reverse=True)
    assert len({hit.id for hit in seen}) == 50
    assert starts[0] is None
    back = queries.search_page(actor, ["合唱"], cursor=starts[2])
    assert [hit.id for hit in back.rows] == [hit.id for hit in seen[20:40]]
    client = as_("colleague")
    assert len(found(client, q="合唱")) == 20
    with counted_queries() as few:
        found(client, q="合唱第49")
    with counted_queries() as many:
        found(client, q="合唱")
    assert few.count == many.count <= 20
