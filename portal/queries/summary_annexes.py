"""The annexes of a term summary as plain data: groups' summaries, the list of groups, the duty table."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.domain.moments import local_day
from portal.extensions import db
from portal.labels.groups import GROUP_POST
from portal.models import Cluster, GroupMember, Term
from portal.queries import group_activities, group_summaries, groups
from portal.queries.activities import participant_counts


def annexes_of(cluster: Cluster, term: Term) -> list[dict]:
    """The annexes that a cluster's term has something for, in printing order (S0-03, S3-02, S4-25, S4-57).

    Each has ``key``, ``title`` and ``parts`` of ``heading``, ``text`` and ``tables``, in official Chinese.
    """
    found = [
        ("group_summaries", "各工作小组学期总结", _group_summaries(cluster, term)),
        ("groups", "工作组织名单", _groups(cluster, term)),
        ("duties", "值班轮值表", _duties(cluster, term)),
    ]
    return [{"key": key, "title": title, "parts": parts} for key, title, parts in found if parts]


def _group_summaries(cluster: Cluster, term: Term) -> list[dict]:
    held = group_activities.held_in(cluster, term)
    came = participant_counts(cluster.district_id, [row.id for rows in held.values() for row in rows])
    columns = ["日期", "活动主题", "参加（人）"]
    parts = []
    for line in group_summaries.of_term(cluster, term):
        if line.text:
            rows = [
                [_day(local_day(row.starts_at)), row.theme, str(came.get(row.id, 0))]
                for row in held.get(line.group.id, ())
            ]
            tables = [_table(f"{line.group.name}开展的活动", columns, rows)] if rows else []
            parts.append({"heading": line.group.name, "text": line.text, "tables": tables})
    return parts


def _groups(cluster: Cluster, term: Term) -> list[dict]:
    listed = groups.working_groups(cluster, term.first_day, term.last_day)
    members = _members(cluster, [group.id for group in listed], term)
    columns = ["姓名", "职务", "单位", "分工", "任职时间"]
    return [
        {
            "heading": group.name,
            "text": "",
            "tables": [
                _table(f"{group.name}成员", columns, [_member(row, term) for row in members[group.id]])
            ],
        }
        for group in listed
        if members.get(group.id)
    ]


def _members(cluster: Cluster, group_ids: list, term: Term) -> dict:
    """Group -> whoever was in it on a day of the term; heads first."""
    rows = db.session.scalars(
        select(GroupMember)
        .where(
            GroupMember.district_id == cluster.district_id,
            GroupMember.group_id.in_(group_ids),
            GroupMember.starts_on <= term.last_day,
            or_(GroupMember.ends_on.is_(None), GroupMember.ends_on >= term.first_day),
        )
        .options(joinedload(GroupMember.person), joinedload(GroupMember.school))
    )
    found: dict = {}
    for row in sorted(rows, key=groups.in_order):
        found.setdefault(row.group_id, []).append(row)
    return found


def _member(row: GroupMember, term: Term) -> list[str]:
    return [row.shown_name, GROUP_POST[row.post], row.comes_from or "—", row.duty or "—", _time(row, term)]


def _time(row: GroupMember, term: Term) -> str:
    """Which part of the term: all of it, from a day on, until a day."""
    begins = _day(row.starts_on) if row.starts_on > term.first_day else ""
    ends = _day(row.ends_on) if row.ends_on and row.ends_on < term.last_day else ""
    if not begins and not ends:
        return "全学期"
    return f"{begins}至{ends}" if begins and ends else f"{begins}起" if begins else f"至{ends}"


def _duties(cluster: Cluster, term: Term) -> list[dict]:
    turns = groups.turns_of(cluster, term.first_day, term.last_day)
    rows = [
        [f"{_day(turn.starts_on)}至{_day(turn.ends_on)}", turn.school.name, turn.task or "—"]
        for turn in turns
    ]
    columns = ["时间", "轮值学校", "事项"]
    return [{"heading": "", "text": "", "tables": [_table("值班轮值表", columns, rows)]}] if rows else []


def _table(title: str, columns: list, rows: list) -> dict:
    return {"title": title, "columns": columns, "rows": rows, "foot": []}


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
