"""What a row of a figure's list says of a record. ``seen`` is whether the reader may see the record itself."""

from portal import labels
from portal.domain.moments import local_day
from portal.domain.words import N_, message

HIDDEN = N_("姓名不公开")


def _state(workflow: str, record):
    return message(labels.STATE[workflow][record.state])


def _word(words: dict, code: str):
    return message(words.get(code, code))


def _name(person, seen: bool):
    return (person.name if person else "—") if seen else message(HIDDEN)


def school_cells(school, seen, staff):
    """A school: name, town or country, staff now."""
    return (school.name, _word(labels.LOCATION, school.location), staff.get(school.id, 0))


def meeting_cells(meeting, seen, more):
    """A meeting: day, title, kind, state."""
    kind = _word(labels.MEETING_KIND, meeting.kind)
    return (local_day(meeting.starts_at), meeting.title, kind, _state("meeting", meeting))


def ledger_cells(entry, seen, more):
    """A line of a ledger: day, ledger, title, school."""
    school = entry.school.name if entry.school else "—"
    return (entry.held_on, _word(labels.LEDGER_KIND, entry.kind), entry.title if seen else "—", school)


def inspection_cells(inspection, seen, more):
    """An inspection: day, title, whom it looked at. The school is named to those who may see it."""
    school = inspection.school.name if inspection.school else "—"
    return (inspection.held_on, inspection.title if seen else "—", school if seen else "—")


def problem_cells(problem, seen, more):
    """A line of the register: day, category, what it is, school, state; words and school to those who may see it."""
    school = problem.school.name if problem.school else "—"
    category = _word(labels.PROBLEM_CATEGORY, problem.category)
    words = (problem.text, school) if seen else ("—", "—")
    return (problem.found_on, category, *words, _state("problem", problem))


def activity_cells(activity, seen, counts):
    """An activity: day, theme, kind, host, attendances."""
    kind = _word(labels.ACTIVITY_KIND, activity.kind)
    host = activity.host_school.name
    return (local_day(activity.starts_at), activity.theme, kind, host, counts.get(activity.id, 0))


def posting_cells(posting, seen, more):
    """A posting: day of arrival, name, from, to, form, state."""
    return (
        posting.arrived_on or posting.starts_on,
        _name(posting.person, seen),
        posting.home_school.name,
        posting.host_school.name,
        _word(labels.POSTING_FORM, posting.form),
        _state("posting", posting),
    )


def secondment_cells(secondment, seen, more):
    """A secondment: arrival, name, own school, host (one elsewhere only to those who may see it), end, state."""
    host = secondment.host if seen or secondment.host_school_id else ""
    return (
        secondment.arrived_on,
        _name(secondment.person, seen),
        secondment.home_school.name,
        host or "—",
        secondment.ends_on,
        _state("secondment", secondment),
    )


def heard_cells(record, seen, secondments):
    """A lesson heard on secondment: day, who, how many. Never what was written."""
    return (record.happened_on, _name(record.person, record.id in secondments), record.periods or 1)


def session_cells(session, seen, more):
    """A visiting teacher's lesson: day, name, school, class, subject, state."""
    return (
        session.held_on,
        _name(session.person, seen),
        session.school.name,
        session.class_name,
        session.lesson.subject,
        _state("visiting_session", session),
    )


def pairing_cells(pairing, seen, more):
    """A school pair: both schools, both days, state."""
    return (
        pairing.donor.name,
        pairing.beneficiary.name,
        pairing.starts_on,
        pairing.ends_on,
        _state("school_pairing", pairing),
    )


def mentoring_cells(pair, seen, more):
    """A mentoring pair: mentor, mentee, the mentee's school, subject, state."""
    mentee = pair.mentee.name if pair.mentee else pair.mentee_name
    return (
        _name(pair.mentor, seen),
        mentee if seen else message(HIDDEN),
        pair.mentee_school.name if pair.mentee_school else "—",
        pair.subject or "—",
        _state("mentoring_pair", pair),
    )


def record_cells(record, seen, shown):
    """A record of a pair: day, kind, the pair, who wrote it. Never what was written."""
    if record.school_pairing_id:
        pair = f"{record.school_pairing.donor.name}—{record.school_pairing.beneficiary.name}"
    else:
        pair = pair_name(record.mentoring_pair) if shown[record.id] else message(HIDDEN)
    kind = _word(labels.RECORD_KIND, record.kind)
    return (record.happened_on, kind, pair, _name(record.person, seen))


def person_cells(person, seen, more):
    """A person: name, home school."""
    return (_name(person, seen), more.get(person.id, "—"))


def pair_name(pair) -> str:
    """The two names of a mentoring pair."""
    return f"{pair.mentor.name}—{pair.mentee.name if pair.mentee else pair.mentee_name}"
