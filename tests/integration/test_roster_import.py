"""Rosters against both databases: exactly the preview is written, whole or not at all, once, by who may."""

import threading
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from portal.actions import audit, people, roster
from portal.actions.errors import Conflict, NotAllowed, Refused
from portal.domain.access import can
from portal.domain.roster_columns import SheetChoice
from portal.extensions import db
from portal.models import (
    AppointmentPeriod,
    AuditEntry,
    AuditValue,
    Employment,
    Person,
    PersonCondition,
    PersonTitle,
    RoleAssignment,
    RosterImport,
    School,
    ServiceRecord,
    SubjectStaffing,
)
from portal.queries import roster as imports
from portal.queries.roster_preview import Scope
from tests import factories as make
from tests.conftest import NOW
from tests.support.cast_names import ACCOUNTS
from tests.support.rosters import HEAD, teachers, workbook

SAMPLE = (Path(__file__).parents[1] / "fixtures" / "rosters" / "roster-messy.xlsx").read_bytes()
TODAY = NOW.date()
TABLES = (School, Person, Employment, PersonTitle, ServiceRecord, AuditEntry, AuditValue)
LIN = ["L1", "林一鸣", "男", "1990-05-20", "麟峰小学", "语文", "2016-09-01", "13900000001"]
CHEN = ["L2", "陈二妹", "女", "1985-03-01", "麟峰小学", "数学；科学", "2010-09-01", None]


@pytest.fixture
def load(app, world, actor_of):
    """``load(data)`` uploads for the lead's cluster (or another scope and person) and answers the import."""

    def upload(data, who="lead", scope=None, name="名册.xlsx"):
        scope = scope or Scope(world.east.id, cluster=world.cluster)
        book = roster.read_upload(data, name)
        made = roster.upload(actor_of(who), scope, book, data, now=NOW, today=TODAY)
        db.session.commit()
        return made

    return upload


@pytest.fixture
def plan(actor_of):
    """``plan(made)`` is the preview of an import."""
    return lambda made, who="lead": roster.preview(actor_of(who), made, TODAY)


@pytest.fixture
def write(actor_of, plan):
    """``write(made)`` confirms what its preview shows."""

    def confirm(made, who="lead"):
        seen = plan(made, who)
        roster.confirm(actor_of(who), made, expected=made.version, digest=seen.digest, now=NOW, today=TODAY)
        db.session.commit()
        return seen

    return confirm


@pytest.fixture
def sample_schools(world):
    """The schools of the sample that the cast lacks, as members of the cluster."""
    from portal.models import Membership

    for name in ("私立实小", "拱辰第一小学", "拱辰第二小学"):
        school = make.school(world.east, name)
        db.session.add(
            Membership(
                district_id=world.east.id,
                cluster_id=world.cluster.id,
                school_id=school.id,
                starts_on=date(2024, 9, 1),
            )
        )
    db.session.commit()


