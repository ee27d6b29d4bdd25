"""People, roles and accounts: by whom they are managed, and who is out of reach."""

import io
import re
from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook

from portal.actions import accounts
from portal.actions.names import pinyin_of
from portal.domain.access import can
from portal.extensions import db
from portal.models import Account, AuditEntry, AuditValue, Employment, Person, RoleAssignment
from portal.queries import people, staff
from tests import factories as make
from tests.conftest import NOW
from tests.support.cast_names import ACCOUNTS
from tests.support.queries import counted_queries

TODAY = NOW.date()
NEW = {
    "name": "曾小乐", "staff_no": "G-1", "sex": "female", "born_on": "1990-05-20", "stage": "primary",
    "subject_words": "语文、道德与法治", "professional_title": "middle", "post_grade": "9", "post_kind": "teaching",
    "cadre_level": "none", "established": "true", "since": "2025-09-01", "new_phone": "138 1234 5678",
}  # fmt: skip


def text(answer):
    return answer.get_data(as_text=True)


def named(name):
    return db.session.scalars(db.select(Person).where(Person.name == name)).one()


def listed(client, query=""):
    page = text(client.get(f"/admin/people?{query}", htmx="person_list"))
    return re.findall(r'<td data-label="姓名" class="wide"><a href="[^"]+">([^<]+)</a>', page)


# --- Lists ---


def test_everybody_sees_the_people_of_the_schools_in_hand(as_, world):
    assert sorted(listed(as_("office"))) == ["吴静姝", "江念一", "许清和"]
    assert sorted(listed(as_("lead"))) == sorted(
        ["陈怀瑾", "林晓岚", "周以宁", "吴静姝", "江念一", "许清和", "何思源", "江若谷"]
    )  # the lead of a directing cluster sees its members' people
    assert sorted(listed(as_("equal_lead"))) == ["庄亦舒"]
    assert {"郑书恒", "黄景行", "卓怀远", "戴知行"} <= set(listed(as_("bureau")))
    assert "柯启明" not in listed(as_("bureau"))
    assert as_("teacher").get("/admin/people").status_code == 403


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=linxiao", ["林晓岚"]), ("q=晓岚", ["林晓岚"]), ("q=Zhou Yi", ["周以宁"]), ("role=office", ["许清和"]),
        ("role=liaison", ["卓怀远"]), ("account=no", []), ("state=left", []), ("q=%25", []), ("q=%00", None),
    ],
)  # fmt: skip
def test_people_are_found_by_name_pinyin_and_role(as_, world, query, names):
    found = listed(as_("bureau"), query)
    assert found == names if names is not None else len(found) > 5


def test_the_list_costs_the_same_for_many_people(as_, world):
    client = as_("bureau")
    client.get("/admin/people")
    with counted_queries() as few:
        client.get("/admin/people")
    for number in range(25):
        make.role(make.person(world.east, f"新{number}", world.huoban), "office", school_id=world.huoban.id)
    with counted_queries() as many:
        client.get("/admin/people")
    assert many.count == few.count
    assert few.count <= 22, "\n".join(few.texts)


