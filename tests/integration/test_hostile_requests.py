"""Headers, errors and hostile input: promises 6, 21, 30, 31, 40."""

import logging

import pytest

from portal.extensions import db

UNKNOWN = "0197a5c2-5d1e-7c3b-9f64-1f0a52d3c4e8"


@pytest.mark.promise(21)
@pytest.mark.parametrize("address", ["/login", "/", "/healthz", "/nowhere", "/plans/meetings/"])
def test_every_answer_carries_the_protecting_headers(as_, world, address):
    headers = as_("lead").get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")
    assert len(headers["X-Request-Id"]) == 12


@pytest.mark.promise(6)
@pytest.mark.parametrize("key", ["1", "x", UNKNOWN, "../../etc/passwd", "%00", "0" * 300])
def test_a_guessed_identifier_is_not_found(as_, world, key):
    assert as_("lead").get(f"/plans/meetings/{key}").status_code == 404


@pytest.mark.promise(40)
@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("/login?next=%00", {}), ("/plans/meetings/?state=%00&kind=%ff", {}), ("/plans/meetings/?cluster=' OR 1=1", {}),
        ("/plans/meetings/?at=%3E2025-01-01~x", {}), ("/plans/meetings/?at=%3C9999-99-99T00:00~1", {}),
        ("/people/search?q=%25_%00\\", {}), ("/people/search?q=" + "长" * 3000, {}), ("/?" + "x" * 9000, {}),
        ("/", {"HX-Request": "true", "HX-Target": "x" * 5000}), ("/", {"Accept-Language": "\x01;q=x," * 50}),
        ("/", {"Cookie": "portal=garbage"}), ("/", {"X-Forwarded-Host": "evil.example"}),
    ],
)  # fmt: skip
def test_hostile_requests_never_fail_the_server(as_, world, address, headers):
    client = as_("lead")
    answer = client.get(address, headers=headers)
    assert answer.status_code < 500
    assert "evil.example" not in str(answer.headers)


@pytest.mark.promise(40)
def test_an_unknown_host_is_refused_where_hosts_are_set(app, as_, world):
    client = as_("lead")
    app.config["TRUSTED_HOSTS"] = ["portal.example"]
    try:
        assert client.get("/", base_url="http://evil.example").status_code == 400
        assert client.get("/login", base_url="http://portal.example").status_code in (200, 303)
    finally:
        app.config["TRUSTED_HOSTS"] = None


@pytest.mark.promise(40)
@pytest.mark.parametrize(
    "text", ["\0", "\r\nSet-Cookie: x=1", "' OR ''='", "{{7*7}}", "${7*7}", "\ud7ff", "é" * 5000]
)
def test_hostile_words_in_a_login_are_only_a_wrong_login(as_, world, text):
    client = as_(None)
    client.get("/login")
    with client.session_transaction() as session:
        session["csrf_token"] = "0" * 40
    answer = client.post("/login", data={"username": text, "password": text})
    assert answer.status_code == 422
    assert "49" not in answer.get_data(as_text=True).partition('name="username"')[2][:80]
    assert "Set-Cookie: x=1" not in str(answer.headers)


@pytest.mark.promise(31)
@pytest.mark.promise(30)
def test_a_fault_says_its_number_and_nothing_else(app, as_, world, monkeypatch, caplog):
    def broken(*args, **options):
        raise RuntimeError("secret detail of the inside")

    monkeypatch.setattr("portal.queries.meetings.meeting_page", broken)
    app.config["RAISE_FAULTS"] = False
    try:
        with caplog.at_level(logging.ERROR):
            answer = as_("lead").get("/plans/meetings/")
    finally:
        app.config["RAISE_FAULTS"] = True
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "secret detail" not in page
    assert answer.headers["X-Request-Id"] in page
    assert answer.headers["X-Request-Id"] in caplog.text


@pytest.mark.promise(30)
def test_no_password_reaches_a_log(as_, world, caplog):
    client = as_(None)
    with caplog.at_level(logging.DEBUG):
        client.get("/login")
        with client.session_transaction() as session:
            session["csrf_token"] = "0" * 40
        client.post("/login", data={"username": "teacher", "password": "canary-password-in-the-clear"})
    assert "canary-password" not in caplog.text


def test_health_pages_answer_without_a_login(as_, world):
    client = as_(None)
    assert client.get("/healthz").get_data() == b"ok\n"
    assert client.get("/readyz").get_data() == b"ready\n"


@pytest.mark.promise(7)
def test_columns_that_a_form_does_not_offer_are_not_taken(as_, world):
    from portal.models import Meeting

    columns = {column.key: "1" for column in Meeting.__table__.columns}
    notice = {
        "kind": "monthly", "title": "会议", "starts_on": "2025-11-01", "starts_clock": "09:00",
        "place": "", "agenda": "",
    }  # fmt: skip
    extra = {
        **columns, "state": "confirmed", "minutes": "写好了", "confirmed_by_id": str(world.lead.id),
        "district_id": str(world.west.id), "cluster_id": str(world.team.id), "created_by_id": str(world.bureau.id),
    }  # fmt: skip
    answer = as_("principal").post(
        f"/plans/clusters/{world.cluster.id}/meetings/new", data={**extra, **notice}
    )
    assert answer.status_code == 303
    meeting = db.session.scalars(db.select(Meeting)).one()
    assert (
        meeting.state, meeting.minutes, meeting.confirmed_by_id, meeting.district_id, meeting.cluster_id,
        meeting.created_by_id, meeting.version,
    ) == ("scheduled", "", None, world.east.id, world.cluster.id, world.principal.id, 1)  # fmt: skip


@pytest.mark.parametrize("version", ["9" * 5000, "9" * 20])
def test_a_version_beyond_measure_is_a_conflict_and_no_fault(as_, world, version):
    from portal.models import Meeting

    client = as_("principal")
    data = {"kind": "monthly", "title": "会议", "starts_on": "2025-11-01", "starts_clock": "09:00"}
    client.post(f"/plans/clusters/{world.cluster.id}/meetings/new", data={**data, "place": "", "agenda": ""})
    meeting = db.session.scalars(db.select(Meeting)).one()
    step = {"action": "cancel", "note": "停电", "version": version}
    assert client.post(f"/plans/meetings/{meeting.id}/step", data=step).status_code == 409
    edit = {**data, "title": "改名", "place": "", "agenda": "", "version": version}
    assert client.post(f"/plans/meetings/{meeting.id}/edit", data=edit).status_code == 409
    db.session.expire_all()
    assert (meeting.title, meeting.state, meeting.version) == ("会议", "scheduled", 1)