def sizes() -> list[int]:
    return [db.session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def person(name) -> Person:
    return db.session.scalars(select(Person).where(Person.name == name)).one()


def faults(found) -> list[tuple]:
    return [(each.cell, each.code) for each in found.errors]


def test_sample_tells_its_four_faults_and_loads_the_rest(load, write, sample_schools):
    before = Counter(dict(zip(TABLES, sizes(), strict=True)))
    seen = write(load(SAMPLE))
    assert [(found.cell, found.value, str(found.message)) for found in seen.problems] == [
        ("E8", "1979.13", "没有13月"),
        ("D11", "X", "性别里没有这一项，可写：男、女"),
        ("H15", "2031-09-01", "入本校日期在今天之后"),
        ("C20", "林坤", "与第19行是同一个人"),
    ]
    after = Counter(dict(zip(TABLES, sizes(), strict=True)))
    assert (after[Person] - before[Person], after[Employment] - before[Employment]) == (50, 50)
    assert after[AuditEntry] - before[AuditEntry] == 51  # the import and each person
    liang = person("梁鑫")
    assert (liang.sex, liang.born_on, liang.pinyin, liang.subjects) == (
        "male",
        date(1994, 8, 21),
        "liangxin liangxun",
        ["科学", "语文"],
    )
    assert liang.facts == {"work_started_on": "2016-09-01"}
    assert [(e.school.name, e.starts_on, e.post_kind) for e in liang.employments] == [
        ("麟峰小学", date(2024, 2, 1), "teaching")
    ]
    assert audit.broken_links(liang.district_id) == []


def test_same_file_twice_changes_nothing(load, write, plan, sample_schools, actor_of):
    write(load(SAMPLE))
    before = sizes()
    versions = dict(db.session.execute(select(Person.id, Person.version)).all())
    made = load(SAMPLE)
    again = plan(made)
    assert (again.is_empty, len(again.unchanged), len(again.errors)) == (True, 50, 4)
    with pytest.raises(Refused):
        roster.confirm(
            actor_of("lead"), made, expected=made.version, digest=again.digest, now=NOW, today=TODAY
        )
    db.session.rollback()
    assert sizes() == before
    assert dict(db.session.execute(select(Person.id, Person.version)).all()) == versions


def test_changed_file_shows_and_writes_exactly_its_differences(load, write):
    write(load(teachers(LIN, CHEN)))
    before = sizes()
    changed = [*LIN]
    changed[5], changed[7] = "语文；音乐", "13900000002"
    seen = write(load(teachers(changed, CHEN)))
    assert [(each.kind, each.name, dict(each.facts)) for each in seen.people] == [
        (
            "changed",
            "林一鸣",
            {"subjects": (["语文"], ("语文", "音乐")), "phone": ("13900000001", "13900000002")},
        )
    ]
    lin = person("林一鸣")
    assert (lin.subjects, lin.phone, lin.version) == (["语文", "音乐"], "13900000002", 2)
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.object_id == lin.id).order_by(AuditEntry.number)
    ).all()
    assert [entry.action for entry in entries] == ["person.create", "person.edit"]
    # What is sealed is named in the trail, never told.
    assert [(v.field, v.old, v.new) for v in entries[1].values] == [
        ("phone", None, None),
        ("subjects", '["语文"]', '["语文", "音乐"]'),
    ]
    assert sizes()[:3] == before[:3]


def test_whoever_the_roster_does_not_name_is_listed_and_stays(load, write):
    write(load(teachers(LIN, CHEN)))
    seen = write(load(teachers([*LIN[:5], "英语", *LIN[6:]])))
    assert ("陈二妹", "麟峰小学") in [(each.name, each.school_name) for each in seen.missing]
    assert {each.school_name for each in seen.missing} == {"麟峰小学"}
    assert person("陈二妹").employments[0].ends_on is None


