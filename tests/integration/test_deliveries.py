"""Deliveries from the call for help to confirmed hours, over both engines (S2-03, S4-13, S4-15, S4-43)."""

import threading
from datetime import date

import pytest
import sqlalchemy as sa

from portal.actions import signups as actions
from portal.actions.errors import Refused
from portal.domain.access import can
from portal.extensions import db
from portal.models import AuditEntry, Delivery, DeliverySignup, Notification
from portal.queries import deliveries, people, signups, todo
from tests import factories as make
from tests.populate import populate
from tests.support.cast_names import ACCOUNTS
from tests.support.deliveries import (
    FORM,
    add_volunteer,
    new_signup,
    publish,
    state_of,
    states,
    take_place,
)
from tests.support.visiting import LESSON, ring_bells

BOARD = "/visiting/volunteers"


def the_delivery() -> Delivery:
    return db.session.scalars(sa.select(Delivery)).one()


def told(person) -> list[str]:
    rows = db.session.scalars(
        sa.select(Notification).filter_by(person_id=person.id).order_by(Notification.id)
    )
    return [row.kind for row in rows]


def press(client, row, action: str, note: str = "", **changes):
    kind = "signups" if isinstance(row, DeliverySignup) else "deliveries"
    db.session.refresh(row)
    data = {"action": action, "note": note, "version": row.version, **changes}
    return client.post(f"/visiting/{kind}/{row.id}/step", data=data)


# Publishing


def test_a_school_publishes_and_its_cluster_sees_it_on_the_board(as_, world):
    answer = as_("principal").post(
        "/visiting/deliveries/new", data={**FORM, "school": str(world.gongchen.id), "from_school": ""}
    )
    assert answer.status_code == 303
    row = the_delivery()
    assert (row.school_id, row.cluster_id, row.wanted, row.direct, row.starts, row.minutes) == (
        world.gongchen.id,
        world.cluster.id,
        2,
        True,
        960,
        90,
    )
    assert (row.state, row.from_school_id, row.ends_on) == ("open", None, None)
    page = as_("teacher").get(BOARD).get_data(as_text=True)
    assert "合唱指导" in page
    assert "16:00 起 · 1.5 小时" in page
    assert f"/visiting/deliveries/{row.id}/join" in page
    assert "合唱指导" not in as_("equal_teacher").get(BOARD).get_data(as_text=True)
    history = db.session.scalars(sa.select(AuditEntry.action).filter_by(object_id=row.id)).all()
    assert history == ["delivery.create"]


