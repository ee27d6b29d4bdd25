"""How schools and clusters stand: who sees it, what it costs, and that the figures are those of the records."""

import io
from datetime import date

from python_calamine import CalamineWorkbook

from portal.extensions import db
from portal.models import SchoolPairing
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