def test_all_sheets_are_kept_and_conditions_are_sealed(load, write, world, plan):
    head = ["工号", "姓名", "性别", "学校", "在编", "称号", "胜任", "备注", "身份证号", "家庭住址", "旧证件"]
    row = [
        "Q1",
        "钱三",
        "男",
        "麟峰小学",
        "是",
        "县骨干；校级骨干",
        "否",
        "单亲",
        "110101199003070038",
        "东街9号",
    ]
    data = workbook(
        教师=[head, [*row, "110101199003070038"]],
        学校=[["学校", "编制数", "实有数", "平均周课时"], ["麟峰小学", 60, 64, 13.5]],
        学科编制=[["学校", "学科", "需求", "实有"], ["麟峰小学", "音乐", 3, 4]],
        经历=[
            ["工号", "类型", "单位", "地点", "开始", "结束", "批准文号"],
            ["Q1", "支教", "山村小学", "农村；薄弱", "2020-09-01", "2021-08-31", "教〔2020〕1号"],
        ],
        聘期=[["工号", "学校", "开始", "结束"], ["Q1", None, "2022-09-01", "2025-08-31"]],
        情形=[["工号", "情形", "对象", "开始"], ["Q1", "重大疾病", "本人", "2025-03-01"]],
    )
    write(load(data))
    qian = person("钱三")
    assert (qian.competent, qian.remark, qian.extras) == (
        "no",
        "单亲",
        '{"家庭住址": "东街9号", "旧证件": "110＊＊＊＊＊＊＊＊＊＊＊＊＊38"}',
    )
    assert qian.employments[0].on_establishment is True
    assert sorted((t.kind, t.level) for t in qian.titles) == [
        ("backbone_teacher", "county"),
        ("backbone_teacher", "school"),
    ]
    service = db.session.scalars(select(ServiceRecord)).one()
    assert (service.kind, service.organisation, service.place, service.approval_no) == (
        "support_teaching",
        "山村小学",
        ["rural", "weak"],
        "教〔2020〕1号",
    )
    period = db.session.scalars(select(AppointmentPeriod)).one()
    assert (period.school_name, period.ends_on) == ("麟峰小学", date(2025, 8, 31))
    condition = db.session.scalars(select(PersonCondition)).one()
    assert (condition.condition, condition.relation, condition.starts_on) == (
        "serious_illness",
        "self",
        date(2025, 3, 1),
    )
    staffing = db.session.scalars(select(SubjectStaffing)).one()
    assert (staffing.subject, staffing.need, staffing.actual) == ("音乐", 3, 4)
    school = world.linfeng
    assert (school.authorised_posts, school.actual_staff, school.average_periods) == (60, 64, 14)
    assert plan(load(data)).is_empty
    # Neither the file nor a sensitive word can be read off the tables.
    raw = [*db.session.execute(db.text("SELECT condition, relation FROM person_condition")).one()]
    raw += db.session.execute(
        db.text("SELECT competent, remark, extras FROM person WHERE staff_no='Q1'")
    ).one()
    assert [
        word for word in ("serious", "self", "单亲", "东街", "no") if any(word == text for text in raw)
    ] == []
    waiting = db.session.execute(
        db.text("SELECT content FROM roster_import WHERE state = 'previewed'")
    ).scalar_one()
    assert b"PK\x03\x04" not in bytes(waiting)  # the head of a workbook; two letters alone occur by chance
    assert (
        db.session.scalars(select(RosterImport.content).where(RosterImport.state == "applied")).one() is None
    )
    told = " ".join(text or "" for text in db.session.scalars(select(AuditValue.new)))
    assert [word for word in ("1101", "13900", "单亲", "疾病", "serious") if word in told] == []


def test_a_move_ends_the_old_post_and_its_roles(load, write, world):
    db.session.add(
        RoleAssignment(
            district_id=world.east.id,
            person_id=world.colleague.id,
            role="office",
            school_id=world.nanjiao.id,
            starts_on=date(2024, 9, 1),
        )
    )
    world.colleague.staff_no = "N7"
    db.session.commit()
    row = ["N7", "何思源", "男", None, "麟峰小学", "语文", "2025-09-01", None]
    whole = Scope(world.east.id)
    seen = write(load(teachers(row), "bureau", whole), "bureau")
    assert [(each.kind, each.name, each.moves_from, each.school_name) for each in seen.people] == [
        ("moved", "何思源", "南郊小学", "麟峰小学")
    ]
    posts = [(e.school.name, e.starts_on, e.ends_on) for e in person("何思源").employments]
    assert posts == [
        ("南郊小学", date(2018, 9, 1), date(2025, 8, 31)),
        ("麟峰小学", date(2025, 9, 1), None),
    ]
    assert [role.ends_on for role in person("何思源").roles] == [date(2025, 8, 31)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({6: None}, "move_without_date"),
        ({6: "2018-09-01"}, "move_too_early"),
        ({6: "2025-12-01"}, "move_in_future"),
        ({1: "何不同"}, "staff_no_other_person"),
    ],
)
def test_a_move_that_cannot_be_is_told_at_its_row(load, plan, world, changes, code):
    world.colleague.staff_no = "N7"
    db.session.commit()
    row = ["N7", "何思源", "男", None, "麟峰小学", "语文", "2025-09-01", None]
    for index, value in changes.items():
        row[index] = value
    found = plan(load(teachers(row)))
    assert ([each.code for each in found.errors], found.is_empty, found.left_out) == ([code], True, 1)


