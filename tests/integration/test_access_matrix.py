"""Every route x role x own or foreign object, plain and HTMX, against a reviewed table (promises 1, 2, 3, 6, 22).

The table is ``tests/access_table.txt``. After a change of routes or permissions, write it anew with

    WRITE_ACCESS_TABLE=1 .venv/bin/python -m pytest tests/integration/test_access_matrix.py -k sqlite

and review the difference line by line before committing it: the table is what people agreed to.

A route is asked for an object of 麟峰小学片区 (own), of 南关责任区 in another district (foreign) and, where it writes,
of 城南组团, whose members are equal (equal). A form is sent empty: "may" says that the portal went on to look
at it. Which step of a workflow somebody may take with it, test_workflow_steps.py says.
"""

import os
from collections import defaultdict
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.auth import PUBLIC_ENDPOINTS
from portal.extensions import db
from tests.populate import CANARY
from tests.support.cast_names import ACCOUNTS
from tests.support.saved import SavedDatabase

TABLE = Path(__file__).parent.parent / "access_table.txt"
# Answers that say "you may": the page, a redirect after the work, a form that comes back, a refusal by a rule.
MAY = {200, 204, 303, 400, 409, 415, 422}


def routes(app, method: str):
    """(endpoint, rule, argument names) of every private route that answers the method."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        if rule.endpoint not in PUBLIC_ENDPOINTS and method in rule.methods:
            yield rule.endpoint, rule, sorted(rule.arguments)


def address_of(app, rule, rows: dict) -> str:
    """The rule's address with the objects of one side."""
    values = {}
    for argument in rule.arguments:
        kind = argument.removesuffix("_id")
        if kind in rows:
            values[argument] = rows[kind]
        else:
            values[argument] = PLAIN[argument]
    with app.test_request_context():
        return app.url_map.bind("").build(rule.endpoint, values)


# Arguments that name no object: a value that is right where the route is right.
PLAIN = {
    "key": "meetings_held",
    "code": "2025-2026-1",
    "year": 2025,
    "part": "basics",
    "edition": 1,
    "kind": "training",
    "level": "group",
    "finding": 0,
    "step": "survey",
    "blank": "summary",
}


def keys_of(rows) -> dict:
    """The keys of the objects, for a test whose session comes and goes."""
    return {
        side: {kind: row.id for kind, row in found.items()}
        for side, found in (("own", rows.east), ("equal", rows.equal), ("foreign", rows.west))
    }


def everybody(as_) -> dict:
    """A client for each role; they look at answers only: that pages are valid is shown by the crawl."""
    clients = {role: as_(role) for role in ACCOUNTS} | {"nobody": as_(None)}
    for client in clients.values():
        client.checks_pages = False
    return clients


def verdict(status: int) -> str:
    return "may" if status in MAY else str(status)


def lines_of(found: dict) -> list[str]:
    lines = []
    for (endpoint, method, side), by_role in sorted(found.items()):
        groups = defaultdict(list)
        for role in (*ACCOUNTS, "nobody"):
            groups[by_role[role]].append(role)
        words = "; ".join(f"{answer}: {' '.join(roles)}" for answer, roles in sorted(groups.items()))
        lines.append(f"{endpoint} {method} {side} | {words}")
    return lines


def compare(found: dict, method: str) -> None:
    mine = lines_of(found)
    written = TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else []
    others = [line for line in written if f" {method} " not in line.split(" | ")[0] + " "]
    if os.environ.get("WRITE_ACCESS_TABLE"):
        TABLE.write_text("\n".join(sorted({*others, *mine})) + "\n", encoding="utf-8")
    reviewed = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line not in others]
    assert sorted(mine) == sorted(reviewed)


def ask(client, address: str, method: str, htmx: str | None):
    if method == "GET":
        return client.get(address, htmx=htmx)
    return client.post(address, htmx=htmx)


def some_of(by_role: dict) -> list[str]:
    """One of each group of a line of the table: of those who may the first, of those who are refused alike the last.

    What everybody is answered, one walk asks on one engine; the others ask these.
    """
    groups = defaultdict(list)
    for role, answer in by_role.items():
        groups[answer].append(role)
    return [roles[0] if answer == "may" else roles[-1] for answer, roles in groups.items()]


@pytest.mark.promise(2)
@pytest.mark.promise(22)
@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_reading_answers_as_the_table_says_and_writes_nothing(app, as_, populated, engine):
    compare(read_all(app, as_, populated), "GET")


@pytest.mark.promise(2)
@pytest.mark.promise(22)
@pytest.mark.parametrize(
    ("engine", "htmx"),
    [("sqlite", "main"), pytest.param("postgresql", None, marks=pytest.mark.postgresql)],
    indirect=["engine"],
)
def test_fragments_and_the_other_engine_read_as_the_table_says(app, as_, populated, engine, htmx):
    table = reviewed("GET")
    found = read_all(app, as_, populated, htmx, lambda endpoint, side: some_of(table[endpoint, side]))
    nobody = {answers.pop("nobody") for answers in found.values()}
    assert nobody == ({"401"} if htmx else {"303"})
    assert other_answers(found, "GET") == []