def test_pages_walk_through_everybody_once(as_, world):
    for number in range(110):
        make.person(world.east, f"教师{number}", world.huoban, pinyin="jiaoshi")
    client, seen, address = as_("bureau"), [], "/admin/people"
    while address:
        page = text(client.get(address))
        seen += re.findall(r'<td data-label="姓名" class="wide"><a href="([^"]+)">', page)
        found = re.search(r'href="([^"]+)" rel="next"', page)
        address = found and found[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 110 + len(ACCOUNTS) - 4


def test_the_export_has_the_filtered_people_and_no_phone(as_, world):
    world.teacher.phone = "13812345678"
    answer = as_("lead").get("/admin/people.xlsx?q=linxiao")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert rows[1:] == [["林晓岚", "", "麟峰小学", date(2018, 9, 1), "", "", "", "teacher"]]


def test_people_in_sight_are_those_that_may_be_seen(world, actor_of):
    moved, gone = world.mentee, world.colleague
    for person, ends in ((moved, date(2025, 6, 30)), (gone, date(2025, 7, 31))):
        row = db.session.scalars(db.select(Employment).where(Employment.person_id == person.id)).one()
        row.ends_on = ends
    values = {"district_id": world.east.id, "person_id": moved.id, "school_id": world.huoban.id}
    db.session.add(Employment(**values, starts_on=date(2025, 7, 1)))
    db.session.commit()
    rows = list(db.session.scalars(db.select(Person)))
    for name in ACCOUNTS:
        actor = actor_of(name)
        seen = set(db.session.scalars(staff.visible_to(actor)))
        assert seen == {row for row in rows if can(actor, "person.view", row)}, name
    assert can(actor_of("equal_member"), "person.view", moved)
    assert not can(actor_of("principal"), "person.view", moved)
    assert can(actor_of("nanjiao_principal"), "person.view", gone)


@pytest.mark.parametrize(
    ("old_ends", "new_starts", "where"),
    [
        (None, None, {"linfeng"}),
        (NOW.date(), None, {"linfeng"}),
        (NOW.date() - timedelta(days=1), None, set()),
        (NOW.date(), NOW.date(), {"linfeng", "huoban"}),
        (NOW.date() + timedelta(days=9), NOW.date() + timedelta(days=1), {"linfeng"}),
        (NOW.date() - timedelta(days=1), NOW.date(), {"huoban"}),
    ],
)
def test_a_post_counts_from_its_first_day_to_its_last(world, actor_of, old_ends, new_starts, where):
    post = {"district_id": world.east.id, "person_id": world.teacher.id}
    db.session.scalars(db.select(Employment).filter_by(**post)).one().ends_on = old_ends
    if new_starts:
        db.session.add(Employment(**post, school_id=world.huoban.id, starts_on=new_starts))
    db.session.commit()
    assert actor_of("teacher").works_at == {getattr(world, name).id for name in where}


# --- By hand ---


def test_a_new_teacher_is_registered_and_found_by_the_surname_reading(as_, world):
    answer = as_("office").post("/admin/people/new", data={**NEW, "school": str(world.gongchen.id)})
    person = named("曾小乐")
    assert answer.location == f"/admin/people/{person.id}"
    assert (person.pinyin.split()[0], person.initials.split()[0]) == ("zengxiaole", "zxl")
    assert (person.subjects, person.post_grade, person.phone) == (["语文", "道德与法治"], 9, "138 1234 5678")
    post = staff.present_post(person)
    assert (post.school, post.starts_on, post.post_kind, post.on_establishment) == (
        world.gongchen, date(2025, 9, 1), "teaching", True,
    )  # fmt: skip
    assert listed(as_("principal"), "q=zeng") == ["曾小乐"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "请填写这一项"),
        ({"name": "江念一"}, "本校已有同名的人"),
        ({"since": "2025-11-20"}, "日期不能晚于今天"),
        ({"born_on": "2020-01-01"}, "请核对出生日期"),
        ({"new_phone": "打电话"}, "电话只写数字"),
        ({"post_grade": "99"}, "请填写 1 到 13 之间的数"),
        ({"school": "linfeng"}, "请从列出的选项里选择"),
        ({"school": ""}, "请填写这一项"),
    ],
)
def test_a_person_that_cannot_be_is_refused_with_the_input_kept(as_, world, change, words):
    school = change.get("school", "gongchen")
    data = {**NEW, **change, "school": str(getattr(world, school).id) if school else ""}
    answer = as_("office").post("/admin/people/new", data=data)
    assert answer.status_code == 422
    assert words in text(answer)
    assert 'value="语文、道德与法治"' in text(answer)
    assert db.session.scalar(db.select(Person).where(Person.staff_no == "G-1")) is None


def test_a_namesake_is_somebody_else_when_one_says_so(as_, world):
    data = {**NEW, "name": "江念一", "school": str(world.gongchen.id), "is_namesake": "y"}
    assert as_("office").post("/admin/people/new", data=data).status_code == 303
    assert len(db.session.scalars(db.select(Person).where(Person.name == "江念一")).all()) == 2