def test_another_cluster_sees_only_what_is_open_to_the_district(as_, world):
    closed, shown = publish(world), publish(world, title="全区讲座", is_open=True)
    client = as_("equal_teacher")
    assert client.get(f"/visiting/deliveries/{closed.id}").status_code == 404
    assert client.post(f"/visiting/deliveries/{closed.id}/join").status_code == 404
    assert client.get(f"/visiting/deliveries/{shown.id}").status_code == 200
    assert client.post(f"/visiting/deliveries/{shown.id}/join").status_code == 303
    assert as_("west_bureau").get(f"/visiting/deliveries/{shown.id}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "请填写这一项"),
        ({"school": ""}, "请填写这一项"),
        ({"ends_on": "2025-11-26"}, "结束日期要在开始日期之后"),
        ({"starts_on": "2025-11-18"}, "日期不能在今天以前"),
        ({"wanted": "0"}, "请填写 1 到 200 之间的数"),
        ({"hours": "很久"}, "请填写时长"),
        ({"from_school": "self"}, "派出学校不能是接收学校"),
        ({"school": "other"}, "只能为本校发布，或由本校派出"),
    ],
)
def test_what_cannot_be_published_says_why_and_writes_nothing(as_, world, changes, message):
    schools = {"self": str(world.gongchen.id), "other": str(world.nanjiao.id)}
    data = {**FORM, "school": str(world.gongchen.id), "from_school": "", **changes}
    data = {name: schools.get(value, value) for name, value in data.items()}
    answer = as_("principal").post("/visiting/deliveries/new", data=data)
    assert answer.status_code == 422
    assert message in answer.get_data(as_text=True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 0


def test_a_teacher_publishes_nothing(as_, world):
    data = {**FORM, "school": str(world.gongchen.id)}
    assert as_("teacher").post("/visiting/deliveries/new", data=data).status_code == 403


# Signing up


def test_direct_sign_up_takes_a_place_until_all_are_taken_then_waits_and_moves_up(as_, world):
    row = publish(world, wanted=1, direct=True)
    path = f"/visiting/deliveries/{row.id}/join"
    for name in ("teacher", "mentor", "colleague"):
        assert as_(name).post(path).status_code == 303
    assert states(row.id) == {
        "林晓岚": ("taken", 1),
        "周以宁": ("waiting", None),
        "何思源": ("waiting", None),
    }
    assert state_of(row.id) == "filled"
    press(as_("teacher"), signups.signup_of(row, world.teacher.id), "withdraw")
    assert states(row.id) == {
        "林晓岚": ("withdrawn", None),
        "周以宁": ("taken", 1),
        "何思源": ("waiting", None),
    }
    assert state_of(row.id) == "filled"
    assert told(world.mentor) == ["delivery_seated"]
    assert told(world.principal) == ["delivery_joined"] * 3 + ["delivery_left"]


def test_with_confirmation_the_school_decides_and_a_place_comes_free_again(as_, world):
    row = publish(world, wanted=1)
    for name in ("teacher", "mentor"):
        as_(name).post(f"/visiting/deliveries/{row.id}/join")
    first, second = (signups.signup_of(row, p.id) for p in (world.teacher, world.mentor))
    assert f"处理报名：{row.title}" in as_("principal").get("/").text
    assert row.title not in as_("nanjiao_principal").get("/").text
    assert press(as_("teacher"), first, "accept").status_code == 403
    assert press(as_("principal"), first, "accept").status_code == 303
    refused = press(as_("office"), second, "accept")
    assert refused.status_code == 409
    assert "名额已满" in refused.get_data(as_text=True)
    assert state_of(row.id) == "filled"
    press(as_("principal"), first, "release", "课务冲突")
    assert states(row.id) == {"林晓岚": ("withdrawn", None), "周以宁": ("waiting", None)}
    assert state_of(row.id) == "open"
    press(as_("principal"), second, "decline", "这次用不上")
    assert states(row.id)["周以宁"] == ("declined", None)
    again = as_("mentor").post(f"/visiting/deliveries/{row.id}/join")
    assert again.status_code == 409
    assert told(world.teacher) == ["delivery_seated", "delivery_declined"]


def test_whoever_withdrew_may_sign_up_again_at_the_end_of_the_line(as_, world):
    row = publish(world, wanted=1, direct=True)
    client = as_("teacher")
    client.post(f"/visiting/deliveries/{row.id}/join")
    press(client, signups.signup_of(row, world.teacher.id), "withdraw")
    as_("mentor").post(f"/visiting/deliveries/{row.id}/join")
    client.post(f"/visiting/deliveries/{row.id}/join")
    assert states(row.id) == {"林晓岚": ("waiting", None), "周以宁": ("taken", 1)}


def test_own_staff_the_late_and_the_busy_are_refused(as_, world):
    row = publish(world, direct=True)
    assert as_("mentee").post(f"/visiting/deliveries/{row.id}/join").status_code == 409
    past = publish(world, starts_on=date(2025, 11, 18), direct=True)
    assert as_("teacher").post(f"/visiting/deliveries/{past.id}/join").status_code == 409
    as_("teacher").post(f"/visiting/deliveries/{row.id}/join")
    same_time = publish(world, school=world.nanjiao, title="同时", starts=1000, direct=True)
    answer = as_("teacher").post(f"/visiting/deliveries/{same_time.id}/join")
    assert answer.status_code == 409
    assert "这个时间已报了拱辰中心小学的合唱指导" in answer.get_data(as_text=True)
    later = publish(world, school=world.nanjiao, title="晚些", starts=1050, direct=True)
    assert as_("teacher").post(f"/visiting/deliveries/{later.id}/join").status_code == 303


def test_a_visiting_lesson_at_that_time_stands_against_a_sign_up(as_, world):
    ring_bells(world)
    data = {**LESSON, "person": "林晓岚", "school": str(world.gongchen.id), "weekday": "4", "period": "2"}
    assert as_("lead").post("/visiting/lessons/new", data=data).status_code == 303
    row = publish(world, starts=550, minutes=60, direct=True)  # the lesson is from 9:00 to 9:40
    answer = as_("teacher").post(f"/visiting/deliveries/{row.id}/join")
    assert answer.status_code == 409
    assert "有课，请先调课" in answer.get_data(as_text=True)


def test_closing_stops_signing_up_and_opening_lets_it_go_on(as_, world):
    row = publish(world, direct=True)
    assert press(as_("principal"), row, "fill").status_code == 303
    closed = as_("teacher").post(f"/visiting/deliveries/{row.id}/join")
    assert closed.status_code == 409
    assert "报名已经截止" in closed.get_data(as_text=True)
    assert press(as_("principal"), row, "reopen").status_code == 303
    assert as_("teacher").post(f"/visiting/deliveries/{row.id}/join").status_code == 303


def test_eight_at_once_never_take_more_places_than_there_are(app, world):
    row = publish(world, wanted=3, direct=True)
    crowd = [make.person(world.east, f"教师{number}", world.linfeng) for number in range(8)]
    for number, person in enumerate(crowd):
        make.account(person, f"crowd{number}")
    db.session.commit()
    row_id, district_id = row.id, row.district_id
    db.session.remove()
    ready, faults = threading.Barrier(8), []

    def sign_up(number: int) -> None:
        with app.app_context():
            who = people.actor_of(people.account_by_username(f"crowd{number}"), world.today)
            db.session.rollback()
            ready.wait()
            try:
                actions.join(who, deliveries.by_id(district_id, row_id), now=world.now)
                db.session.commit()
            except Refused:
                db.session.rollback()
            except Exception as error:
                faults.append(error)
                db.session.rollback()
            finally:
                db.session.remove()

    threads = [threading.Thread(target=sign_up, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    found = list(states(row_id).values())
    assert sorted(place for _, place in found if place) == [1, 2, 3]
    assert sum(state == "waiting" for state, _ in found) == 5
    assert state_of(row_id) == "filled"


def test_the_database_gives_a_place_once_whatever_the_code_does(world):
    row = publish(world)
    take_place(row, world.teacher, 1)
    db.session.add(new_signup(row, world.mentor, state="taken", place=1))
    with pytest.raises(sa.exc.IntegrityError):
        db.session.commit()
    db.session.rollback()
    db.session.add(new_signup(row, world.mentor, state="taken", place=None))
    with pytest.raises(sa.exc.IntegrityError):
        db.session.commit()
    db.session.rollback()


# Inviting, volunteers, changing


def test_an_invited_teacher_of_another_cluster_sees_it_and_agrees(as_, world):
    row = publish(world, wanted=1)
    answer = as_("principal").post(f"/visiting/deliveries/{row.id}/invite", data={"person": "戴知行"})
    assert answer.status_code == 303
    assert states(row.id) == {"戴知行": ("invited", None)}
    assert told(world.equal_teacher) == ["delivery_invited"]
    client = as_("equal_teacher")
    assert client.get(f"/visiting/deliveries/{row.id}").status_code == 200
    assert press(client, signups.signup_of(row, world.equal_teacher.id), "agree").status_code == 303
    assert states(row.id) == {"戴知行": ("taken", 1)}
    assert told(world.principal) == ["delivery_agreed"]


def test_a_volunteer_without_account_is_signed_up_by_the_school_that_keeps_the_entry(as_, world):
    volunteer = add_volunteer(world)
    row = publish(world, school=world.nanjiao, direct=True)
    data = {"person": str(volunteer.person_id)}
    assert as_("nanjiao_principal").post(f"/visiting/deliveries/{row.id}/join", data=data).status_code == 409
    assert as_("office").post(f"/visiting/deliveries/{row.id}/join", data=data).status_code == 303
    made = signups.signup_of(row, volunteer.person_id)
    assert (made.is_guest, made.is_volunteer, made.home_school_id, made.place) == (
        True,
        True,
        world.gongchen.id,
        1,
    )
    assert press(as_("nanjiao_principal"), made, "withdraw").status_code == 403
    assert press(as_("office"), made, "withdraw").status_code == 303


def test_a_changed_day_tells_everybody_and_fewer_places_than_people_are_refused(as_, world):
    row = publish(world, wanted=3, direct=True)
    take_place(row, world.teacher, 1)
    take_place(row, world.mentor, 3)
    data = {**FORM, "school": str(world.gongchen.id), "from_school": "", "starts_on": "2025-11-28"}
    refused = as_("principal").post(
        f"/visiting/deliveries/{row.id}/edit", data={**data, "wanted": "1", "version": row.version}
    )
    assert refused.status_code == 422
    assert "已经排上 2 人" in refused.get_data(as_text=True)
    saved = as_("principal").post(
        f"/visiting/deliveries/{row.id}/edit", data={**data, "wanted": "2", "version": row.version}
    )
    assert saved.status_code == 303
    assert states(row.id) == {"林晓岚": ("taken", 1), "周以宁": ("taken", 2)}
    assert state_of(row.id) == "filled"
    assert told(world.teacher) == told(world.mentor) == ["delivery_changed"]


def test_a_stale_form_is_kept_and_shows_what_stands_now(as_, world):
    row = publish(world)
    data = {**FORM, "school": str(world.gongchen.id), "from_school": "", "version": row.version}
    assert as_("principal").post(f"/visiting/deliveries/{row.id}/edit", data=data).status_code == 303
    late = {**data, "title": "我写的题目"}
    answer = as_("office").post(f"/visiting/deliveries/{row.id}/edit", data=late)
    assert answer.status_code == 409
    assert "我写的题目" in answer.get_data(as_text=True)
    stale = as_("office").post(
        f"/visiting/deliveries/{row.id}/step", data={"action": "fill", "version": data["version"]}
    )
    assert stale.status_code == 409


# Confirming


def confirmation(row, people, **changes) -> dict:
    """What the receiving school sends: everybody came, for 1.5 hours and one period."""
    data = {"held_on": "2025-11-18", "audience_count": "18", "thanks": "谢谢", "version": row.version}
    data["people"] = [each.id.hex for each in people]
    for each in people:
        data |= {f"came_{each.id.hex}": "y", f"hours_{each.id.hex}": "1.5", f"periods_{each.id.hex}": "1"}
    return {**data, **changes}


@pytest.fixture
def held(world):
    """A 送教 of yesterday that 麟峰小学 brought to 拱辰中心小学, with two teachers."""
    row = publish(
        world, kind="rural_delivery", starts_on=date(2025, 11, 18), from_school_id=world.linfeng.id, wanted=2
    )
    return row, [take_place(row, world.teacher, 1), take_place(row, world.mentor, 2)]


def test_the_receiving_school_confirms_hours_periods_and_audience(as_, world, held):
    row, rows = held
    assert press(as_("teacher"), row, "hold").status_code == 303
    assert state_of(row.id) == "held"
    assert told(world.principal) == ["delivery_held"]
    db.session.refresh(row)
    data = confirmation(row, rows)
    assert as_("lead").post(f"/visiting/deliveries/{row.id}/confirm", data=data).status_code == 403
    assert as_("teacher").post(f"/visiting/deliveries/{row.id}/confirm", data=data).status_code == 403
    assert as_("principal").post(f"/visiting/deliveries/{row.id}/confirm", data=data).status_code == 303
    db.session.rollback()
    db.session.refresh(row)
    assert (row.state, row.audience_count, row.confirmed_by_id, row.held_on) == (
        "confirmed",
        18,
        world.principal.id,
        date(2025, 11, 18),
    )
    for each in rows:
        db.session.refresh(each)
        assert (each.came, each.minutes, each.periods) == (True, 90, 1)
    assert told(world.teacher) == ["delivery_confirmed"]
    page = as_("mentee").get(BOARD).get_data(as_text=True)
    assert "本学期已确认 1 次，2 节，听课 18 人次" in page


def test_who_did_not_come_has_no_hours_and_counts_in_nothing(as_, world, held, actor_of):
    row, rows = held
    data = confirmation(row, rows)
    data.pop(f"came_{rows[1].id.hex}")
    assert as_("principal").post(f"/visiting/deliveries/{row.id}/confirm", data=data).status_code == 303
    db.session.rollback()
    db.session.refresh(rows[1])
    assert (rows[1].came, rows[1].minutes, rows[1].periods) == (False, None, None)
    served = signups.served_between(actor_of("teacher"), date(2025, 9, 1), date(2026, 1, 30))
    assert [(each.person_id, each.minutes) for each in served] == [(world.teacher.id, 90)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"audience_count": ""}, "请填写到场人数"),
        ({"held_on": "2025-11-17"}, "开展日期要在开始日期以后"),
        ({"held_on": "2025-11-20"}, "开展日期要在开始日期以后"),
        ({"hours": "", "periods": ""}, "请填写林晓岚的时长或节数"),
        ({"hours": "abc"}, "请填写时长"),
        ({"people": []}, "参加的人有变动"),
    ],
)
def test_an_incomplete_confirmation_says_why_and_confirms_nothing(as_, held, changes, message):
    row, rows = held
    data = confirmation(row, rows)
    for name, value in changes.items():
        names = [name] if name in data else [f"{name}_{rows[0].id.hex}"]
        data.update(dict.fromkeys(names, value))
    answer = as_("principal").post(f"/visiting/deliveries/{row.id}/confirm", data=data)
    assert answer.status_code == 422
    assert message in answer.get_data(as_text=True)
    assert state_of(row.id) == "open"


