"""Promise 26: documents fetch nothing, read no file, and end within their limits, whatever they hold."""

import base64
import os
import signal
import socket
import struct
import subprocess
import sys
import textwrap
import threading
import time
import zlib
from pathlib import Path

import pytest

from portal.documents import renderer
from portal.documents.paper import Section, paper_pdf
from portal.documents.renderer import DEFAULT_LIMITS, REASONS, DocumentFailed, Limits, render_pdf
from tests.support.papers import summary_document
from tests.support.pdf import lines_of, read

ROOT = Path(__file__).resolve().parents[2]
CANARY = "canary-2f8c1e"
PAGE = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>题</title>{head}</head>'
    "<body>{body}</body></html>"
)


class Listener:
    """A web server that counts who comes."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.visits = 0
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        while True:
            try:
                visitor, _ = self.socket.accept()
            except OSError:
                return
            self.visits += 1
            visitor.close()


@pytest.fixture(scope="module")
def listener():
    found = Listener()
    yield found
    found.socket.close()


@pytest.fixture(scope="module")
def canary(tmp_path_factory):
    """A file that a document may not read, as text, style sheet and picture in one."""
    path = tmp_path_factory.mktemp("canary") / "secret.svg"
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><text y="50">{CANARY}</text></svg>'
    )
    return path


def bomb() -> str:
    """A picture of 12000 x 12000 pixels in a few kilobytes."""

    def chunk(kind, data):
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    squeeze = zlib.compressobj(9)
    data = b"".join(squeeze.compress(b"\0" * (12000 * 3 + 1)) for _ in range(12000)) + squeeze.flush()
    head = struct.pack("!IIBBBBB", 12000, 12000, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(png).decode()


def data_svg(inner: str) -> str:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{inner}</svg>'
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


# What each text does, and the text. {web} is the listener, {file} the file, both as addresses.
FETCHING = {
    "picture": '<img alt="x" src="{web}/1">',
    "picture from a file": '<img alt="x" src="{file}">',
    "source set": '<img alt="x" srcset="{web}/2 2x" src="{web}/2">',
    "style sheet": '<link rel="stylesheet" href="{web}/3.css">',
    "style sheet from a file": '<link rel="stylesheet" href="{file}">',
    "imported style": '<style>@import url("{web}/4.css"); @import "{file}";</style>',
    "background": '<p style="background: url({web}/5) , url({file})">文</p>',
    "list mark": '<ul style="list-style-image: url({web}/6)"><li>文</ul>',
    "face": "<style>@font-face {{ font-family: x; src: url({web}/7.ttf), url({file}) }} "
    "p {{ font-family: x }}</style><p>文",
    "content": "<style>p::before {{ content: url({web}/8) url({file}) }}</style><p>文",
    "object": '<object data="{web}/9" type="image/svg+xml"></object>'
    '<embed src="{file}"><iframe src="{file}"></iframe>',
    "drawing with a picture": '<svg><title>x</title><image href="{web}/10" width="9" height="9"/>'
    '<image href="{file}" width="9" height="9"/></svg>',
    "drawing that uses a file": '<svg><title>x</title><use href="{file}#a"/><use href="{web}/11#a"/></svg>',
    "drawing inside data": '<img alt="x" src="{nested}">',
    "attachment": '<link rel="attachment" href="{file}"><a rel="attachment" href="{web}/13">文</a>',
    "base address": '<base href="{web}/"><img alt="x" src="14.png">',
    "meta refresh": '<meta http-equiv="refresh" content="0;url={web}/15"><script src="{web}/15.js"></script>',
    "profile": "<style>@page {{ background: url({web}/16); @top-left {{ content: url({file}) }} }}</style>",
    "entities": '<!DOCTYPE x [<!ENTITY e SYSTEM "{file}">]><p>&e;</p>',
    "other schemes": '<img alt="x" src="ftp://127.0.0.1/x">'
    '<img alt="x" src="FILE:///etc/passwd"><img alt="x" src="//127.0.0.1/x">',
}

HEAVY = {
    "5,000 floats": '<i style="float:left">字</i>' * 5000,
    "nesting of blocks": "<div>" * 20_000 + "字",
    "nesting of letters": "<b><i>" * 3_000 + "字",
    "nested tables": "<table><tr><td>" * 60 + "字",
    "enormous letters": '<p style="font-size: 1e7pt">字</p>',
    "enormous page": "<style>@page { size: 1e9mm 1e9mm }</style><p>字",
    "tiny page": "<style>@page { size: 1mm 1mm; margin: 0 }</style>" + "字" * 4000,
    "one endless word": "x" * 400_000,
    "endless gap": '<p style="margin-top: 1e12mm">字</p><p style="height: 1e300pt">字</p>',
    "wide table": "<table><tr>" + "<td>字" * 3000 + "</table>",
    "spanning table": '<table><tr><td colspan="99999" rowspan="99999">字</table>',
    "many columns": '<div style="columns: 5000">' + "字" * 5000 + "</div>",
    "counters": "<style>p { counter-increment: a 2147483647 } p::before { content: counter(a, upper-roman) }</style>"
    + "<p>字" * 200,
    "circular variables": "<style>:root { --a: var(--b) var(--b); --b: var(--a) var(--a) } "
    "p { width: var(--a) }</style><p>字",
    "swelling variables": "<style>:root {"
    + "".join(f"--v{n}: var(--v{n - 1}) var(--v{n - 1});" for n in range(1, 28))
    + "--v0: 字字 } p::before { content: var(--v27) }</style><p>字",
    "picture bomb": '<img alt="x" src="' + bomb() + '">',
    "drawing bomb": '<img alt="x" src="'
    + data_svg(
        "<g id='g0'><path d='M0 0h1'/></g>"
        + "".join(f"<g id='g{n}'>" + f"<use xlink:href='#g{n - 1}'/>" * 10 + "</g>" for n in range(1, 9))
        + "<use xlink:href='#g8'/>"
    )
    + '">',
    "recursive drawing": '<svg><title>x</title><g id="a"><use href="#a"/></g>'
    '<pattern id="p" width="1" height="1"><rect fill="url(#p)" width="9" height="9"/></pattern>'
    '<rect fill="url(#p)" width="9" height="9"/></svg>',
    "control signs": "\x00\x01\x0b\ufffe\u202e\u2066\ufeff字" * 500,
    "combining marks": "a" + "\u0301" * 20_000,
    "right to left": "<p dir=rtl>" + "\u202eשלום字12" * 2000,
    "selectors": "<style>" + ":not(" * 300 + "p" + ")" * 300 + "{ color: red }</style><p>字",
}


def attempt(html: str, limits: Limits = DEFAULT_LIMITS):
    """The PDF or the reason why there is none, and how long that took."""
    start = time.monotonic()
    try:
        result = render_pdf(html, limits=limits)
    except DocumentFailed as failure:
        result = failure.reason
    return result, time.monotonic() - start


@pytest.mark.promise(26)
@pytest.mark.parametrize("name", FETCHING)
def test_nothing_is_fetched_and_no_file_is_read(name, listener, canary):
    address = canary.as_uri()
    nested = data_svg(
        f"<image href='{listener.address}/12' width='9' height='9'/><image href='{address}' width='9' height='9'/>"
    )
    body = FETCHING[name].format(web=listener.address, file=address, nested=nested)
    result, _ = attempt(
        PAGE.format(head=body if "<link" in body or "<base" in body else "", body=body + "<p>正文</p>")
    )

    assert isinstance(result, bytes), result
    reader = read(result)
    whole = b"".join(
        found.get_data() for number in range(1, len(reader.xref[0]) + 1)
        if hasattr(found := reader.get_object(number), "get_data")
    )  # fmt: skip
    assert CANARY.encode() not in result + whole
    assert CANARY not in "".join(line.text for line in lines_of(reader))
    assert listener.visits == 0


@pytest.mark.promise(26)
@pytest.mark.slow
@pytest.mark.parametrize("name", HEAVY)
def test_hostile_text_ends_in_time_or_fails_clearly(name, listener):
    body = HEAVY[name]
    # Half of the time that documents have, so that the promise holds with room to spare.
    result, seconds = attempt(PAGE.format(head="", body=body), Limits(seconds=DEFAULT_LIMITS.seconds / 2))

    assert seconds < DEFAULT_LIMITS.seconds + 10, "the margin is for starting the server under load"
    assert isinstance(result, bytes) or result in REASONS
    # Whatever it did, the next document is made as ever.
    assert isinstance(attempt(PAGE.format(head="", body="字"))[0], bytes)


@pytest.mark.promise(26)
def test_hostile_texts_in_a_summary_are_only_text(listener, canary):
    address = canary.as_uri()
    texts = [text.replace("{web}", listener.address).replace("{file}", address) for text in FETCHING.values()]
    texts += [text[:300] for text in HEAVY.values()]
    document = summary_document(
        recipient=texts[0],
        sections=tuple(Section(text[:40], (text,), f"- {text}\n## {text[:60]}") for text in texts),
        attachments=tuple(texts[:3]),
    )
    lines = lines_of(read(paper_pdf(document)))
    printed = "".join(line.text for line in lines)

    assert listener.visits == 0
    assert CANARY not in printed
    assert "5,000 floats" not in printed
    assert printed.count('<i style="float:left">') >= 10


def test_time_limit_ends_a_document():
    start = time.monotonic()
    result, _ = attempt(PAGE.format(head="", body=HEAVY["5,000 floats"]), Limits(seconds=1))
    assert result == "time"
    assert time.monotonic() - start < 15


def test_memory_limit_ends_a_document():
    limits = Limits(memory=320 * 1024 * 1024, seconds=60)
    assert isinstance(attempt(PAGE.format(head="", body="<p>字"), limits)[0], bytes)
    assert attempt(PAGE.format(head="", body="<p>字" * 30_000), limits)[0] == "memory"
    assert attempt(PAGE.format(head="", body=HEAVY["picture bomb"]))[0] == "memory"


def test_nesting_that_python_cannot_follow_is_named():
    result, _ = attempt(PAGE.format(head="", body="<div>" * 2000 + "字"))
    assert result == "nesting"


def test_text_that_is_too_long_is_refused_at_once():
    result, seconds = attempt("字" * 100, Limits(html=200))
    assert result == "size"
    assert seconds < 1


def test_failure_says_its_reason_in_words_and_nothing_of_the_text():
    with pytest.raises(DocumentFailed) as caught:
        render_pdf(PAGE.format(head="", body="<div>" * 2000 + CANARY))
    assert caught.value.reason == "nesting"
    assert str(caught.value) == "the document is nested too deeply"


def test_documents_at_once_are_each_their_own():
    results = {}

    def make(number):
        results[number] = render_pdf(PAGE.format(head="", body=f"<p>第{number}份</p>"))

    threads = [threading.Thread(target=make, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    texts = {number: "".join(line.text for line in lines_of(read(pdf))) for number, pdf in results.items()}
    assert texts == {number: f"第{number}份" for number in range(8)}


def test_server_that_was_killed_is_started_again():
    page = PAGE.format(head="", body="字")
    before = render_pdf(page)
    os.kill(renderer._SERVER._process.pid, signal.SIGKILL)
    renderer._SERVER._process.wait()
    assert render_pdf(page) == before


def test_server_ends_with_the_process_that_started_it():
    script = f"""
        import os
        from portal.documents import renderer
        renderer.render_pdf({PAGE.format(head="", body="字")!r})
        print(renderer._SERVER._process.pid, flush=True)
        os._exit(0)  # no farewell
    """
    server = int(run(script))
    for _ in range(100):
        if not Path(f"/proc/{server}").exists() or " Z " in Path(f"/proc/{server}/stat").read_text():
            return
        time.sleep(0.1)
    pytest.fail("the render server outlived its process")


def test_forked_process_has_a_server_of_its_own():
    script = f"""
        import os
        from portal.documents import renderer
        page = {PAGE.format(head="", body="字")!r}
        before, first = renderer.render_pdf(page), renderer._SERVER._process.pid
        child = os.fork()
        if not child:
            same = renderer.render_pdf(page) == before and renderer._SERVER._process.pid != first
            renderer._SERVER.stop()
            os._exit(0 if same else 1)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(code, renderer.render_pdf(page) == before, renderer._SERVER._process.pid == first)
    """
    assert run(script) == "0 True True"


def test_web_process_never_loads_the_layout_engine():
    script = """
        import sys
        import portal.documents.summary, portal.documents.paper
        from portal.documents import fontset
        fontset.missing_characters("字")
        portal.documents.paper.paper_html
        print(sorted({"weasyprint", "pydyf", "fontTools", "PIL"} & set(sys.modules)))
    """
    assert run(script) == "[]"


def test_engine_other_than_the_expected_one_is_refused():
    script = """
        import os
        from portal.documents import flush, fontset
        os.environ["FONTCONFIG_FILE"] = str(fontset.configuration_file())
        flush.check_engine()
        name = "weasyprint.layout.inline.text_align"
        for version, sources in (("69.0", flush.EXPECTED_SOURCE), ("70.0", flush.EXPECTED_SOURCE | {name: "0" * 16})):
            try:
                flush.check_engine(version, sources)
            except flush.WrongEngine as error:
                print(error)
    """
    assert run(script).splitlines() == [
        "documents need WeasyPrint 69.0, found 70.0",
        "WeasyPrint was changed in weasyprint.layout.inline.text_align",
    ]


def run(script: str) -> str:
    """What a fresh Python process prints that runs the script in the project's folder."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