@pytest.mark.parametrize(
    ("who", "status"), [("bureau", 303), ("personnel", 303), ("lead", 422), ("teacher", 403)]
)
def test_people_of_the_bureau_are_the_bureaus_own(as_, world, who, status):
    assert as_(who).post("/admin/people/new", data={**NEW, "school": "bureau"}).status_code == status


@pytest.mark.promise(33)
@pytest.mark.promise(35)
def test_a_phone_is_masked_until_asked_for_and_asking_is_on_record(as_, world):
    world.teacher.phone = "13812345678"
    db.session.commit()
    address = f"/admin/people/{world.teacher.id}"
    client = as_("lead")
    page = text(client.get(address))
    assert "138****5678" in page
    assert "13812345678" not in page
    assert "13812345678" not in text(client.get(address + "/edit"))
    assert "13812345678" in text(client.post(address + "/phone"))
    entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.action == "person.reveal")).one()
    assert (entry.actor_id, entry.object_id) == (world.lead.id, world.teacher.id)
    assert as_("liaison").post(address + "/phone").status_code == 404
    assert as_("west_lead").post(address + "/phone").status_code == 404
    raw = db.session.execute(db.text("SELECT phone FROM person WHERE phone IS NOT NULL")).scalars().all()
    assert [stored for stored in raw if "1381234" in stored] == []


def edit_data(person, **changes):
    data = {key: value for key, value in NEW.items() if key not in ("since", "new_phone", "staff_no")}
    return {**data, "name": person.name, "version": person.version, **changes}


def test_an_edit_keeps_the_phone_out_of_the_history(as_, world):
    person = world.mentee
    answer = as_("principal").post(
        f"/admin/people/{person.id}/edit", data=edit_data(person, name="单小雨", new_phone="139-0000-1111")
    )
    assert answer.status_code == 303
    assert (person.name, person.pinyin, person.phone) == ("单小雨", "shanxiaoyu", "139-0000-1111")
    assert "姓名" in text(as_("principal").get(f"/admin/people/{person.id}"))
    stored = [v for row in db.session.execute(db.select(AuditValue.old, AuditValue.new)) for v in row if v]
    assert [value for value in stored if "139" in value] == []
    as_("principal").post(f"/admin/people/{person.id}/edit", data=edit_data(person, forget_phone="y"))
    assert person.phone is None


def test_a_stale_edit_of_a_person_keeps_both(as_, world):
    person, stale = world.mentee, world.mentee.version
    address = f"/admin/people/{person.id}/edit"
    as_("office").post(address, data=edit_data(person, post_grade="8"))
    answer = as_("principal").post(address, data=edit_data(person, post_grade="7", version=stale))
    assert (answer.status_code, person.post_grade) == (409, 8)
    assert 'value="7"' in text(answer)


def test_moving_ends_the_old_post_and_what_it_carried(as_, world):
    person = world.office
    data = {"school": str(world.huoban.id), "since": "2025-11-10", "version": person.version}
    assert as_("personnel").post(f"/admin/people/{person.id}/move", data=data).status_code == 303
    posts = [(p.school.name, p.starts_on, p.ends_on) for p in staff.posts_of(person)]
    assert posts == [
        ("伙伴小学", date(2025, 11, 10), None), ("拱辰中心小学", date(2018, 9, 1), date(2025, 11, 9)),
    ]  # fmt: skip
    assert [r.ends_on for r in staff.roles_of(person)] == [date(2025, 11, 9)]
    assert as_("office").get("/admin/people").status_code == 403  # the role is over with the next request
    assert as_("principal").get(f"/admin/people/{person.id}").status_code == 404
    assert "许清和" in listed(as_("equal_member"))


@pytest.mark.parametrize(
    ("since", "words"),
    [("2025-11-20", "日期不能晚于今天"), ("2018-09-01", "要在来校之后"), ("", "请填写这一项")],
)
def test_moving_on_a_wrong_day_is_refused(as_, world, since, words):
    data = {"school": str(world.huoban.id), "since": since}
    answer = as_("bureau").post(f"/admin/people/{world.mentee.id}/move", data=data)
    assert answer.status_code == 422
    assert words in text(answer)
    assert staff.present_post(world.mentee).school == world.gongchen


