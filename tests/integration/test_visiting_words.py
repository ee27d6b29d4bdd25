"""What pages and workbooks of the visiting timetable say so that nobody has to guess."""

import io
import re
from datetime import date

from python_calamine import CalamineWorkbook

from portal.extensions import db
from portal.models import Absence
from tests.support.deliveries import publish


def text(answer) -> str:
    return answer.get_data(as_text=True)


def test_an_absence_that_is_over_is_called_so_in_the_workbook(as_, world):
    facts = {"district_id": world.east.id, "home_school_id": world.linfeng.id, "created_by_id": world.lead.id}
    days = {world.teacher: (17, 18), world.mentor: (18, 19), world.lead: (25, 26)}
    for person, (first, last) in days.items():
        times = {"first_day": date(2025, 11, first), "last_day": date(2025, 11, last)}
        db.session.add(Absence(**facts, **times, person_id=person.id))
    db.session.commit()
    answer = as_("lead").get("/visiting/absences.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    said = {row[0]: row[-1] for row in rows if row[0] in {person.name for person in days}}
    assert said == {"林晓岚": "已结束", "周以宁": "不在", "陈怀瑾": "不在"}


def test_the_code_of_the_day_is_as_large_as_a_wall_needs(as_, world):
    page = text(as_("principal").get(f"/visiting/schools/{world.gongchen.id}/code"))
    assert re.search(r'class="wall-code num">\d{3} \d{3}<', page)
    assert re.search(r'<svg[^>]*viewBox="[\d. ]+"[^>]*class="wall-qr"', page)
    assert not re.search(r'<svg[^>]*width="[^>]*class="wall-qr"', page)


def test_a_date_does_not_break_inside_where_help_is_wanted(as_, world):
    publish(world)
    page = text(as_("teacher").get("/visiting/volunteers"))
    assert re.search(
        r'<span class="nowrap">[^<]*11-27[^<]*</span>|<span class="nowrap">11月27日[^<]*</span>', page
    )
