"""Schools: facts by whom they belong to, centre schools, closing, lists and their export."""

import io

import pytest
from python_calamine import CalamineWorkbook

from portal.domain.access import can
from portal.extensions import db
from portal.models import Membership, School
from portal.queries import schools
from tests import factories as make
from tests.conftest import NOW
from tests.support.cast_names import ACCOUNTS
from tests.support.queries import counted_queries

NEW = {
    "name": "北苑小学",
    "kind": "primary",
    "location": "rural",
    "is_public": "y",
    "is_weak": "y",
    "parent": "",
    "model_level": "",
}


def text(answer):
    return answer.get_data(as_text=True)


def by_name(name):
    return db.session.scalars(db.select(School).where(School.name == name)).one()


def test_bureau_registers_a_school_under_its_centre(as_, world):
    data = {**NEW, "parent": str(world.gongchen.id), "authorised_posts": "32", "average_periods": "14"}
    answer = as_("bureau").post("/clusters/schools/new", data=data)
    school = by_name("北苑小学")
    assert answer.location == f"/clusters/schools/{school.id}"
    assert (school.parent, school.is_weak, school.is_standard, school.authorised_posts) == (
        world.gongchen,
        True,
        False,
        32,
    )
    page = text(as_("bureau").get(f"/clusters/schools/{school.id}"))
    assert "小学 · 农村 · 公办 · 薄弱学校" in page
    assert "北苑小学" in text(as_("principal").get(f"/clusters/schools/{world.gongchen.id}"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "麟峰小学"}, "本区已有同名学校"),
        ({"name": ""}, "请填写这一项"),
        ({"authorised_posts": "-3"}, "请填写 0 到 5000 之间的数"),
        ({"authorised_posts": "99999999999999999999"}, "请填写 0 到 5000 之间的数"),
        ({"kind": "university"}, "请从列出的选项里选择"),
        ({"parent": "nanjiao"}, "请从列出的选项里选择"),  # a sub-school is nobody's centre
    ],
)
def test_a_school_that_cannot_be_is_refused_with_the_input_kept(as_, world, change, words):
    change = {
        key: str(getattr(world, value).id) if key == "parent" else value for key, value in change.items()
    }
    answer = as_("bureau").post("/clusters/schools/new", data={**NEW, "average_periods": "13", **change})
    assert answer.status_code == 422
    assert words in text(answer)
    assert 'value="13"' in text(answer)
    assert db.session.scalar(db.select(db.func.count()).select_from(School)) == 7


def test_a_centre_does_not_go_below_another_one(as_, world):
    data = {**NEW, "name": "拱辰中心小学", "parent": str(world.linfeng.id), "version": world.gongchen.version}
    answer = as_("bureau").post(f"/clusters/schools/{world.gongchen.id}/edit", data=data)
    assert answer.status_code == 422
    assert "它有所属学校，不能再属于另一所中心校" in text(answer)


@pytest.mark.parametrize("who", ["principal", "office", "lead"])
def test_a_school_keeps_its_own_facts_and_no_others(as_, world, who):
    """The office, the principal, and the lead of a directing cluster; what the bureau sets is not in their form."""
    school = world.gongchen
    data = {
        "average_periods": "15",
        "is_weak": "y",
        "name": "假名",
        "closed_on": "2025-01-01",
        "district_id": "x",
    }
    answer = as_(who).post(f"/clusters/schools/{school.id}/edit", data={**data, "version": school.version})
    assert answer.status_code == 303
    assert (school.average_periods, school.is_weak, school.name, school.closed_on) == (
        15,
        False,
        "拱辰中心小学",
        None,
    )


def test_other_schools_do_not_edit(as_, world):
    address = f"/clusters/schools/{world.gongchen.id}/edit"
    assert [as_(who).get(address).status_code for who in ("teacher", "nanjiao_principal", "liaison")] == [
        403
    ] * 3
    assert [as_(who).get(address).status_code for who in ("equal_lead", "west_bureau")] == [404] * 2
    assert as_("principal").get(f"/clusters/schools/{world.gongchen.id}/close").status_code == 403


def test_a_stale_edit_keeps_both(as_, world):
    school, stale = world.gongchen, world.gongchen.version
    address = f"/clusters/schools/{school.id}/edit"
    assert as_("office").post(address, data={"average_periods": "15", "version": stale}).status_code == 303
    answer = as_("principal").post(address, data={"average_periods": "17", "version": stale})
    assert (answer.status_code, school.average_periods) == (409, 15)
    assert "别人刚保存的内容" in text(answer)
    assert 'value="17"' in text(answer)


