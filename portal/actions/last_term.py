"""Taking lessons over from the term before: the chosen ones, all or none."""

from portal.actions import timetable_rows as rows_actions
from portal.actions.errors import Refused
from portal.actions.visiting_dates import hold
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.models import Term
from portal.queries import last_term, timetable_rows
from portal.queries.last_term import Candidate


def take_over(actor, term: Term, before: Term, chosen: set, *, person_id=None, school_id=None, now) -> int:
    """Make the chosen lessons of the term before real in a term; how many. Those that are there stay.

    Refused with the reason where one of them does not fit, and when nothing was chosen.
    """
    today = local_day(now)
    if term.last_day < today:
        raise Refused(N_("这个学期已经结束"))

    def read() -> list[Candidate]:
        listed = last_term.candidates(actor, term, before, today, person_id=person_id, school_id=school_id)
        return [each for each in listed if each.lesson.id in chosen and not each.is_known]

    ideas = [each.row.idea for each in read() if each.row]
    if not ideas:
        raise Refused(N_("请先选要沿用的课"))
    hold(term.district_id, {idea.school_id for idea in ideas}, {idea.person_id for idea in ideas})
    # Under the locks once more; and only the chosen ones have to fit with each other.
    picked = read()
    rows = [each.row for each in picked if each.row]
    for each in picked:
        if each.row is None:
            raise Refused(N_("%(what)s：%(reason)s"), what=_named(each), reason=each.reasons[0])
    for finding in timetable_rows.judge(actor, rows, [], term, today, ""):
        if finding.hard:
            each = next(one for one in picked if one.row.number == finding.row)
            raise Refused(N_("%(what)s：%(reason)s"), what=_named(each), reason=finding.message)
    rows_actions.write(actor, rows, [], term, from_day=today, now=now)
    return len(rows)


def _named(each: Candidate) -> str:
    lesson = each.lesson
    return f"{lesson.person.name} {lesson.school.name}{lesson.class_name}{lesson.subject}"
