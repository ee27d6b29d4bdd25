"""Planning postings and following them from arrival to their end (W1, second half)."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from portal.actions import audit, posting_results
from portal.actions.errors import Refused
from portal.actions.posting_news import tell
from portal.actions.steps import expect_version, take_step
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.domain.workflow import find_step
from portal.extensions import db
from portal.models import Person, Posting
from portal.queries import exchange, people, schools, secondments

TOLD = {
    "arrive": "posting_arrived",
    "complete": "posting_ended",
    "end_early": "posting_ended",
    "cancel": "posting_cancelled",
}
EARLIEST = timedelta(days=31)


def plan(actor, person: Person, values: dict, *, criteria: str = "", now) -> Posting:
    """Plan a posting of a teacher from the present home school; both principals and the teacher are told.

    Refused for a teacher without a school, for schools that are not the actor's, for the actor's own case,
    and when the teacher is elsewhere at that time.
    """
    _hold(person.district_id, person.id)
    home_id = people.home_school_ids(person.district_id, [person.id]).get(person.id)
    if home_id is None:
        raise Refused(N_("这位教师现在没有任职学校"), field="person")
    posting = Posting(
        district_id=person.district_id,
        person_id=person.id,
        home_school_id=home_id,
        created_by_id=actor.person_id,
        **values,
    )
    _refuse_wrong(actor, posting, values)
    if not can(actor, "posting.edit", posting):
        if actor.person_id == person.id:
            raise Refused(N_("自己的交流由别人登记"), field="person")
        raise Refused(N_("只能登记本校教师；外校教师到本校来，由派出学校或区教育局登记"), field="person")
    db.session.add(posting)
    db.session.flush()  # the audit entry and the messages need the key
    changes = {name: (None, value) for name, value in _named(posting, values).items() if value is not None}
    changes |= posting_results.write(posting, criteria)
    audit.record(actor, "posting.create", posting, {"person": (None, person.name), **changes})
    tell(actor, posting, "posting_planned", now, who=actor.name)
    return posting


def edit(actor, posting: Posting, values: dict, *, criteria: str = "", expected) -> None:
    """Change a posting that nobody has arrived at yet."""
    expect_version(posting, expected)
    _refuse_seconded(posting)
    if posting.state != "planned":
        raise Refused(N_("已经到岗或取消，不能再修改；请登记期满、提前结束"))
    _hold(posting.district_id, posting.person_id)
    _refuse_wrong(actor, posting, values)
    before = _named(posting, {name: getattr(posting, name) for name in values})
    changes = audit.changes_of(posting, values)
    written = posting_results.write(posting, criteria)
    if changes or written:
        flag_modified(posting, "duties")  # the criteria are part of what this version of the plan says
        after = _named(posting, values)
        told = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
        told |= written
        audit.record(actor, "posting.edit", posting, told)


def take(actor, posting: Posting, action: str, *, note: str, expected, day: date | None, now) -> None:
    """Arrive, complete, end early or cancel. ``day`` is that of arrival or of the early end; without one today."""
    expect_version(posting, expected)
    _refuse_seconded(posting)
    changes = {}
    if posting.state in find_step(posting.WORKFLOW, action).sources:
        changes = audit.changes_of(posting, _dates(posting, action, day, local_day(now)))
    take_step(actor, posting, action, note=note)
    if changes:
        audit.record(actor, "posting.record", posting, changes)
    tell(actor, posting, TOLD[action], now)


def _refuse_seconded(posting: Posting) -> None:
    if secondments.of_posting(posting):
        raise Refused(N_("这是挂职项目里的安排，请在挂职页面办理"))


def _dates(posting: Posting, action: str, day: date | None, today: date) -> dict:
    """What a step writes into the dates of a posting."""
    if action == "arrive":
        return {"arrived_on": _arrival(posting, day or today, today)}
    if action == "end_early":
        return {"ends_on": _early_end(posting, day or today, today)}
    return {"ends_on": _end(posting, today)} if action == "complete" else {}


def _arrival(posting: Posting, day: date, today: date) -> date:
    if day > today:
        raise Refused(N_("到岗日期不能在今天以后"), field="day")
    if posting.ends_on and day > posting.ends_on:
        raise Refused(N_("到岗日期要在结束日期之前"), field="day")
    if day < posting.starts_on - EARLIEST:
        raise Refused(N_("到岗日期比开始日期早了一个多月，请先修改安排"), field="day")
    return day


def _early_end(posting: Posting, day: date, today: date) -> date:
    if not max(posting.arrived_on, posting.starts_on) <= day <= today:
        raise Refused(N_("结束日期要在到岗以后、今天以前"), field="day")
    if posting.ends_on and day >= posting.ends_on:
        raise Refused(N_("已经到期，请登记期满"), field="day")
    return day


def _end(posting: Posting, today: date) -> date:
    if posting.ends_on and posting.ends_on > today:
        raise Refused(N_("还没有到期；要提前离开，请登记提前结束"))
    return posting.ends_on or today


def _hold(district_id, person_id) -> None:
    """Let the postings of one person be written one after the other, so that none overlap."""
    # NO KEY UPDATE: rows that name the person may still be written meanwhile. SQLite has one writer anyway.
    db.session.execute(
        select(Person.id)
        .where(Person.district_id == district_id, Person.id == person_id)
        .with_for_update(key_share=True)
    )


def _refuse_wrong(actor, posting: Posting, values: dict) -> None:
    first, last, host_id = values["starts_on"], values["ends_on"], values["host_school_id"]
    if last and last < first:
        raise Refused(N_("结束日期要在开始日期之后"), field="ends_on")
    if host_id == posting.home_school_id:
        raise Refused(N_("接收学校不能是本校"), field="host_school")
    if not schools.with_id_in(posting.district_id, [host_id]):
        raise Refused(N_("请从列出的选项里选择"), field="host_school")
    other = exchange.overlapping(posting.district_id, posting.person_id, first, last, posting.id)
    if other is None:
        return
    if not can(actor, "posting.view", other):
        raise Refused(N_("这位教师这段时间已有别的安排，时间不能重叠"), field="starts_on")
    raise Refused(
        N_("这位教师从 %(day)s 起已有到%(school)s的安排，时间不能重叠"),
        field="starts_on",
        day=other.starts_on.isoformat(),
        school=other.host_school.name,
    )


def _named(posting: Posting, values: dict) -> dict:
    """The values as a history tells them: the school by its name."""
    told = dict(values)
    school = schools.by_id(posting.district_id, told.pop("host_school_id"))
    return {**told, "host_school": school.name if school else None}
