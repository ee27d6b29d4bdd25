"""Assessment through the pages: templates in editions, rounds, self-assessment, scores, bundled result, complaint."""

import io
from datetime import date

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from portal.extensions import db
from portal.models import (
    AssessmentCase,
    AssessmentRound,
    AssessmentTemplate,
    Notification,
    ResponsibilityLetter,
)


def text(answer) -> str:
    return answer.get_data(as_text=True)


def rows(model):
    found = sa.select(model).order_by(model.id).execution_options(populate_existing=True)
    return list(db.session.scalars(found))


def template(as_, level: str, lines: str) -> AssessmentTemplate:
    answer = as_("bureau").post(
        f"/supervision/templates/new/{level}", data={"name": "表" + level, "lines": lines}
    )
    assert answer.status_code == 303, text(answer)
    return next(row for row in rows(AssessmentTemplate) if row.level == level)


def begin(client, address: str, made, subjects, **more):
    data = {
        "title": "学期考核",
        "template": str(made.id),
        "span": "term",
        "due_on": "2025-12-20",
        "subjects": [str(row.id) for row in subjects],
    }
    return client.post(address, data={**data, **more})


def step(client, address: str, action: str, row, note: str = ""):
    return client.post(address, data={"action": action, "note": note, "version": str(row.version)})


def case_of(subject) -> AssessmentCase:
    return next(row for row in rows(AssessmentCase) if row.subject_id == subject.id)


def fill(client, case, *texts, then="submit", version=None):
    data = {f"text_{number}": words for number, words in enumerate(texts)}
    return client.post(
        f"/supervision/cases/{case.id}/self", data={**data, "then": then, "version": version or case.version}
    )


def score(client, case, *points):
    data = {f"points_{number}": value for number, value in enumerate(points) if value is not None}
    return client.post(f"/supervision/cases/{case.id}/score", data={**data, "version": case.version})


def seen(as_, address: str, *who) -> dict:
    return {name: as_(name).get(address).status_code for name in who}


@pytest.fixture
def person_case(as_, world):
    """A round of 拱辰中心小学 about its one mentee, by points 60 and 40 and an item without."""
    made = template(as_, "person", "教学水平｜60｜听课记录\n工作态度｜40\n工作成绩")
    address = f"/supervision/schools/{world.gongchen.id}/rounds/new"
    assert begin(as_("principal"), address, made, [world.mentee]).status_code == 303
    return case_of(world.mentee)


def test_a_template_is_revised_in_editions_and_a_round_keeps_its_own(as_, world):
    bad = as_("bureau").post(
        "/supervision/templates/new/group", data={"name": "x", "lines": "计划｜好\n活动｜10｜a｜b\n成效｜5"}
    )
    assert "第 1、2 行看不懂" in text(bad)
    made = template(as_, "group", "计划｜30\n成效")
    answer = as_("bureau").post(
        f"/supervision/templates/{made.id}/edit", data={"name": "表group", "lines": "计划｜40"}
    )
    assert answer.status_code == 303
    assert [(row.number, row.items[0]["points"]) for row in rows(AssessmentTemplate)] == [(1, 30), (2, 40)]
    old = as_("bureau").post(f"/supervision/templates/{made.id}/edit", data={"name": "x", "lines": "别的｜1"})
    assert "已有更新的版本" in text(old)
    assert "未设定" in text(as_("teacher").get(f"/supervision/templates/{made.id}"))
    assert as_("lead").get("/supervision/templates/new/group").status_code == 403


def test_a_persons_score_is_seen_by_that_person_and_the_own_principal_alone(as_, world, person_case):
    here = f"/supervision/cases/{person_case.id}"
    everyone = ("mentee", "principal", "bureau", "personnel", "lead", "teacher", "office", "liaison")
    nobody_else = dict.fromkeys(everyone, 404) | {"mentee": 200, "principal": 200}
    assert seen(as_, here, *everyone) == nobody_else
    assert fill(as_("mentee"), person_case).status_code == 422  # nothing written
    assert fill(as_("mentee"), person_case, "上了二十节公开课", "", "").status_code == 303
    case = case_of(world.mentee)
    assert (case.state, case.answers) == ("submitted", {"0": {"text": "上了二十节公开课", "url": ""}})
    assert score(as_("principal"), case, "61", "30").status_code == 422
    assert score(as_("principal"), case, "55.5", "30").status_code == 303
    assert score(as_("mentee"), case_of(world.mentee), "60", "40").status_code == 403
    assert "55.5" not in text(as_("mentee").get(here))
    round_ = rows(AssessmentRound)[0]
    there = f"/supervision/rounds/{round_.id}"
    assert step(as_("principal"), f"{there}/step", "publish", round_).status_code == 303
    page = text(as_("mentee").get(here))
    assert ("85.5 分，满分 100 分" in page, "1 项未设定分值" in page) == (True, True)
    assert seen(as_, here, *everyone) == nobody_else
    office = text(as_("office").get(there))
    assert (world.mentee.name in office, "已公布" in office) == (False, True)
    assert as_("lead").get(there).status_code == 404
    told = {
        row.person.name
        for row in db.session.scalars(sa.select(Notification).filter_by(kind="assessment_published"))
    }
    assert told == {world.mentee.name}


