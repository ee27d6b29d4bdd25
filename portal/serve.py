"""`make run`: the web server and the job worker together, until Ctrl-C.

``python -m portal.serve`` serves what is there; ``--prepare`` first makes the database ready
(``flask setup``). PORT and PORTAL_LISTEN say where. Larger sites run the parts by themselves:
docs/operations.md.
"""

import argparse
import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time

FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
THREADS = 8
# A browser reuses its connection for less time than this, so the server never closes it under a request.
KEEP_ALIVE = 120  # seconds
STOP_WITHIN = 15  # seconds that the worker has to finish its job


class Worker:
    """The job worker as a child process, started again when it ends by itself."""

    def __init__(self):
        self._stopping = threading.Event()
        self._process = self._start()
        threading.Thread(target=self._keep, name="worker-keeper", daemon=True).start()

    def _start(self) -> subprocess.Popen:
        # Ctrl-C goes to the whole terminal; the worker's own session leaves stopping it to us.
        return subprocess.Popen([*FLASK, "worker"], start_new_session=True)

    def _keep(self) -> None:
        while not self._stopping.is_set():
            started = time.monotonic()
            code = self._process.wait()
            if self._stopping.is_set():
                return
            pause = 1 if time.monotonic() - started > 60 else 10
            print(
                f"The worker ended with code {code}; it starts again in {pause} s.",
                file=sys.stderr,
                flush=True,
            )
            if not self._stopping.wait(pause):
                self._process = self._start()

    def stop(self) -> None:
        """Let the worker finish what it is doing, then end it."""
        self._stopping.set()
        self._process.terminate()
        try:
            self._process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def main() -> int:
    """Serve until Ctrl-C or SIGTERM; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m portal.serve", description=__doc__.splitlines()[0])
    parser.add_argument("--prepare", action="store_true", help="run `flask setup` first")
    arguments = parser.parse_args()

    host = os.environ.get("PORTAL_LISTEN", "") or "127.0.0.1"
    port = port_number(os.environ.get("PORT", "") or "8000")
    if port is None:
        return _refuse(f"PORT={os.environ['PORT']} is not a port number (1 to 65535).")
    # The bare socket first: a taken port should be said before minutes are spent on the demonstration data.
    if taken := _port_problem(host, port):
        return _refuse(taken)
    # Both by hand: a shell's background job is started with Ctrl-C ignored.
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return _prepare(arguments.prepare) or _serve(host, port)
    except KeyboardInterrupt:
        return 130  # before the server was up; the shell's number for Ctrl-C


def _prepare(wanted: bool) -> int:
    """Run `flask setup` if asked to; its exit code."""
    return subprocess.run([*FLASK, "setup"]).returncode if wanted else 0


def _serve(host: str, port: int) -> int:
    """Web server here, worker beside it, until a signal; the exit code."""
    from waitress.server import create_server

    from wsgi import app

    server = create_server(app, host=host, port=port, threads=THREADS, channel_timeout=KEEP_ALIVE, ident=None)
    worker = Worker()
    shown = "127.0.0.1" if host == "0.0.0.0" else host
    print(f"\nThe portal is at  http://{shown}:{port}/   (Ctrl-C stops it)\n", flush=True)
    try:
        with contextlib.suppress(KeyboardInterrupt, SystemExit):
            server.run()
    finally:
        print("Stopping ...", flush=True)
        worker.stop()
        server.close()
    return 0


def port_number(text: str) -> int | None:
    """The number of a port, or None when the text names none."""
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 65536 else None


def _port_problem(host: str, port: int) -> str | None:
    """Why this address cannot be served, or None."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                return f"Port {port} is taken by another program. Choose another:  PORT={port + 1} make run"
            return f"{host}:{port} cannot be used: {problem.strerror}."
    return None


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


def _interrupt(_signal, _frame) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
