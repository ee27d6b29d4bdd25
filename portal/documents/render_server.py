"""The process that turns HTML into PDF: warm, and one killable child for each document.

Started by `renderer`, never imported by the web process. It imports WeasyPrint once, lays out a
small sample so that faces and style sheets are ready, and then forks a child for each request.
A child can fetch nothing, has limits on memory, processor and time that the kernel enforces, and
ends after its one document, whatever was in it.

Standard input is a sequenced-packet socket. Each packet carries one connected socket, on which
the document comes and goes:

    from the client   4 bytes length, JSON {"seconds", "bytes", "length"}, then the HTML
    to the client     "S" when work begins; then "P" or "F", 8 bytes length, the PDF or the reason

When the web process ends, its end of the packet socket closes and this process ends too.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import selectors
import signal
import socket
import struct
import sys
import tempfile

# At most so many documents at once; the next ones wait in the packet socket.
CHILDREN = max(2, os.cpu_count() or 2)

SAMPLE = """<!doctype html><html lang="zh-CN"><head><title>样</title><style>
p {{ text-align: justify; letter-spacing: -0.2pt; margin: 0 }}
{rules}</style></head><body><h1>一</h1>{body}<table><tr><th scope="col">一</th></tr></table>
<svg width="9" height="9"><title>图</title><text x="1" y="8">图</text></svg></body></html>"""

SAMPLE_FAMILIES = (
    "Portal Title",
    "Portal Fang",
    "Portal Rare",
    "Portal Hei",
    "Portal Kai",
    "Portal Song Latin",
    "Portal Song",
)


class Refused(Exception):
    """A document ended without a PDF; the text is one of the reasons that `renderer` knows."""


def main() -> None:
    """Warm up, then serve until the client goes away."""
    from portal.documents import flush, quicker

    flush.install()
    quicker.install()
    engine = Engine()
    engine.warm_up()
    gc.collect()
    gc.freeze()
    serve(socket.socket(fileno=0), engine)


class Engine:
    """WeasyPrint with the state that all documents share: faces and the closed fetcher."""

    def __init__(self) -> None:
        import logging

        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher

        # Its warnings quote the document; personal text belongs in no log.
        logging.getLogger("weasyprint").setLevel(logging.CRITICAL + 1)
        logging.getLogger("fontTools").setLevel(logging.CRITICAL + 1)
        self.faces = FontConfiguration()
        self.fetcher = URLFetcher(allowed_protocols=("data",), allow_redirects=False)

    def render(self, html: str) -> bytes:
        """Return the PDF of an HTML text, tagged for PDF/UA-1, with outline and metadata."""
        from weasyprint import HTML

        document = HTML(string=html, url_fetcher=self.fetcher)
        return document.write_pdf(
            font_config=self.faces,
            pdf_variant="pdf/ua-1",
            custom_metadata=False,
        )

    def warm_up(self) -> None:
        """Lay out a few signs in each face, so that every child begins with them loaded."""
        rules = "\n".join(
            f".f{number} {{ font-family: '{family}' }}" for number, family in enumerate(SAMPLE_FAMILIES)
        )
        body = "".join(f"<p class='f{number}'>样张2026 喆</p>" for number in range(len(SAMPLE_FAMILIES)))
        self.render(SAMPLE.format(rules=rules, body=body))


def serve(control: socket.socket, engine: Engine) -> None:
    """Take requests and reap children until the packet socket closes."""
    children: dict[int, socket.socket] = {}
    woken, wake = socket.socketpair()
    for end in (woken, wake):
        end.setblocking(False)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    selector = selectors.DefaultSelector()
    selector.register(woken, selectors.EVENT_READ)
    listening = False
    while True:
        if listening != (len(children) < CHILDREN):
            listening = not listening
            if listening:
                selector.register(control, selectors.EVENT_READ)
            else:
                selector.unregister(control)
        for key, _ in selector.select():
            if key.fileobj is woken:
                woken.recv(4096)
                reap(children)
                continue
            packet, handles, _, _ = socket.recv_fds(control, 1, 1)
            if not packet:
                return
            for handle in handles:
                connection = socket.socket(fileno=handle)
                children[fork_child(engine, connection, (control, *children.values()))] = connection


def fork_child(engine: Engine, connection: socket.socket, others: tuple) -> int:
    """Fork a process that serves one connection; return its id (in the parent only)."""
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for other in others:
            other.close()  # no document can reach another one's client
        serve_document(engine, connection)
        code = 0
    finally:
        # Straight out: nothing of the parent's may be flushed or closed twice.
        os._exit(code)


def serve_document(engine: Engine, connection: socket.socket) -> None:
    """Read one document, render it within its limits, send the PDF or the reason."""
    stream = connection.makefile("rwb")
    (length,) = struct.unpack("!I", stream.read(4))
    order = json.loads(stream.read(length))
    html = stream.read(order["length"]).decode()
    stream.write(b"S")
    stream.flush()
    tempfile.gettempdir()  # tried out by writing a file, which the limits forbid
    limit(order["seconds"], order["bytes"])
    try:
        sign, answer = b"P", render(engine, html)
    except Refused as refusal:
        sign, answer = b"F", str(refusal).encode()
    # From here the reader sets the pace.
    signal.setitimer(signal.ITIMER_REAL, 0)
    stream.write(sign + struct.pack("!Q", len(answer)) + answer)
    stream.flush()


def limit(seconds: float, memory: int) -> None:
    """Bind this process: wall time, processor time, address space; no file to write, no child."""
    # Default actions end the process inside any library call.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    whole = int(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def render(engine: Engine, html: str) -> bytes:
    """Render, turning every way to fail into Refused. The collector only costs time here."""
    gc.disable()
    try:
        return engine.render(html)
    except MemoryError:
        reason = "memory"
    except RecursionError:
        reason = "nesting"
    except Exception:
        # Whatever a hostile text brought about; its words stay out of the reason.
        reason = "layout"
    raise Refused(reason)


def reap(children: dict[int, socket.socket]) -> None:
    """Collect ended children; tell the client of one that was ended before it could answer."""
    while children:
        try:
            process, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not process:
            return
        connection = children.pop(process, None)
        if connection is None:
            continue
        if status:
            reason = reason_of(status, usage.ru_maxrss)
            connection.setblocking(False)
            with contextlib.suppress(OSError):  # the client may have gone
                connection.send(b"F" + struct.pack("!Q", len(reason)) + reason)
        connection.close()


def reason_of(status: int, peak_kilobytes: int) -> bytes:
    """Return why a child was ended: its signal tells time; a high peak tells memory."""
    if os.WIFSIGNALED(status):
        if os.WTERMSIG(status) in (signal.SIGALRM, signal.SIGXCPU, signal.SIGKILL):
            return b"time"
        if peak_kilobytes > 300_000:
            return b"memory"  # a library that ends the process when it gets no memory
    return b"crash"


if __name__ == "__main__":
    main()
    sys.exit(0)
