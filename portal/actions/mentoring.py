"""Proposing, accepting, changing and ending mentoring pairs (W3)."""

from portal.actions import audit, notices
from portal.actions.errors import Conflict, Refused
from portal.actions.steps import expect_version, take_step
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Cluster, MentoringPair, PairDate
from portal.queries import clusters, mentoring, mentoring_cycle, people

SIDES = {"accept_mentor": "mentor", "accept_mentee": "mentee"}


def propose(
    actor,
    cluster: Cluster,
    *,
    kind,
    mentor,
    mentee,
    mentee_name,
    mentee_school_id,
    subject,
    goals,
    every_weeks,
    starts_on,
    ends_on,
    now,
    dates=(),
) -> MentoringPair:
    """Bring a mentor together with a person, or with a group or project that ``mentee_name`` names.

    Both work at schools of the cluster. Who proposes and is one of the two has accepted.
    """
    members = {m.school_id for m in clusters.members_on(cluster, local_day(now))}
    if kind == "apprentice":
        if mentee is None:
            raise Refused(N_("请填写这一项"), field="mentee")
        if mentee.id == mentor.id:
            raise Refused(N_("导师和徒弟不能是同一人"), field="mentee")
        if mentoring.is_open_between(cluster.district_id, mentor.id, mentee.id):
            raise Refused(N_("这两位已经结对"), field="mentee")
        home = people.home_school_ids(cluster.district_id, [mentee.id])
        mentee_name, mentee_school_id = "", home.get(mentee.id)
    else:
        mentee = None
        if not mentee_name:
            raise Refused(N_("请写教研组或课题的名称"), field="mentee_name")
        if mentee_school_id and mentee_school_id not in members:
            raise Refused(N_("有学校当天不在这个片区"), field="mentee_school")
    _check_dates(starts_on, ends_on)
    pair = MentoringPair(
        district_id=cluster.district_id,
        cluster_id=cluster.id,
        kind=kind,
        mentor_id=mentor.id,
        mentee_id=mentee.id if mentee else None,
        mentee_name=mentee_name,
        mentee_school_id=mentee_school_id,
        subject=subject,
        goals=goals,
        every_weeks=every_weeks,
        starts_on=starts_on,
        ends_on=ends_on,
        created_by_id=actor.person_id,
    )
    db.session.add(pair)
    db.session.flush()  # the audit entry and the messages need the key
    audit.record(
        actor,
        "mentoring_pair.create",
        pair,
        {
            "mentoring_kind": (None, kind),
            "mentor": (None, mentor.name),
            "mentee": (None, mentee.name if mentee else mentee_name),
        },
    )
    if dates:
        _set_dates(actor, pair, dates)
    for action, side in SIDES.items():
        if can(actor, f"mentoring.{action}", pair):
            take_step(actor, pair, action)
            setattr(pair, f"{side}_accepted", True)
    _settle(actor, pair, now)
    if pair.state == "proposed":
        tell(actor, pair, "pair_proposed", now, who=actor.name)
    return pair


def edit(actor, pair: MentoringPair, *, expected, now, dates=None, **values) -> None:
    """Change goals, subject, rhythm or time of a pair that is proposed or under way, and tell both."""
    expect_version(pair, expected)
    if pair.state not in ("proposed", "active"):
        raise Refused(N_("结对已经结束，不能再修改"))
    _check_dates(values["starts_on"], values["ends_on"])
    changes = audit.changes_of(pair, values)
    if changes:
        audit.record(actor, "mentoring_pair.edit", pair, changes)
    moved = dates is not None and _set_dates(actor, pair, dates)
    if changes or moved:
        tell(actor, pair, "pair_changed", now, who=actor.name)


def _set_dates(actor, pair: MentoringPair, wanted: list[tuple]) -> bool:
    """Keep the days on which the two agreed to meet, (day, what) each; whether anything changed.

    A day that is named twice is one day.
    """
    days = dict(wanted)
    before = {row.day: row for row in mentoring_cycle.dates_of(pair)}
    if {day: row.what for day, row in before.items()} == days:
        return False
    for day, row in before.items():
        if day not in days:
            db.session.delete(row)
    for day, what in days.items():
        if day in before:
            before[day].what = what
        else:
            db.session.add(PairDate(district_id=pair.district_id, pair_id=pair.id, day=day, what=what))
    told = sorted(map(str, before)), sorted(map(str, days))
    audit.record(actor, "mentoring_pair.dates", pair, {"first_dates": told} if told[0] != told[1] else None)
    return True


def take(actor, pair: MentoringPair, action: str, *, note: str, expected, now) -> None:
    """Accept for one side, withdraw, finish or break off. With both words given the pair begins."""
    side = SIDES.get(action)
    if side:
        if getattr(pair, f"{side}_accepted"):
            raise Conflict(pair)
        take_step(actor, pair, action, note=note, expected=expected)
        setattr(pair, f"{side}_accepted", True)
        _settle(actor, pair, now)
        return
    take_step(actor, pair, action, note=note, expected=expected)
    if action in ("finish", "break_off"):
        tell(actor, pair, "pair_ended", now)


def refuse_unless_begun(pair: MentoringPair) -> None:
    """Raise unless a record of the pair may be written now."""
    if pair.state not in ("active", "finished"):
        raise Refused(N_("双方接受以后才能记录"), field="link")


def _check_dates(starts_on, ends_on) -> None:
    if ends_on and ends_on < starts_on:
        raise Refused(N_("结束日期要在开始日期之后"), field="ends_on")


def _settle(actor, pair: MentoringPair, now) -> None:
    """Both have accepted (a group has nobody to ask): the pair is under way."""
    if pair.mentor_accepted and (pair.mentee_accepted or pair.mentee_id is None):
        take_step(actor, pair, "start")
        tell(actor, pair, "pair_started", now)


def tell(actor, pair: MentoringPair, kind: str, now, **words) -> None:
    """Tell the two of a pair besides the one who acts; of its beginning, change and end also who proposed it."""
    mentor = people.person_by_id(pair.district_id, pair.mentor_id)
    mentee = people.person_by_id(pair.district_id, pair.mentee_id) if pair.mentee_id else None
    makers = [pair.created_by_id] if kind in ("pair_started", "pair_changed", "pair_ended") else []
    notices.tell(
        [pair.mentor_id, pair.mentee_id, *makers],
        kind,
        district_id=pair.district_id,
        link=f"/pairing/mentoring/{pair.id}",
        now=now,
        besides=actor.person_id,
        what=f"{mentor.name}—{mentee.name if mentee else pair.mentee_name}",
        **words,
    )
