"""Calendar feeds: read back by a calendar library lesson for lesson; secret, revocable, without a sensitive word."""

import re
from datetime import UTC, date, datetime

import icalendar
import pytest

from portal.domain.moments import SHANGHAI
from portal.extensions import db
from portal.models import AuditEntry, CalendarFeed, RoleAssignment, VisitingSession
from portal.queries import people
from tests.conftest import NOW
from tests.support.visiting import LESSON, ring_bells, the_lesson, unusual


@pytest.fixture
def lesson(as_, world):
    """林晓岚 of 麟峰 teaches music at 拱辰 on Tuesdays from 18 November on."""
    ring_bells(world)
    answer = as_("office").post(
        "/visiting/lessons/new",
        data={
            **LESSON,
            "person": "林晓岚",
            "chosen_person": str(world.teacher.id),
            "school": str(world.gongchen.id),
        },
    )
    assert answer.status_code == 303, answer.text
    return the_lesson()


def address_of(client, **data) -> str:
    """The path of a new feed."""
    page = client.post("/calendar/", data={"school": "", "name": "我的手机", **data})
    assert page.status_code == 200
    return re.search(r'value="http://[^/"]+(/calendar/[\w-]+\.ics)"', page.text)[1]


def events(answer) -> list[tuple]:
    """What a calendar shows: day and clock in Shanghai, title, place, status."""
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    calendar = icalendar.Calendar.from_ical(answer.data)
    return [
        (
            f"{entry.decoded('dtstart').astimezone(SHANGHAI):%m-%d %H:%M}",
            f"{entry.decoded('dtend').astimezone(SHANGHAI):%H:%M}",
            str(entry["summary"]),
            str(entry["location"]),
            str(entry["status"]),
        )
        for entry in calendar.walk("VEVENT")
    ]


def test_a_feed_holds_every_lesson_and_what_became_of_it(as_, world, lesson):
    path = address_of(as_("teacher"))
    outsider = as_(None)
    dated = db.session.scalars(db.select(VisitingSession).order_by(VisitingSession.held_on)).all()
    assert len(dated) > 5
    expected = [
        (f"{session.held_on:%m-%d} 08:10", "08:50", "音乐 三（1）班", "拱辰中心小学", "CONFIRMED")
        for session in dated
    ]
    assert events(outsider.get(path)) == expected
    first, second = dated[0], dated[1]
    first.state, first.state_note = "cancelled", "家里老人住院"
    second.state, second.substitute_id = "substituted", world.mentor.id
    db.session.commit()
    expected[0] = (*expected[0][:2], "停课：音乐 三（1）班", "拱辰中心小学", "CANCELLED")
    expected[1] = (*expected[1][:2], "已请人代课：音乐 三（1）班", "拱辰中心小学", "CANCELLED")
    answer = outsider.get(path)
    assert (events(answer), "住院" in answer.text) == (expected, False)
    substitute = events(outsider.get(address_of(as_("mentor"))))
    assert substitute == [(*expected[1][:2], "代课：音乐 三（1）班", "拱辰中心小学", "CONFIRMED")]


def test_a_lesson_whose_teacher_is_away_waits_in_the_calendar_and_at_home(as_, world, lesson, app):
    """Whoever is ill sees in the own calendar and on the own page that the school still has to find somebody."""
    path, outsider, teacher = address_of(as_("teacher")), as_(None), as_("teacher")
    before = events(outsider.get(path))
    tomorrow = {"first_day": "2025-11-25", "first_half": "am", "last_day": "2025-11-25", "last_half": "pm"}
    data = {"kind": "sick", "reason": "阑尾手术", **tomorrow}
    assert teacher.post("/visiting/absences/new", data=data).status_code == 303
    waits = ("11-25 08:10", "08:50", "待安排：音乐 三（1）班", "拱辰中心小学", "TENTATIVE")
    expected = [waits if event[0] == waits[0] else event for event in before]
    assert (events(outsider.get(path)), expected != before) == (expected, True)
    assert "阑尾" not in outsider.get(path).text
    app.config["CLOCK"] = lambda: datetime(2025, 11, 24, 23, tzinfo=UTC)  # Tuesday the 25th, seven o'clock
    try:
        page = as_("teacher").get("/").text
    finally:
        app.config["CLOCK"] = lambda: NOW
    assert ("三（1）班 音乐" in page, "您请假，待学校安排" in page) == (True, True)


