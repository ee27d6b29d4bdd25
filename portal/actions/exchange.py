"""Planning postings and following them from arrival to their end."""

from datetime import date

from portal.actions import audit, notices
from portal.actions.errors import NotAllowed, Refused
from portal.actions.steps import expect_version, take_step
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Person, Posting
from portal.queries import clusters, exchange, people


def plan(actor, person: Person, values: dict, *, now) -> Posting:
    """Plan a posting of a teacher from the present home school; the principals of both schools are told."""
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
    if posting.host_school_id == home_id:
        raise Refused(N_("接收学校不能是本校"), field="host_school")
    if not can(actor, "posting.edit", posting):
        # Neither school is the actor's, or the posting is the actor's own.
        raise NotAllowed("posting.edit")
    db.session.add(posting)
    db.session.flush()  # the check below and the audit entry need the row
    _refuse_overlap(posting)
    audit.record(
        actor,
        "posting.create",
        posting,
        {"form": (None, posting.form), "starts_on": (None, posting.starts_on)},
    )
    _tell(actor, posting, person.name, now)
    return posting


def edit(actor, posting: Posting, values: dict, *, expected) -> None:
    """Change a posting that nobody has arrived at yet."""
    expect_version(posting, expected)
    if posting.state != "planned":
        raise Refused(N_("已经到岗或取消，不能再修改；请登记期满、提前结束"))
    if values["host_school_id"] == posting.home_school_id:
        raise Refused(N_("接收学校不能是本校"), field="host_school")
    changes = audit.changes_of(posting, values)
    _refuse_overlap(posting)
    if changes:
        audit.record(actor, "posting.edit", posting, changes)


def take(actor, posting: Posting, action: str, *, note: str, expected, day: date | None, now) -> None:
    """Arrive, complete, end early or cancel. ``day`` is the day of arrival or of the early end."""
    today = local_day(now)
    day = day or today
    if action == "arrive":
        if day > today:
            raise Refused(N_("到岗日期不能在今天以后"))
        if posting.ends_on and day > posting.ends_on:
            raise Refused(N_("到岗日期要在结束日期之前"))
        posting.arrived_on = day
    if action == "end_early":
        if not posting.starts_on <= day <= today:
            raise Refused(N_("结束日期要在开始日期和今天之间"))
        posting.ends_on = day
    if action == "complete" and posting.ends_on and posting.ends_on > today:
        raise Refused(N_("还没有到期，可以办理提前结束"))
    take_step(actor, posting, action, note=note, expected=expected)


def _refuse_overlap(posting: Posting) -> None:
    other = exchange.overlapping(posting)
    if other is not None:
        raise Refused(
            N_("这位教师从 %(day)s 起已有到%(school)s的安排，时间不能重叠"),
            field="starts_on",
            day=other.starts_on.isoformat(),
            school=other.host_school.name,
        )


def _tell(actor, posting: Posting, name: str, now) -> None:
    schools = [posting.home_school_id, posting.host_school_id]
    principals = clusters.principals_of(posting.district_id, schools, local_day(now))
    notices.tell(
        [posting.person_id, *(p.id for p in principals.values())],
        "posting_planned",
        district_id=posting.district_id,
        link=f"/exchange/postings/{posting.id}",
        now=now,
        besides=actor.person_id,
        who=actor.name,
        what=name,
    )