def test_a_complaint_is_answered_by_another_person_and_may_lead_to_a_new_score(as_, world, person_case):
    here = f"/supervision/cases/{person_case.id}"
    fill(as_("mentee"), person_case, "自评", "", "")
    score(as_("principal"), case_of(world.mentee), "50", "30")
    step(
        as_("principal"),
        f"/supervision/rounds/{person_case.round_id}/step",
        "publish",
        rows(AssessmentRound)[0],
    )
    assert (
        step(as_("mentee"), f"{here}/step", "complain", case_of(world.mentee), "漏算公开课").status_code
        == 303
    )
    assert seen(as_, here, "bureau", "personnel", "lead") == {"bureau": 200, "personnel": 404, "lead": 404}
    assert step(as_("principal"), f"{here}/step", "reject", case_of(world.mentee), "不对").status_code == 403
    assert "答复考核申诉" in text(as_("bureau").get("/"))
    assert step(as_("bureau"), f"{here}/step", "uphold", case_of(world.mentee), "请补算").status_code == 303
    case = case_of(world.mentee)
    assert (case.state, case.complaint, case.reply) == ("submitted", "漏算公开课", "请补算")
    assert as_("bureau").get(here).status_code == 404
    assert score(as_("principal"), case, "58", "30").status_code == 303
    assert case_of(world.mentee).state == "published"
    assert "88.0 分" in text(as_("mentee").get(here))


def test_a_schools_result_is_bundled_with_the_clusters_once_the_share_is_set(as_, world):
    of_schools = template(as_, "school", "组织管理｜100\n交流轮岗")
    address = f"/supervision/clusters/{world.cluster.id}/rounds/schools"
    assert begin(as_("lead"), address, of_schools, [world.linfeng, world.gongchen]).status_code == 303
    case, own = case_of(world.gongchen), case_of(world.linfeng)
    fill(as_("principal"), case, "自评")
    fill(as_("lead"), own, "自评")
    assert score(as_("lead"), case_of(world.linfeng), "100").status_code == 403  # the own case
    assert score(as_("lead"), case_of(world.gongchen), "80").status_code == 303
    round_ = rows(AssessmentRound)[0]
    there = f"/supervision/rounds/{round_.id}"
    assert step(as_("lead"), f"{there}/step", "publish", round_).status_code == 303
    assert "未设定" in text(as_("principal").get(f"/supervision/cases/{case.id}"))
    of_clusters = template(as_, "cluster", "师资互派｜50")
    assert (
        begin(as_("bureau"), "/supervision/rounds/clusters", of_clusters, [world.cluster]).status_code == 303
    )
    fill(as_("lead"), case_of(world.cluster), "互派八人")
    score(as_("bureau"), case_of(world.cluster), "45")
    district = next(row for row in rows(AssessmentRound) if row.level == "cluster")
    step(as_("bureau"), f"/supervision/rounds/{district.id}/step", "publish", district)
    round_ = next(row for row in rows(AssessmentRound) if row.level == "school")
    changed = {"title": "学期考核", "span": "term", "due_on": "2025-12-20", "cluster_weight": "30"}
    assert as_("lead").post(f"{there}/edit", data={**changed, "version": round_.version}).status_code == 303
    assert "83.0" in text(as_("principal").get(f"/supervision/cases/{case.id}"))  # 0.7 * 80 + 0.3 * 90
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(as_("nanjiao_principal").get(f"{there}/results.xlsx").data)
    )
    found = {line[0]: line for line in book.get_sheet_by_index(0).to_python()}
    assert found[world.gongchen.name][2:8] == [80, 100, 80, 90, 30, 83]
    assert world.linfeng.name not in found
    assert "90.0" in text(as_("equal_lead").get("/supervision/circular"))


