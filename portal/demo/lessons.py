"""Visiting teachers: a weekly timetable and its dated sessions."""

from portal.domain import timetable
from portal.domain.calendar import SwapDay
from portal.domain.ids import uuid7
from portal.models import CalendarDay, VisitingLesson, VisitingSession

# (weekday, period, weeks) of a visiting teacher's lessons at the other school.
WEEKS = ((2, 3, ""), (2, 4, ""), (4, 3, ""), (4, 5, "双"))
# One teacher in most clusters gives enough to reach a third of what the receiving school asks for (S1-12).
MANY = (*WEEKS[:3], (4, 4, ""), (1, 2, ""), (3, 4, ""))
SCARCE = ("音乐", "美术", "英语", "体育", "科学", "信息科技", "物理", "地理")


def load(scene, cluster, term) -> None:
    """Up to four teachers of the lead school teach at member schools every week."""
    swaps = swaps_of(scene, term)
    lessons, sessions = [], []
    for number, (person_id, subject, host) in enumerate(visitors_of(scene, cluster)):
        bells = _bells(scene, host)
        busiest = WEEKS if cluster.row.name == "麟峰小学片区" else MANY
        for weekday, period, weeks in busiest if number == 0 else WEEKS[:2]:
            weekday = (weekday + number) % 5 + 1
            starts, ends = bells[period - 1]
            over = scene.is_past(term.last_day)
            lesson = {
                "id": uuid7(),
                "term_id": term.id,
                "person_id": person_id,
                "home_school_id": cluster.lead.id,
                "school_id": host.id,
                "form": "circuit_teaching",
                "subject": subject,
                "class_name": f"{'三四五六'[period % 4]}（{number % 3 + 1}）班",
                "weekday": weekday,
                "period": period,
                "starts": starts,
                "ends": ends,
                "weeks": weeks,
                "state": "ended" if over else "running",
                "state_note": "",
            }
            lessons.append(lesson)
            sessions += _sessions(scene, lesson, term, swaps, cluster)
    scene.add_many(VisitingLesson, lessons)
    scene.add_many(VisitingSession, sessions)


def swaps_of(scene, term) -> dict:
    """The unusual days of a term, as lessons follow them."""
    return {
        day.day: SwapDay(is_workday=day.kind == "swapped", teaches_like=day.follows_weekday, name=day.note)
        for day in _unusual(scene, term)
    }


def visitors_of(scene, cluster):
    """(person, subject, host school), the demonstration teacher first."""
    hosts = [s for s in cluster.schools[1:] if s.location == "rural"] or cluster.schools[1:]
    staff = [
        (pid, subject)
        for pid, _, subject in cluster.staff[cluster.lead.id][16:]
        if subject in SCARCE or subject == "保教"
    ]
    found = []
    if cluster.row.name == "麟峰小学片区":
        centre = next(s for s in cluster.schools if s.name == "拱辰中心小学")
        found.append((scene.named["teacher"].id, "音乐", centre))
    for number, (pid, subject) in enumerate(staff[: min(3, len(hosts) + 1)]):
        found.append((pid, subject, hosts[(number + 1) % len(hosts)]))
    return found


def _bells(scene, school):
    from portal.demo.places import RURAL_BELLS, TOWN_BELLS

    return RURAL_BELLS if school.location == "rural" else TOWN_BELLS


def _unusual(scene, term):
    from sqlalchemy import select

    from portal.extensions import db

    return db.session.scalars(
        select(CalendarDay).where(
            CalendarDay.district_id == scene.district.id,
            CalendarDay.day.between(term.first_day, term.last_day),
        )
    )


def _sessions(scene, lesson, term, swaps, cluster) -> list[dict]:
    value = timetable.Lesson(
        row=0,
        teacher=str(lesson["person_id"]),
        school=str(lesson["school_id"]),
        classes=(lesson["class_name"],),
        subject=lesson["subject"],
        weekday=lesson["weekday"],
        period=lesson["period"],
        start=lesson["starts"],
        end=lesson["ends"],
        weeks=timetable.Weeks.parse(lesson["weeks"]),
    )
    rows, seen = [], set()
    for day in timetable.sessions(value, term.value, swaps):
        if day in seen:
            continue
        seen.add(day)
        state, note, substitute = "planned", "", None
        # Last week's lessons still wait for the receiving school; everything before is settled.
        if (scene.today - day).days > 6:
            draw = scene.rng.random()
            state = "given" if draw < 0.95 else "missed" if draw < 0.98 else "substituted"
            note = "教师参加区教研" if state == "missed" else ""
            if state == "substituted":
                substitute = cluster.staff[lesson["school_id"]][8][0]
        rows.append(
            {
                "id": uuid7(),
                "lesson_id": lesson["id"],
                "person_id": lesson["person_id"],
                "school_id": lesson["school_id"],
                "class_name": lesson["class_name"],
                "held_on": day,
                "starts": lesson["starts"],
                "ends": lesson["ends"],
                "state": state,
                "state_note": note,
                "substitute_id": substitute,
                "confirmed_by_id": cluster.principals[lesson["school_id"]] if state != "planned" else None,
            }
        )
    return rows
