"""home_flat: home and cluster page where the records that grow are a hundredfold / as the demonstration has them.

What grows is history: every settled meeting, activity, lesson, record, log, posting, message and line of the audit
trail stands there 99 times more, each some time earlier than the one before it. People, schools and what waits are
the same, so both pages say the same words.
"""

import shutil
import sqlite3
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import Date, DateTime

from bench.bench_page_cpu import words
from bench.world import cpu_ratio, demo_app, folder, get, signed_in
from portal import create_app
from portal.extensions import db

COPIES = 99
# Days between two copies: whole weeks, and longer than the demonstration lasts, so that nobody is in two places.
STEP = 78 * 7
# Table -> which of its rows are settled; parents before children.
GROWS = {
    "meeting": "state = 'confirmed'",
    "meeting_attendance": "meeting_id IN (SELECT id FROM meeting WHERE state = 'confirmed')",
    "meeting_task": "state <> 'open' AND meeting_id IN (SELECT id FROM meeting WHERE state = 'confirmed')",
    "activity": "state IN ('held', 'closed')",
    "activity_participant": "activity_id IN (SELECT id FROM activity WHERE state IN ('held', 'closed'))",
    "visiting_session": "state <> 'planned'",
    "work_record": "1",
    "reflection": "state = 'submitted'",
    "posting": "state IN ('completed', 'ended_early')",
    "ledger_entry": "1",
    "delivery": "state = 'confirmed'",
    "notification": "1",
    "audit_entry": "1",
}
# What a copy has instead of the original's value: k is the number of the copy.
CHANGED = {
    ("notification", "read_at"): "created_at",
    ("audit_entry", "number"): "number + k * 1000000",
    ("work_record", "once_key"): "NULL",
    ("reflection", "once_key"): "NULL",
}
PARENTS = ("meeting", "activity")


def measure() -> list[tuple[str, float, str]]:
    """The ratios of CPU time within this process, for who leads a cluster and for the bureau."""
    small = demo_app()
    large, grown = hundredfold()
    found = []
    for name, who in (("home_flat", "lead"), ("home_flat bureau", "bureau")):
        clients = [signed_in(app, who) for app in (large, small)]
        for path, label in (("/", ""), (_cluster_page(small), " cluster page")):
            pages = [get(client, path).text for client in clients]
            assert words(pages[0]) == words(pages[1]), f"{path} says something else in the large district"
            ratio = cpu_ratio(*(partial(get, client, path) for client in clients), rounds=9)
            note = f"that page with {grown / 1e6:.1f} million rows of history more / without"
            found.append((name + label, ratio, note))
    return found


def _cluster_page(app: Flask) -> str:
    """The page of the cluster that the lead of the demonstration leads."""
    from portal.models import Cluster

    with app.app_context():
        row = db.session.scalars(db.select(Cluster).filter_by(name="麟峰小学片区")).one()
        return f"/clusters/{row.id}"


def hundredfold() -> tuple[Flask, int]:
    """A portal over a copy of the demonstration with its history a hundredfold, and how many rows that made."""
    source, instance = folder(), folder() / "hundredfold"
    instance.mkdir()
    for name in ("data_key", "secret_key"):
        shutil.copy(source / name, instance / name)
    grown = _grow(source / "portal.sqlite3", instance / "portal.sqlite3")
    environ = {"PORTAL_INSTANCE": str(instance), "PORTAL_PLAIN_HTTP": "1"}
    return create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{instance / 'portal.sqlite3'}"}, environ), grown


def _grow(source: Path, target: Path) -> int:
    """Copy a database and multiply its settled rows; how many were added."""
    with sqlite3.connect(source) as old, sqlite3.connect(target, isolation_level=None) as new:
        old.backup(new)
        new.execute("PRAGMA foreign_keys = OFF")
        new.execute("PRAGMA synchronous = OFF")
        # What was checked once needs no second look: the copies are as right as their originals.
        triggers = new.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in triggers:
            new.execute(f"DROP TRIGGER {name}")
        new.execute("BEGIN")
        new.execute("CREATE TEMP TABLE copy AS WITH RECURSIVE n(k) AS"
                    f" (VALUES (1) UNION ALL SELECT k + 1 FROM n WHERE k < {COPIES}) SELECT k FROM n")  # fmt: skip
        new.execute("CREATE TEMP TABLE oldest AS SELECT id FROM term ORDER BY first_day LIMIT 1")
        added = sum(_multiply(new, table, settled) for table, settled in GROWS.items())
        new.execute("COMMIT")
        for _name, sql in triggers:
            new.execute(sql)
        return added


def _multiply(connection: sqlite3.Connection, table: str, settled: str) -> int:
    columns = list(db.metadata.tables[table].columns)
    values = ", ".join(_value(table, column) for column in columns)
    names = ", ".join(f'"{column.name}"' for column in columns)
    # The rows are fixed before the first is added: a table that is read while it grows has no end.
    connection.execute(f"CREATE TEMP TABLE from_{table} AS SELECT * FROM {table} WHERE {settled}")
    done = connection.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM from_{table} CROSS JOIN copy"
    )
    return done.rowcount


def _value(table: str, column) -> str:
    """What a copy has in a column: a key of its own, its copied parent's, earlier days, the oldest term."""
    name = column.name
    if (table, name) in CHANGED:
        return CHANGED[table, name]
    if name == "id" or name in [f"{parent}_id" for parent in PARENTS if table.startswith(f"{parent}_")]:
        return f"printf('%08x', k) || substr({name}, 9)"
    if name == "term_id":
        return "(SELECT id FROM oldest)"
    if isinstance(column.type, Date):
        return f"date({name}, '-' || ({STEP} * k) || ' days')"
    if isinstance(getattr(column.type, "impl", column.type), DateTime):
        return f"strftime('%Y-%m-%d %H:%M:%f', {name}, '-' || ({STEP} * k) || ' days') || '000'"
    return f'"{name}"'