def read_all(app, as_, populated, htmx: str | None = None, who=lambda endpoint, side: ACCOUNTS) -> dict:
    """(endpoint, "GET", side) -> role -> answer; nothing is written, and no word of a foreign tenant is shown."""
    rows = keys_of(populated)
    clients = everybody(as_)
    db.session.commit()
    before = fingerprint()
    found, leaks = {}, []
    for endpoint, rule, arguments in routes(app, "GET"):
        for side in ("own", "foreign") if arguments else ("own",):
            address = address_of(app, rule, rows[side])
            by_role = found[endpoint, "GET", side] = {}
            for role in dict.fromkeys((*who(endpoint, side), "nobody")):
                answer = ask(clients[role], address, "GET", htmx)
                by_role[role] = verdict(answer.status_code) if role != "nobody" else str(answer.status_code)
                body = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
                foreign = CANARY["east"] if role.startswith("west") else CANARY["west"]
                if foreign in body or (role == "nobody" and "金丝雀" in body):
                    leaks.append((role, address))
    assert leaks == []
    assert fingerprint() == before
    return found


@pytest.mark.promise(2)
@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("htmx", [None, "main"], ids=["plain", "htmx"])
def test_writing_answers_as_the_table_says(app, as_, populated, engine, monkeypatch, htmx):
    """Each POST with an empty form; what was refused wrote nothing, what wrote is put back before the next.

    PostgreSQL answers a sample, see below: putting its rows back takes ten times as long.
    """
    monkeypatch.setitem(app.config, "JOBS_AT_ONCE", False)  # documents have tests of their own
    rows = keys_of(populated)
    clients, table = everybody(as_), reviewed("POST") if htmx else {}
    saved = SavedDatabase(engine)
    sides = ("own", "equal", "foreign") if htmx is None else ("own", "foreign")
    found, wrote = {}, []
    for endpoint, rule, arguments in routes(app, "POST"):
        for side in sides if arguments else ("own",):
            address = address_of(app, rule, rows[side])
            by_role = found[endpoint, "POST", side] = {}
            # A fragment is refused as its page is, whoever asks.
            for role in dict.fromkeys((*(some_of(table[endpoint, side]) if htmx else ACCOUNTS), "nobody")):
                status = ask(clients[role], address, "POST", htmx).status_code
                by_role[role] = verdict(status) if role != "nobody" else str(status)
                if saved.restore_if_changed() and by_role[role] != "may":
                    wrote.append((role, address))
    assert wrote == []
    if htmx is None:
        compare(found, "POST")
    else:
        assert {answers.pop("nobody") for answers in found.values()} == {"401"}
        assert other_answers(found, "POST") == []


@pytest.mark.promise(2)
@pytest.mark.postgresql
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_refused_writing_is_refused_on_postgresql_too(app, as_, populated):
    """One of each group that a line of the table refuses: the other engine writes nothing."""
    rows = keys_of(populated)
    clients = everybody(as_)
    db.session.commit()
    before, expected = fingerprint(), reviewed("POST")
    found, wanted = {}, {}
    for endpoint, rule, arguments in routes(app, "POST"):
        for side in ("own", "equal", "foreign") if arguments else ("own",):
            by_role = expected[endpoint, side]
            for role in some_of(by_role):
                if role != "nobody" and by_role[role] != "may":
                    wanted[endpoint, side, role] = by_role[role]
                    status = ask(clients[role], address_of(app, rule, rows[side]), "POST", None).status_code
                    found[endpoint, side, role] = verdict(status)
    assert len(wanted) > 500
    assert found == wanted
    assert fingerprint() == before


def reviewed(method: str) -> dict:
    """The lines of the table: (endpoint, side) -> role -> answer."""
    table = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        head, words = line.split(" | ")
        endpoint, of_method, side = head.split()
        if of_method == method:
            groups = (group.split(": ") for group in words.split("; "))
            table[endpoint, side] = {role: answer for answer, roles in groups for role in roles.split()}
    return table


def other_answers(found: dict, method: str) -> list:
    """Where the answer is another than the table says; without a login HTMX has an answer of its own."""
    table = reviewed(method)
    return [
        (endpoint, side, role, answer, table[endpoint, side][role])
        for (endpoint, _, side), by_role in found.items()
        for role, answer in by_role.items()
        if answer != table[endpoint, side][role]
    ]


def fingerprint() -> dict[str, int]:
    """Rows and versions of every table: a GET that wrote anything changes it."""
    found = {}
    for table in db.metadata.sorted_tables:
        columns = [sa.func.count()]
        if "version" in table.c:
            columns.append(sa.func.sum(table.c.version))
        found[table.name] = tuple(db.session.execute(sa.select(*columns).select_from(table)).one())
    db.session.rollback()
    return found


@pytest.mark.promise(1)
def test_every_private_route_is_guarded_and_the_public_list_is_short(app):
    unguarded = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint not in PUBLIC_ENDPOINTS and not getattr(view, "__permission__", None)
    ]
    assert unguarded == []
    assert set(PUBLIC_ENDPOINTS) - {"static"} <= set(app.view_functions)
    assert len(PUBLIC_ENDPOINTS) <= 9
