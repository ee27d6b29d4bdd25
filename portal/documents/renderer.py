"""HTML to PDF, in a process of its own that can be ended.

The web process and the worker call `render_pdf`; neither imports WeasyPrint. The first call
starts the render server (about a second), later calls find it warm. See `render_server`.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from portal.documents.fontset import configuration_file, fingerprint

PACKAGE = Path(__file__).resolve().parents[1]

# Starts the server without running the package's own start, which would load the whole portal.
BOOT = (
    "import sys, types; package = types.ModuleType('portal'); package.__path__ = [sys.argv[1]]; "
    "sys.modules['portal'] = package; from portal.documents.render_server import main; main()"
)

REASONS = {
    "time": "the document took too long",
    "memory": "the document needed too much memory",
    "nesting": "the document is nested too deeply",
    "layout": "the document cannot be laid out",
    "size": "the document is too large",
    "crash": "the renderer ended unexpectedly",
    "busy": "the renderer is busy",
    "start": "the renderer does not start",
}


@dataclass(frozen=True)
class Limits:
    """Limits of one document: wall and processor seconds, bytes of memory, bytes of HTML."""

    seconds: float = 10.0
    memory: int = 600 * 1024 * 1024
    html: int = 8 * 1024 * 1024
    # Waiting for a free place is not the document's fault; it is limited apart.
    queue_seconds: float = 120.0


DEFAULT_LIMITS = Limits()


class DocumentFailed(Exception):
    """A document could not be made. `reason` is a key of REASONS; the message says it in words."""

    def __init__(self, reason: str) -> None:
        self.reason = reason if reason in REASONS else "crash"
        super().__init__(REASONS[self.reason])


def render_pdf(html: str, *, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return the PDF of a complete HTML text; the same text always gives the same bytes.

    Nothing is fetched: only `data:` addresses are read. Raises DocumentFailed. May be called
    from any thread, and from a process forked after an earlier call.
    """
    data = html.encode("utf-8", "replace")
    if len(data) > limits.html:
        raise DocumentFailed("size")
    order = json.dumps({"seconds": limits.seconds, "bytes": limits.memory, "length": len(data)}).encode()
    with _SERVER.connect() as connection:
        stream = connection.makefile("rwb")
        try:
            return _exchange(connection, stream, order, data, limits)
        except TimeoutError:
            raise DocumentFailed("time") from None
        except OSError:
            raise DocumentFailed("crash") from None
        finally:
            _close(stream)


def _exchange(connection, stream, order: bytes, data: bytes, limits: Limits) -> bytes:
    connection.settimeout(limits.queue_seconds)
    try:
        stream.write(struct.pack("!I", len(order)) + order + data)
        stream.flush()
        sign = stream.read(1)
    except TimeoutError:
        raise DocumentFailed("busy") from None
    # The kernel ends the child in time; the margin covers a machine that is out of breath.
    connection.settimeout(limits.seconds + 20)
    if not sign and not _SERVER.alive():
        raise DocumentFailed("start")
    if sign == b"S":
        sign = stream.read(1)
    header = stream.read(8)
    if sign not in (b"P", b"F") or len(header) < 8:
        raise DocumentFailed("crash")
    (length,) = struct.unpack("!Q", header)
    answer = stream.read(length)
    if len(answer) < length:
        raise DocumentFailed("crash")
    if sign == b"F":
        raise DocumentFailed(answer.decode())
    return answer


def _close(stream) -> None:
    with contextlib.suppress(OSError):  # what was not sent has nobody to go to
        stream.close()


class _Server:
    """This process's render server: started at first use, started again after a crash."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen | None = None
        self._control: socket.socket | None = None
        self._faces = ""

    def connect(self) -> socket.socket:
        """Return a connected socket whose other end the server has."""
        ours, theirs = socket.socketpair()
        with theirs:
            for attempt in (1, 2):
                control = self._running(fresh=attempt == 2)
                try:
                    socket.send_fds(control, [b"D"], [theirs.fileno()])
                    return ours
                except OSError:
                    continue
        ours.close()
        raise DocumentFailed("start")

    def _running(self, *, fresh: bool) -> socket.socket:
        with self._lock:
            faces = fingerprint()
            alive = self._process is not None and self._process.poll() is None
            if fresh or not alive or faces != self._faces:
                self._stop()
                self._start()
                self._faces = faces
            return self._control

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {
            "FONTCONFIG_FILE": str(configuration_file()),
            "PATH": os.environ.get("PATH", os.defpath),
            # The same text gives the same bytes, in every process.
            "PYTHONHASHSEED": "0",
            "LC_ALL": "C.UTF-8",
        }
        for name in ("LD_LIBRARY_PATH", "PORTAL_INSTANCE", "VIRTUAL_ENV"):
            if name in os.environ:
                environment[name] = os.environ[name]
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", BOOT, str(PACKAGE)],
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
        self._control = ours

    def _stop(self) -> None:
        """Close the packet socket, at which the server ends, and collect it."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(timeout=2)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def stop(self) -> None:
        """End the server; the next document starts another."""
        with self._lock:
            self._stop()

    def alive(self) -> bool:
        """Tell whether the server runs; one that ends at once has printed why."""
        with self._lock:
            try:
                return self._process is not None and self._process.wait(timeout=0.2) is None
            except subprocess.TimeoutExpired:
                return True

    def forget(self) -> None:
        """In a forked child: the server belongs to the parent."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.returncode = 0  # not ours to wait for
        self.__init__()


_SERVER = _Server()
atexit.register(_SERVER.stop)
os.register_at_fork(after_in_child=_SERVER.forget)


def start_early() -> None:
    """Start the render server now, for a worker that will need it soon."""
    _SERVER.connect().close()