def test_a_teacher_of_a_foreign_school_is_a_problem_not_a_move(load, plan, world):
    world.equal_teacher.staff_no, world.equal_teacher.sex = "H9", "male"
    world.equal_teacher.born_on = date(1990, 1, 2)
    db.session.commit()
    by_number = plan(load(teachers(["H9", "戴知行", "男", None, "麟峰小学", None, "2025-09-01", None])))
    assert faults(by_number) == [("A2", "staff_no_elsewhere")]
    by_birth = plan(
        load(teachers([None, "戴知行", "男", "1990-01-02", "麟峰小学", None, "2025-09-01", None]))
    )
    assert faults(by_birth) == [("B2", "person_elsewhere")]
    assert [(q.other_school, q.may_move, q.fallback) for q in by_birth.questions] == [("", False, "out")]
    namesake = plan(load(teachers([None, "戴知行", "男", None, "麟峰小学", None, "2025-09-01", None])))
    assert [(each.kind, each.name) for each in namesake.people] == [("new", "戴知行")]
    assert (namesake.questions, namesake.problems) == ((), ())


def test_namesakes_within_reach_are_asked_about(load, plan, write, actor_of, world):
    row = [None, "何思源", None, None, "麟峰小学", None, "2025-09-01", None]
    row[2] = "女"
    made = load(teachers(row))
    undecided = plan(made)
    assert [(q.id, q.other_school, q.fallback) for q in undecided.questions] == [
        ("教师!2", "南郊小学", "new")
    ]
    assert [(each.code, each.kind) for each in undecided.problems] == [("same_name_elsewhere", "warning")]
    roster.decide(actor_of("lead"), made, {"教师!2": "move"}, expected=made.version, today=TODAY)
    db.session.commit()
    write(made)
    assert [e.school.name for e in person("何思源").employments] == ["南郊小学", "麟峰小学"]


def test_unknown_and_foreign_schools_are_located_once_each(load, plan, write, world):
    rows = [
        LIN,
        ["Z1", "资一", "男", None, "资源小学", None, None, None],
        ["Z2", "资二", "男", None, "资源小学", None, None, None],
        ["W1", "无一", "男", None, "不存在小学", None, None, None],
        ["G1", "拱一", "男", None, "东城区 拱辰中心", None, None, None],
    ]
    found = plan(load(teachers(*rows)))
    assert [(each.cell, each.code, each.value) for each in found.problems] == [
        ("E3", "school_outside", "资源小学"),
        ("E5", "school_unknown", "不存在小学"),
        ("E6", "school_matched", ""),
    ]
    assert [(each.name, each.school_name) for each in found.people] == [
        ("林一鸣", "麟峰小学"),
        ("拱一", "拱辰中心小学"),
    ]
    assert found.left_out == 3


def test_bureau_makes_new_schools_only_when_it_says_so(load, plan, write, actor_of, world):
    data = workbook(
        教师=[HEAD, ["W1", "无一", "男", None, "新区小学", None, None, None]],
        学校=[["学校", "学段", "位置", "上级中心校"], ["新区小学", "小学", "乡镇", "拱辰中心小学"]],
    )
    made = load(data, "bureau", Scope(world.east.id))
    assert faults(plan(made, "bureau")) == [("E2", "school_unknown"), ("A2", "school_unknown")]
    roster.set_options(
        actor_of("bureau"),
        made,
        default_school="",
        create_schools=True,
        expected=made.version,
        today=TODAY,
    )
    db.session.commit()
    write(made, "bureau")
    school = db.session.scalars(select(School).where(School.name == "新区小学")).one()
    assert (school.kind, school.location, school.parent.name) == ("primary", "rural", "拱辰中心小学")
    assert person("无一").employments[0].school_id == school.id


