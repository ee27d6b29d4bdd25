"""Who hears what became of a lesson: everyone concerned, once, when it is final."""

from collections import defaultdict

from portal.actions import notices
from portal.domain import timetable
from portal.domain.moments import local_day
from portal.models import VisitingSession
from portal.queries import absences, people


class News:
    """What one action has made final. Several lessons of one kind are one message to a person."""

    def __init__(self, actor, now):
        self.actor, self.now = actor, now
        self.told: dict = defaultdict(list)

    def add(self, kind: str, session: VisitingSession, *, only=(), also=(), **words) -> None:
        """Keep a message about a lesson for the teacher, who stands in, both schools and ``also`` these people.

        With ``only``, for them alone.
        """
        readers = set(only) or {
            *also,
            session.person_id,
            session.substitute_id,
            *absences.offices_of(session.district_id, session.access_schools, local_day(self.now)),
        }
        for person_id in readers - {None, self.actor.person_id}:
            self.told[person_id, kind, tuple(sorted(words.items()))].append(session)

    def send(self) -> None:
        """Leave the messages: those about one lesson lead to it, those about several to the timetable."""
        for (person_id, kind, words), sessions in self.told.items():
            one = f"/visiting/sessions/{sessions[0].id}"
            notices.tell(
                [person_id],
                kind,
                district_id=self.actor.district_id,
                link=one if len(sessions) == 1 else "/visiting/",
                now=self.now,
                what="；".join(lesson_words(session) for session in sessions),
                **dict(words),
            )


def lesson_words(session: VisitingSession) -> str:
    """A dated lesson in a message: when, where, which class, what, whose."""
    teacher = people.person_by_id(session.district_id, session.person_id)
    return (
        f"{session.held_on.isoformat()} {timetable.format_clock(session.starts)} "
        f"{session.school.name}{session.class_name}{session.lesson.subject}（{teacher.name}）"
    )
