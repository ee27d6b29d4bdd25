"""Nobody answers for figures that were not on the page; corrections reach whoever they are about, in one entry."""

import re
from datetime import date

import pytest
import sqlalchemy as sa

from portal.extensions import db
from portal.models import HomePeriods, Notification, SubsidyList
from portal.queries import subsidies, workloads
from tests.support.absences import heard
from tests.support.months import NOVEMBER, OCTOBER, close, the_month, visits

DAYS = [date(2025, 10, 14), date(2025, 10, 21), date(2025, 10, 28)]


def text(answer) -> str:
    return answer.get_data(as_text=True)


def settle(client, session, outcome, **facts):
    db.session.refresh(session)
    data = {"outcome": outcome, "version": session.version, **facts}
    return client.post(f"/visiting/sessions/{session.id}/settle", data=data)


def buttons(page: str, words: str) -> list[tuple[str, dict]]:
    """(address, fields) of the forms whose button says that."""
    found = []
    for address, body in re.findall(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', page, re.DOTALL):
        if re.search(rf">\s*{words}</button>", body):
            fields = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', body))
            fields.pop("csrf_token")
            found.append((address.replace("&amp;", "&"), fields))
    return found


def the_button(client, address: str, words: str) -> tuple[str, dict]:
    (button,) = buttons(text(client.get(address)), words)
    return button


def page_of(school) -> str:
    return f"/visiting/schools/{school.id}/months?month=2025-10"


def history(client, session) -> list[str]:
    """The entries of a lesson's history as they read, the latest first."""
    page = text(client.get(f"/visiting/sessions/{session.id}"))
    page = page[page.index('class="history-list"') :]
    page = page[: page.index("</ol>")]
    entries = re.findall(r"<li>(.*?)</li>", page, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", entry)).strip() for entry in entries]


def test_a_correction_takes_the_check_back_and_an_old_page_closes_nothing(as_, world):
    wrong, *_rest = visits(world, DAYS)
    address, fields = the_button(as_("principal"), page_of(world.gongchen), "核对无误")
    assert as_("principal").post(address, data=fields).status_code == 303
    old = the_button(as_("lead"), page_of(world.linfeng), "关账")
    assert settle(as_("office"), wrong, "miss", note="没有来").status_code == 303
    row = the_month()
    assert (row.state, row.checked_by_id, row.checked_at) == ("open", None, None)
    answer = as_("lead").post(old[0], data=old[1])
    assert (answer.status_code, the_month().state) == (409, "open")
    assert heard(world.lead, "month_changed") == heard(world.principal, "month_changed") == ["month_changed"]
    assert heard(world.office) == []
    assert "核对无误" in text(as_("principal").get(page_of(world.gongchen)))


def test_a_correction_that_changes_no_figure_leaves_the_check(as_, world):
    session, *_rest = visits(world, DAYS)
    session.state, session.substitute_id = "substituted", world.mentee.id
    db.session.commit()
    address, fields = the_button(as_("principal"), page_of(world.gongchen), "核对无误")
    assert as_("principal").post(address, data=fields).status_code == 303
    same = settle(as_("office"), session, "substitute", substitute="江念一", note="补写原因")
    assert (same.status_code, the_month().state) == (303, "checked")
    other = settle(as_("office"), session, "substitute", substitute="何思源", note="记错了人")
    assert (other.status_code, the_month().state) == (303, "open")


def test_the_first_check_is_of_the_figures_on_the_page(as_, world):
    wrong, *_rest = visits(world, DAYS)
    address, fields = the_button(as_("principal"), page_of(world.gongchen), "核对无误")
    assert settle(as_("office"), wrong, "miss", note="没有来").status_code == 303
    answer = as_("principal").post(address, data=fields)
    assert (answer.status_code, "数字在您打开以后有改动" in text(answer)) == (409, True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Notification)) == 0
    address, fields = the_button(as_("principal"), page_of(world.gongchen), "核对无误")
    assert as_("principal").post(address, data=fields).status_code == 303


def test_a_check_after_a_return_is_of_the_figures_on_the_page(as_, world):
    wrong, *_rest = visits(world, DAYS)
    address, fields = the_button(as_("principal"), page_of(world.gongchen), "核对无误")
    as_("principal").post(address, data=fields)
    row = the_month()
    data = {"action": "return", "note": "再核", "version": row.version}
    assert as_("lead").post(f"/visiting/months/{row.id}/step", data=data).status_code == 303
    address, fields = the_button(as_("principal"), page_of(world.gongchen), "核对无误")
    assert settle(as_("office"), wrong, "miss", note="没有来").status_code == 303
    answer = as_("principal").post(address, data=fields)
    assert (answer.status_code, the_month().state) == (409, "open")
    assert "再核" in text(as_("principal").get(page_of(world.gongchen)))
    address, fields = the_button(as_("principal"), page_of(world.gongchen), "核对无误")
    assert as_("principal").post(address, data=fields).status_code == 303
    assert "再核" not in text(as_("principal").get(page_of(world.gongchen)))  # it is answered


@pytest.mark.parametrize("again", [False, True])
def test_a_list_is_checked_as_it_stood_on_the_page(as_, world, again):
    visits(world, DAYS)
    world.linfeng.average_periods, world.gongchen.average_periods = 10, 2
    stated = HomePeriods(
        district_id=world.east.id,
        person_id=world.teacher.id,
        school_id=world.linfeng.id,
        month=OCTOBER,
        periods=60,
        stated_by_id=world.lead.id,
    )
    db.session.add(stated)
    if again:
        db.session.add(
            SubsidyList(
                district_id=world.east.id, school_id=world.linfeng.id, month=OCTOBER, state="drafting"
            )
        )
    db.session.commit()
    close(world, as_=as_)
    sheet = f"/visiting/schools/{world.linfeng.id}/subsidies?month=2025-10"
    address, fields = the_button(as_("lead"), sheet, "核对无误，报教育局")
    stated.periods = 1
    db.session.commit()
    answer = as_("lead").post(address, data=fields)
    assert (answer.status_code, "名单在您打开以后有改动" in text(answer)) == (409, True)
    address, fields = the_button(as_("lead"), sheet, "核对无误，报教育局")
    assert as_("lead").post(address, data=fields).status_code == 303
    assert db.session.scalars(sa.select(SubsidyList.state)).one() == "checked"


def test_a_stand_in_by_correction_stands_at_the_own_school(as_, world):
    first, second, _third = visits(world, DAYS)
    close(world, as_=as_)
    client = as_("principal")
    assert settle(client, first, "substitute", substitute="周以宁", note="核对点名册").status_code == 303
    assert settle(client, second, "substitute", substitute="何思源", note="核对点名册").status_code == 303

    def told(school):
        return {
            each.person.name: {each.schools[key].name: f.periods for key, f in each.figures.items()}
            for each in workloads.of_school(school, NOVEMBER, world.today)
        }

    assert told(world.linfeng) == {"林晓岚": {"拱辰中心小学": -2}, "周以宁": {"拱辰中心小学": 1}}
    assert told(world.nanjiao) == {"何思源": {"拱辰中心小学": 1}}
    for who, school, name in (
        ("lead", world.linfeng, "周以宁"),
        ("nanjiao_principal", world.nanjiao, "何思源"),
    ):
        for kind in ("months", "subsidies"):
            page = text(as_(who).get(f"/visiting/schools/{school.id}/{kind}?month=2025-11"))
            assert name in page, (kind, name)
        listed = text(as_(who).get("/visiting/subsidies?month=2025-11"))
        assert f"/visiting/schools/{school.id}/subsidies" in listed
    # Who stood in and did not after all: the period is taken away again, at the own school too.
    assert settle(client, first, "give", note="还是本人上的").status_code == 303
    assert told(world.linfeng) == {"林晓岚": {"拱辰中心小学": -1}, "周以宁": {"拱辰中心小学": 0}}


def test_the_list_of_a_stand_ins_school_waits_for_the_month_of_the_others(as_, world):
    first, *_rest = visits(world, DAYS)
    first.state, first.substitute_id = "substituted", world.colleague.id
    db.session.commit()
    address = f"/visiting/schools/{world.nanjiao.id}/subsidies"
    page = text(as_("nanjiao_principal").get(f"{address}?month=2025-10"))
    assert "本校教师去代课" in page
    assert buttons(page, "核对无误，报教育局") == []
    answer = as_("nanjiao_principal").post(address, data={"month": "2025-10"})
    assert (answer.status_code, "拱辰中心小学的走教课时还没有关账" in text(answer)) == (409, True)
    close(world, as_=as_)
    assert as_("nanjiao_principal").post(address, data={"month": "2025-10"}).status_code == 303


def test_a_correction_is_one_entry_with_old_new_and_reason(as_, world):
    session, closed = visits(world, [date(2025, 11, 4), DAYS[0]])
    assert settle(as_("principal"), session, "miss", note="没有来").status_code == 303
    (entry,) = history(as_("principal"), session)
    for part in ("更正", "已上", "缺课", "没有来"):
        assert part in entry, (part, entry)
    assert (
        settle(as_("principal"), session, "substitute", substitute="江念一", note="有人代").status_code == 303
    )
    latest, _before = history(as_("principal"), session)
    for part in ("更正", "缺课", "代课", "江念一", "有人代"):
        assert part in latest, (part, latest)
    close(world, as_=as_)
    assert settle(as_("principal"), closed, "cancel", note="停课").status_code == 303
    (entry,) = history(as_("principal"), closed)
    for part in ("更正", "已上", "已取消", "停课", "计入月份", "2025-11"):
        assert part in entry, (part, entry)


def test_subsidies_count_each_period_once_after_corrections(as_, world):
    first, *_rest = visits(world, DAYS)
    close(world, as_=as_)
    settle(as_("principal"), first, "substitute", substitute="周以宁", note="核对点名册")
    found = subsidies.candidates(world.linfeng, NOVEMBER, world.today)
    assert sum(each.visited_periods for each in found) == 0
