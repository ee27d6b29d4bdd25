"""Pages of a month that is not over judge nothing, and their sums read like the lines above them."""

import re
from datetime import date

from portal.extensions import db
from portal.models import Posting
from tests.support.months import visits


def text(answer) -> str:
    return answer.get_data(as_text=True)


def test_a_month_under_way_is_judged_at_its_end(as_, world):
    visits(world, [date(2025, 11, 4), date(2025, 11, 11)])
    visits(world, [date(2025, 10, 14)], starts=600)
    world.linfeng.average_periods, world.gongchen.average_periods = 10, 3
    support = Posting(
        district_id=world.east.id,
        person_id=world.mentor.id,
        home_school_id=world.linfeng.id,
        host_school_id=world.gongchen.id,
        form="support_teaching",
        starts_on=date(2025, 9, 1),
        arrived_on=date(2025, 9, 1),
        weekly_periods=14,
        created_by_id=world.lead.id,
        state="active",
    )
    db.session.add(support)
    db.session.commit()
    mine = {month: text(as_("teacher").get(f"/visiting/workload?month=2025-{month}")) for month in (10, 11)}
    assert ("没有达到" in mine[10], "月末判断" in mine[10]) == (True, False)
    assert ("没有达到" in mine[11], "月末判断" in mine[11]) == (False, True)
    assert "到目前在拱辰中心小学 2 节；该校人均的三分之一全月合" in mine[11]
    sheet = f"/visiting/schools/{world.linfeng.id}/subsidies?month=2025-"
    page = {month: text(as_("lead").get(f"{sheet}{month}")) for month in (10, 11)}
    judged = {
        month: re.findall(
            r'data-label="条件">\s*<span class="tag[^"]*">(?:<svg.*?</svg>)?([^<]+)', found, re.DOTALL
        )
        for month, found in page.items()
    }
    assert judged == {10: ["不符合", "符合"], 11: ["月末判断", "月末判断"]}


def test_what_is_nothing_reads_alike_in_lines_and_sums(as_, world):
    visits(world, [date(2025, 10, 14)])
    visits(world, [date(2025, 10, 15)], teacher=world.mentor, starts=600)
    page = text(as_("lead").get(f"/visiting/schools/{world.linfeng.id}/months?month=2025-10"))
    cells = {
        name: re.findall(r"<td[^>]*>(?:<b>)?([^<]*)", row)
        for name, row in re.findall(r'<tr><th scope="row">([^<]+)</th>(.*?)</tr>', page, re.DOTALL)
        if "代别人上" in row
    }
    assert cells == {
        "林晓岚": ["1", "1", "—", "—", "—", "—", "—", "—"],
        "周以宁": ["1", "1", "—", "—", "—", "—", "—", "—"],
        "合计": ["2", "2", "—", "—", "—", "—", "—", "—"],
    }
