"""Inspections, the register of problems and the circular through the pages, over both engines."""

import io
import re
from datetime import date

import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from portal.domain.access import can
from portal.domain.supervision import CASE_STATES, INSPECTION_STATES
from portal.extensions import db
from portal.models import AssessmentCase, AssessmentRound, Inspection, Notification, Problem, Term
from portal.queries import assessment, summaries, supervision
from tests.populate import populate
from tests.support.cast_names import ACCOUNTS

VISIT = {
    "title": "走教落实",
    "held_on": "2025-11-10",
    "inspectors": "督导室 袁敏",
    "findings": "课表没有按周落实\n\n  材料不齐  ",
    "advice": "教研活动有声有色",
}


def text(answer) -> str:
    return answer.get_data(as_text=True)


def only(model):
    return db.session.scalars(sa.select(model).execution_options(populate_existing=True)).one()


def told(kind: str) -> set[str]:
    rows = db.session.scalars(sa.select(Notification).filter_by(kind=kind))
    return {row.person.name for row in rows}


def visit(as_, world, who="bureau", school=None, **changes):
    data = {**VISIT, "school": str(school.id) if school else "", **changes}
    return as_(who).post(f"/supervision/clusters/{world.cluster.id}/inspections/new", data=data)


def step(client, address: str, action: str, row, note: str = ""):
    return client.post(address, data={"action": action, "note": note, "version": str(row.version)})


def published(as_, world, **options) -> Inspection:
    assert visit(as_, world, school=world.gongchen, **options).status_code == 303
    row = only(Inspection)
    assert step(as_("bureau"), f"/supervision/inspections/{row.id}/step", "publish", row).status_code == 303
    return only(Inspection)


def test_a_draft_is_the_inspectors_and_the_schools_concerned_know_what_was_published(as_, world):
    assert visit(as_, world, school=world.gongchen).status_code == 303
    row = only(Inspection)
    assert (row.body, row.state, row.lines) == ("bureau", "drafting", ["课表没有按周落实", "材料不齐"])
    address = f"/supervision/inspections/{row.id}"
    seen = {
        who: as_(who).get(address).status_code for who in ("bureau", "lead", "principal", "nanjiao_principal")
    }
    assert seen == {"bureau": 200, "lead": 404, "principal": 404, "nanjiao_principal": 404}
    row = published_row(as_, row)
    seen = {who: as_(who).get(address).status_code for who in seen}
    assert seen == {"bureau": 200, "lead": 200, "principal": 200, "nanjiao_principal": 404}
    assert told("inspection_published") == {world.principal.name}
    changed = {**VISIT, "school": str(world.gongchen.id), "version": str(row.version)}
    assert "已公布的督导要先撤回" in text(as_("bureau").post(f"{address}/edit", data=changed))
    assert as_("principal").get(f"{address}/edit").status_code == 403


def published_row(as_, row) -> Inspection:
    step(as_("bureau"), f"/supervision/inspections/{row.id}/step", "publish", row)
    return only(Inspection)


def test_the_lead_inspects_members_not_the_own_school_and_nobody_among_equals(as_, world):
    refused = visit(as_, world, "lead", school=world.linfeng)
    assert refused.status_code == 422
    assert visit(as_, world, "lead", school=world.gongchen).status_code == 303
    assert only(Inspection).body == "lead"
    assert visit(as_, world, "principal", school=world.gongchen).status_code == 404
    address = f"/supervision/clusters/{world.team.id}/inspections/new"
    assert as_("equal_lead").get(address).status_code in (403, 404)
    late = visit(as_, world, title="将来", held_on="2026-01-05")
    assert "日期不能在今天以后" in text(late)


def test_a_finding_becomes_one_line_that_is_mended_and_confirmed_by_another(as_, world):
    row = published(as_, world)
    address = f"/supervision/inspections/{row.id}/findings/1/problem"
    data = {
        "text": "材料不齐",
        "category": "papers",
        "school": str(world.gongchen.id),
        "owner": str(world.principal.id),
        "due_on": "2025-11-17",
    }
    assert "材料不齐" in text(as_("bureau").get(address))
    early = as_("bureau").post(address, data={**data, "due_on": "2025-11-01"})
    assert "整改期限不能早于发现日期" in text(early)
    stranger = as_("bureau").post(address, data={**data, "owner": str(world.nanjiao_principal.id)})
    assert "责任人不在这所学校" in text(stranger)
    assert as_("bureau").post(address, data=data).status_code == 303
    assert as_("bureau").post(address, data={**data, "text": "又一次"}).status_code == 422
    problem = only(Problem)
    assert (problem.found_on, problem.inspection_id, problem.finding) == (date(2025, 11, 10), row.id, 1)
    assert told("problem_assigned") == {world.principal.name}
    back = step(as_("bureau"), f"/supervision/inspections/{row.id}/step", "take_back", row, "写错了")
    assert back.status_code == 409
    here = f"/supervision/problems/{problem.id}"
    assert "逾期未整改" in text(as_("principal").get(here))
    assert "整改：材料不齐" in text(as_("principal").get("/"))
    assert step(as_("lead"), f"{here}/step", "begin", problem).status_code == 403
    assert step(as_("principal"), f"{here}/step", "close", problem, "补齐了教案").status_code == 303
    problem = only(Problem)
    assert (problem.state, problem.result, problem.closed_by.name) == (
        "closed",
        "补齐了教案",
        world.principal.name,
    )
    assert step(as_("principal"), f"{here}/step", "confirm", problem).status_code == 403
    assert step(as_("lead"), f"{here}/step", "return", problem, "还缺听课记录").status_code == 303
    assert only(Problem).closed_by_id is None
    step(as_("principal"), f"{here}/step", "close", only(Problem), "全补齐了")
    assert step(as_("lead"), f"{here}/step", "confirm", only(Problem)).status_code == 303
    problem = only(Problem)
    assert (problem.state, problem.confirmed_by.name, problem.confirmed_on) == (
        "confirmed",
        world.lead.name,
        world.today,
    )
    assert as_("nanjiao_principal").get(here).status_code == 404