def test_nobody_confirms_their_own_hours(as_, world, held):
    row, rows = held
    make.role(world.teacher, "office", school_id=world.gongchen.id)  # helps out there, and has served there
    db.session.commit()
    data = confirmation(row, rows)
    assert as_("teacher").post(f"/visiting/deliveries/{row.id}/confirm", data=data).status_code == 403
    assert as_("office").post(f"/visiting/deliveries/{row.id}/confirm", data=data).status_code == 303


def test_a_correction_takes_it_out_of_the_figures_until_it_is_confirmed_again(as_, world, held, actor_of):
    row, rows = held
    as_("principal").post(f"/visiting/deliveries/{row.id}/confirm", data=confirmation(row, rows))
    assert press(as_("lead"), row, "correct", "记错了").status_code == 403
    assert press(as_("principal"), row, "correct", "").status_code == 409
    assert press(as_("principal"), row, "correct", "记错了").status_code == 303
    span = date(2025, 9, 1), date(2026, 1, 30)
    assert signups.served_between(actor_of("teacher"), *span) == []
    db.session.refresh(row)
    again = confirmation(row, rows, **{f"hours_{rows[0].id.hex}": "2"})
    assert as_("principal").post(f"/visiting/deliveries/{row.id}/confirm", data=again).status_code == 303
    assert sorted(each.minutes for each in signups.served_between(actor_of("teacher"), *span)) == [90, 120]
    assert "记错了" in as_("principal").get(f"/visiting/deliveries/{row.id}").get_data(as_text=True)


