"""The flask commands: each does what its help says, and says plainly what is wrong."""

import json

import pytest

from portal import cli_demo, config
from portal.actions import accounts
from portal.extensions import db
from portal.models import Account, District
from tests import factories as make
from tests.conftest import make_app


@pytest.fixture
def fresh(tmp_path):
    """An application over a database that does not exist yet."""
    app = make_app(f"sqlite:///{tmp_path / 'fresh.sqlite3'}", tmp_path, DEMO_PASSWORD="demo-password-1")
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def run(fresh):
    """Run a command; gives its exit code and everything it printed."""

    def command(*words: str):
        result = fresh.test_cli_runner().invoke(args=words)
        return result.exit_code, result.output

    return command


def test_init_makes_the_schema_and_no_rows(run, fresh):
    assert run("init") == (0, "The database is ready.\n")
    with fresh.app_context():
        assert db.session.scalars(db.select(District)).all() == []
    assert run("init") == (0, "The database is ready.\n")


def test_user_commands_make_reset_and_close_an_account(run, fresh):
    run("init")
    code, output = run(
        "user", "create", "boss", "--name", "郑书恒", "--district", "east", "--office", "personnel"
    )
    assert (code, output.split()[0]) == (0, "boss")
    assert run("user", "create", "boss", "--name", "甲", "--district", "east")[0] == 1
    code, output = run("user", "create", "other", "--name", "乙", "--district", "east", "--password", "1234")
    assert (code, "密码至少 8 个字符" in output) == (1, True)
    code, output = run("user", "reset-password", "boss")
    assert (code, output.split()[0]) == (0, "boss")
    assert run("user", "disable", "boss", "--reason", "调离") == (0, "boss is disabled.\n")
    assert run("user", "disable", "nobody") == (1, "There is no account nobody.\n")
    with fresh.app_context():
        account = db.session.scalars(db.select(Account)).one()
        assert (account.must_change, account.disabled_reason) == (True, "调离")
    assert run("audit", "verify") == (0, "The audit trail is whole.\n")


def test_audit_verify_finds_a_change(run, fresh):
    run("init")
    run("user", "create", "boss", "--name", "郑书恒", "--district", "east")
    with fresh.app_context():
        db.session.execute(db.text("UPDATE audit_entry SET action = 'x'"))
        db.session.commit()
    code, output = run("audit", "verify")
    assert (code, "does not fit the chain" in output) == (1, True)


def test_schemes_are_listed_shown_and_checked(run, tmp_path):
    code, output = run("scheme", "list")
    assert (code, [line.split("\t")[0] for line in output.splitlines()]) == (0, ["D0", "E5", "E7"])
    code, output = run("scheme", "show", "D0")
    assert (code, json.loads(output)["code"]) == (0, "D0")
    assert run("scheme", "show", "X9")[0] == 1
    good, bad, broken = tmp_path / "good.json", tmp_path / "bad.json", tmp_path / "broken.json"
    good.write_text(output, encoding="utf-8")
    bad.write_text(json.dumps({**json.loads(output), "profile": "royal"}), encoding="utf-8")
    broken.write_text("{", encoding="utf-8")
    assert run("scheme", "check", str(good)) == (0, "The scheme is in order.\n")
    code, output = run("scheme", "check", str(bad))
    assert (code, "profile" in output) == (1, True)
    assert run("scheme", "check", str(broken))[0] == 1


def test_doctor_finds_the_missing_schema_and_then_nothing_wrong(run):
    code, output = run("doctor")
    assert (code, "schema None" in output) == (1, True)
    run("init")
    code, output = run("doctor")
    assert (code, "[bad ]" in output) == (0, False)


def test_production_refuses_to_start_without_secrets(tmp_path):
    environ = {"PORTAL_ENV": "production", "PORTAL_INSTANCE": str(tmp_path)}
    with pytest.raises(config.BadSetting, match="PORTAL_SECRET_KEY"):
        config.load(environ)
    with pytest.raises(config.BadSetting, match="too short"):
        config.load({**environ, "PORTAL_SECRET_KEY": "short"})
    with pytest.raises(config.BadSetting, match="PORTAL_DATA_KEYS"):
        config.load({**environ, "PORTAL_SECRET_KEY": "x" * 40})


@pytest.mark.promise(18)
def test_production_setup_makes_no_account(tmp_path):
    app = make_app(f"sqlite:///{tmp_path / 'fresh.sqlite3'}", tmp_path, PRODUCTION=True)
    result = app.test_cli_runner().invoke(args=["setup"])
    with app.app_context():
        assert (result.exit_code, db.session.scalars(db.select(Account)).all()) == (0, [])
        db.session.remove()
        db.engine.dispose()


@pytest.mark.slow
def test_setup_loads_the_demonstration_once(run, fresh):
    code, output = run("setup")
    assert code == 0, output
    names = ["bureau", "lead", "liaison", "mentor", "office", "principal", "teacher"]
    listed = [
        line.split()[0] for line in output.splitlines() if line.startswith("  ") and len(line.split()) == 2
    ]
    assert listed[-7:] == names
    code, again = run("setup")
    assert (code, "Loading" in again) == (0, False)
    assert run("demo", "load")[0] == 1
    assert run("audit", "verify") == (0, "The audit trail is whole.\n")


def test_accounts_are_printed_with_the_password_that_opens_them(fresh, run, capsys):
    run("init")
    with fresh.app_context():
        district = make.district("demo", "示范县")
        accounts.create_account(
            None, make.person(district, "郑书恒"), "boss", "demo-password-1", must_change=False, is_demo=True
        )
        db.session.commit()
        cli_demo.print_accounts()
        assert "password: demo-password-1" in capsys.readouterr().out
        fresh.config["DEMO_PASSWORD"] = "another-password-2"
        cli_demo.print_accounts()
        printed = capsys.readouterr().out
        assert ("another" in printed, "keep the password" in printed, "郑书恒" in printed) == (
            False,
            True,
            True,
        )


def test_a_secret_is_made_once_and_whole(tmp_path):
    found = {config.load({"PORTAL_INSTANCE": str(tmp_path)})["SECRET_KEY"] for _ in range(3)}
    assert [len(secret) for secret in found] == [64]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["data_key", "secret_key"]
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