def test_a_school_closes_once_nothing_hangs_on_it(as_, world):
    bureau, school = as_("bureau"), world.nanjiao
    data = {"on": "2025-11-19", "reason": "并入中心校"}
    address = f"/clusters/schools/{school.id}/close"
    assert "那天以后它还在麟峰小学片区" in text(bureau.post(address, data=data))
    for membership in db.session.scalars(db.select(Membership).where(Membership.school_id == school.id)):
        membership.ends_on = NOW.date()
    assert "还有 2 人在这所学校" in text(bureau.post(address, data=data))
    empty = make.school(world.east, "空小学")
    assert bureau.post(f"/clusters/schools/{empty.id}/close", data=data).status_code == 303
    assert "空小学" not in text(bureau.get("/clusters/schools/", htmx="school_list"))
    assert "空小学" in text(bureau.get("/clusters/schools/?closed=yes", htmx="school_list"))
    assert "并入中心校" in text(bureau.get(f"/clusters/schools/{empty.id}"))
    assert bureau.post(f"/clusters/schools/{empty.id}/reopen").status_code == 303
    assert empty.closed_on is None


def listed(client, query):
    page = text(client.get(f"/clusters/schools/?{query}", htmx="school_list"))
    return [
        s.name
        for s in db.session.scalars(db.select(School).order_by(School.name))
        if f">{s.name}</a>" in page
    ]


def test_filters_narrow_the_list(as_, world):
    make.school(world.east, "私立实小", is_public=False)
    bureau = as_("bureau")
    assert listed(bureau, "public=no") == ["私立实小"]
    assert listed(bureau, "weak=yes") == ["南郊小学"]
    assert sorted(listed(bureau, "location=rural")) == ["南郊小学", "拱辰中心小学"]
    assert sorted(listed(bureau, f"cluster={world.team.id}")) == ["伙伴小学", "资源小学"]
    assert listed(bureau, "name=中心") == ["拱辰中心小学"]
    assert listed(bureau, "name=%25&kind=primary") == []
    assert sorted(listed(as_("teacher"), "")) == ["南郊小学", "拱辰中心小学", "麟峰小学"]


@pytest.mark.parametrize("query", ["at=%3E1~x", "at=%00", "name=%00", "kind=%00&weak=%ff", "cluster=1'"])
def test_hostile_filters_show_a_page(as_, world, query):
    assert as_("bureau").get(f"/clusters/schools/?{query}").status_code == 200


def test_pages_walk_through_every_school_once_and_back(as_, world):
    for number in range(120):
        make.school(world.east, f"{number:03d}小学")
    bureau = as_("bureau")
    import re

    def names(page):
        return re.findall(r'<td data-label="学校" class="wide"><a href="[^"]+">([^<]+)</a>', page)

    def link(page, rel):
        found = re.search(rf'href="([^"]+)" rel="{rel}"', page)
        return found and found[1].replace("&amp;", "&")

    page = text(bureau.get("/clusters/schools/"))
    seen, pages = names(page), [names(page)]
    while link(page, "next"):
        page = text(bureau.get(link(page, "next")))
        seen += names(page)
        pages.append(names(page))
    assert len(seen) == len(set(seen)) == 125
    assert [len(p) for p in pages] == [50, 50, 25]
    back = text(bureau.get(link(page, "prev")))
    assert names(back) == pages[1]


def test_the_list_costs_the_same_for_many_schools(as_, world):
    client = as_("bureau")
    client.get("/clusters/schools/")
    with counted_queries() as few:
        client.get("/clusters/schools/")
    for number in range(30):
        make.school(world.east, f"{number:03d}小学", parent_id=world.linfeng.id)
    with counted_queries() as many:
        client.get("/clusters/schools/")
    assert many.count == few.count
    assert few.count <= 22, "\n".join(few.texts)


@pytest.mark.promise(27)
def test_the_export_holds_the_filtered_rows_and_no_formula(as_, world):
    make.school(world.east, "=HYPERLINK(1)", is_weak=True)
    answer = as_("bureau").get("/clusters/schools.xlsx?weak=yes")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert rows[0][:4] == ["校名", "学校类别", "城乡", "公办"]
    assert [(row[0], row[4], row[6]) for row in rows[1:]] == [
        ("=HYPERLINK(1)", "是", ""), ("南郊小学", "是", "麟峰小学片区")
    ]  # fmt: skip
    assert as_("west_bureau").get("/clusters/schools.xlsx").data != answer.data


def test_schools_in_sight_are_those_that_may_be_seen(world, actor_of):
    membership = next(m for m in world.team.memberships if m.school_id == world.huoban.id)
    membership.ends_on = NOW.date().replace(month=1)
    db.session.flush()
    rows = list(db.session.scalars(db.select(School)))
    for name in ACCOUNTS:
        actor = actor_of(name)
        seen = set(db.session.scalars(schools.visible_to(actor)))
        assert seen == {row for row in rows if can(actor, "school.view", row)}, name
