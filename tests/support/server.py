"""The portal behind a real HTTP server in this process, for tests with a browser."""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from waitress.server import create_server


@dataclass
class LiveServer:
    """A running portal: its address and its application, whose database the test may read."""

    url: str
    app: Flask


@contextlib.contextmanager
def serve(app: Flask) -> Iterator[LiveServer]:
    """Serve the application on a free port of this machine with the server that `make run` uses."""
    server = create_server(app, host="127.0.0.1", port=0, threads=6)
    thread = threading.Thread(target=server.run, name="live-server", daemon=True)
    thread.start()
    try:
        yield LiveServer(f"http://127.0.0.1:{server.effective_port}", app)
    finally:
        server.close()
        server.task_dispatcher.shutdown(timeout=5)
        thread.join(10)


@contextlib.contextmanager
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen]:
    """The job worker as its own process, as `make run` starts it, with these environment variables."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
