"""Months of visiting lessons: closed ones, one that waits, a dispute, a correction, lists of subsidies."""

from collections import defaultdict

from sqlalchemy import select

from portal.domain import workload
from portal.domain.ids import uuid7
from portal.domain.workload import FIELDS, Outcome, first_of, month_after, month_before
from portal.extensions import db
from portal.models import (
    HomePeriods,
    MonthCorrection,
    MonthFigure,
    RoleAssignment,
    School,
    SessionDispute,
    SubsidyItem,
    SubsidyList,
    SubsidyTier,
    VisitingLesson,
    VisitingMonth,
    VisitingSession,
)

# What this district has decided within the 300 to 900 yuan of the scheme; the scheme itself names no table.
TIERS = ((1, 300), (2, 600), (3, 900))


def load(scene) -> None:
    """Every month before the last one is closed; the last one waits, differently from school to school."""
    principals = _principals(scene)
    pairs = _pairs(scene)
    newest = month_before(scene.today)
    scene.add_many(
        SubsidyTier,
        [{"id": uuid7(), "basis": "remoteness", "from_value": f, "amount": a} for f, a in TIERS],
    )
    months, figures = [], []
    for number, ((host, home, month), rows) in enumerate(sorted(pairs.items(), key=str)):
        if month > newest or host not in principals or home not in principals:
            continue
        last = month == newest
        state = ("open", "checked", "closed")[number % 3] if last else "closed"
        if state != "open" and any(row.state == "planned" for row in rows):
            state = "open"
        months.append(_month(scene, host, home, month, state, principals))
        if state == "closed":
            figures += _figures(months[-1]["id"], rows)
    scene.add_many(VisitingMonth, months)
    scene.add_many(MonthFigure, figures)
    _own_periods(scene, pairs, principals, newest)
    db.session.flush()  # the lists are computed from what stands in the database
    _lists(scene, months, principals, newest)
    _dispute(scene, pairs, principals)
    _correction(scene, months, pairs, newest)


def _principals(scene) -> dict:
    found = {}
    for cluster in scene.clusters:
        found |= cluster.principals
    return found


def _pairs(scene) -> dict:
    """(host, home, month) -> the dated visits, as rows."""
    rows = db.session.execute(
        select(
            VisitingSession.id,
            VisitingSession.school_id,
            VisitingLesson.home_school_id,
            VisitingSession.held_on,
            VisitingSession.person_id,
            VisitingSession.state,
            VisitingSession.substitute_id,
        )
        .join(VisitingSession.lesson)
        .where(
            VisitingSession.district_id == scene.district.id,
            VisitingLesson.school_id != VisitingLesson.home_school_id,
        )
        .order_by(VisitingSession.held_on, VisitingSession.id)
    )
    found = defaultdict(list)
    for row in rows:
        found[row.school_id, row.home_school_id, first_of(row.held_on)].append(row)
    return found


def _month(scene, host, home, month, state, principals) -> dict:
    day = min(scene.school_day(month_after(month)), scene.today)
    checked = state != "open"
    return {
        "id": uuid7(),
        "school_id": host,
        "home_school_id": home,
        "month": month,
        "state": state,
        "state_note": "",
        "checked_by_id": principals[host] if checked else None,
        "checked_at": scene.moment(day, 9) if checked else None,
        "closed_by_id": principals[home] if state == "closed" else None,
        "closed_at": scene.moment(day, 15) if state == "closed" else None,
    }


def _figures(month_id, rows) -> list[dict]:
    figures = workload.figures(Outcome(row.person_id, row.state, row.substitute_id) for row in rows)
    return [
        {
            "id": uuid7(),
            "month_id": month_id,
            "person_id": person,
            **{name: getattr(figure, name) for name in FIELDS},
        }
        for person, figure in figures.items()
    ]


def _own_periods(scene, pairs, principals, newest) -> None:
    """The own schools have said what most of their teachers gave at home; one in four is still missing."""
    people = sorted(
        {(home, row.person_id, m) for (_, home, m), rows in pairs.items() for row in rows}, key=str
    )
    rows = []
    for number, (home, person, month) in enumerate(people):
        if month > newest or home not in principals or number % 4 == 3:
            continue
        periods = scene.rng.choice((28, 36, 40, 44))
        rows.append(
            {
                "id": uuid7(),
                "person_id": person,
                "school_id": home,
                "month": month,
                "periods": periods,
                "stated_by_id": principals[home],
            }
        )
    scene.add_many(HomePeriods, rows)


