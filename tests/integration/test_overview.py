"""How schools and clusters stand: who sees it, what it costs, and that the figures are those of the records."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from portal.extensions import db
from portal.models import Membership, PlanItem, ResponsibilityLetter, SchoolPairing, TermPlan
from tests import factories as make
from tests.support.queries import counted_queries


def text(answer) -> str:
    return answer.get_data(as_text=True)


def test_who_sees_the_schools_and_the_clusters(as_, world):
    page = f"/clusters/{world.cluster.id}/overview"
    see = {who: (as_(who).get(page).status_code, as_(who).get("/clusters/compare").status_code) for who in
           ("bureau", "lead", "nanjiao_principal", "liaison", "teacher", "equal_lead", "west_bureau")}  # fmt: skip
    assert see == {
        "bureau": (200, 200),
        "lead": (200, 403),
        "nanjiao_principal": (200, 403),
        "liaison": (200, 403),
        "teacher": (403, 403),
        "equal_lead": (404, 403),
        "west_bureau": (404, 200),
    }


def test_a_pair_is_a_line_of_the_picture_and_of_the_table(as_, world):
    page = f"/clusters/{world.cluster.id}/overview"
    assert '<svg class="map only' not in text(as_("lead").get(page))
    db.session.add(
        SchoolPairing(
            district_id=world.east.id, cluster_id=world.cluster.id, donor_id=world.linfeng.id,
            beneficiary_id=world.nanjiao.id, starts_on=date(2025, 9, 1), ends_on=date(2026, 7, 1), state="active",
            created_by_id=world.lead.id, donor_agreed_by_id=world.lead.id,
            beneficiary_agreed_by_id=world.nanjiao_principal.id,
        )
    )  # fmt: skip
    db.session.commit()
    seen = text(as_("lead").get(page))
    assert ('class="e-pair"' in seen, 'scope="row">麟峰小学</th>' in seen) == (True, True)


def test_the_comparison_costs_the_same_for_more_clusters(as_, world):
    client = as_("bureau")
    client.get("/clusters/compare")
    with counted_queries() as few:
        client.get("/clusters/compare")
    for number in range(8):
        lead = make.school(world.east, f"第{number}实验小学")
        make.cluster(world.east, f"第{number}片区", lead, [make.school(world.east, f"第{number}附属小学")])
    db.session.commit()
    with counted_queries() as many:
        page = text(client.get("/clusters/compare"))
    assert (few.count, "第7片区" in page) == (many.count, True)


def test_the_workbook_names_clusters_and_no_teacher(as_, world):
    answer = as_("bureau").get("/clusters/compare.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [row[:2] for row in rows[1:]] == [["城南组团", 2], ["麟峰小学片区", 3]]


def test_the_overview_costs_the_same_for_more_schools(as_, world):
    page, client = f"/clusters/{world.cluster.id}/overview", as_("lead")
    client.get(page)
    with counted_queries() as few:
        client.get(page)
    for number in range(8):
        school = make.school(world.east, f"第{number}附属小学")
        db.session.add(
            Membership(
                district_id=world.east.id,
                cluster_id=world.cluster.id,
                school_id=school.id,
                starts_on=date(2024, 9, 1),
            )
        )
    db.session.commit()
    with counted_queries() as many:
        seen = text(client.get(page))
    assert (few.count, "第7附属小学" in seen) == (many.count, True)
    assert few.count <= 43


def test_gauges_and_columns_say_what_the_scheme_asks_for_and_what_is_owed(as_, world):
    """E7 sets no number of meetings, so none is shown; a letter without its signature and a late item are."""
    assert "应开展次数未设定" in text(as_("equal_lead").get(f"/clusters/{world.team.id}/overview"))
    page = f"/clusters/{world.cluster.id}/overview"
    seen = text(as_("lead").get(page))
    assert ("已开展 0 次 · 应开展 5 次" in seen, "还差 5 次" in seen, "未签" in seen) == (True, True, False)
    base = {"district_id": world.east.id, "cluster_id": world.cluster.id}
    plan = TermPlan(**base, term_id=world.term.id, created_by_id=world.lead.id)
    letter = ResponsibilityLetter(
        **base, school_id=world.nanjiao.id, title="目标责任书", targets="开足课程", starts_on=date(2025, 9, 1),
        ends_on=date(2026, 1, 30), created_by_id=world.lead.id,
    )  # fmt: skip
    db.session.add_all([plan, letter])
    db.session.flush()
    for due in (date(2025, 10, 1), date(2025, 12, 1)):
        item = PlanItem(
            district_id=world.east.id, plan_id=plan.id, text="报名单", school_id=world.nanjiao.id, due_on=due
        )
        db.session.add(item)
    db.session.commit()
    seen = text(as_("lead").get(page))
    assert (seen.count("未签 1 份"), seen.count("逾期 1 项")) == (1, 1)
    # what was missed leads to the plans, person-times to their activities
    owed = (
        "/plans/term/?term=2025-2026-1",
        f"/plans/activities/?cluster={world.cluster.id}&amp;term=2025-2026-1",
    )
    assert [f'href="{link}"' in seen for link in owed] == [True, True]
    answer = as_("lead").get(f"{page}.xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    line = dict(zip(sheet[0], next(row for row in sheet if row[0] == "南郊小学"), strict=True))
    assert (line["未完成计划事项（项）"], line["其中逾期（项）"], line["其中未签（份）"]) == (2, 1, 1)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_logs_of_a_term_are_counted_without_reading_those_of_others(as_, world, engine):
    """SQLite without statistics took the index of schools, and read every log that a school ever had."""
    with counted_queries() as found:
        as_("lead").get("/")
    (counting,) = (each for each in found.texts if "FROM reflection" in each and "GROUP BY" in each)
    plan = db.session.connection().exec_driver_sql(
        f"EXPLAIN QUERY PLAN {counting}", ("",) * counting.count("?")
    )
    assert ["ix_reflection_term" in row[-1] for row in plan] == [True]
