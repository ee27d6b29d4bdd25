"""Terms around today, and the published holidays and swapped workdays."""

from datetime import timedelta

from portal.demo.scene import Scene
from portal.domain import calendar
from portal.models import CalendarDay, District, Term


def load(scene: Scene) -> None:
    """The district, three terms and the unusual days within them."""
    from portal.extensions import db

    scene.district = District(code="demo", name="示范区", bureau_name="区教育局")
    db.session.add(scene.district)
    db.session.flush()  # everything below needs the district's key
    for value in calendar.default_terms(scene.today):
        scene.terms.append(
            scene.add(
                Term(
                    code=value.code,
                    first_day=value.first_day,
                    last_day=value.last_day,
                    week_one_monday=value.week_one_monday,
                )
            )
        )
    for day, kind, follows, note in _unusual_days(scene.terms):
        scene.days[day] = kind
        scene.add(CalendarDay(day=day, kind=kind, follows_weekday=follows, note=note, source="national"))


def _unusual_days(terms):
    """(day, kind, whose weekday it teaches, name) from the published calendar, within the terms.

    Which weekday a swapped workday teaches is each district's own arrangement; here it makes up for the
    first free weekday of the same holiday that nothing else makes up for.
    """
    from chinese_calendar.constants import holidays, workdays

    first, last = terms[0].first_day, terms[-1].last_day
    names = {
        "National Day": "国庆节",
        "Mid-autumn Festival": "中秋节",
        "Spring Festival": "春节",
        "Labour Day": "劳动节",
        "Tomb-sweeping Day": "清明节",
        "Dragon Boat Festival": "端午节",
        "New Year's Day": "元旦",
    }
    free: dict[str, list] = {}
    for day, name in sorted(holidays.items()):
        if first <= day <= last:
            yield day, "holiday", None, names.get(name, name)
            if day.isoweekday() <= 5:
                free.setdefault(name, []).append(day)
    for day, name in sorted(workdays.items()):
        if first <= day <= last:
            near = [d for d in free.get(name, []) if abs(d - day) < timedelta(days=20)]
            if near:
                free[name].remove(near[-1])
            yield day, "swapped", near[-1].isoweekday() if near else 5, names.get(name, name) + "调休"