def test_cancelling_needs_a_reason_and_tells_everybody(as_, world):
    row = publish(world)
    take_place(row, world.teacher)
    assert press(as_("principal"), row, "cancel", "").status_code == 409
    assert press(as_("teacher"), row, "cancel", "下雨").status_code == 403
    assert press(as_("principal"), row, "cancel", "下雨").status_code == 303
    assert told(world.teacher) == ["delivery_cancelled"]
    page = as_("teacher").get(f"/visiting/deliveries/{row.id}").get_data(as_text=True)
    assert "下雨" in page
    assert as_("mentor").post(f"/visiting/deliveries/{row.id}/join").status_code == 409


def test_nothing_is_held_before_its_day_or_by_nobody(as_, world):
    coming = publish(world)
    take_place(coming, world.teacher)
    assert press(as_("principal"), coming, "hold").status_code == 409
    empty = publish(world, starts_on=date(2025, 11, 18))
    assert press(as_("principal"), empty, "hold").status_code == 409
    assert {state_of(coming.id), state_of(empty.id)} == {"open"}


# Lists and sight


def test_the_list_filters_by_address_and_exports_what_it_shows(as_, world):
    publish(world, title="合唱", subject="音乐")
    publish(world, title="书法", subject="美术", kind="lesson_delivery")
    page = as_("teacher").get("/visiting/deliveries?subject=音乐").get_data(as_text=True)
    assert "合唱</a>" in page
    assert "书法</a>" not in page
    none = as_("teacher").get("/visiting/deliveries?state=cancelled").get_data(as_text=True)
    assert "没有符合条件的安排" in none
    book = as_("teacher").get("/visiting/deliveries.xlsx?kind=lesson_delivery")
    assert book.mimetype.endswith("sheet")
    assert book.data[:2] == b"PK"