def test_a_directing_lead_moves_teachers_among_its_schools_only(as_, world):
    address = f"/admin/people/{world.mentee.id}/move"
    inside = {"school": str(world.nanjiao.id), "since": "2025-11-01"}
    outside = {"school": str(world.huoban.id), "since": "2025-11-01"}
    lead = as_("lead")
    assert lead.post(address, data=outside).status_code == 422
    assert lead.post(address, data=inside).status_code == 303
    assert lead.get(f"/admin/people/{world.principal.id}/move").status_code == 403
    assert lead.get(f"/admin/people/{world.lead.id}/move").status_code == 403


def test_leaving_ends_the_roles_and_closes_the_account(as_, world):
    office = as_("office")
    assert office.get("/admin/people").status_code == 200
    data = {"last_day": "2025-11-18", "reason": "退休", "version": world.office.version}
    assert as_("principal").post(f"/admin/people/{world.office.id}/leave", data=data).status_code == 303
    assert people.account_of(world.office).disabled_at == NOW
    assert [r.ends_on for r in staff.roles_of(world.office)] == [date(2025, 11, 18)]
    assert office.get("/admin/people").location.startswith("/login")
    assert listed(as_("principal"), "state=left") == ["许清和"]
    assert "退休" in text(as_("principal").get(f"/admin/people/{world.office.id}"))
    back = {"school": str(world.gongchen.id), "since": "2025-11-19"}
    assert as_("bureau").post(f"/admin/people/{world.office.id}/move", data=back).status_code == 303
    assert staff.present_post(world.office).school == world.gongchen


# --- Roles ---


def begin(as_, who, person, **data):
    values = {"role": "office", "office": "", "school": "", "cluster": "", "since": "2025-11-19", **data}
    return as_(who).post(f"/admin/people/{person.id}/roles/new", data=values)


def roles(person):
    return [(r.role, r.office, r.starts_on, r.ends_on) for r in staff.roles_of(person)]


def test_the_bureau_names_every_role_with_its_scope(as_, world, actor_of):
    start = date(2025, 11, 19)
    assert begin(as_, "bureau", world.teacher, role="liaison", cluster=str(world.team.id)).status_code == 303
    assert begin(as_, "bureau", world.teacher, role="bureau", office="supervision").status_code == 303
    assert sorted(roles(world.teacher)) == [
        ("bureau", "supervision", start, None), ("liaison", None, start, None),
    ]  # fmt: skip
    assert actor_of("teacher").liaison_of == {world.team.id}
    assert "城南组团" in text(as_("teacher").get("/clusters/"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"role": "bureau"}, "请选择科室"),
        ({"role": "principal"}, "请选择学校"),
        ({"role": "assigned_leader"}, "请选择片区"),
        ({"role": "lead"}, "请从列出的选项里选择"),
        ({"role": "principal", "school": "gongchen"}, "吴静姝那时还是拱辰中心小学校长，请先办理卸任"),
    ],
)
def test_a_role_without_its_scope_is_refused(as_, world, data, words):
    data = {**data, **({"school": str(world.gongchen.id)} if "school" in data else {})}
    answer = begin(as_, "bureau", world.teacher, **data)
    assert answer.status_code == 422
    assert words in text(answer)
    assert roles(world.teacher) == []


def test_a_school_passes_from_one_principal_to_the_next(as_, world, actor_of):
    old = next(r for r in staff.roles_of(world.principal))
    ended = as_("bureau").post(f"/admin/roles/{old.id}/end", data={"last_day": "2025-11-18"})
    assert ended.status_code == 303
    data = {"role": "principal", "school": str(world.gongchen.id), "since": "2025-11-19"}
    assert begin(as_, "bureau", world.mentee, **data).status_code == 303
    assert (actor_of("principal").principal_of, actor_of("mentee").principal_of) == (
        frozenset(), {world.gongchen.id},
    )  # fmt: skip
    page = text(as_("teacher").get(f"/clusters/{world.cluster.id}/members?on=2025-11-18", htmx="member_list"))
    assert "吴静姝" in page
    assert "江念一" not in page