def test_the_list_of_rounds_is_exported_as_it_is_filtered(as_, world):
    """A line a round with its cases by state; rounds of teachers stay in their school."""
    of_people, of_schools = template(as_, "person", "师德｜100"), template(as_, "school", "管理｜100")
    there = f"/supervision/schools/{world.gongchen.id}/rounds/new"
    assert begin(as_("principal"), there, of_people, [world.mentee]).status_code == 303
    there = f"/supervision/clusters/{world.cluster.id}/rounds/schools"
    assert begin(as_("lead"), there, of_schools, [world.gongchen]).status_code == 303
    fill(as_("principal"), case_of(world.gongchen), "自评")

    def book(who, **asked):
        data = as_(who).get("/supervision/rounds.xlsx", query_string=asked).data
        return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()

    head, *lines = book("principal")
    found = {line[1]: dict(zip(head, line, strict=True)) for line in lines}
    assert [found[kind]["学校或片区"] for kind in ("教师", "学校")] == [
        world.gongchen.name,
        world.cluster.name,
    ]
    assert {key: value for key, value in found["教师"].items() if value == 1} == {"待自评": 1}
    assert {key: value for key, value in found["学校"].items() if value == 1} == {"待评分": 1}
    assert [line[1] for line in book("principal", kind="person")[1:]] == ["教师"]
    assert [line[1] for line in book("bureau")[1:]] == ["学校"]
    assert book("west_bureau")[1:] == []


def test_signed_letters_stand_beside_the_score_for_those_who_may_read_them(as_, world):
    """S4-70: what a school promised and what came of it, of the days that are assessed; points are not computed."""
    base = {
        "district_id": world.east.id, "cluster_id": world.cluster.id, "school_id": world.gongchen.id,
        "created_by_id": world.lead.id, "signed_by_id": world.principal.id, "state": "signed",
    }  # fmt: skip
    days = {"starts_on": date(2025, 9, 1), "ends_on": date(2026, 1, 30)}
    past = {"starts_on": date(2024, 9, 1), "ends_on": date(2025, 1, 20)}
    now = {"title": "本学期责任书", "targets": "走教不少于二十节", "result": "走教二十四节"}
    db.session.add(ResponsibilityLetter(**base, **days, **now))
    db.session.add(ResponsibilityLetter(**base, **past, title="旧责任书", targets="旧目标"))
    db.session.commit()
    made = template(as_, "school", "组织管理｜100")
    begin(as_("lead"), f"/supervision/clusters/{world.cluster.id}/rounds/schools", made, [world.gongchen])
    case = case_of(world.gongchen)
    address = f"/supervision/cases/{case.id}"
    assert "走教二十四节" in text(as_("principal").get(f"{address}/self"))
    fill(as_("principal"), case, "自评")
    page = text(as_("lead").get(f"{address}/score"))
    assert ["走教不少于二十节" in page, "走教二十四节" in page, "旧目标" in page] == [True, True, False]
    score(as_("lead"), case_of(world.gongchen), "80")
    round_ = rows(AssessmentRound)[0]
    step(as_("lead"), f"/supervision/rounds/{round_.id}/step", "publish", round_)
    others = as_("nanjiao_principal").get(address)
    assert (others.status_code, "走教二十四节" in text(others)) == (200, False)


def test_who_is_assessed_is_asked_once_and_stale_forms_are_told(as_, world, person_case):
    first = fill(as_("mentee"), person_case, "先", "", "", then="keep")
    assert first.status_code == 303
    stale = fill(as_("mentee"), person_case, "后", "", "", then="keep", version=1)
    assert stale.status_code == 409
    assert "后" in text(stale)
    bad = as_("mentee").post(
        f"/supervision/cases/{person_case.id}/self",
        data={"url_0": "javascript:alert(1)", "version": case_of(world.mentee).version},
    )
    assert "网址要以" in text(bad)
    made = next(row for row in rows(AssessmentTemplate))
    address = f"/supervision/schools/{world.gongchen.id}/rounds/new"
    late = begin(as_("principal"), address, made, [world.mentee], due_on="2025-01-01")
    assert "自评截止不能早于今天" in text(late)
    none = begin(as_("principal"), address, made, [])
    assert "请至少选择一个考核对象" in text(none)
    assert world.principal.name not in text(as_("principal").get(address)).split("<fieldset")[-1]
    assert as_("lead").get(address).status_code in (403, 404)
    evidence = {"file_kind": "file", "files": (io.BytesIO("听课记录".encode()), "听课.txt")}
    kept = as_("mentee").post(f"/supervision/cases/{person_case.id}/files", data=evidence)
    assert kept.status_code == 303
    assert "听课.txt" in text(as_("principal").get(f"/supervision/cases/{person_case.id}"))