def test_swapped_days_are_in_the_feed_as_they_are_taught(as_, world, lesson):
    unusual(world, date(2025, 11, 29), "swapped", follows=2)
    as_("office").post(f"/visiting/lessons/{lesson.id}/edit", data={**LESSON, "version": lesson.version})
    path = address_of(as_("teacher"))
    days = [event[0][:5] for event in events(as_(None).get(path))]
    assert days == [
        f"{day:%m-%d}"
        for day in db.session.scalars(db.select(VisitingSession.held_on).order_by(VisitingSession.held_on))
    ]


@pytest.mark.promise(39)
def test_an_address_is_secret_hashed_and_ends(as_, world, lesson):
    client = as_("teacher")
    path = address_of(client)
    key = path.removeprefix("/calendar/").removesuffix(".ics")
    feed = db.session.scalars(db.select(CalendarFeed)).one()
    assert (len(key), feed.key_hash) == (22, people.key_hash(key))
    assert key not in client.get("/calendar/").text
    assert as_(None).get("/calendar/" + "A" * 22 + ".ics").status_code == 404
    assert as_("mentor").post(f"/calendar/{feed.id}/end").status_code == 404
    assert as_(None).get(path).status_code == 200
    assert client.post(f"/calendar/{feed.id}/end").status_code == 303
    assert as_(None).get(path).status_code == 404
    actions = db.session.scalars(
        db.select(AuditEntry.action)
        .where(AuditEntry.action.like("calendar_feed.%"))
        .order_by(AuditEntry.number)
    ).all()
    assert actions == ["calendar_feed.create", "calendar_feed.disable"]


@pytest.mark.promise(39)
def test_a_school_feed_lives_as_long_as_its_holder_manages_the_school(as_, world, lesson):
    office = as_("principal")
    path = address_of(office, school=str(world.gongchen.id), name="教务处")
    titles = {event[2] for event in events(as_(None).get(path))}
    assert titles == {"音乐 三（1）班 林晓岚"}
    assert office.post("/calendar/", data={"school": str(world.linfeng.id)}).status_code == 422
    role = db.session.scalars(
        db.select(RoleAssignment).filter_by(person_id=world.principal.id, role="principal")
    ).one()
    role.ends_on = date(2025, 11, 1)
    assert as_(None).get(path).status_code == 404


def test_the_addresses_of_a_closed_account_are_closed(as_, world, lesson):
    path = address_of(as_("teacher"))
    people.account_by_username("teacher").disabled_at = datetime.now(UTC)
    assert as_(None).get(path).status_code == 404


def test_an_unchanged_feed_is_not_sent_again(as_, world, lesson):
    path = address_of(as_("teacher"))
    first = as_(None).get(path)
    again = as_(None).get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, first.headers["Cache-Control"]) == (304, b"", "private, no-cache")
    db.session.scalars(db.select(VisitingSession)).first().state = "cancelled"
    changed = as_(None).get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_one_lesson_is_a_file_for_who_may_see_it(as_, world, lesson):
    session = db.session.scalars(db.select(VisitingSession).order_by(VisitingSession.held_on)).first()
    found = events(as_("teacher").get(f"/calendar/sessions/{session.id}.ics"))
    assert [event[2:] for event in found] == [("音乐 三（1）班", "拱辰中心小学", "CONFIRMED")]
    assert as_("west_lead").get(f"/calendar/sessions/{session.id}.ics").status_code == 404


def test_nobody_collects_addresses_without_end(as_, world):
    client = as_("teacher")
    for _number in range(10):
        address_of(client)
    answer = client.post("/calendar/", data={"school": "", "name": "又一个"})
    assert (answer.status_code, "最多同时有 10 个订阅" in answer.text) == (422, True)