def test_a_school_sets_its_own_figures_but_not_what_the_bureau_sets(load, plan, world):
    data = workbook(
        学校=[["学校", "薄弱", "编制数", "片区"], ["拱辰中心小学", "是", 41, "别的片区"]],
        教师=[HEAD, ["G1", "拱一", "男", None, "拱辰中心小学", None, None, None]],
    )
    found = plan(load(data, "office", Scope(world.east.id, school=world.gongchen)), "office")
    assert [(each.name, dict(each.facts)) for each in found.schools] == [
        ("拱辰中心小学", {"authorised_posts": (None, 41)})
    ]
    assert [(each.cell, each.code, each.is_error) for each in found.problems] == [
        ("D2", "membership_kept", False),
        ("B2", "school_fact_kept", False),
    ]


def test_who_may_load_where(app, actor_of, world):
    data = teachers(LIN)
    book = roster.read_upload(data, "名册.xlsx")
    cluster, team = Scope(world.east.id, cluster=world.cluster), Scope(world.east.id, cluster=world.team)
    own, other = Scope(world.east.id, school=world.gongchen), Scope(world.east.id, school=world.linfeng)
    whole = Scope(world.east.id)
    allowed = {
        "bureau": (whole, cluster, team, own, other),
        "personnel": (whole, cluster, team, own, other),
        "lead": (cluster, own, other),
        "principal": (own,),
        "office": (own,),
        "equal_lead": (),
        "teacher": (),
        "liaison": (),
        "west_bureau": (),
    }
    for who, scopes in allowed.items():
        for scope in (whole, cluster, team, own, other):
            if who == "west_bureau" and scope is whole:
                continue  # the district is the actor's own, whatever a page sends
            if scope in scopes:
                roster.upload(actor_of(who), scope, book, data, now=NOW, today=TODAY)
            else:
                with pytest.raises(NotAllowed):
                    roster.upload(actor_of(who), scope, book, data, now=NOW, today=TODAY)


def test_list_and_permission_agree_for_everybody(load, world, actor_of):
    rows = [
        load(teachers(LIN)),
        load(teachers(LIN), "office", Scope(world.east.id, school=world.gongchen)),
        load(teachers(LIN), "bureau", Scope(world.east.id)),
    ]
    for name in ACCOUNTS:
        actor = actor_of(name)
        seen = set(db.session.scalars(imports.visible_to(actor)))
        assert seen == {row for row in rows if can(actor, "roster.view", row)}, name


def test_people_of_the_bureau_are_not_changed_by_schools(load, plan, world):
    make.role(world.mentor, "liaison", cluster_id=world.cluster.id)
    world.mentor.staff_no = "M1"
    db.session.commit()
    found = plan(load(teachers(["M1", "周以宁", "女", None, "麟峰小学", "音乐", None, None])))
    assert (faults(found), found.is_empty) == ([("B2", "edit_not_allowed")], True)


def test_a_changed_database_is_a_conflict_and_nothing_is_written(load, plan, write, actor_of, world):
    write(load(teachers(LIN, CHEN)))
    made = load(teachers([*LIN[:5], "英语", *LIN[6:]], CHEN))
    seen = plan(made)
    lin = person("林一鸣")
    facts = {"subjects": ["体育"], "name": lin.name}
    people.edit(actor_of("lead"), lin, expected=lin.version, today=TODAY, **facts)
    db.session.commit()
    before = sizes()
    with pytest.raises(Conflict):
        roster.confirm(
            actor_of("lead"), made, expected=made.version, digest=seen.digest, now=NOW, today=TODAY
        )
    db.session.rollback()
    assert (sizes(), made.state, person("林一鸣").subjects) == (before, "previewed", ["体育"])
    assert write(made).counts["changed"] == 1


class Fault(Exception):
    """Raised instead of a statement."""


