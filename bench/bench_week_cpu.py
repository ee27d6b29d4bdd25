"""week_cpu: a cluster's week with a full timetable over a bare Flask hello; week_flat: that page at tenfold data.

The cluster has five schools and thirty teachers who give six lessons a week elsewhere; the district has two such
clusters, and then twenty. Both who leads the cluster and the bureau look at it.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import insert

from bench.bench_page_cpu import hello
from bench.world import PASSWORD, cpu_ratio, folder, get, signed_in
from portal import create_app
from portal.domain.ids import uuid7
from portal.domain.moments import local_day
from portal.extensions import db
from portal.jobs.running import clock
from portal.models import (
    Account,
    BellPeriod,
    Cluster,
    District,
    Employment,
    Membership,
    Person,
    RoleAssignment,
    School,
    Term,
    TravelTime,
    VisitingLesson,
    VisitingSession,
)

CLUSTERS = {"twofold": 2, "twentyfold": 20}
SCHOOLS, TEACHERS, LESSONS, WEEKS = 5, 30, 6, 4
BELLS = tuple((n, 480 + 50 * n, 520 + 50 * n) for n in range(1, 9))
FLAT = "the same page in a district of twenty such clusters / of two"
SLOT = re.compile(r'class="slot[ "]')


def measure() -> list[tuple[str, float, str]]:
    """The ratios of CPU time within this process."""
    apps = {name: filled(folder() / f"week-{name}", number) for name, number in CLUSTERS.items()}
    bare = hello()
    week, again = looked_at(apps, "lead"), looked_at(apps, "bureau")
    return [
        (
            "week_cpu",
            cpu_ratio(week["twofold"], lambda: get(bare, "/"), rounds=9),
            f"a cluster's week of {TEACHERS * LESSONS} lessons over a bare Flask hello",
        ),
        ("week_flat", cpu_ratio(week["twentyfold"], week["twofold"], rounds=9), FLAT),
        ("week_flat bureau", cpu_ratio(again["twentyfold"], again["twofold"], rounds=9), FLAT),
    ]


def looked_at(apps: dict[str, Flask], who: str) -> dict[str, Callable]:
    """How somebody gets the week of the first cluster in each district; it shows all of its lessons."""
    found = {}
    for name, app in apps.items():
        look = partial(get, signed_in(app, who), f"/visiting/?cluster={app.config['FIRST_CLUSTER']}")
        shown = len(SLOT.findall(look().text))
        # Each lesson stands in the table and in the lists of a phone.
        assert shown == 2 * TEACHERS * LESSONS, f"{shown} lessons in the district that is {name}"
        found[name] = look
    return found


def filled(instance: Path, clusters: int) -> Flask:
    """A portal with so many clusters of one district, each with its timetable."""
    instance.mkdir(parents=True)
    app = create_app(
        {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{instance / 'portal.sqlite3'}"},
        {"PORTAL_INSTANCE": str(instance), "PORTAL_PLAIN_HTTP": "1"},
    )
    with app.app_context():
        db.create_all()
        district, today = District(code="bench", name="区", bureau_name="局"), local_day(clock(app))
        db.session.add(district)
        db.session.flush()
        monday = today - timedelta(days=today.weekday())
        term = Term(
            district_id=district.id,
            id=uuid7(),
            code="2025-2026-1",
            first_day=monday - timedelta(weeks=6),
            last_day=monday + timedelta(weeks=12),
            week_one_monday=monday - timedelta(weeks=6),
        )
        db.session.add(term)
        password = PasswordHasher().hash(PASSWORD)
        found = [add_cluster(district.id, term, number, monday) for number in range(clusters)]
        app.config["FIRST_CLUSTER"], lead = found[0]
        bureau = Person(district_id=district.id, id=uuid7(), name="局长")
        db.session.add(bureau)
        db.session.flush()
        since = {"district_id": district.id, "person_id": bureau.id, "starts_on": date(2020, 1, 1)}
        db.session.add(RoleAssignment(**since, role="bureau", office="basic_education"))
        for person, name in ((bureau.id, "bureau"), (lead, "lead")):
            account = {"district_id": district.id, "person_id": person, "username": name}
            db.session.add(Account(**account, password_hash=password))
        db.session.commit()
    return app


def add_cluster(district_id, term: Term, number: int, monday: date) -> tuple:
    """One cluster with schools, bells, ways, teachers and their lessons: (its key, the lead's key)."""
    base, day = {"district_id": district_id}, date(2020, 1, 1)
    cluster = Cluster(**base, id=uuid7(), name=f"片区{number}")
    places = [School(**base, id=uuid7(), name=f"学校{number}-{n}") for n in range(SCHOOLS)]
    people = [
        Person(**base, id=uuid7(), name=f"教师{number}-{n}", pinyin=f"js{n:02}") for n in range(TEACHERS)
    ]
    db.session.add_all([cluster, *places, *people])
    db.session.flush()
    for place, school in enumerate(places):
        role = "member" if place else "lead"
        db.session.add(
            Membership(**base, cluster_id=cluster.id, school_id=school.id, role=role, starts_on=day)
        )
        for period, starts, ends in BELLS:
            at = {"school_id": school.id, "number": period, "starts": starts, "ends": ends}
            db.session.add(BellPeriod(**base, **at))
        for other in places:
            if other is not school:
                way = {"from_school_id": school.id, "to_school_id": other.id, "minutes": 10}
                db.session.add(TravelTime(**base, **way))
    db.session.add(
        RoleAssignment(
            **base, person_id=people[0].id, role="principal", school_id=places[0].id, starts_on=day
        )
    )
    lessons = []
    for place, person in enumerate(people):
        home, away = places[place % SCHOOLS], places[(place + 1) % SCHOOLS]
        db.session.add(Employment(**base, person_id=person.id, school_id=home.id, starts_on=day))
        for each in range(LESSONS):
            period, starts, ends = BELLS[(place + each) % len(BELLS)]
            lessons.append(
                {
                    **base,
                    "id": uuid7(),
                    "term_id": term.id,
                    "person_id": person.id,
                    "home_school_id": home.id,
                    "school_id": away.id,
                    "subject": "音乐",
                    "class_name": f"{place}班",
                    "weekday": 1 + each % 5,
                    "period": period,
                    "starts": starts,
                    "ends": ends,
                    "state": "running",
                }
            )
    db.session.flush()
    db.session.execute(insert(VisitingLesson), lessons)
    names = ("district_id", "person_id", "school_id", "class_name", "starts", "ends")
    sessions = [
        {
            **{name: lesson[name] for name in names},
            "id": uuid7(),
            "lesson_id": lesson["id"],
            "held_on": monday + timedelta(weeks=week, days=lesson["weekday"] - 1),
        }
        for lesson in lessons
        for week in range(WEEKS)
    ]
    db.session.execute(insert(VisitingSession), sessions)
    return cluster.id, people[0].id