def test_a_problem_open_at_the_end_of_a_term_is_seen_in_the_next_without_a_copy(as_, world, actor_of):
    for name, found, done in (("旧的没完", "2025-05-06", None), ("旧的完了", "2025-05-06", date(2025, 6, 1))):
        db.session.add(
            Problem(
                district_id=world.cluster.district_id,
                cluster_id=world.cluster.id,
                school_id=world.gongchen.id,
                created_by_id=world.lead.id,
                category="timetable",
                text=name,
                found_on=date.fromisoformat(found),
                state="confirmed" if done else "open",
                confirmed_on=done,
            )
        )
    db.session.commit()
    page = text(as_("principal").get("/supervision/problems"))
    assert ("旧的没完" in page, "旧的完了" in page, "以前学期转来" in page) == (True, False, True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Problem)) == 2
    term = db.session.get(Term, (world.cluster.district_id, world.term.id))
    rows = supervision.all_problems(actor_of("principal"), term)
    assert [row.text for row in rows] == ["旧的没完"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_("principal").get("/supervision/problems.xlsx").data))
    lines = book.get_sheet_by_index(0).to_python()
    assert [line[1] for line in lines if line[1] in ("旧的没完", "旧的完了")] == ["旧的没完"]


def test_the_circular_tells_clusters_side_by_side_without_a_name(as_, world):
    row = published(as_, world)
    page = text(as_("principal").get("/supervision/circular"))
    assert world.cluster.name in page
    assert world.team.name in page
    assert (world.gongchen.name in page.split("<main")[1], row.title in page) == (False, False)
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(as_("equal_lead").get("/supervision/circular.xlsx").data)
    )
    lines = {line[0]: line for line in book.get_sheet_by_index(0).to_python()}
    assert lines[world.cluster.name][5] == 1
    assert lines[world.team.name][5] == 0
    assert as_("teacher").get("/supervision/circular").status_code == 403


def test_the_summary_counts_what_supervision_found_and_names_schools_to_those_concerned(as_, world):
    """S2-16: figures with their rows; another member reads the category, not the words nor the school."""
    row = published(as_, world)
    data = {
        "category": "understanding",
        "text": "对走教认识不到位",
        "school": str(world.gongchen.id),
        "owner": "",
    }
    made = as_("bureau").post(
        f"/supervision/clusters/{world.cluster.id}/problems/new", data={**data, "due_on": "2025-11-30"}
    )
    assert made.status_code == 303, text(made)
    as_("lead").post(f"/summaries/clusters/{world.cluster.id}/begin", data={"term": world.term.code})
    summary = summaries.of_cluster(world.cluster, world.term)
    address = f"/summaries/{summary.id}"
    page = text(as_("lead").get(f"{address}?section=problems"))
    assert "认识不到位1项" in re.sub(r"<[^>]+>", "", page)
    for who, seen in (("lead", True), ("principal", True), ("nanjiao_principal", False)):
        rows = text(as_(who).get(f"{address}/figures/problems_listed")).split("<main")[1]
        assert ("认识不到位" in rows, "对走教认识不到位" in rows, world.gongchen.name in rows) == (
            True,
            seen,
            seen,
        )
        visits = text(as_(who).get(f"{address}/figures/inspections_published")).split("<main")[1]
        assert (row.title in visits) == seen


def test_lists_show_what_the_permission_table_says(world, actor_of):
    """Each list is the ``view`` line of the table as a statement, in every state, for everybody."""
    populate(world)
    wrong = []
    for model, visible, noun, states in (
        (Inspection, supervision.inspections_visible_to, "inspection", INSPECTION_STATES),
        (Problem, supervision.problems_visible_to, "problem", ("open",)),
        (AssessmentRound, assessment.rounds_visible_to, "assessment_round", ("open",)),
        (AssessmentCase, assessment.cases_visible_to, "assessment_case", CASE_STATES),
    ):
        for state in states:
            every = list(db.session.scalars(sa.select(model)))
            for row in every:
                row.state = state
            db.session.flush()
            for who in ACCOUNTS:
                actor = actor_of(who)
                listed = {row.id for row in db.session.scalars(visible(actor))}
                allowed = {row.id for row in every if can(actor, f"{noun}.view", row)}
                if listed != allowed:
                    wrong.append((noun, state, who))
    assert wrong == []
