"""Write once: whatever is sent, sent again, changed, deleted and put back, each record counts once in each place."""

import random
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from portal.actions import records as actions
from portal.actions.errors import Refused
from portal.extensions import db
from portal.models import Activity, ActivityParticipant, WorkRecord
from portal.queries import figures, mentoring, pairing, pairing_cycle, records
from tests.support.pairs import mentoring_pair, school_pairing

NOW = datetime(2025, 11, 19, 4, tzinfo=UTC)
DAY = date(2025, 11, 18)


@pytest.fixture
def places(world):
    """A pair, a school pair, and two activities of the day before yesterday."""
    made = [
        Activity(
            district_id=world.east.id,
            cluster_id=world.cluster.id,
            term_id=world.term.id,
            kind="observation",
            theme=f"听课{number}",
            host_school_id=world.gongchen.id,
            starts_at=datetime(2025, 11, 17, number, tzinfo=UTC),
            state="held",
            created_by_id=world.principal.id,
        )
        for number in (1, 2)
    ]
    db.session.add_all(made)
    db.session.commit()
    return mentoring_pair(world), school_pairing(world), *made


def write(actor, link, key="", kind="observation", **more):
    values = {"kind": kind, "happened_on": DAY, "line": "听了一节课", "body": "", "who": "", "periods": None}
    return actions.jot(actor, link=link, once_key=key, now=NOW, quantity=None, **{**values, **more})


def present(activity) -> Counter:
    rows = db.session.scalars(db.select(ActivityParticipant).filter_by(activity_id=activity.id))
    return Counter(row.person_id for row in rows)


def test_one_observation_counts_in_every_place_that_it_belongs_to(app, world, places, actor_of):
    pair, school_pair, activity, _other = places
    write(actor_of("mentor"), f"pair:{pair.id} activity:{activity.id}", "a" * 32)
    write(actor_of("mentor"), f"pair:{pair.id} activity:{activity.id}", "a" * 32)
    db.session.commit()
    assert db.session.scalar(db.select(db.func.count()).select_from(WorkRecord)) == 1
    assert mentoring.kind_counts(pair) == [("observation", 1, 1)]
    assert present(activity) == {world.mentor.id: 1}
    assert pairing_cycle.mentoring_between(school_pair) == (1, 1)
    assert pairing.kind_counts(school_pair) == []
    assert records.ledger_counts(actor_of("mentor"), world.term) == [("observation", 1, 1)]
    found = figures.term_figures(world.cluster, world.term, DAY).figures
    assert found["pair_records"].value == 1
    assert found["activity_person_times"].value == 1


def test_presence_goes_with_its_record_and_stays_where_the_organiser_listed_it(app, world, places, actor_of):
    _pair, _school_pair, activity, other = places
    keys = {"district_id": world.east.id, "person_id": world.mentor.id, "school_id": world.linfeng.id}
    db.session.add(ActivityParticipant(activity_id=other.id, **keys))
    db.session.commit()
    who = actor_of("mentor")
    first = write(who, f"activity:{activity.id}")
    second = write(who, f"activity:{other.id}")
    for record in (first, second):
        actions.delete(who, record, expected=None, now=NOW)
    db.session.commit()
    assert (present(activity), present(other)) == ({}, {world.mentor.id: 1})
    removed = records.removed_of(who)
    actions.restore(who, removed, now=NOW)
    db.session.commit()
    assert present(other) == {world.mentor.id: 1}


def test_two_records_of_one_activity_are_one_presence_until_the_last_goes(app, world, places, actor_of):
    activity, who = places[2], actor_of("mentor")
    both = [write(who, f"activity:{activity.id}") for _ in range(2)]
    actions.delete(who, both[0], expected=None, now=NOW)
    db.session.commit()
    assert present(activity) == {world.mentor.id: 1}
    actions.delete(who, both[1], expected=None, now=NOW)
    db.session.commit()
    assert present(activity) == {}


def test_a_record_is_of_two_teachers_or_of_two_schools_never_both(app, world, places, actor_of):
    pair, school_pair, activity, other = places
    for link in (
        f"pair:{pair.id} school:{school_pair.id}",
        f"activity:{activity.id} activity:{other.id}",
        f"pair:{pair.id} activity:nothing",
    ):
        with pytest.raises(Refused):
            write(actor_of("mentor"), link)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_each_record_counts_once(app, world, places, actor_of, seed):
    """Sequences of writing, sending again, moving, deleting and putting back, against a plain list."""
    chance, who = random.Random(seed), actor_of("mentor")
    pair, school_pair, *acts = places
    links = ["", f"pair:{pair.id}", f"school:{school_pair.id}", f"activity:{acts[0].id}"]
    links += [f"pair:{pair.id} activity:{act.id}" for act in acts]
    kept: dict = {}
    gone = None
    for step in range(14):
        what = chance.choice(("new", "new", "again", "move", "delete", "undo"))
        link = chance.choice(links)
        if what == "new":
            key = f"{seed:016x}{step:016x}"
            kept[write(who, link, key).id] = [link, key]
        elif what == "again" and kept:
            key, (old, once) = chance.choice(list(kept.items()))
            assert write(who, old, once).id == key
        elif what == "move" and kept:
            key = chance.choice(list(kept))
            values = {"kind": "observation", "happened_on": DAY, "line": "改", "body": "", "who": ""}
            row = records.by_id(world.east.id, key)
            actions.edit(who, row, link=link, expected=None, now=NOW, periods=1, quantity=None, **values)
            kept[key][0] = link
        elif what == "delete" and kept:
            key = chance.choice(list(kept))
            actions.delete(who, records.by_id(world.east.id, key), expected=None, now=NOW)
            gone = key, kept.pop(key)
        elif what == "undo" and gone:
            actions.restore(who, records.removed_of(who), now=NOW)
            kept[gone[0]], gone = gone[1], None
        db.session.commit()
    parts = [part for link, _ in kept.values() for part in link.split()]
    of_pair = parts.count(f"pair:{pair.id}")
    assert sum(row[1] for row in records.ledger_counts(who, world.term)) == len(kept)
    assert sum(row[1] for row in mentoring.kind_counts(pair)) == of_pair
    assert sum(row[1] for row in pairing.kind_counts(school_pair)) == parts.count(f"school:{school_pair.id}")
    for act in acts:
        assert present(act) == ({world.mentor.id: 1} if f"activity:{act.id}" in parts else {})
    found = figures.term_figures(world.cluster, world.term, DAY).figures
    assert found["pair_records"].value == of_pair + parts.count(f"school:{school_pair.id}")
