"""The duty table of a cluster (值周、轮值, S4-25), and responsibility letters (责任状, S4-70)."""

from datetime import date

from portal.actions import audit, notices
from portal.actions.errors import Conflict, NotAllowed, Refused
from portal.actions.steps import expect_version, take_step
from portal.domain.access import can
from portal.domain.groups import rotation
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Cluster, DutyTurn, ResponsibilityLetter, School
from portal.queries import clusters, groups

MOST_TURNS = 200


def add_turn(actor, cluster: Cluster, values: dict) -> DutyTurn:
    """A school takes a turn. Refused when it is no member of the cluster on the first day."""
    _refuse_days(values["starts_on"], values["ends_on"])
    members = {m.school_id: m.school.name for m in clusters.members_on(cluster, values["starts_on"])}
    if values["school_id"] not in members:
        raise Refused(N_("有学校当天不在这个片区"), field="school")
    turn = DutyTurn(district_id=cluster.district_id, cluster_id=cluster.id, **values)
    db.session.add(turn)
    db.session.flush()  # the same turn twice breaks its constraint here
    name = members[turn.school_id]
    audit.record(actor, "cluster.turns", cluster, {"turns": (None, f"{turn.starts_on.isoformat()} {name}")})
    return turn


def rotate(actor, cluster: Cluster, *, first: date, last: date, step: str, task: str) -> int:
    """The members take turns from a day to a day; how many turns there are now more.

    Refused when one of these days has turns with the same task already.
    """
    _refuse_days(first, last)
    members = [m.school_id for m in clusters.members_on(cluster, first)]
    turns = rotation(members, first, last, step)
    if not turns:
        raise Refused(N_("那一天没有成员校"), field="starts_on")
    if len(turns) > MOST_TURNS:
        raise Refused(N_("一次最多排 %(most)s 轮"), field="ends_on", most=MOST_TURNS)
    if any(each.task == task for each in groups.turns_of(cluster, first, last)):
        raise Refused(N_("这段时间已经排过班，请先删去或换一段时间"), field="starts_on")
    for each in turns:
        db.session.add(
            DutyTurn(
                district_id=cluster.district_id,
                cluster_id=cluster.id,
                school_id=each.who,
                starts_on=each.first,
                ends_on=each.last,
                task=task,
            )
        )
    span = f"{first.isoformat()} — {last.isoformat()}"
    audit.record(actor, "cluster.turns", cluster, {"turns": (None, span)})
    return len(turns)


def remove_turn(actor, turn: DutyTurn, *, expected) -> None:
    """Take a turn off the table."""
    expect_version(turn, expected)
    words = f"{turn.starts_on.isoformat()} {turn.school.name}"
    audit.record(actor, "cluster.turns", turn.cluster, {"turns": (words, None)})
    db.session.delete(turn)


def _refuse_days(first: date, last: date) -> None:
    if last < first:
        raise Refused(N_("结束日期要在开始日期之后"), field="ends_on")


def draft_letter(actor, cluster: Cluster, school: School, values: dict, *, now) -> ResponsibilityLetter:
    """Set the targets of a school, for its principal to sign."""
    _refuse_days(values["starts_on"], values["ends_on"])
    if school.id not in {m.school_id for m in clusters.members_on(cluster, local_day(now))}:
        raise Refused(N_("有学校当天不在这个片区"), field="school")
    letter = ResponsibilityLetter(
        district_id=cluster.district_id,
        cluster_id=cluster.id,
        school_id=school.id,
        created_by_id=actor.person_id,
        **values,
    )
    if not can(actor, "letter.edit", letter):
        raise Refused(N_("本校的责任书由上级拟订"), field="school")
    db.session.add(letter)
    db.session.flush()  # the audit entry and the message need the key
    audit.record(actor, "responsibility_letter.create", letter, {"title": (None, letter.title)})
    _tell_principal(actor, letter, now)
    return letter


def edit_letter(actor, letter: ResponsibilityLetter, values: dict, *, expected, now) -> None:
    """Change what is not signed yet; afterwards only what came of it."""
    expect_version(letter, expected)
    if letter.state == "signed":
        values = {"result": values["result"]}
    else:
        _refuse_days(values["starts_on"], values["ends_on"])
    changes = audit.changes_of(letter, values)
    if changes:
        named = {("contents" if name == "targets" else name): each for name, each in changes.items()}
        audit.record(actor, "responsibility_letter.edit", letter, named)


def take_letter(actor, letter: ResponsibilityLetter, action: str, *, note: str, expected, now) -> None:
    """Sign for one's school, or set it aside to draft it anew."""
    permission, source = ("letter.sign", "drafted") if action == "sign" else ("letter.edit", "signed")
    if not can(actor, permission, letter):
        raise NotAllowed(permission)
    expect_version(letter, expected)
    if letter.state != source:
        raise Conflict(letter)
    if action == "sign":
        letter.signed_by_id, letter.signed_on = actor.person_id, local_day(now)
    else:
        letter.signed_by_id = letter.signed_on = None
    with db.session.no_autoflush:  # signer and state change together, or the database objects
        take_step(actor, letter, action, note=note, expected=expected)
    if action == "reopen":
        _tell_principal(actor, letter, now)


def _tell_principal(actor, letter: ResponsibilityLetter, now) -> None:
    principal = clusters.principals_of(letter.district_id, [letter.school_id], local_day(now)).get(
        letter.school_id
    )
    notices.tell(
        [principal.id if principal else None],
        "letter_drafted",
        district_id=letter.district_id,
        link=f"/clusters/letters/{letter.id}",
        now=now,
        besides=actor.person_id,
        what=letter.title,
    )