@pytest.mark.parametrize(
    "broken", ["from=soon", "school=x", "term=soon", "at=>x", "kind=" + "x" * 90, "mine=1"]
)
def test_a_broken_address_is_a_page(as_, broken):
    assert as_("teacher").get(f"/visiting/deliveries?{broken}").status_code == 200
    assert as_("teacher").get(f"{BOARD}?{broken}").status_code == 200


def test_lists_show_exactly_what_the_permission_shows(app, world, actor_of):
    populate(world)
    take_place(publish(world, title="外请"), world.equal_teacher)
    publish(world, title="全区", is_open=True)
    db.session.commit()
    for model, permission, visible in (
        (Delivery, "delivery.view", deliveries.visible_to),
        (DeliverySignup, "signup.view", signups.visible_to),
    ):
        rows = db.session.scalars(sa.select(model)).all()
        assert len(rows) > 3
        for name in ACCOUNTS:
            who = actor_of(name)
            shown = {row.id for row in db.session.scalars(visible(who))}
            assert shown == {row.id for row in rows if can(who, permission, row)}, (permission, name)


def test_invitations_and_places_wait_on_the_home_page_of_those_they_concern(as_, world, actor_of):
    """Who is asked answers, who takes part comes and says it was held; both schools see what nobody has said."""
    invited = publish(world, starts_on=world.today)
    db.session.add(new_signup(invited, world.teacher, state="invited"))
    mine = publish(
        world, title="书法进村", starts_on=date(2025, 11, 25), from_school_id=world.linfeng.id, wanted=2
    )
    take_place(mine, world.teacher)

    def waits(who, day):
        return [
            (item.what % item.words, item.due)
            for item in todo.waiting_for(actor_of(who), day)
            if item.kind == "送教"
        ]

    assert waits("teacher", world.today) == [
        ("答复邀请：合唱指导", world.today),
        ("参加：书法进村", date(2025, 11, 25)),
    ]
    after = date(2025, 11, 28)
    assert waits("teacher", after) == [("登记是否开展：书法进村", None)]
    assert waits("lead", after) == [("登记是否开展：书法进村", None)]  # the school that sends
    assert waits("principal", after) == [("登记是否开展：合唱指导", None), ("登记是否开展：书法进村", None)]
    assert waits("colleague", after) == waits("bureau", after) == []
    # What the bureau publishes itself, it decides about.
    db.session.add(new_signup(mine, world.colleague))
    mine.created_by_id = world.bureau.id
    db.session.commit()
    assert waits("bureau", world.today) == [("处理报名：书法进村", None)]