def test_a_principal_names_the_own_office_and_nothing_else(as_, world):
    own = {"school": str(world.gongchen.id)}
    assert begin(as_, "principal", world.mentee, **own).status_code == 303
    assert begin(as_, "principal", world.mentee, role="principal", **own).status_code == 422
    assert begin(as_, "principal", world.colleague, **own).status_code == 404  # of another school
    assert begin(as_, "principal", world.principal, **own).status_code == 403  # oneself
    assert begin(as_, "office", world.mentee, **own).status_code == 403
    # A directing lead sees the members' people, and still names its own school's office only.
    assert begin(as_, "lead", world.mentee, school=str(world.linfeng.id)).status_code == 403
    role = next(r for r in staff.roles_of(world.mentee))
    assert as_("lead").post(f"/admin/roles/{role.id}/end", data={"last_day": "2025-11-19"}).status_code == 403
    assert (
        as_("principal").post(f"/admin/roles/{role.id}/end", data={"last_day": "2025-11-19"}).status_code
        == 303
    )


@pytest.mark.promise(9)
def test_nobody_changes_the_own_role(as_, world):
    own = next(r for r in staff.roles_of(world.bureau))
    assert (
        as_("bureau").post(f"/admin/roles/{own.id}/end", data={"last_day": "2025-11-19"}).status_code == 403
    )
    assert begin(as_, "bureau", world.bureau, role="bureau", office="personnel").status_code == 403
    headed = next(r for r in staff.roles_of(world.principal))
    assert (
        as_("principal").post(f"/admin/roles/{headed.id}/end", data={"last_day": "2025-11-19"}).status_code
        == 403
    )


def test_a_role_that_has_not_begun_is_taken_back(as_, world):
    begin(as_, "bureau", world.teacher, role="liaison", cluster=str(world.team.id), since="2026-02-01")
    role = next(r for r in staff.roles_of(world.teacher))
    assert (
        as_("bureau").post(f"/admin/roles/{role.id}/end", data={"last_day": "2025-11-19"}).status_code == 303
    )
    assert roles(world.teacher) == []


@pytest.mark.promise(5)
def test_a_revoked_role_ends_with_the_next_request(as_, world):
    client = as_("personnel")
    assert client.get(f"/admin/people/{world.equal_teacher.id}").status_code == 200
    role = db.session.scalars(
        db.select(RoleAssignment).where(RoleAssignment.person_id == world.personnel.id)
    ).one()
    role.ends_on = TODAY - timedelta(days=1)
    db.session.commit()
    assert client.get(f"/admin/people/{world.equal_teacher.id}").status_code == 404


# --- Accounts ---


def account(name) -> Account:
    return people.account_by_username(name)


def slips(page):
    return dict(re.findall(r"<dt>账号</dt><dd>([^<]+)</dd><dt>首次密码</dt><dd>([^<]+)</dd>", page))


def test_a_whole_school_gets_accounts_at_one_go(as_, world):
    for name in ("曾小乐", "单小雨", "单小雨"):
        person = make.person(world.east, name, world.gongchen)
        person.pinyin, person.initials = pinyin_of(name)
    db.session.commit()
    client = as_("office")
    address = f"/admin/schools/{world.gongchen.id}/accounts"
    assert "开 3 个账号" in text(client.get(address))
    found = slips(text(client.post(address)))
    assert sorted(found) == ["shanxiaoyu", "shanxiaoyu2", "zengxiaole"]
    assert slips(text(client.post(address))) == {}
    assert "都有账号了" in text(client.get(address))
    for username, plain in found.items():
        assert account(username).must_change
        assert accounts.check_login(username, plain, NOW) == account(username)
        assert plain not in account(username).password_hash
    assert as_("lead").get(address).status_code == 403
    assert as_("equal_lead").get(address).status_code == 404


def test_one_account_is_given_once(as_, world):
    person = make.person(world.east, "曾小乐", world.linfeng)
    person.pinyin = "zengxiaole"
    db.session.commit()
    client = as_("lead")
    assert len(slips(text(client.post(f"/admin/people/{person.id}/account")))) == 1
    assert client.post(f"/admin/people/{person.id}/account").status_code == 409


