"""A small cluster for the stories of visiting teachers in a browser, at a fixed moment, and what they share."""

from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import sqlalchemy as sa

from portal.extensions import db
from portal.jobs import running
from portal.models import Job, LessonDemand, Notification, Person, School, SubsidyTier, TeacherLimit
from tests.cast import people_the_world
from tests.support.browser import axe_findings, sideways_scroll
from tests.support.months import visits
from tests.support.visiting import LESSON, ring_bells

# Wednesday, ten past two in the afternoon.
NOW = datetime(2025, 11, 19, 6, 10, tzinfo=UTC)
# A week of October with a visit a day. 23 days of it teach: 10 periods a week at home come to 46.
WEEK = [date(2025, 10, day) for day in range(27, 32)]


def begin(app):
    """The cast with bells and ways, and who teaches music; the clock stands."""
    app.config["CLOCK"] = lambda: NOW
    db.create_all()
    world = people_the_world()
    db.session.commit()
    ring_bells(world)
    world.teacher.subjects, world.mentor.subjects, world.mentee.subjects = ["音乐"], ["音乐"], ["数学"]
    return world


def load_demands(app) -> None:
    """拱辰中心小学 needs music and art; 林晓岚 of 麟峰小学 can come on two mornings."""
    world = begin(app)
    base = {"district_id": world.east.id, "term_id": world.term.id}
    half_days = {"half_days": "周二上;周四上", "visit_days": 2}
    db.session.add(TeacherLimit(**base, person_id=world.teacher.id, **half_days))
    for class_name, subject, periods in (
        ("三（1）班", "音乐", 2),
        ("三（2）班", "音乐", 2),
        ("三（1）班", "美术", 1),
    ):
        facts = {"class_name": class_name, "subject": subject, "periods": periods}
        db.session.add(LessonDemand(**base, school_id=world.gongchen.id, **facts))
    db.session.commit()


def load_visits(app) -> None:
    """林晓岚 teaches at 拱辰中心小学 this afternoon and tomorrow morning."""
    from portal.actions import visiting as actions
    from portal.queries import people

    world = begin(app)
    lead = people.actor_of(people.account_by_username("lead"), world.today)
    facts = {"form": LESSON["kind"], "subject": "音乐", "weeks": "", "school_id": world.gongchen.id}
    for weekday, period, class_name in ((3, 5, "二（1）班"), (4, 1, "三（1）班")):
        values = {**facts, "weekday": weekday, "period": period, "class_name": class_name}
        actions.schedule(lead, world.teacher, values, from_day=world.today, now=NOW)
    db.session.execute(sa.delete(Notification))
    db.session.commit()


def load_october(app) -> None:
    """Visits of a week in October that nobody has confirmed, and one of today."""
    world = begin(app)
    visits(world, WEEK, state="planned")
    visits(world, [world.today], state="planned", starts=840)


def load_confirmed(app) -> None:
    """The same week confirmed, with the schools' averages and the district's tiers."""
    world = begin(app)
    visits(world, WEEK)
    world.linfeng.average_periods, world.gongchen.average_periods, world.gongchen.remoteness = 10, 3, 2
    for start, amount in ((1, 300), (2, 600)):
        facts = {"basis": "remoteness", "from_value": start, "amount": amount}
        db.session.add(SubsidyTier(district_id=world.east.id, **facts))
    db.session.commit()


def serve(live_server, load, **settings):
    """The portal behind a server whose clock stands."""
    server = live_server(load, **settings)
    server.app.config["CLOCK"] = lambda: NOW
    return server


def look(window) -> None:
    """Ask for the page of the window once more, which checks its HTML as it is sent; then ``check``."""
    address = urlsplit(window.page.url)
    window.goto(f"{address.path}?{address.query}" if address.query else address.path)
    check(window)


def check(window) -> None:
    """The page as it stands, at its own width: axe, and nothing to scroll sideways."""
    assert axe_findings(window.page) == [], window.page.url
    assert sideways_scroll(window.page) == 0, window.page.url


def press(window, name: str) -> None:
    """Press the button of that name."""
    window.page.get_by_role("button", name=name, exact=True).first.click()


def key_of(server, model, name: str):
    """The key of a person or school by name."""
    assert model in (Person, School)
    with server.app.app_context():
        key = db.session.scalar(sa.select(model.id).where(model.name == name))
        db.session.remove()
    return key


def do_waiting_job(server) -> None:
    """Be the worker: do the one job that waits."""
    with server.app.app_context():
        job = db.session.scalars(sa.select(Job).where(Job.state == "queued")).one()
        running.run(server.app, job.district_id, job.id)
        db.session.remove()


def heard(server) -> dict[str, list[str]]:
    """Name -> kinds of messages, of everybody who got one, oldest first."""
    with server.app.app_context():
        rows = db.session.execute(
            sa.select(Person.name, Notification.kind)
            .join(Person, Person.id == Notification.person_id)
            .order_by(Notification.id)
        ).all()
        db.session.remove()
    found: dict[str, list[str]] = {}
    for name, kind in rows:
        found.setdefault(name, []).append(kind)
    return found
