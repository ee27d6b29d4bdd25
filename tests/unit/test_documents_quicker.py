"""The shorter ways through the layout engine lead to the very same bytes."""

import os
import subprocess
import sys
from pathlib import Path

from portal.documents import fontset
from portal.documents.paper import Section, Table, paper_html
from tests.support.papers import BARS, BASICS, PRACTICE, summary_document

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import sys
from portal.documents import flush, quicker, render_server
flush.install()
if sys.argv[1] == "quicker":
    quicker.install()
engine = render_server.Engine()
sys.stdout.buffer.write(engine.render(sys.stdin.read()))
"""


def rendered(html: str, way: str) -> bytes:
    """The PDF that a fresh process makes, with or without the shorter ways."""
    environment = {**os.environ, "FONTCONFIG_FILE": str(fontset.configuration_file())}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, way],
        input=html.encode(),
        capture_output=True,
        cwd=ROOT,
        env=environment,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_documents_are_the_same_byte_for_byte():
    mixed = (
        "2026年1月28日，" * 40,
        "0123456789" * 30 + "片区" * 60,
        "统筹推进" * 60 + " teacher exchange " * 20 + "轮岗" * 80,
        "“”——……（）、，。；：？！" * 30,
        "一" * 600,
        "䶮𬭎喆堃" * 60,
        "https://example.cn/" + "a" * 300,
    )
    rows = tuple((f"第{row}小学", "说明" * 30, str(row)) for row in range(60))
    table = Table("表1", ("学校", "说明", "次数"), rows)
    html = paper_html(
        summary_document(
            draft=True,
            sections=(
                Section("基本情况", (BASICS * 4, *mixed), PRACTICE, (table,), (BARS,)),
                Section("主要做法", (), "\n".join([PRACTICE * 3, *mixed])),
            ),
        )
    )
    plain = rendered(html, "plain")

    assert plain.startswith(b"%PDF")
    assert rendered(html, "quicker") == plain
