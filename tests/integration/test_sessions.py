"""Logins and sessions: promises 5, 13, 16, 19, 20, 22, 23, 24."""

import statistics
import time
from datetime import UTC, timedelta

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import passwords
from portal.extensions import db
from portal.models import Account, AuditEntry, LoginSession, RoleAssignment
from portal.queries import people
from portal.web import safe_address
from tests.conftest import NOW
from tests.factories import PASSWORD


@pytest.fixture
def clock(app):
    """Moves the application's clock: ``clock(timedelta(hours=1))``."""
    before = app.config["CLOCK"]

    def move(by: timedelta) -> None:
        app.config["CLOCK"] = lambda: NOW.astimezone(UTC) + by

    yield move
    app.config["CLOCK"] = before


def log_in(client, username="teacher", password=PASSWORD):
    client.get("/login")
    with client.session_transaction() as session:
        session["csrf_token"] = "0" * 40
    return client.post("/login", data={"username": username, "password": password})


@pytest.mark.promise(19)
def test_login_leads_home_and_logout_ends_the_session_on_the_server(as_, world):
    client = as_(None)
    assert log_in(client).status_code == 303
    assert "林晓岚" in client.get("/").get_data(as_text=True)
    stolen = client.get_cookie("portal").value
    with client.session_transaction() as session:
        session["csrf_token"] = "0" * 40
    stolen = client.get_cookie("portal").value
    assert client.post("/logout").status_code == 303
    thief = as_(None)
    thief.set_cookie("portal", stolen)
    assert thief.get("/").headers["Location"] == "/login"
    assert db.session.scalars(db.select(LoginSession.ended_at)).one() is not None


@pytest.mark.promise(19)
def test_login_changes_the_session(as_, world):
    client = as_(None)
    client.get("/login")
    before = client.get_cookie("portal")
    log_in(client)
    assert client.get_cookie("portal").value != (before.value if before else "")


@pytest.mark.promise(19)
def test_idle_session_ends(as_, world, clock):
    client = as_("teacher")
    assert client.get("/").status_code == 200
    clock(timedelta(minutes=121))
    assert client.get("/").headers["Location"] == "/login"


@pytest.mark.promise(19)
def test_active_session_ends_after_its_longest_time(as_, world, clock):
    client = as_("teacher")
    for hours in range(1, 12):
        clock(timedelta(hours=hours))
        assert client.get("/").status_code == 200, hours
    clock(timedelta(hours=12, minutes=1))
    assert client.get("/").headers["Location"] == "/login"


@pytest.mark.promise(19)
def test_an_old_cookie_does_not_outlive_its_idle_time(as_, world, clock):
    client = as_("teacher")
    client.get("/")
    old = client.get_cookie("portal").value
    clock(timedelta(minutes=100))
    client.get("/")
    clock(timedelta(minutes=150))
    thief = as_(None)
    thief.set_cookie("portal", old)
    assert (client.get("/").status_code, thief.get("/").status_code) == (200, 303)


@pytest.mark.promise(19)
def test_disabled_account_is_out_with_the_next_request(as_, world):
    client = as_("teacher")
    assert client.get("/").status_code == 200
    account = db.session.scalars(db.select(Account).where(Account.username == "teacher")).one()
    account.disabled_at = NOW
    assert client.get("/").headers["Location"] == "/login"


@pytest.mark.promise(5)
def test_revoked_role_ends_with_the_next_request(as_, world):
    client = as_("lead")
    address = f"/plans/clusters/{world.cluster.id}/meetings/new"
    assert client.get(address).status_code == 200
    role = db.session.scalars(
        db.select(RoleAssignment).where(RoleAssignment.person_id == world.lead.id)
    ).one()
    role.ends_on = world.today - timedelta(days=1)
    assert client.get(address).status_code == 404


@pytest.mark.promise(16)
def test_every_failed_login_reads_the_same(as_, world):
    disabled = db.session.scalars(db.select(Account).where(Account.username == "mentor")).one()
    disabled.disabled_at = NOW
    pages = []
    for username, password in (("teacher", "wrong password"), ("nobody", PASSWORD), ("mentor", PASSWORD)):
        answer = log_in(as_(None), username, password)
        pages.append((answer.status_code, "账号或密码不对" in answer.get_data(as_text=True)))
    assert pages == [(422, True)] * 3


@pytest.mark.promise(16)
@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # the hash takes the time, not the database
def test_a_wrong_name_takes_as_long_as_a_wrong_password(app, world, monkeypatch):
    from portal.actions import accounts

    account = db.session.scalars(db.select(Account).where(Account.username == "teacher")).one()
    # An eighth of the memory of production: slow enough that the database does not matter.
    hasher = PasswordHasher(memory_cost=8192)
    monkeypatch.setattr(accounts, "_hasher", hasher)
    monkeypatch.setattr(accounts, "_nobody", hasher.hash("nobody"))
    account.password_hash = hasher.hash(PASSWORD)
    db.session.commit()
    times: dict[str, list[float]] = {"teacher": [], "nobody": []}
    for _ in range(50):
        for username in times:
            begin = time.perf_counter()
            accounts.check_login(username, "wrong password", NOW)
            times[username].append(time.perf_counter() - begin)
            db.session.rollback()
    known, unknown = (statistics.median(values) for values in times.values())
    assert 0.8 < known / unknown < 1.25


@pytest.mark.promise(15)
def test_guessing_is_slowed_but_never_shuts_the_owner_out(as_, world, clock):
    client = as_(None)
    for _ in range(8):
        log_in(client, "teacher", "wrong password")
    assert log_in(client).status_code == 422
    clock(timedelta(minutes=16))
    assert log_in(client).status_code == 303