def _lists(scene, months, principals, newest) -> None:
    """The lists of the last two months: the older accepted, the newer checked where everything is closed."""
    from portal.queries import subsidies  # the same computation as on the page

    bureau = _officer(scene)
    is_open = {(row["home_school_id"], row["month"]) for row in months if row["state"] != "closed"}
    found = {(row["home_school_id"], row["month"]) for row in months}
    for home_id, month in sorted(found - is_open, key=str):
        if month < month_before(newest):
            continue
        home = db.session.get(School, (scene.district.id, home_id))
        state = "checked" if month == newest else "accepted"
        day = scene.moment(min(scene.school_day(month_after(month)), scene.today), 16)
        sheet = scene.add(
            SubsidyList(
                school_id=home_id,
                month=month,
                state=state,
                checked_by_id=principals[home_id],
                checked_at=day,
                accepted_by_id=bureau if state == "accepted" else None,
                accepted_at=day.replace(hour=17) if state == "accepted" else None,
            )
        )
        db.session.flush()  # lines point at their list
        for each in subsidies.candidates(home, month, scene.today):
            if each.person.id != principals[home_id]:
                _line(scene, sheet, each)
    _by_decision(scene, principals, bureau)


def _line(scene, sheet, each) -> None:
    scene.add(
        SubsidyItem(
            list_id=sheet.id,
            person_id=each.person.id,
            kind=each.kind,
            state="computed",
            outcome=each.judgement.outcome,
            reasons=[{"text": r.template, "words": dict(r.params)} for r in each.reasons],
            host_names=list(each.host_names),
            own_periods=each.own_periods,
            visited_periods=each.visited_periods,
            own_average=each.own_average,
            days=each.days,
            amount=each.award.amount,
        )
    )


def _by_decision(scene, principals, bureau) -> None:
    """An amount by decision that waits on the first checked list."""
    sheet = db.session.scalar(
        select(SubsidyList)
        .where(SubsidyList.district_id == scene.district.id, SubsidyList.state == "checked")
        .order_by(SubsidyList.id)
        .limit(1)
    )
    if sheet is None:
        return
    staff = next(c.staff[sheet.school_id] for c in scene.clusters if sheet.school_id in c.staff)
    scene.add(
        SubsidyItem(
            list_id=sheet.id,
            person_id=staff[3][0],
            kind="discretionary",
            state="proposed",
            amount=400,
            ground="骨干教师支援薄弱学科，自驾往返两校",
            proposed_by_id=principals[sheet.school_id],
        )
    )


def _officer(scene):
    return db.session.scalar(
        select(RoleAssignment.person_id)
        .where(
            RoleAssignment.district_id == scene.district.id,
            RoleAssignment.role == "bureau",
            RoleAssignment.office.in_(("personnel", "basic_education")),
        )
        .order_by(RoleAssignment.office.desc(), RoleAssignment.id)
        .limit(1)
    )


def _dispute(scene, pairs, principals) -> None:
    """A missed lesson of this month that the teacher says was given; it waits for the receiving school."""
    month = first_of(scene.today)
    for (host, home, of), rows in sorted(pairs.items(), key=str):
        missed = [row for row in rows if row.state == "missed"]
        if of in (month, month_before(month)) and missed and _is_open(scene, host, home, of):
            scene.add(
                SessionDispute(
                    session_id=missed[-1].id,
                    person_id=missed[-1].person_id,
                    school_id=host,
                    home_school_id=home,
                    claim="given",
                    reason="当天调到第 4 节上了，班主任在场",
                    state="open",
                )
            )
            return


def _is_open(scene, host, home, month) -> bool:
    state = db.session.scalar(
        select(VisitingMonth.state).where(
            VisitingMonth.district_id == scene.district.id,
            VisitingMonth.school_id == host,
            VisitingMonth.home_school_id == home,
            VisitingMonth.month == month,
        )
    )
    return state in (None, "open")


def _correction(scene, months, pairs, newest) -> None:
    """A lesson of a closed month was put right this month."""
    for row in months:
        key = (row["school_id"], row["home_school_id"], row["month"])
        given = [each for each in pairs[key] if each.state == "given"]
        if row["state"] == "closed" and given and row["month"] >= month_before(newest):
            wrong = given[0]
            scene.add(
                MonthCorrection(
                    session_id=wrong.id,
                    person_id=wrong.person_id,
                    school_id=key[0],
                    home_school_id=key[1],
                    month=row["month"],
                    counted_in=first_of(scene.today),
                    old_state="given",
                    new_state="missed",
                    reason="核对点名册：当天学校开运动会，没有上课",
                    made_by_id=row["checked_by_id"],
                    made_at=scene.moment(scene.today, 8),
                )
            )
            db.session.get(VisitingSession, (scene.district.id, wrong.id)).state = "missed"
            return
