"""Teachers who are away: one whose lessons wait, one whose lessons are arranged, one who came after all, one of before."""

from datetime import timedelta

from sqlalchemy import select

from portal.actions import absence_cover, absences
from portal.domain.ids import uuid7
from portal.extensions import db
from portal.models import Absence, AbsentSession, VisitingLesson, VisitingSession
from portal.queries import absences as known
from portal.queries import people, substitutes

CLUSTER = "麟峰小学片区"


def load(scene) -> None:
    """Absences of the cluster whose people have accounts; where no lesson lies ahead, only that of before."""
    cluster = next((each for each in scene.clusters if each.row.name == CLUSTER), None)
    if cluster is None:
        return
    db.session.flush()
    _before(scene, cluster)
    now = scene.moment(scene.today, 7, 30)
    who = {
        name: people.actor_of(people.account_by_username(name), scene.today)
        for name in ("lead", "principal", "teacher", "mentor")
    }
    own, others = _ahead(scene, cluster)
    if own:
        _waiting(who, scene.named["teacher"], own, scene.named["mentor"], now)
    if len(others) > 1:
        _arranged(who, others[0], scene.named["mentor"], now)
        _withdrawn(who, others[1], now)


def _ahead(scene, cluster) -> tuple[list, list]:
    """Lessons of the next two weeks: those of the demonstration teacher, and one of each other teacher."""
    rows = db.session.scalars(
        select(VisitingSession)
        .join(VisitingSession.lesson)
        .where(
            VisitingSession.district_id == scene.district.id,
            VisitingLesson.home_school_id == cluster.lead.id,
            VisitingSession.school_id != VisitingLesson.home_school_id,
            VisitingSession.state == "planned",
            VisitingSession.held_on > scene.today,
            VisitingSession.held_on <= scene.today + timedelta(days=14),
        )
        .order_by(VisitingSession.held_on, VisitingSession.starts, VisitingSession.id)
    ).all()
    teacher = scene.named["teacher"].id
    first: dict = {}
    for row in rows:
        if row.person_id not in (teacher, scene.named["mentor"].id):
            first.setdefault(row.person_id, row)
    return [row for row in rows if row.person_id == teacher], list(first.values())


def _days(first, last, kind: str, reason: str) -> dict:
    return {
        "first_day": first,
        "first_half": "am",
        "last_day": last,
        "last_half": "pm",
        "kind": kind,
        "reason": reason,
    }


def _waiting(who, teacher, lessons: list, colleague, now) -> None:
    """The teacher travels for some days; a colleague is asked for the first lesson, the others wait."""
    first = lessons[0].held_on
    last = max(row.held_on for row in lessons if row.held_on <= first + timedelta(days=4))
    values = _days(first, last, "official_travel", "参加市级合唱指导培训")
    absence = absences.enter(who["teacher"], teacher, values, now=now)
    db.session.flush()
    cover = next(each for each in known.covers_of(absence) if each.school_id != each.home_school_id)
    if _can(cover, colleague, now):
        absence_cover.ask(who["principal"], cover, colleague, now=now)


def _arranged(who, lesson, colleague, now) -> None:
    """Somebody else is ill for a day; the colleague has accepted, or the lesson is cancelled."""
    person = people.person_by_id(lesson.district_id, lesson.person_id)
    values = _days(lesson.held_on, lesson.held_on, "sick", "发烧，医生建议休息一天")
    absence = absences.enter(who["lead"], person, values, now=now)
    db.session.flush()
    for cover in known.covers_of(absence):
        if _can(cover, colleague, now):
            ask = absence_cover.ask(who["lead"], cover, colleague, now=now)
            absence_cover.answer(who["mentor"], ask, "accept", now=now)
        else:
            absence_cover.cancel(who["lead"], cover, "当天没有教师能代", now=now)


def _withdrawn(who, lesson, now) -> None:
    person = people.person_by_id(lesson.district_id, lesson.person_id)
    values = _days(lesson.held_on, lesson.held_on, "personal", "")
    absence = absences.enter(who["lead"], person, values, now=now)
    db.session.flush()
    absences.withdraw(who["lead"], absence, expected=None, now=now)


def _can(cover, person, now) -> bool:
    candidate, reason = substitutes.suggestion_for(cover.session, person.id, now.date())
    return candidate is not None and reason is None


def _before(scene, cluster) -> None:
    """The newest lesson that somebody has stood in for, as the end of an absence."""
    row = db.session.scalar(
        select(VisitingSession)
        .join(VisitingSession.lesson)
        .where(
            VisitingSession.district_id == scene.district.id,
            VisitingLesson.home_school_id == cluster.lead.id,
            VisitingSession.state == "substituted",
            VisitingSession.held_on < scene.today,
        )
        .order_by(VisitingSession.held_on.desc(), VisitingSession.id)
        .limit(1)
    )
    if row is None:
        return
    absence = scene.add(
        Absence(
            id=uuid7(),
            person_id=row.person_id,
            home_school_id=cluster.lead.id,
            kind="training",
            first_day=row.held_on,
            last_day=row.held_on,
            created_by_id=row.person_id,
        )
    )
    db.session.flush()  # the line points at it
    scene.add(
        AbsentSession(
            absence_id=absence.id,
            session_id=row.id,
            school_id=row.school_id,
            home_school_id=cluster.lead.id,
            outcome="covered",
            arranged_by_id=cluster.principals[row.school_id],
        )
    )
