"""What binds visiting teachers, the lessons that the demonstration teacher gives at home, and hours that are taken."""

from portal.demo.lessons import swaps_of, visitors_of
from portal.demo.places import TOWN_BELLS
from portal.domain import timetable
from portal.domain.ids import uuid7
from portal.models import BusyHour, TeacherLimit, VisitingLesson, VisitingSession

# Periods a week, visiting days and half-days of the first visitors of a cluster.
BOUNDS = ((16, 4, None), (14, 2, "周一上;周一下;周四上;周四下"), (None, 2, None))
# At the demonstration lead school the third visitor cannot come on the day that is planned.
LATE = (14, 2, "周一上;周二上;周三上;周四上")
# (weekday, period, class, weeks) of the demonstration teacher's lessons at home.
AT_HOME = (
    (1, 1, "三（1）班", ""),
    (1, 2, "三（2）班", ""),
    (2, 3, "四（1）班", ""),
    (3, 1, "四（2）班", ""),
    (4, 2, "五（1）班", "单"),
    (4, 3, "五（2）班", ""),
)


def load(scene, cluster, term) -> None:
    """Limits of the teachers who visit from the lead school; the rest for the demonstration teacher's."""
    if scene.is_past(term.last_day):
        return
    is_shown = cluster.row.name == "麟峰小学片区"
    bounds = (*BOUNDS[:2], LATE if is_shown else BOUNDS[2])
    visitors = dict.fromkeys(person_id for person_id, _subject, _host in visitors_of(scene, cluster))
    scene.add_many(
        TeacherLimit,
        [
            {
                "id": uuid7(),
                "term_id": term.id,
                "person_id": person_id,
                "week_periods": periods,
                "visit_days": days,
                "half_days": half_days,
            }
            for person_id, (periods, days, half_days) in zip(visitors, bounds, strict=False)
        ],
    )
    if is_shown:
        _at_home(scene, cluster, term)


def _at_home(scene, cluster, term) -> None:
    teacher, school, swaps = scene.named["teacher"], cluster.lead, swaps_of(scene, term)
    lessons, sessions = [], []
    for weekday, period, class_name, weeks in AT_HOME:
        starts, ends = TOWN_BELLS[period - 1]
        lesson = {
            "id": uuid7(),
            "term_id": term.id,
            "person_id": teacher.id,
            "home_school_id": school.id,
            "school_id": school.id,
            "form": "circuit_teaching",
            "subject": "音乐",
            "class_name": class_name,
            "weekday": weekday,
            "period": period,
            "starts": starts,
            "ends": ends,
            "weeks": weeks,
            "state": "running",
            "state_note": "",
        }
        lessons.append(lesson)
        value = timetable.Lesson(
            row=0,
            teacher=str(teacher.id),
            school=str(school.id),
            classes=(class_name,),
            subject="音乐",
            weekday=weekday,
            period=period,
            start=starts,
            end=ends,
            weeks=timetable.Weeks.parse(weeks),
        )
        sessions += [
            {
                "id": uuid7(),
                "lesson_id": lesson["id"],
                "person_id": teacher.id,
                "school_id": school.id,
                "class_name": class_name,
                "held_on": day,
                "starts": starts,
                "ends": ends,
                "state": "planned",
                "state_note": "",
            }
            for day in timetable.sessions(value, term.value, swaps)
        ]
    scene.add_many(VisitingLesson, lessons)
    scene.add_many(VisitingSession, sessions)
    starts, ends = TOWN_BELLS[3]
    hour = {"weekday": 2, "period": 4, "starts": starts, "ends": ends, "weeks": ""}
    taken = {"person_id": teacher.id, "class_name": "", "subject": "音乐组教研"}
    scene.add_many(BusyHour, [{"id": uuid7(), "term_id": term.id, "school_id": school.id, **taken, **hour}])