def test_a_reset_ends_sessions_and_shows_a_new_first_password(as_, world):
    teacher = as_("teacher")
    assert teacher.get("/clusters/").status_code == 200
    address = f"/admin/accounts/{account('teacher').id}/reset"
    plain = slips(text(as_("lead").post(address)))["teacher"]
    assert teacher.get("/clusters/").location.startswith("/login")
    assert accounts.check_login("teacher", "correct horse battery", NOW) is None
    assert accounts.check_login("teacher", plain, NOW).must_change


def test_a_closed_account_stays_closed_until_opened(as_, world):
    client = as_("lead")
    address = f"/admin/accounts/{account('teacher').id}"
    assert client.post(address + "/disable", data={"reason": ""}).status_code == 422
    assert client.post(address + "/disable", data={"reason": "病休"}).status_code == 303
    assert accounts.check_login("teacher", "correct horse battery", NOW) is None
    assert "停用原因：病休" in text(client.get(f"/admin/people/{world.teacher.id}"))
    assert client.post(address + "/enable").status_code == 303
    assert accounts.check_login("teacher", "correct horse battery", NOW) is not None


def test_nobody_takes_over_the_account_of_somebody_higher(as_, world):
    """Who sets a password could act as that person."""
    make_employment = Employment(
        district_id=world.east.id,
        person_id=world.bureau.id,
        school_id=world.gongchen.id,
        starts_on=date(2020, 9, 1),
    )
    db.session.add(make_employment)
    db.session.commit()
    assert world.gongchen.id in world.bureau.access_schools
    tries = {
        ("office", "principal"): 403,
        ("office", "office"): 403,
        ("principal", "principal"): 403,
        ("principal", "office"): 200,
        ("office", "mentee"): 200,
        ("principal", "bureau"): 403,
        ("office", "bureau"): 403,
        ("lead", "principal"): 403,
        ("lead", "mentee"): 403,
        ("bureau", "bureau"): 403,
        ("bureau", "personnel"): 200,
        ("bureau", "principal"): 200,
        ("personnel", "teacher"): 403,
        ("teacher", "teacher"): 403,
        ("equal_lead", "teacher"): 404,
        ("west_bureau", "teacher"): 404,
    }
    found = {}
    for who, whose in tries:
        client = as_(who)
        found[who, whose] = client.post(f"/admin/accounts/{account(whose).id}/reset").status_code
        account(whose).must_change = False  # else the next one would be led to the own password first
        db.session.commit()
    assert found == tries


def test_schools_do_not_edit_or_move_people_of_the_bureau(as_, world):
    db.session.add(
        Employment(
            district_id=world.east.id,
            person_id=world.liaison.id,
            school_id=world.gongchen.id,
            starts_on=TODAY,
        )
    )
    db.session.commit()
    for page in ("edit", "move", "leave", "roles/new"):
        assert as_("principal").get(f"/admin/people/{world.liaison.id}/{page}").status_code == 403


def test_first_passwords_take_as_long_to_refuse_as_any_other(world):
    """A quick hash is checked together with a slow one, or time would tell whose account is unused."""
    import time

    plain = accounts.reset_password(None, account("teacher"), now=NOW)
    assert accounts.password_is(account("teacher"), plain)

    def seconds(username):
        times = []
        for _ in range(3):
            start = time.perf_counter()
            accounts.check_login(username, "wrong words here", NOW)
            times.append(time.perf_counter() - start)
        return min(times)

    assert seconds("teacher") > 0.5 * seconds("nobody-here")


def test_the_hub_shows_what_is_missing(as_, world):
    make.person(world.east, "没有账号", world.gongchen)
    page = text(as_("principal").get("/admin/"))
    assert "3 人" not in page
    assert "4 人，可按学校、姓名、任职查找" in page
    assert 'account=no">还没有账号的人</a> <span class="quiet small">1 人' in page
    assert "区与教育局" not in page
    assert "区与教育局" in text(as_("bureau").get("/admin/"))
