"""A teacher enters the code that stands at the school today: the lessons that have begun count as given (W7b)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.actions.steps import take_step
from portal.actions.visiting_dates import hold
from portal.domain.moments import local, local_day
from portal.extensions import db
from portal.models import CodeGuesses
from portal.queries import school_codes

#: Wrong codes a person and day; six digits leave a guesser one chance in 200,000.
GUESSES = 5


@dataclass(frozen=True)
class SignIn:
    """What came of a code: ``done``, ``early`` (nothing has begun), ``wrong``, ``locked`` or ``none`` (no visit).

    ``given`` lessons were registered now, ``later`` begin later, ``left`` tries remain.
    """

    result: str
    given: int = 0
    later: int = 0
    left: int = 0


def sign_in(actor, code: str, *, now) -> SignIn:
    """Register today's lessons at the school whose code it is. A wrong code counts, and is kept, so the
    caller commits whatever the result is."""
    today, minute = local_day(now), local(now).hour * 60 + local(now).minute
    first = school_codes.visits_on(actor, today)
    if not first:
        return SignIn("none")
    hold(actor.district_id, {visit.school_id for visit in first}, [actor.person_id])
    visits = school_codes.visits_on(actor, today)
    guesses = _guesses(actor, today)
    if guesses.wrong >= GUESSES:
        return SignIn("locked")
    school_id = school_codes.school_of(code, actor.district_id, {visit.school_id for visit in visits}, today)
    if school_id is None:
        guesses.wrong += 1
        return SignIn("wrong", left=GUESSES - guesses.wrong)
    mine = [visit for visit in visits if visit.school_id == school_id and _waits(visit)]
    begun = [visit for visit in mine if visit.starts <= minute]
    for visit in begun:
        _attend(actor, visit)
    return SignIn("done" if begun or not mine else "early", len(begun), len(mine) - len(begun))


def _waits(visit) -> bool:
    return visit.state == "planned" or (visit.state == "substituted" and visit.confirmed_by_id is None)


def _attend(actor, visit) -> None:
    if visit.state == "substituted":
        visit.confirmed_by_id = actor.person_id
        return take_step(actor, visit, "attend_cover")
    visit.reported, visit.confirmed_by_id = "given", actor.person_id
    return take_step(actor, visit, "attend")


def _guesses(actor, today: date) -> CodeGuesses:
    """The person's row of the day; the lock on the person keeps two of them from counting at once."""
    found = db.session.scalar(
        select(CodeGuesses)
        .where(
            CodeGuesses.district_id == actor.district_id,
            CodeGuesses.person_id == actor.person_id,
            CodeGuesses.day == today,
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        found = CodeGuesses(district_id=actor.district_id, person_id=actor.person_id, day=today, wrong=0)
        db.session.add(found)
    return found