@pytest.mark.promise(20)
def test_cookie_is_out_of_reach_of_scripts_and_other_sites(as_, world, app):
    app.config["SESSION_COOKIE_SECURE"] = True
    try:
        cookie = as_(None).get("/login", base_url="https://localhost").headers["Set-Cookie"]
    finally:
        app.config["SESSION_COOKIE_SECURE"] = False
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}


@pytest.mark.promise(22)
def test_a_post_without_the_token_is_refused_and_writes_nothing(as_, world):
    client = as_("lead")
    before = db.session.scalar(db.select(db.func.count()).select_from(AuditEntry))
    answer = client.post(
        f"/plans/clusters/{world.cluster.id}/meetings/new", data={"title": "无令牌"}, token=False
    )
    assert answer.status_code == 400
    assert "页面放得太久了" in answer.get_data(as_text=True)
    assert db.session.scalar(db.select(db.func.count()).select_from(AuditEntry)) == before


@pytest.mark.promise(23)
def test_private_pages_are_never_stored(as_, world):
    for client in (as_("teacher"), as_(None)):
        assert client.get("/login").headers["Cache-Control"] == "no-store"
        assert client.get("/").headers["Cache-Control"] == "no-store"


@pytest.mark.promise(24)
@pytest.mark.parametrize(
    "target",
    [
        "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
        "/\t/evil.example", "///evil.example", "http:/evil.example", "/%0d%0aLocation: x\r\n", "evil.example",
    ],
)  # fmt: skip
def test_login_never_leads_off_the_site(as_, world, target):
    client = as_(None)
    client.get("/login")
    with client.session_transaction() as session:
        session["csrf_token"] = "0" * 40
    answer = client.post(
        "/login", query_string={"next": target}, data={"username": "teacher", "password": PASSWORD}
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"


def test_login_goes_on_to_the_page_that_was_wanted(as_, world):
    client = as_(None)
    wanted = client.get("/plans/meetings/?state=held").headers["Location"]
    assert wanted == "/login?next=/plans/meetings/?state%3Dheld"
    assert safe_address("/plans/meetings/?state=held") == "/plans/meetings/?state=held"


def test_a_form_sent_after_the_session_leads_back_to_its_page(as_, world):
    def location(referrer):
        answer = as_(None).post("/records/new", data={"line": "听课"}, headers={"Referer": referrer})
        return answer.headers["Location"]

    assert location("http://localhost/records/new?link=pair:1") == "/login?next=/records/new?link%3Dpair:1"
    assert location("http://elsewhere.example/records/new") == "/login"
    assert "之后回到刚才的页面" in as_(None).get("/login?next=/records/new").text


def test_a_fragment_without_a_login_leaves_as_a_whole_page(as_, world):
    answer = as_(None).get("/plans/meetings/", htmx="meeting_list")
    assert (answer.status_code, answer.get_data()) == (401, b"")
    assert answer.headers["HX-Redirect"].startswith("/login")


@pytest.mark.promise(13)
@given(st.text(min_size=12, max_size=64).filter(lambda text: len(set(text.casefold())) > 4))
def test_long_uncommon_passwords_are_accepted(text):
    problem = passwords.problem(text, "teacher")
    unusable = not passwords.is_plain_text(text)
    common = text.casefold().strip("0123456789!@#$%^&*.?_-") in passwords.COMMON
    assert (problem is None) == (not unusable and not common and "teacher" not in text.casefold()) or (
        passwords._is_run(text.casefold())
    )


@pytest.mark.promise(13)
@pytest.mark.parametrize(
    "text",
    ["", "1234567", "12345678", "password1", "aaaaaaaaaa", "abcdefgh", "teacher99", "x" * 129, "abc\0defgh"],
)
def test_weak_passwords_are_refused(text):
    assert passwords.problem(text, "teacher") is not None


def test_password_change_ends_the_other_devices(as_, world):
    here, there = as_("teacher"), as_("teacher")
    answer = here.post(
        "/account/password",
        data={"present": PASSWORD, "password": "a new and long one", "again": "a new and long one"},
    )
    assert answer.status_code == 303
    assert (here.get("/").status_code, there.get("/").status_code) == (200, 303)


def test_language_is_kept_for_the_account(as_, world):
    client = as_("teacher")
    assert client.post("/language", data={"locale": "en", "next": "/"}).status_code == 303
    assert '<html lang="en">' in client.get("/").get_data(as_text=True)
    assert '<html lang="en">' in as_("teacher").get("/").get_data(as_text=True)
    assert client.post("/language", data={"locale": "xx"}).status_code == 400


@pytest.mark.promise(18)
def test_a_first_password_is_changed_before_anything_else(as_, world):
    client = as_("teacher")
    people.account_by_username("teacher").must_change = True
    assert client.get("/").location == "/account/"
    assert client.get("/clusters/", htmx="cluster_list").headers["HX-Redirect"] == "/account/"
    assert client.post("/records/new").location == "/account/"
    assert "先换成自己的密码" in client.get("/account/").text
    new = {"present": PASSWORD, "password": "a train at dawn", "again": "a train at dawn"}
    assert client.post("/account/password", data=new).location == "/"
    assert client.get("/clusters/").status_code == 200


def test_a_missing_field_is_named_in_the_language_of_the_reader(as_, world):
    client = as_("teacher")
    client.post("/language", data={"locale": "en"})
    answer = client.post("/account/password", data={"present": ""})
    assert (answer.status_code, "Please fill this in" in answer.text, "请填写" in answer.text) == (
        422,
        True,
        False,
    )
