"""The demonstration district for benchmarks, loaded once a run, and a client that signs in as people do."""

import gc
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from werkzeug.test import Client, TestResponse

PASSWORD = "benchmark-only-4711"


def folder() -> Path:
    """The run's own instance folder; bench.run makes it and removes it."""
    return Path(os.environ.get("PORTAL_BENCH_FOLDER") or tempfile.mkdtemp(prefix="portal-bench-"))


def demo_app() -> Flask:
    """The portal over the demonstration district."""
    instance = folder()
    environ = {**os.environ, "PORTAL_INSTANCE": str(instance), "PORTAL_DEMO_PASSWORD": PASSWORD}
    environ |= {"DATABASE_URL": "", "PORTAL_PLAIN_HTTP": "1"}
    if not (instance / "loaded").exists():
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "setup"]
        subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL)
        (instance / "loaded").touch()
    from portal import create_app

    return create_app(environ=environ)


def signed_in(app: Flask, username: str) -> Client:
    """A browser without scripts, signed in through the login form."""
    client = Client(app)
    page = client.get("/login").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    action = re.search(r'<form[^>]*action="(/login[^"]*)"', page)[1]
    answer = client.post(action, data={"csrf_token": token, "username": username, "password": PASSWORD})
    assert answer.status_code == 303, f"login as {username} failed with {answer.status_code}"
    return client


def get(client: Client, path: str) -> TestResponse:
    """The page, which must be there."""
    answer = client.get(path)
    assert answer.status_code == 200, f"{path} answered {answer.status_code}"
    return answer


def cpu_ratio(first: Callable, second: Callable, *, rounds: int = 15, seconds: float = 0.2) -> float:
    """CPU time of one call of `first` over one of `second`; both in turn, the median of the rounds."""
    calls_of = []
    for action in (first, second):
        action()  # templates compiled, connections open
        started, calls = time.process_time(), 0
        while time.process_time() - started < seconds:
            action()
            calls += 1
        calls_of.append(calls)
    ratios = []
    gc.collect()
    gc.freeze()  # what stands now is nobody's rubbish
    for _ in range(rounds):
        gc.collect()
        spent = []
        for action, calls in zip((first, second), calls_of, strict=True):
            started = time.process_time()
            for _ in range(calls):
                action()
            spent.append((time.process_time() - started) / calls)
        ratios.append(spent[0] / spent[1])
    return statistics.median(ratios)
