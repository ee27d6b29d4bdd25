"""One record of every kind, each with a canary text: at home (麟峰小学片区, east), among equal partners (城南组团,
equal, in the same district) and abroad (南关责任区, west)."""

import uuid
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

from portal.domain.ids import uuid7
from portal.domain.moments import SHANGHAI
from portal.extensions import db
from portal.models import (
    Activity,
    ActivityParticipant,
    BellPeriod,
    CalendarDay,
    CalendarFeed,
    Handover,
    Job,
    LessonDemand,
    Meeting,
    MeetingTask,
    MentoringPair,
    MonthCorrection,
    MonthFigure,
    PlanProposal,
    Posting,
    PostingResult,
    Reflection,
    ReflectionComment,
    RemovedRecord,
    RosterImport,
    SchoolPairing,
    SessionDispute,
    StoredFile,
    SubsidyItem,
    SubsidyList,
    SummarySection,
    TermSummary,
    VisitingLesson,
    VisitingMonth,
    VisitingSession,
    WorkRecord,
)
from tests.support import (
    absences,
    deliveries,
    ledger_rows,
    limits,
    log_rows,
    opinion_rows,
    pair_cycle,
    plans,
    secondments,
    shared,
    supervision_rows,
)

ROSTER = Path(__file__).parent / "fixtures" / "rosters" / "roster-messy.xlsx"
CANARY = {"east": "金丝雀东", "equal": "金丝雀组", "west": "金丝雀西"}


def populate(world) -> SimpleNamespace:
    """Fill the three clusters; ``rows.east["meeting"]`` is the row of that kind in the east."""
    rows = SimpleNamespace(
        east=_fill(
            world,
            "east",
            world.cluster,
            world.term,
            (world.linfeng, world.gongchen),
            (world.lead, world.principal),
            (world.mentor, world.mentee),
            world.teacher,
        ),
        equal=_fill(
            world,
            "equal",
            world.team,
            world.term,
            (world.ziyuan, world.huoban),
            (world.equal_lead, world.equal_member),
            (world.equal_lead, world.equal_teacher),
            world.equal_teacher,
        ),
        west=_fill(
            world,
            "west",
            world.zone,
            world.west_term,
            (world.nanguan, world.gucheng),
            (world.west_lead, world.west_principal),
            (world.west_teacher, world.west_principal),
            world.west_teacher,
        ),
    )
    db.session.commit()
    return rows