@pytest.mark.promise(12)
def test_a_fault_at_any_statement_leaves_no_row(load, plan, write, actor_of, world):
    head = [*HEAD, "称号", "其他"]
    old = teachers([*LIN, "县骨干", "甲"], [*CHEN, None, "乙"], head=head)
    write(load(old))
    world.colleague.staff_no = "N7"
    db.session.commit()
    data = workbook(
        教师=[
            head,
            [*LIN[:5], "英语", *LIN[6:], "校级骨干", "丙"],
            ["N9", "新来者", "女", None, "麟峰小学", None, None, None, None, None],
            ["N7", "何思源", "女", None, "麟峰小学", None, "2025-09-01", None, None, None],
        ],
        学校=[["学校", "编制数"], ["麟峰小学", 60]],
        学科编制=[["学校", "学科", "需求"], ["麟峰小学", "音乐", 3]],
        经历=[["工号", "类型", "开始"], ["L1", "支教", "2020-09-01"]],
        情形=[["工号", "情形"], ["N9", "产假"]],
    )
    made = load(data)
    seen, lead, before = plan(made), actor_of("lead"), sizes()
    version, digest, kept = made.version, seen.digest, contents()
    writes = 0
    for number in range(1, 200):
        db.session.rollback()
        counter = Stopper(number)
        event.listen(db.engine, "before_cursor_execute", counter)
        try:
            roster.confirm(lead, made, expected=version, digest=digest, now=NOW, today=TODAY)
            db.session.commit()
        except Fault:
            db.session.rollback()
        else:
            break
        finally:
            event.remove(db.engine, "before_cursor_execute", counter)
        assert (sizes(), contents()) == (before, kept), f"statement {number}"
        writes = number
    assert writes >= 10
    assert (made.state, sizes() != before) == ("applied", True)
    assert audit.broken_links(world.east.id) == []


class Stopper:
    """Raises at the n-th statement that writes."""

    def __init__(self, number):
        self.left = number

    def __call__(self, connection, cursor, statement, *rest):
        if statement.split(None, 1)[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            self.left -= 1
            if self.left == 0:
                raise Fault(statement)


def contents() -> list:
    """Everything that the import of this file could change, by value."""
    return [
        db.session.execute(select(Person.name, Person.version, Person.subjects).order_by(Person.id)).all(),
        db.session.execute(
            select(Employment.person_id, Employment.school_id, Employment.ends_on).order_by(Employment.id)
        ).all(),
        db.session.execute(select(School.name, School.authorised_posts).order_by(School.id)).all(),
        db.session.execute(
            select(PersonTitle.kind, PersonTitle.level, PersonTitle.ends_on).order_by(PersonTitle.id)
        ).all(),
        db.session.execute(select(RosterImport.state, RosterImport.version).order_by(RosterImport.id)).all(),
    ]


@pytest.mark.promise(10)
@pytest.mark.parametrize("same_import", [True, False], ids=["one import", "two uploads"])
def test_confirmed_at_once_by_many_it_is_written_once(app, load, plan, actor_of, same_import):
    rows = [[f"T{n}", f"甲{chr(0x4E00 + n)}", "男", None, "麟峰小学", None, None, None] for n in range(30)]
    first = load(teachers(*rows))
    second = first if same_import else load(teachers(*rows))
    digest, actor = plan(first).digest, actor_of("lead")
    tries = [(made.district_id, made.id, made.version) for made in (first, second) * 4]
    before = sizes()
    db.session.commit()
    barrier, outcomes = threading.Barrier(len(tries)), []

    def confirm(district_id, import_id, version):
        with app.app_context():
            barrier.wait()
            try:
                made = imports.by_id(district_id, import_id)
                roster.confirm(actor, made, expected=version, digest=digest, now=NOW, today=TODAY)
                db.session.commit()
                outcomes.append("written")
            except Conflict:
                db.session.rollback()
                outcomes.append("conflict")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=confirm, args=each) for each in tries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert Counter(outcomes) == {"written": 1, "conflict": 7}
    after = sizes()
    assert (after[1] - before[1], after[2] - before[2]) == (30, 30)


def test_mapping_by_hand_overrules_what_was_found(load, plan, write, actor_of):
    head = ["编号甲", "姓名", "性别", "单位", "教什么"]
    data = workbook(名单=[["说明"], head, ["X1", "苏七", "女", "麟峰小学", "美术"]])
    made = load(data)
    found = plan(made)
    assert found.reading.mapping == {"名单": {1: "name", 2: "sex", 3: "school_name"}}
    choice = SheetChoice(kind="teachers", header_row=2, columns={0: "staff_no", 4: "subjects"})
    roster.map_sheet(actor_of("lead"), made, "名单", choice, expected=made.version, today=TODAY)
    db.session.commit()
    write(made)
    assert (person("苏七").staff_no, person("苏七").subjects) == ("X1", ["美术"])


