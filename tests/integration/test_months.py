"""Months closed by both schools: who may, what stands against it, and that closed figures never change."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from portal.actions import months as month_actions
from portal.actions import visiting_sessions as session_actions
from portal.actions.errors import Conflict, Refused
from portal.domain.workload import Books, Figure, Outcome
from portal.extensions import db
from portal.models import MonthCorrection, MonthFigure, Notification, SessionDispute
from portal.queries import months, todo
from tests.support.months import NOVEMBER, OCTOBER, close, the_month, visits

DAYS = [date(2025, 10, 14), date(2025, 10, 21), date(2025, 10, 28)]
SEPTEMBER = date(2025, 9, 1)


def text(answer) -> str:
    return answer.get_data(as_text=True)


def figures(world, month=OCTOBER) -> dict:
    pair = months.of_pair_month(world.east.id, world.gongchen.id, world.linfeng.id, month)
    return {pair.people[key].name: figure for key, figure in pair.figures.items()} if pair else {}


def settle(client, session, outcome, **facts):
    db.session.refresh(session)
    data = {"outcome": outcome, "version": session.version, **facts}
    return client.post(f"/visiting/sessions/{session.id}/settle", data=data)


def test_a_month_is_checked_by_the_receiving_and_closed_by_the_sending_school(as_, world, actor_of):
    visits(world, DAYS)
    address = f"/visiting/schools/{world.gongchen.id}/months?month=2025-10"
    assert "核对无误" in text(as_("principal").get(address))
    assert "核对无误" not in text(as_("lead").get(address))
    row = close(world, as_=as_)
    assert (row.state, row.checked_by_id, row.closed_by_id) == ("closed", world.principal.id, world.lead.id)
    kept = db.session.scalars(sa.select(MonthFigure)).one()
    assert (kept.person_id, months.as_figure(kept)) == (world.teacher.id, Figure(given=3))
    page = text(as_("teacher").get(f"/visiting/schools/{world.linfeng.id}/months?month=2025-10"))
    assert "已关账" in page
    assert "林晓岚" in page
    told = db.session.scalars(sa.select(Notification.kind).order_by(Notification.kind)).all()
    assert told == ["month_checked", "month_closed"]
    late = as_("lead").post(
        f"/visiting/months/{row.id}/step", data={"action": "return", "note": "再看", "version": row.version}
    )
    assert (late.status_code, the_month().state) == (409, "closed")


def test_what_is_not_settled_or_disputed_stands_against_closing(as_, world):
    first, *_rest = visits(world, DAYS)
    first.state, first.confirmed_by_id = "planned", None
    db.session.commit()
    data = {"home": str(world.linfeng.id), "month": "2025-10"}
    address = f"/visiting/schools/{world.gongchen.id}/months"
    answer = as_("principal").post(address, data=data)
    assert (answer.status_code, "还有 1 节课没有确认" in text(answer)) == (409, True)
    first.state, first.confirmed_by_id = "missed", world.principal.id
    dispute = SessionDispute(
        district_id=world.east.id,
        session_id=first.id,
        person_id=world.teacher.id,
        school_id=world.gongchen.id,
        home_school_id=world.linfeng.id,
        claim="given",
    )
    db.session.add(dispute)
    db.session.commit()
    answer = as_("principal").post(address, data=data)
    assert (answer.status_code, "还有 1 条异议没有了结" in text(answer)) == (409, True)
    visits(world, [date(2025, 11, 4)], starts=600)
    answer = as_("principal").post(address, data={**data, "month": "2025-11"})
    assert (answer.status_code, "这个月还没有结束" in text(answer)) == (409, True)
    answer = as_("principal").post(address, data={**data, "month": "2025-09"})
    assert (answer.status_code, "没有走教课" in text(answer)) == (409, True)


def test_an_arranged_stand_in_counts_only_once_the_school_has_confirmed_it(as_, world):
    session = visits(world, DAYS[:1], state="planned")[0]
    session.state, session.substitute_id = "substituted", world.mentor.id
    db.session.commit()
    assert figures(world) == {"林晓岚": Figure(planned=1)}
    address = f"/visiting/confirm?day={DAYS[0]}"
    page = text(as_("principal").get(address))
    assert "已安排 周以宁 代课" in page
    data = {f"outcome-{session.id}": "attest", f"version-{session.id}": str(session.version)}
    assert as_("principal").post(address, data=data).status_code == 303
    assert figures(world) == {"林晓岚": Figure(substituted=1), "周以宁": Figure(stood_in=1)}


def test_a_correction_after_closing_is_an_entry_and_the_closed_figure_stands(as_, world):
    wrong, *_rest = visits(world, DAYS)
    close(world, as_=as_)
    client = as_("principal")
    bare = settle(client, wrong, "miss")
    assert (bare.status_code, "请写明理由" in text(bare)) == (422, True)
    back = settle(client, wrong, "planned", note="再看")
    assert back.status_code == 422
    assert settle(client, wrong, "substitute", substitute="江念一", note="核对点名册").status_code == 303
    assert figures(world) == {"林晓岚": Figure(given=3)}
    assert figures(world, NOVEMBER) == {"林晓岚": Figure(corrected=-1), "江念一": Figure(corrected=1)}
    row = db.session.scalars(sa.select(MonthCorrection)).one()
    assert (row.old_state, row.new_state, row.month, row.counted_in, row.reason, row.made_by_id) == (
        "given",
        "substituted",
        OCTOBER,
        NOVEMBER,
        "核对点名册",
        world.principal.id,
    )
    october = text(as_("lead").get(f"/visiting/schools/{world.linfeng.id}/months?month=2025-10"))
    november = text(as_("lead").get(f"/visiting/schools/{world.linfeng.id}/months?month=2025-11"))
    assert "本月关账以后的更正" in october
    assert "计入本月的更正" in november
    assert "核对点名册" in text(client.get(f"/visiting/sessions/{wrong.id}"))


def test_the_weekly_list_leaves_lessons_of_a_closed_month_alone(as_, world):
    session = visits(world, DAYS)[0]
    close(world, as_=as_)
    db.session.refresh(session)
    session.state, session.confirmed_by_id = "planned", None  # as if put into the timetable afterwards
    db.session.commit()
    address = f"/visiting/confirm?day={DAYS[0]}"
    page = text(as_("principal").get(address))
    assert f'name="outcome-{session.id}"' not in page
    data = {f"outcome-{session.id}": "give", f"version-{session.id}": str(session.version)}
    answer = as_("principal").post(address, data=data)
    assert (answer.status_code, "已由两校关账" in text(answer)) == (422, True)
    assert settle(as_("principal"), session, "give", note="补登记").status_code == 303
    assert figures(world, NOVEMBER) == {"林晓岚": Figure(corrected=1)}


def test_nobody_but_the_two_schools_takes_a_step(as_, world):
    visits(world, DAYS)
    data = {"home": str(world.linfeng.id), "month": "2025-10"}
    address = f"/visiting/schools/{world.gongchen.id}/months"
    expected = {
        "lead": 403,
        "teacher": 404,
        "mentee": 403,
        "bureau": 403,
        "west_lead": 404,
        "equal_lead": 404,
    }
    assert {who: as_(who).post(address, data=data).status_code for who in expected} == expected
    assert as_("principal").post(address, data=data).status_code == 303
    row = the_month()
    step = {"action": "close", "version": row.version}
    for who, status in {"principal": 403, "bureau": 403, "nanjiao_principal": 404, "west_lead": 404}.items():
        assert as_(who).post(f"/visiting/months/{row.id}/step", data=step).status_code == status, who
    assert the_month().state == "checked"


def test_who_has_lessons_in_it_does_not_close_the_month(as_, world):
    visits(world, DAYS, teacher=world.lead)
    as_("principal").post(
        f"/visiting/schools/{world.gongchen.id}/months",
        data={"home": str(world.linfeng.id), "month": "2025-10"},
    )
    row = the_month()
    data = {"action": "close", "version": row.version}
    answer = as_("lead").post(f"/visiting/months/{row.id}/step", data=data)
    assert (answer.status_code, "里面有您本人的课" in text(answer)) == (409, True)


def test_a_stale_page_closes_nothing(as_, world):
    visits(world, DAYS)
    as_("principal").post(
        f"/visiting/schools/{world.gongchen.id}/months",
        data={"home": str(world.linfeng.id), "month": "2025-10"},
    )
    row = the_month()
    old = row.version
    as_("office").post(f"/visiting/months/{row.id}/step", data={"action": "take_back", "version": old})
    row = the_month()
    as_("office").post(f"/visiting/months/{row.id}/step", data={"action": "check", "version": row.version})
    answer = as_("lead").post(f"/visiting/months/{row.id}/step", data={"action": "close", "version": old})
    assert (answer.status_code, the_month().state) == (409, "checked")


def test_two_who_check_at_once_make_one_month(app, world):
    visits(world, DAYS)
    clients = [app.test_client().log_in(name) for name in ("principal", "office", "principal", "office")]
    data = {"home": str(world.linfeng.id), "month": "2025-10"}
    address, barrier = f"/visiting/schools/{world.gongchen.id}/months", threading.Barrier(4)
    db.session.commit()

    def send(client):
        with app.app_context():
            barrier.wait()
            return client.post(address, data=data).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(send, clients))
    assert answers == [303, 409, 409, 409]
    assert the_month().state == "checked"


def test_closing_and_settling_at_once_agree(app, world):
    """Whoever comes second sees the other: the figure that is kept is what the lessons said at that moment."""
    sessions = visits(world, DAYS)
    app.test_client().log_in("office").post(
        f"/visiting/schools/{world.gongchen.id}/months",
        data={"home": str(world.linfeng.id), "month": "2025-10"},
    )
    row, wrong = the_month(), sessions[0]
    data = {"outcome": "miss", "note": "没有来", "version": wrong.version}
    jobs = [
        ("lead", f"/visiting/months/{row.id}/step", {"action": "close", "version": row.version}),
        ("principal", f"/visiting/sessions/{wrong.id}/settle", data),
    ]
    clients = [app.test_client().log_in(name) for name, _address, _data in jobs]
    db.session.commit()
    barrier = threading.Barrier(2)

    def send(number):
        with app.app_context():
            barrier.wait()
            return clients[number].post(jobs[number][1], data=jobs[number][2]).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, range(2)))
    db.session.expire_all()
    corrected = db.session.scalar(sa.select(sa.func.count()).select_from(MonthCorrection))
    found = (*answers, the_month().state, figures(world)["林晓岚"].periods, corrected)
    # Closed first, the lesson gets an entry; put right first, the check is taken back and nothing is closed.
    assert found in ((303, 303, "closed", 3, 1), (409, 303, "open", 2, 0))


@pytest.mark.parametrize("seed", range(6))
def test_any_sequence_keeps_closed_figures_and_counts_each_period_once(app, world, actor_of, seed):
    """Settling, correcting and closing in any order, by both schools: the records agree with the plain books."""
    rng = random.Random(seed)
    days = (
        [SEPTEMBER + timedelta(days=n) for n in (1, 8, 15)] + DAYS + [date(2025, 11, 4), date(2025, 11, 11)]
    )
    sessions = visits(world, days, state="planned")
    books = Books(
        lessons={(s.held_on.replace(day=1), n): Outcome("林晓岚", "planned") for n, s in enumerate(sessions)}
    )
    host, home, kept = actor_of("principal"), actor_of("lead"), {}
    for _number in range(40):
        if rng.random() < 0.7:
            number = rng.randrange(len(sessions))
            outcome = rng.choice(["give", "miss", "cancel", "substitute"])
            is_usual = rng.random() < 0.7
            _settle_either(world, host, sessions[number], outcome, books, number, is_usual=is_usual)
        elif kept and rng.random() < 0.3:  # a lesson is put into the timetable of a closed month afterwards
            number, day = len(sessions), rng.choice(sorted(kept)) + timedelta(days=15)
            sessions += visits(world, [day], state="planned", starts=540 + 2 * number, minutes=1)
            books.lessons[day.replace(day=1), number] = Outcome("林晓岚", "planned")
        else:
            month = rng.choice([SEPTEMBER, OCTOBER])
            before = figures(world, month)
            if _close(world, host, home, month):
                books.close(month)
                kept[month] = before
        for month, figure in kept.items():
            assert figures(world, month) == figure
        for month in (SEPTEMBER, OCTOBER, NOVEMBER):
            mine = {who: f.periods for who, f in figures(world, month).items() if f.periods}
            assert mine == {who: f.periods for who, f in books.figures(month).items() if f.periods}
    assert kept


def _settle_either(world, host, session, outcome, books, number, *, is_usual=True) -> None:
    """Register or put right, whichever the page offers; or, out of place, register what is to be put right."""
    substitute = world.mentee if outcome == "substitute" else None
    decision = session_actions.Decision(session.id, outcome, "写明理由", substitute)
    is_closed = months.is_closed(session)
    corrects = is_closed or session.state != "planned"
    act = session_actions.correct if corrects and is_usual else session_actions.settle
    try:
        with db.session.begin_nested():  # what is refused leaves nothing, as after a request
            act(host, session, decision, now=world.now)
    except (Refused, Conflict):
        return
    state = session_actions.OUTCOMES[outcome]
    key = (session.held_on.replace(day=1), number)
    books.settle(key, state, "江念一" if substitute else None, today=NOVEMBER)
    db.session.flush()


def _close(world, host, home, month) -> bool:
    try:
        row = months.of_pair(world.east.id, world.gongchen.id, world.linfeng.id, month)
        if row is not None and row.state == "closed":
            return False
        if row is None:
            row = month_actions.begin(host, world.gongchen, world.linfeng, month, now=world.now)
        else:  # a try that was refused has left its row, since nothing is rolled back here
            month_actions.step(host, row, "check", note="", expected=None, now=world.now)
        month_actions.step(home, row, "close", note="", expected=None, now=world.now)
    except Refused:
        return False
    db.session.flush()
    return True


def test_lists_and_todos_show_what_waits(as_, world, actor_of):
    visits(world, DAYS)
    assert [t.endpoint for t in todo.waiting_for(actor_of("principal"), world.today)] == ["visiting.month"]
    assert not [t for t in todo.waiting_for(actor_of("lead"), world.today) if "visiting" in t.endpoint]
    page = text(as_("lead").get("/visiting/months?month=2025-10"))
    assert "待接收学校核对" in page
    assert "这个月没有走教课" in text(as_("colleague").get("/visiting/months?month=2025-10"))
    close(world, as_=as_)
    waits = [(t.endpoint, t.what) for t in todo.waiting_for(actor_of("lead"), world.today)]
    waits = [each for each in waits if "visiting" in each[0]]
    assert waits == [("visiting.subsidy_sheet", "核对%(year)s年%(month)s月的补助名单")]


def test_the_own_school_states_lessons_at_home(as_, world):
    visits(world, DAYS)
    address = f"/visiting/schools/{world.linfeng.id}/own-periods"
    key = f"own-{world.teacher.id}"
    wrong = as_("lead").post(address, data={"month": "2025-10", key: "很多"})
    assert (wrong.status_code, "课时写成 0 到 300 之间的整数" in text(wrong)) == (422, True)
    assert 'value="很多"' in text(wrong)
    assert as_("lead").post(address, data={"month": "2025-10", key: "40"}).status_code == 303
    page = text(as_("teacher").get("/visiting/workload?month=2025-10"))
    assert "本校 40 节加走教 3 节共 43 节" not in page  # no averages yet
    assert "数据不全：麟峰小学没有登记人均周课时" in page
    world.linfeng.average_periods, world.gongchen.average_periods = 10, 2
    db.session.commit()
    page = text(as_("teacher").get("/visiting/workload?month=2025-10"))
    assert "本校 40 节加走教 3 节共 43 节，不到麟峰小学人均 46 节" in page
    assert as_("principal").post(address, data={"month": "2025-10", key: "50"}).status_code == 404
    assert as_("mentor").post(address, data={"month": "2025-10", key: "50"}).status_code == 403
    foreign = as_("lead").post(address, data={"month": "2025-10", f"own-{world.mentor.id}": "9"})
    assert foreign.status_code == 303  # somebody without visits has no line, and gets none
    assert as_("lead").post(address, data={"month": "2025-10", key: ""}).status_code == 303
    assert "没有登记" in text(as_("teacher").get("/visiting/workload?month=2025-10"))


def test_nobody_states_the_own_periods_at_home(as_, world):
    visits(world, DAYS, teacher=world.lead)
    data = {"month": "2025-10", f"own-{world.lead.id}": "40"}
    answer = as_("lead").post(f"/visiting/schools/{world.linfeng.id}/own-periods", data=data)
    assert (answer.status_code, "请由本校另一位负责人登记" in text(answer)) == (422, True)