def _fill(world, side, cluster, term, schools, heads, pair_people, teacher) -> dict[str, object]:
    lead, member = schools
    head, principal = heads
    mentor, mentee = pair_people
    word = CANARY[side]
    base = {"district_id": cluster.district_id}
    at = datetime(2025, 11, 12, 9, tzinfo=SHANGHAI)
    found: dict[str, object] = {"cluster": cluster, "term": term, "school": member}

    def add(kind, row):
        row.id = row.id or uuid7()
        db.session.add(row)
        db.session.flush()
        found[kind] = row
        return row

    meeting = add(
        "meeting",
        Meeting(
            **base,
            cluster_id=cluster.id,
            term_id=term.id,
            title="例会" + word,
            starts_at=at,
            state="minuted",
            minutes="议定" + word,
            created_by_id=principal.id,
        ),
    )
    add(
        "task",
        MeetingTask(
            **base, meeting_id=meeting.id, text="事项" + word, school_id=member.id, due_on=date(2025, 11, 20)
        ),
    )
    activity = add(
        "activity",
        Activity(
            **base,
            cluster_id=cluster.id,
            term_id=term.id,
            kind="observation",
            theme="活动" + word,
            host_school_id=member.id,
            starts_at=at,
            state="held",
            created_by_id=principal.id,
        ),
    )
    add(
        "participant",
        ActivityParticipant(**base, activity_id=activity.id, person_id=teacher.id, school_id=lead.id),
    )
    add(
        "pairing",
        SchoolPairing(
            **base,
            cluster_id=cluster.id,
            donor_id=lead.id,
            beneficiary_id=member.id,
            starts_on=date(2025, 9, 1),
            ends_on=date(2026, 7, 5),
            goals="目标" + word,
            state="active",
            donor_agreed_by_id=head.id,
            beneficiary_agreed_by_id=principal.id,
            created_by_id=head.id,
        ),
    )
    add(
        "pair",
        MentoringPair(
            **base,
            cluster_id=cluster.id,
            mentor_id=mentor.id,
            mentee_id=mentee.id,
            starts_on=date(2025, 9, 1),
            goals="师徒" + word,
            state="active",
            mentor_accepted=True,
            mentee_accepted=True,
            created_by_id=head.id,
        ),
    )
    add(
        "record",
        WorkRecord(
            **base,
            person_id=mentor.id,
            mentoring_pair_id=found["pair"].id,
            kind="observation",
            happened_on=date(2025, 11, 11),
            line="私语" + word,
            with_person_id=mentee.id,
        ),
    )
    add(
        "demand",
        LessonDemand(
            **base, term_id=term.id, school_id=member.id, class_name="班" + word, subject="音乐", periods=1
        ),
    )
    proposal = PlanProposal(
        **base,
        cluster_id=cluster.id,
        term_id=term.id,
        person_id=mentor.id,
        first_day=date(2025, 11, 24),
        seed=1,
    )
    add("proposal", proposal)
    add(
        "feed",
        CalendarFeed(**base, person_id=mentor.id, name="日历" + word[:20], key_hash=uuid7().hex),
    )
    add(
        "removed",
        RemovedRecord(
            **base, person_id=mentor.id, record_id=uuid7(), values={"line": "删去" + word}, removed_at=at
        ),
    )
    add(
        "posting",
        Posting(
            **base,
            person_id=teacher.id,
            form="support_teaching",
            home_school_id=lead.id,
            host_school_id=member.id,
            starts_on=date(2025, 9, 1),
            ends_on=date(2026, 7, 5),
            state="planned",
            duties="职责" + word,
            created_by_id=head.id,
        ),
    )
    posting = found["posting"].id
    add("posting_result", PostingResult(**base, posting_id=posting, criteria="标准" + word))
    add(
        "handover",
        Handover(
            **base,
            posting_id=posting,
            phase="start",
            at_home=False,
            giver_id=principal.id,
            taker_id=teacher.id,
            classes="班级" + word,
            created_by_id=teacher.id,
        ),
    )
    for number, (begins, ends) in enumerate(((510, 550), (560, 600)), 1):
        add("period", BellPeriod(**base, school_id=member.id, number=number, starts=begins, ends=ends))
    lesson = add(
        "lesson",
        VisitingLesson(
            **base,
            term_id=term.id,
            person_id=teacher.id,
            home_school_id=lead.id,
            school_id=member.id,
            subject="音乐",
            class_name="班" + word,
            weekday=2,
            period=1,
            starts=510,
            ends=550,
            state="running",
        ),
    )
    add(
        "session",
        VisitingSession(
            **base,
            lesson_id=lesson.id,
            person_id=teacher.id,
            school_id=member.id,
            class_name="班" + word,
            held_on=date(2025, 11, 18),
            starts=510,
            ends=550,
        ),
    )
    _months(base, add, word, lead, member, head, principal, teacher, found["session"])
    absences.fill(add, base, word, lesson=lesson, asked_one=principal)
    limits.fill(add, base, word, term=term, member=member, teacher=teacher, principal=principal)
    reflection = add(
        "reflection",
        Reflection(
            **base,
            person_id=teacher.id,
            school_id=lead.id,
            cluster_id=cluster.id,
            term_id=term.id,
            title="日志" + word,
            happened_on=date(2025, 11, 10),
            experience="只给自己" + word,
            state="submitted",
            submitted_at=at,
            visibility="own",
        ),
    )
    add(
        "comment",
        ReflectionComment(
            **base, reflection_id=reflection.id, person_id=teacher.id, text="评" + word, created_at=at
        ),
    )
    around = {"cluster": cluster, "term": term, "school": lead, "head": head}
    log_rows.fill(add, base, word, at=at, mentor=mentor, teacher=teacher, **around)
    summary = add("summary", TermSummary(**base, cluster_id=cluster.id, term_id=term.id))
    for position, key in enumerate(("basics", "practice", "results", "problems", "next"), 1):
        add(
            "section",
            SummarySection(**base, summary_id=summary.id, key=key, position=position, text="叙述" + word),
        )
    file = add(
        "file",
        StoredFile(
            **base,
            name=f"{word}.pdf",
            mime="application/pdf",
            size=4,
            sha256="0" * 64,
            owner_id=head.id,
            created_at=at,
            content=b"%PDF",
        ),
    )
    add("job", Job(**base, kind="summary_pdf", person_id=head.id, created_at=at, file_id=file.id))
    add(
        "import",
        RosterImport(
            **base,
            person_id=head.id,
            cluster_id=cluster.id,
            filename="roster-messy.xlsx",
            size=10382,
            sha256="0" * 64,
            content=ROSTER.read_bytes(),
            created_at=at,
        ),
    )
    # A calendar is the district's: each of its clusters fills another day.
    day = date(2025, 12, 30 if side == "equal" else 31)
    add("day", CalendarDay(**base, day=day, kind="local_off", note="停" + word, source="local"))
    deliveries.fill(
        add, base, word, cluster=cluster, term=term, member=member, teacher=teacher, principal=principal
    )
    ledger_rows.fill(add, base, word, cluster=cluster, term=term, school=member, head=head)
    secondments.fill(add, base, word, home=lead, host=member, teacher=teacher, head=head, expert=mentor)
    shared.fill(
        add,
        base,
        word,
        activity=activity,
        cluster=cluster,
        school=lead,
        teacher=teacher,
        principal=principal,
    )
    plans.fill(
        add,
        base,
        word,
        cluster=cluster,
        term=term,
        member=member,
        teacher=teacher,
        head=head,
        meeting=meeting,
    )
    pair_cycle.fill(
        add,
        base,
        word,
        cluster=cluster,
        pair=found["pair"],
        pairing=found["pairing"],
        record=found["record"],
        teacher=teacher,
        head=head,
    )
    people = {"teacher": teacher, "head": head}
    supervision_rows.fill(add, base, word, cluster=cluster, term=term, lead=lead, member=member, **people)
    east = side == "east"
    places = (
        (world.nanjiao, world.colleague, world.nanjiao_principal) if east else (member, teacher, principal)
    )
    school, writer, answers = places
    opinion_rows.fill(add, base, word, term=term, school=school, writer=writer, head=answers, speaks=east)
    found["person"] = teacher
    found["membership"] = next(m for m in cluster.memberships if m.school_id == member.id)
    found["account"] = _account_of(teacher)
    found["role"] = _role_of(principal)
    return found