def test_two_columns_of_one_meaning_are_refused(load, actor_of):
    made = load(teachers(LIN))
    choice = SheetChoice(columns={5: "stage", 6: "stage"})
    with pytest.raises(Refused):
        roster.map_sheet(actor_of("lead"), made, "教师", choice, expected=made.version, today=TODAY)


def test_waiting_files_go_with_time_and_number(load):
    kept = [load(teachers(LIN)).id for _ in range(7)]
    rows = db.session.execute(select(RosterImport.id, RosterImport.state)).all()
    assert {row.id for row in rows if row.state == "previewed"} == set(kept[-5:])
    assert db.session.scalar(select(func.count()).where(RosterImport.content.is_not(None))) == 5


def test_too_many_rows_for_a_page_are_refused(load):
    rows = [[f"T{n}", "甲一", "男", None, "麟峰小学", None, None, None] for n in range(3001)]
    with pytest.raises(Refused) as refused:
        load(teachers(*rows))
    assert refused.value.words == {"rows": 3001, "limit": 3000}


@pytest.fixture
def run(app, tmp_path):
    """``run(data, *options)`` is the command's answer."""

    def invoke(data, *options, name="名册.xlsx"):
        file = tmp_path / name
        file.write_bytes(data)
        db.session.commit()
        db.session.remove()
        return app.test_cli_runner().invoke(args=["roster", "import", str(file), *options])

    return invoke


def test_command_reports_row_by_row_and_loads_the_rest(run, sample_schools):
    answer = run(SAMPLE, "--district", "east", "--cluster", "麟峰小学片区")
    lines = answer.output.splitlines()
    assert answer.exit_code == 1
    assert "教师!E8\terror\t1979.13\t\t没有13月" in lines
    assert "教师!4\tnew\t梁鑫\t麟峰小学" in lines
    assert lines[-1].startswith("Imported: 50 new, 0 moved, 0 changed, 0 unchanged, ")
    assert person("梁鑫").employments[0].school.name == "麟峰小学"
    again = run(SAMPLE, "--district", "east")
    assert again.output.splitlines()[-1].startswith(
        "Nothing to write: 0 new, 0 moved, 0 changed, 50 unchanged"
    )


def test_command_with_dry_run_writes_nothing(run, world):
    before = sizes()
    answer = run(teachers(LIN), "--district", "east", "--dry-run")
    assert (answer.exit_code, sizes()) == (0, before)
    assert db.session.scalars(select(RosterImport)).all() == []
    assert answer.output.splitlines()[0] == "教师!2\tnew\t林一鸣\t麟峰小学"
    assert answer.output.splitlines()[-1].startswith("Nothing was written (--dry-run): 1 new, ")


def test_command_takes_a_school_for_sheets_without_one(run, world):
    data = workbook(名单=[["姓名", "性别"], ["苏七", "女"]])
    assert run(data, "--district", "east", "--school", "南郊小学").exit_code == 0
    assert person("苏七").employments[0].school.name == "南郊小学"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "There are several districts: say which with --district CODE."),
        (("--district", "north"), "There is no district north."),
        (("--district", "east", "--cluster", "无"), "There is no cluster 无."),
        (("--district", "west", "--school", "麟峰小学"), "There is no school 麟峰小学."),
    ],
)
def test_command_says_what_it_misses(run, world, options, words):
    answer = run(teachers(LIN), *options)
    assert (answer.exit_code, answer.output.strip()) == (1, words)


def test_command_refuses_what_is_no_workbook(run, world):
    answer = run(b"\x89PNG not a workbook", "--district", "east", name="a.xlsx")
    assert answer.exit_code == 1
    assert answer.output.startswith("a.xlsx: ")
