"""What binds a timetable, for the world in which every kind of record stands once."""

from datetime import datetime

from portal.domain.moments import SHANGHAI
from portal.models import BusyHour, TeacherLimit, TimetableImport

AT = datetime(2025, 11, 12, 9, tzinfo=SHANGHAI)


def fill(add, base, word, *, term, member, teacher, principal) -> None:
    """A limit of the visiting teacher, a taken hour of the receiving school, pasted rows that wait."""
    add("limit", TeacherLimit(**base, term_id=term.id, person_id=teacher.id, week_periods=20))
    add(
        "hour",
        BusyHour(
            **base,
            term_id=term.id,
            school_id=member.id,
            class_name="班" + word,
            subject="语文" + word,
            weekday=5,
            period=2,
            starts=560,
            ends=600,
        ),
    )
    add(
        "timetable_import",
        TimetableImport(
            **base,
            person_id=principal.id,
            term_id=term.id,
            source="paste",
            content=f"{teacher.name}\t{member.name}\t班{word}\t音乐\t4\t1".encode(),
            created_at=AT,
        ),
    )