def _months(base, add, word, lead, member, head, principal, teacher, session) -> None:
    """A month that waits to be checked, one of before that is closed, what is disputed, a list of subsidies."""
    pair = {**base, "school_id": member.id, "home_school_id": lead.id}
    at = datetime(2025, 10, 8, 9, tzinfo=SHANGHAI)
    closed = add(
        "closed_month",
        VisitingMonth(
            **pair,
            month=date(2025, 9, 1),
            state="closed",
            checked_by_id=principal.id,
            checked_at=at,
            closed_by_id=head.id,
            closed_at=at,
        ),
    )
    counts = dict.fromkeys(("planned", "missed", "substituted", "cancelled", "stood_in", "corrected"), 0)
    add("month_figure", MonthFigure(**base, month_id=closed.id, person_id=teacher.id, given=3, **counts))
    add("month", VisitingMonth(**pair, month=date(2025, 10, 1), state="open"))
    add(
        "month_correction",
        MonthCorrection(
            **pair,
            session_id=session.id,
            person_id=teacher.id,
            month=date(2025, 9, 1),
            counted_in=date(2025, 11, 1),
            old_state="given",
            new_state="missed",
            reason="更正" + word,
            made_by_id=principal.id,
            made_at=at,
        ),
    )
    add(
        "dispute",
        SessionDispute(
            **pair, session_id=session.id, person_id=teacher.id, claim="given", reason="异议" + word
        ),
    )
    sheet = add(
        "subsidy",
        SubsidyList(
            **base,
            school_id=lead.id,
            month=date(2025, 10, 1),
            state="checked",
            checked_by_id=head.id,
            checked_at=at,
        ),
    )
    add(
        "subsidy_item",
        SubsidyItem(
            **base,
            list_id=sheet.id,
            person_id=teacher.id,
            kind="discretionary",
            state="proposed",
            amount=500,
            ground="酌情" + word,
            proposed_by_id=head.id,
        ),
    )


def _account_of(person):
    from portal.models import Account

    return db.session.scalars(db.select(Account).where(Account.person_id == person.id)).one()


def _role_of(person):
    from portal.models import RoleAssignment

    return db.session.scalars(db.select(RoleAssignment).where(RoleAssignment.person_id == person.id)).first()


NOWHERE = uuid.UUID("01890000-0000-7000-8000-000000000000")
