"""Keeping one's ranked wishes, and bringing together what was suggested or stands on a list."""

from dataclasses import dataclass

from portal.actions import audit, mentoring
from portal.actions.errors import Refused
from portal.actions.steps import expect_version
from portal.documents.spreadsheets import read_workbook
from portal.domain import pair_list
from portal.domain.moments import local_day
from portal.domain.sheets import WorkbookProblem
from portal.domain.words import N_, Message, message
from portal.extensions import db
from portal.models import Cluster, Person, WishChoice, WishList
from portal.queries import clusters, mentoring_wishes, people
from portal.queries import mentoring as pairs

MOST_WISHES = 5


def wish(
    actor, cluster: Cluster, side: str, wanted: list[Person], *, capacity, note, expected, now
) -> WishList:
    """Keep whom one would like, the dearest first; an empty list says that nobody was named."""
    if len({person.id for person in wanted}) < len(wanted):
        raise Refused(N_("同一个人只写一次"), field="first")
    if actor.person_id in {person.id for person in wanted}:
        raise Refused(N_("不能写自己"), field="first")
    row = mentoring_wishes.list_of(actor, cluster, side)
    if row is None:
        row = WishList(
            district_id=actor.district_id, cluster_id=cluster.id, person_id=actor.person_id, side=side
        )
        db.session.add(row)
    else:
        expect_version(row, expected)
        row.updated_at = now  # names belong to the list: its version moves with them
        for choice in row.choices:
            db.session.delete(choice)
    row.capacity, row.note = capacity if side == "mentor" else 1, note
    db.session.flush()  # the old ranks are free before the new ones are taken
    for rank, person in enumerate(wanted, 1):
        db.session.add(
            WishChoice(district_id=row.district_id, list_id=row.id, rank=rank, wanted_id=person.id)
        )
    # Whom somebody named stays out of the trail.
    audit.record(actor, "wish_list.keep", row)
    return row


def take_suggested(actor, cluster: Cluster, chosen: set[str], *, agreement: dict, now) -> int:
    """Propose the chosen lines (``mentor:mentee``) of the suggestion as it stands now; how many.

    Refused when one of them is no longer suggested.
    """
    found = mentoring_wishes.suggestion_for(cluster, local_day(now))
    lines = {f"{match.mentor}:{match.mentee}": match for match in found.found.matches}
    if not chosen:
        raise Refused(N_("请至少选一对"))
    if not chosen <= lines.keys():
        raise Refused(N_("意愿有了变化，请看最新的建议再选"))
    for line in sorted(chosen):
        match = lines[line]
        mentoring.propose(
            actor,
            cluster,
            kind="apprentice",
            mentor=found.people[match.mentor],
            mentee=found.people[match.mentee],
            mentee_name="",
            mentee_school_id=None,
            now=now,
            **agreement,
        )
    return len(chosen)


@dataclass(frozen=True)
class Line:
    """One row of a list with the two people that it means, and what speaks against it."""

    row: pair_list.PairRow
    mentor: Person | None
    mentee: Person | None
    faults: tuple[Message, ...]


def preview(actor, cluster: Cluster, text: str, *, now) -> list[Line]:
    """What a pasted list means, row by row; nothing is written."""
    rows = pair_list.read_pairs(text)
    if not rows:
        raise Refused(N_("没有读到内容"), field="text")
    if len(rows) > pair_list.MOST_ROWS:
        raise Refused(N_("一次最多 %(most)s 行"), field="text", most=pair_list.MOST_ROWS)
    members = [m.school_id for m in clusters.members_on(cluster, local_day(now))]
    twice = pair_list.doubles(rows)
    return [_line(actor, cluster, row, members, row.number in twice) for row in rows]


def _line(actor, cluster: Cluster, row: pair_list.PairRow, members: list, is_double: bool) -> Line:
    faults, found = list(row.faults), []
    for name, school in ((row.mentor, row.mentor_school), (row.mentee, row.mentee_school)):
        person = None
        if name:
            asked = f"{name}（{school}）" if school else name
            person = people.resolve_person(actor, asked, school_ids=members)
            if person is None:
                faults.append(message(N_("片区各校没有找到“%(name)s”，或有同名的人"), name=asked))
        found.append(person)
    mentor, mentee = found
    if mentor and mentee:
        if mentor.id == mentee.id:
            faults.append(message(N_("导师和徒弟不能是同一人")))
        elif is_double or pairs.is_open_between(cluster.district_id, mentor.id, mentee.id):
            faults.append(message(N_("这两位已经结对")))
    return Line(row, mentor, mentee, tuple(faults))


def bring_in(actor, cluster: Cluster, text: str, *, every_weeks, starts_on, ends_on, now) -> int:
    """Propose every pair of a list that has no faults; how many. What a row leaves open is taken from the form."""
    lines = preview(actor, cluster, text, now=now)
    if any(line.faults for line in lines):
        raise Refused(
            N_("名单里还有 %(count)s 行要改"), field="text", count=sum(bool(x.faults) for x in lines)
        )
    for line in lines:
        row = line.row
        first, last = row.starts_on or starts_on, row.ends_on or ends_on
        if last and last < first:
            raise Refused(N_("第 %(row)s 行：结束日期要在开始日期之后"), field="text", row=row.number)
        mentoring.propose(
            actor,
            cluster,
            kind="apprentice",
            mentor=line.mentor,
            mentee=line.mentee,
            mentee_name="",
            mentee_school_id=None,
            subject=row.subject,
            goals=row.goals,
            every_weeks=row.every_weeks or every_weeks,
            starts_on=first,
            ends_on=last,
            now=now,
        )
    return len(lines)


def text_of_file(data: bytes, filename: str) -> str:
    """The first sheet of a workbook as it would be pasted. Refused when it cannot be read."""
    try:
        book = read_workbook(data, filename, max_rows=2000)
    except WorkbookProblem as problem:
        raise Refused(problem.reason.template, field="file", **dict(problem.reason.params)) from problem
    sheets = [sheet for sheet in book.sheets if sheet.visible]
    if not sheets:
        raise Refused(N_("没有读到内容"), field="file")
    return pair_list.text_of_sheet(sheets[0])
