"""The supervisor of `make run`: web and worker start together, end together, and troubles are said plainly."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from portal import serve

ROOT = Path(__file__).resolve().parents[2]
SERVE = [sys.executable, "-m", "portal.serve"]


@pytest.fixture
def environment(tmp_path):
    """An instance of its own whose database has its tables."""
    values = {**os.environ, "PORTAL_INSTANCE": str(tmp_path), "PORTAL_PLAIN_HTTP": "1", "DATABASE_URL": ""}
    subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", "init"], cwd=ROOT, env=values, check=True)
    return values


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def workers_of(pid: int) -> list[int]:
    """The job workers among the children; the renderer of documents may be another child."""
    found = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):  # any thread may have started one
        for child in listed.read_text().split():
            command = Path(f"/proc/{child}/cmdline")
            if command.exists() and command.read_bytes().endswith(b"\0worker\0"):
                found.append(int(child))
    return found


def end(server: subprocess.Popen) -> None:
    """End what is left of a server, its workers included, which hold its output open."""
    left = workers_of(server.pid) if server.poll() is None else []
    server.kill()
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    server.stdout.close()
    server.wait(40)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at Linux's list of child processes")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_web_and_worker_start_and_end_together(environment, stop):
    port = free_port()
    server = subprocess.Popen(
        SERVE, cwd=ROOT, env={**environment, "PORT": str(port)}, stdout=subprocess.PIPE, text=True
    )
    try:
        said = ""
        while f"http://127.0.0.1:{port}/" not in said:
            line = server.stdout.readline()
            assert line, f"the server ended before it served: {said}"
            said += line
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30) as answer:
            assert (answer.status, answer.read()) == (200, b"ready\n")
        workers = workers_of(server.pid)
        assert len(workers) == 1
        server.send_signal(stop)
        assert server.wait(40) == 0
        assert not Path(f"/proc/{workers[0]}").exists()
    finally:
        end(server)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at Linux's list of child processes")
def test_worker_that_ends_is_started_again(environment):
    server = subprocess.Popen(
        SERVE,
        cwd=ROOT,
        env={**environment, "PORT": str(free_port())},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        for line in server.stdout:
            if "The portal is at" in line:
                break
        [first] = workers_of(server.pid)
        os.kill(first, signal.SIGKILL)
        said = next(line for line in server.stdout if "worker" in line)
        assert re.fullmatch(r"The worker ended with code -9; it starts again in \d+ s\.\n", said)
        deadline = time.monotonic() + 30
        while not [pid for pid in workers_of(server.pid) if pid != first]:
            assert time.monotonic() < deadline, "no new worker"
            time.sleep(0.1)
    finally:
        end(server)


@pytest.mark.parametrize(
    ("text", "port"),
    [("8000", 8000), ("x", None), ("0", None), ("65536", None), ("-1", None), ("８０", None)],
)
def test_port_is_a_number_in_range(text, port):
    assert serve.port_number(text) == port


def test_port_that_is_none_is_refused_in_words():
    environment = {**os.environ, "PORT": "99999"}
    result = subprocess.run(SERVE, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (2, "PORT=99999 is not a port number (1 to 65535).\n")


def test_taken_port_is_said_with_another_to_take():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = {**os.environ, "PORT": str(port)}
        result = subprocess.run(SERVE, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == 2
    assert (
        result.stderr
        == f"Port {port} is taken by another program. Choose another:  PORT={port + 1} make run\n"
    )
