"""The figures of a term as they come from the records: what counts, where, and once."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from portal.domain.figures import shown
from portal.domain.moments import SHANGHAI
from portal.extensions import db
from portal.models import (
    Activity,
    ActivityParticipant,
    LedgerEntry,
    Meeting,
    Membership,
    MentoringPair,
    PersonTitle,
    Posting,
    Reflection,
    SchoolPairing,
    VisitingLesson,
    VisitingSession,
    WorkRecord,
)
from portal.queries.figure_schools import other_members
from portal.queries.figures import term_figures
from tests import factories as make

TODAY = date(2025, 11, 19)


def add(world, model, **values):
    row = model(district_id=world.east.id, **values)
    db.session.add(row)
    db.session.flush()  # its key is needed by what follows
    return row


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2025, month, day, hour, tzinfo=SHANGHAI)


def meeting(world, month, day, state="confirmed", kind="monthly", cluster=None):
    minutes = {"minutes": "议定", "confirmed_by_id": world.lead.id} if state == "confirmed" else {}
    return add(
        world,
        Meeting,
        cluster_id=(cluster or world.cluster).id,
        term_id=world.term.id,
        kind=kind,
        title="例会",
        starts_at=at(month, day),
        state=state,
        created_by_id=world.lead.id,
        **minutes,
    )


def activity(world, day, people=(), kind="zone_research", state="held", **more):
    row = add(
        world,
        Activity,
        cluster_id=world.cluster.id,
        term_id=world.term.id,
        kind=kind,
        theme="联片教研",
        host_school_id=world.linfeng.id,
        starts_at=at(10, day),
        state=state,
        created_by_id=world.lead.id,
        **more,
    )
    for person, school in people:
        add(world, ActivityParticipant, activity_id=row.id, person_id=person.id, school_id=school.id)
    return row


def posting(world, person, home, host, state="active", arrived=date(2025, 9, 1), **more):
    return add(
        world,
        Posting,
        person_id=person.id,
        form="rotation",
        home_school_id=home.id,
        host_school_id=host.id,
        starts_on=date(2025, 9, 1),
        arrived_on=arrived,
        state=state,
        created_by_id=world.lead.id,
        **more,
    )


def lesson(world, person, home, host):
    return add(
        world,
        VisitingLesson,
        term_id=world.term.id,
        person_id=person.id,
        home_school_id=home.id,
        school_id=host.id,
        subject="音乐",
        class_name="三(1)班",
        weekday=3,
        period=2,
        starts=560,
        ends=600,
        state="running",
    )


def session(world, of, day, state="given"):
    return add(
        world,
        VisitingSession,
        lesson_id=of.id,
        person_id=of.person_id,
        school_id=of.school_id,
        class_name=of.class_name,
        held_on=day,
        starts=of.starts,
        ends=of.ends,
        state=state,
        substitute_id=world.colleague.id if state == "substituted" else None,
    )


def pair(world, mentor, mentee, state="active", **more):
    return add(
        world,
        MentoringPair,
        **{
            "cluster_id": world.cluster.id,
            "mentor_id": mentor.id,
            "mentee_id": mentee.id,
            "mentor_accepted": True,
            "mentee_accepted": True,
            "starts_on": date(2025, 9, 1),
            "state": state,
            "created_by_id": world.lead.id,
            **more,
        },
    )


def log(world, person, school, day=10, state="submitted", visibility="own"):
    return add(
        world,
        Reflection,
        person_id=person.id,
        school_id=school.id,
        cluster_id=world.cluster.id,
        term_id=world.term.id,
        happened_on=date(2025, 10, day),
        experience="心得",
        visibility=visibility,
        state=state,
        submitted_at=at(10, day) if state == "submitted" else None,
    )


def values(world, *keys, as_of=TODAY, cluster=None) -> tuple:
    db.session.commit()
    found = term_figures(cluster or world.cluster, world.term, as_of).figures
    return tuple(found[key].value for key in keys)


def test_empty_term_has_no_invented_figures(world):
    keys = ("schools", "teachers", "exchanged_persons", "meetings_held", "activities_held", "logs")
    assert values(world, *keys) == (3, 8, 0, 0, 0, 0)
    assert values(world, "participation_rate", "sessions_given_rate", "mentor_coverage") == (0.0, None, None)


def test_meetings_count_from_being_held_and_show_the_months_without(world):
    meeting(world, 9, 10)
    meeting(world, 10, 15, state="held")
    meeting(world, 11, 12, state="scheduled")
    meeting(world, 10, 20, state="cancelled")
    meeting(world, 9, 20, kind="seminar")
    meeting(world, 10, 16, cluster=world.team)
    keys = ("meetings_held", "months_without_meeting", "meetings_without_minutes", "seminars_held")
    assert values(world, *keys) == (2, 0, 1, 1)
    assert values(world, *keys, as_of=date(2026, 1, 30)) == (2, 3, 1, 1)


def test_a_meeting_at_midnight_belongs_to_its_day_in_the_district(world):
    late = meeting(world, 9, 1)
    late.starts_at = datetime(2025, 9, 1, 0, 10, tzinfo=SHANGHAI)  # 31 August in UTC
    assert values(world, "meetings_held") == (1,)


def test_people_and_person_times_of_activities_differ(world):
    activity(world, 9, [(world.teacher, world.linfeng), (world.mentee, world.gongchen)])
    activity(world, 16, [(world.teacher, world.linfeng)], kind="lecture", state="closed", is_large=True)
    activity(world, 23, [(world.mentor, world.linfeng)], state="planned")
    activity(world, 24, [(world.mentor, world.linfeng)], state="cancelled")
    keys = ("activities_held", "large_activities", "activity_persons", "activity_person_times")
    assert values(world, *keys, "participation_rate") == (2, 1, 2, 3, 25.0)


def test_exchange_counts_from_arrival(world):
    posting(world, world.teacher, world.linfeng, world.gongchen)
    posting(world, world.mentee, world.gongchen, world.linfeng, state="planned", arrived=None)
    posting(world, world.mentor, world.linfeng, world.nanjiao, state="cancelled", arrived=None)
    posting(world, world.colleague, world.nanjiao, world.linfeng, state="ended_early", arrived=None)
    keys = ("exchanged_persons", "exchanged_person_times", "exchange_waiting", "posting_matrix")
    assert values(world, *keys) == (1, 1, 1, 1)


def test_a_posting_of_last_year_that_ended_does_not_count(world):
    row = posting(world, world.teacher, world.linfeng, world.gongchen, state="completed")
    row.starts_on, row.arrived_on, row.ends_on = date(2024, 9, 1), date(2024, 9, 1), date(2025, 7, 5)
    assert values(world, "exchanged_persons", "posting_matrix") == (0, 0)


def test_principals_are_told_from_teachers(world):
    posting(world, world.principal, world.gongchen, world.linfeng)
    posting(world, world.teacher, world.linfeng, world.gongchen)
    db.session.commit()
    found = term_figures(world.cluster, world.term, TODAY).figures["exchanged_persons"]
    assert found.breakdown == (("principals", 1), ("teachers", 1))


def test_a_movement_between_clusters_counts_where_it_comes_from(world):
    posting(world, world.teacher, world.linfeng, world.ziyuan)
    session(world, lesson(world, world.mentor, world.linfeng, world.huoban), date(2025, 10, 15))
    keys = ("exchanged_persons", "sessions_given")
    assert values(world, *keys) == (1, 1)
    assert values(world, *keys, cluster=world.team) == (0, 0)


def test_a_movement_from_outside_all_clusters_counts_where_it_goes(world):
    outside = make.school(world.east, "区外学校", kind="external")
    posting(world, world.teacher, outside, world.gongchen)
    assert values(world, "exchanged_persons") == (1,)


def test_sessions_by_state_and_not_the_lessons_at_home(world):
    away = lesson(world, world.mentor, world.linfeng, world.gongchen)
    for day, state in ((15, "given"), (22, "substituted"), (29, "missed"), (8, "cancelled"), (1, "planned")):
        session(world, away, date(2025, 10, day), state)
    session(world, lesson(world, world.teacher, world.linfeng, world.linfeng), date(2025, 10, 15))
    keys = ("sessions_planned", "sessions_given", "sessions_substituted", "sessions_missed")
    assert values(world, *keys, "sessions_unconfirmed", "circuit_teachers") == (4, 1, 1, 1, 1, 1)
    assert values(world, "sessions_given_rate") == (33.3,)


def test_pairs_and_their_records_count_once(world):
    active = pair(world, world.mentor, world.mentee)
    pair(world, world.lead, world.teacher, state="proposed", mentee_accepted=False)
    donors = add(
        world,
        SchoolPairing,
        cluster_id=world.cluster.id,
        donor_id=world.linfeng.id,
        beneficiary_id=world.gongchen.id,
        starts_on=date(2025, 9, 1),
        ends_on=date(2026, 7, 5),
        state="active",
        donor_agreed_by_id=world.lead.id,
        beneficiary_agreed_by_id=world.principal.id,
        created_by_id=world.lead.id,
    )
    both = {"mentoring_pair_id": active.id, "school_pairing_id": donors.id}
    for links in (both, {"mentoring_pair_id": active.id}, {}):
        add(
            world,
            WorkRecord,
            person_id=world.mentor.id,
            kind="observation",
            happened_on=date(2025, 10, 9),
            **links,
        )
    keys = ("school_pairs", "mentoring_pairs", "pair_records", "records_per_pair")
    assert values(world, *keys) == (1, 1, 2, 1.0)


def test_mentor_coverage_looks_at_titles_of_the_county_or_higher_in_town(world):
    for person, level in (
        (world.mentor, "county"),
        (world.teacher, "city"),
        (world.lead, "school"),
        (world.mentee, "county"),  # of a rural school
    ):
        add(world, PersonTitle, person_id=person.id, kind="backbone_teacher", level=level)
    pair(world, world.mentor, world.mentee)
    assert values(world, "mentor_coverage", "titled_unpaired") == (50.0, 1)


def test_logs_are_counted_by_school_and_drafts_are_not(world):
    log(world, world.teacher, world.linfeng)
    log(world, world.teacher, world.linfeng, day=12, visibility="cluster")
    log(world, world.mentee, world.gongchen, state="draft")
    db.session.commit()
    found = term_figures(world.cluster, world.term, TODAY).figures
    assert (found["logs"].value, found["log_writers"].value, found["logs_shared"].value) == (2, 1, 1)
    assert dict(found["logs"].breakdown) == {"麟峰小学": 2, "拱辰中心小学": 0, "南郊小学": 0}


def test_a_school_of_two_clusters_counts_in_its_main_one(world):
    add(
        world,
        Membership,
        cluster_id=world.team.id,
        school_id=world.gongchen.id,
        role="member",
        is_main=False,
        starts_on=date(2025, 9, 1),
    )
    assert values(world, "schools") == (3,)
    assert values(world, "schools", cluster=world.team) == (2,)
    assert other_members(world.team, world.term, TODAY) == ["拱辰中心小学"]
    assert other_members(world.cluster, world.term, TODAY) == []


def test_a_school_that_moved_within_the_term_counts_where_it_went(world):
    old = db.session.scalars(
        db.select(Membership).where(
            Membership.school_id == world.nanjiao.id, Membership.cluster_id == world.cluster.id
        )
    ).one()
    old.ends_on = date(2025, 10, 31)
    db.session.flush()  # the open membership ends before the next one begins
    add(
        world,
        Membership,
        cluster_id=world.team.id,
        school_id=world.nanjiao.id,
        role="member",
        starts_on=date(2025, 11, 1),
    )
    assert values(world, "schools") == (2,)
    assert values(world, "schools", cluster=world.team) == (3,)
    # As it stood in October, it was still here.
    assert values(world, "schools", as_of=date(2025, 10, 20)) == (3,)


def test_a_school_without_a_roster_makes_shares_unknown_not_zero(world):
    empty = make.school(world.east, "新办小学")
    add(world, Membership, cluster_id=world.cluster.id, school_id=empty.id, starts_on=date(2025, 9, 1))
    db.session.commit()
    found = term_figures(world.cluster, world.term, TODAY).figures
    assert (found["teachers"].value, found["teachers"].missing) == (None, "unknown")
    assert found["participation_rate"].missing == "unknown"
    empty.actual_staff = 12
    assert values(world, "teachers") == (20,)


def test_figures_of_another_district_are_apart(world):
    meeting(world, 9, 10)
    db.session.commit()
    found = term_figures(world.zone, world.west_term, TODAY).figures
    assert (found["schools"].value, found["meetings_held"].value) == (2, 0)


@pytest.mark.parametrize("copies", [1, 6])
def test_figures_cost_the_same_number_of_queries_however_much_there_is(world, copies):
    for number in range(copies):
        activity(world, 9 + number, [(world.teacher, world.linfeng)])
        meeting(world, 9, 10 + number)
    posting(world, world.teacher, world.linfeng, world.gongchen)
    pair(world, world.mentor, world.mentee)
    db.session.commit()
    cluster, term, statements = world.cluster, world.term, []
    _ = cluster.name, term.code

    def count(*given):
        statements.append(given[2])

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        term_figures(cluster, term, TODAY)
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    read = [each for each in statements if each.lstrip().upper().startswith("SELECT")]
    assert len(read) == 19


def test_ledgers_count_by_term_without_what_was_removed(world):
    """S1-46, S1-60: days and person-times are added up, persons never; money in yuan, only what was spent."""
    base = {
        "district_id": world.east.id, "cluster_id": world.cluster.id, "created_by_id": world.lead.id,
        "title": "一条", "term_id": world.term.id, "held_on": date(2025, 10, 8),
    }  # fmt: skip
    training = {"kind": "training", "category": "teaching", "persons": 20}
    rows = [
        LedgerEntry(**base, **training, days=2, person_times=40),
        LedgerEntry(**base, **training, days=None, person_times=20),
        LedgerEntry(**{**base, "held_on": date(2025, 12, 8)}, **training, days=9, person_times=90),
        LedgerEntry(**{**base, "term_id": world.last_term.id}, **training, days=9, person_times=90),
        LedgerEntry(
            **base, **training, days=9, person_times=90, removed_at=datetime(2025, 10, 9, tzinfo=UTC)
        ),
        LedgerEntry(**base, kind="fund", flow="spent", source="own", cents=1_234_550),
        LedgerEntry(**base, kind="fund", flow="applied", source="own", cents=9_900),
        LedgerEntry(**base, kind="honour", level="district", recipient="南郊小学"),
    ]
    db.session.add_all(rows)
    db.session.commit()
    found = term_figures(world.cluster, world.term, TODAY).figures
    keys = (
        "trainings",
        "training_days",
        "training_person_times",
        "funds_spent",
        "honours",
        "publicity_items",
    )
    assert [found[key].value for key in keys] == [2, 2, 60, 12345.5, 1, 0]
    assert found["funds_spent"].rows == (rows[5].id,)
    assert str(shown(found["funds_spent"])) == "12345.5"
