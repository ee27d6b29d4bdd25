"""The audit trail: promises 12 and 29."""

import threading

import pytest
from sqlalchemy import text

from portal.actions import audit
from portal.extensions import db
from portal.models import AuditEntry, AuditValue, Meeting
from tests.integration.test_meetings import NOTICE


def schedule(as_, world, title="例会"):
    answer = as_("lead").post(
        f"/plans/clusters/{world.cluster.id}/meetings/new", data={**NOTICE, "title": title}
    )
    assert answer.status_code == 303


@pytest.mark.promise(29)
def test_each_change_is_an_entry_of_an_unbroken_chain(as_, world):
    schedule(as_, world)
    meeting = db.session.scalars(db.select(Meeting)).one()
    as_("lead").post(f"/plans/meetings/{meeting.id}/minutes", data={"minutes": "议定", "version": 1})
    entries = db.session.scalars(
        db.select(AuditEntry).where(AuditEntry.object_id == meeting.id).order_by(AuditEntry.number)
    ).all()
    told = [(e.action, e.actor.name, {v.field: (v.old, v.new) for v in e.values}) for e in entries]
    assert told == [
        (
            "meeting.create",
            "陈怀瑾",
            {"title": (None, "例会"), "starts_at": (None, "2025-10-16 14:30:00+08:00")},
        ),
        ("meeting.minute", "陈怀瑾", {"state": ("scheduled", "minuted")}),
        ("meeting.edit", "陈怀瑾", {"minutes": ("", "议定")}),
    ]
    assert audit.broken_links(world.east.id) == []


@pytest.mark.promise(29)
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET action = 'meeting.cancel' WHERE number = 2",
        "DELETE FROM audit_value; DELETE FROM audit_entry WHERE number = 2",
        "UPDATE audit_value SET new = 'x'",
        "UPDATE audit_head SET number = 1",
    ],
)
def test_tampering_is_found(as_, world, change):
    schedule(as_, world)
    schedule(as_, world, "又一次")
    assert audit.broken_links(world.east.id) == []
    for statement in change.split("; "):
        db.session.execute(text(statement))
    db.session.commit()
    assert audit.broken_links(world.east.id) != []


@pytest.mark.promise(29)
def test_erased_values_leave_the_chain_whole(as_, world):
    schedule(as_, world)
    db.session.execute(db.delete(AuditValue))
    db.session.commit()
    assert audit.broken_links(world.east.id) == []


@pytest.mark.promise(12)
def test_a_change_and_its_entry_are_whole_or_absent(as_, world, app, monkeypatch):
    """A fault at each statement of the action leaves no row behind."""
    from sqlalchemy import event

    class Fault(Exception):
        pass

    def failing_at(number):
        seen = {"count": 0}

        def hook(connection, cursor, statement, *rest):
            if statement.startswith(("INSERT", "UPDATE")):
                seen["count"] += 1
                if seen["count"] == number:
                    raise Fault

        return hook, seen

    counts = lambda: tuple(  # noqa: E731
        db.session.scalar(db.select(db.func.count()).select_from(model)) for model in (Meeting, AuditEntry)
    )
    client = as_("lead")
    before, number = counts(), 1
    while True:
        hook, seen = failing_at(number)
        event.listen(db.engine, "before_cursor_execute", hook)
        try:
            client.post(f"/plans/clusters/{world.cluster.id}/meetings/new", data=NOTICE)
        except Fault:
            pass
        finally:
            event.remove(db.engine, "before_cursor_execute", hook)
        if seen["count"] < number:
            break
        assert counts() == before, number
        number += 1
    assert number > 4
    assert counts() == (before[0] + 1, before[1] + 1)


@pytest.mark.promise(29)
def test_writers_at_once_make_one_chain(app, world):
    lead, district = world.lead, world.east.id
    person_id, actor = lead.id, type("A", (), {"person_id": lead.id})()
    db.session.commit()
    barrier, failures = threading.Barrier(8), []

    def write():
        with app.app_context():
            try:
                barrier.wait()
                from portal.models import Person

                for _ in range(5):
                    audit.record(actor, "person.edit", db.session.get(Person, (district, person_id)))
                    db.session.commit()
            except Exception as failure:
                failures.append(failure)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert audit.broken_links(district) == []
    assert db.session.scalar(db.select(db.func.max(AuditEntry.number))) == 40
