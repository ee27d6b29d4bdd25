"""pdf_warm: the processor time of a document from the warm renderer / from WeasyPrint's command.

The command starts cold on the same HTML with the same faces and the same variant of PDF. Both must
give the same pages with the same text. The warm side counts all that the render server and its
child use; the command's side all that the command uses.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from datetime import date
from io import BytesIO
from pathlib import Path
from statistics import median

from pypdf import PdfReader

from portal.documents import renderer
from portal.documents.charts import Chart
from portal.documents.fontset import configuration_file
from portal.documents.paper import Section, SummaryDocument, Table, paper_html
from portal.documents.renderer import Limits, render_pdf

TICK = os.sysconf("SC_CLK_TCK")
PATIENT = Limits(seconds=300, memory=2 << 30)
WORDS = (
    "片区坚持问题导向，统筹推进城乡义务教育优质均衡发展，全学期共选派张喆、李堃、王昇等骨干教师12人到成员校任教，"
    "累计送教326节，开展联合教研18次，参加教师1040人次。各校把“学科余缺”作为选派的第一依据——课务由教研组内部消化，"
    "没有增加代课费用……（一）健全机制，落实责任。明确组长1人、联络员11人，按月召开例会。"
)
SIZES = {15: (50, 0), 29: (33, 500), 202: (735, 0)}  # pages: paragraphs, rows of the table


def paper(paragraphs: int, rows: int) -> str:
    """A summary of that many paragraphs, with a chart and a table of that many rows."""
    columns = ("学校", "应交流", "至少交流", "已到岗（人）", "已到岗（人次）", "说明")
    cells = tuple((f"第{row}中心小学", "28", "3", "3", "11", "交接单待补") for row in range(rows))
    tables = (Table("表1　交流教师分校统计", columns, cells),) if rows else ()
    chart = Chart("图1　活动次数", "bar", ("联合教研", "同课异构", "专题研讨"), (12, 7, 3), "次")
    each = -(-paragraphs // 12)
    sections = [
        Section(f"第{number}部分", tuple(WORDS for _ in range(min(each, paragraphs - start))))
        for number, start in enumerate(range(0, paragraphs, each), 1)
    ]
    sections.append(Section("附表", (), "", tables, (chart,)))
    return paper_html(
        SummaryDocument(
            title_lines=("麟峰小学片区2025—2026学年", "第一学期工作总结"),
            recipient="区教育局基础教育科",
            sections=tuple(sections),
            issuer="麟峰小学片区领导小组",
            date=date(2026, 1, 28),
            draft=False,
        )
    )


def warm(html: str) -> tuple[float, bytes]:
    """Processor seconds of the server and its child, and the PDF."""
    process = renderer._SERVER._process.pid
    before = used(process)
    pdf = render_pdf(html, limits=PATIENT)
    # The server counts its child once it has collected it.
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and living_children(process):
        time.sleep(0.01)
    return used(process) - before, pdf


def used(process: int) -> float:
    """Processor seconds of a process and of the children that it has collected."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICK


def living_children(process: int) -> bool:
    """Whether a process has a child that it has not collected."""
    return bool(Path(f"/proc/{process}/task/{process}/children").read_text().strip())


def cold(page: Path) -> tuple[float, bytes]:
    """Processor seconds of the command, and the PDF."""
    out = page.with_suffix(".pdf")
    environment = {**os.environ, "FONTCONFIG_FILE": str(configuration_file())}
    command = [sys.executable, "-m", "weasyprint", "--pdf-variant", "pdf/ua-1", str(page), str(out)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, "the command failed"
    return usage.ru_utime + usage.ru_stime, out.read_bytes()


def text_of(pdf: bytes) -> list[str]:
    """The signs of each page, without white space."""
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


def measure() -> list[tuple[str, float, str]]:
    """One row for each size: the ratio, and the medians that it is made of."""
    rows = []
    renderer.start_early()
    render_pdf(paper(1, 1), limits=PATIENT)
    with tempfile.TemporaryDirectory(prefix="portal-pdf-") as folder:
        for pages, (paragraphs, table_rows) in SIZES.items():
            html = paper(paragraphs, table_rows)
            page = Path(folder) / f"{pages}.html"
            page.write_text(html, encoding="utf-8")
            ours, theirs = [], []
            for _ in range(3 if pages > 100 else 5):
                seconds, pdf = warm(html)
                ours.append(seconds)
                seconds, other = cold(page)
                theirs.append(seconds)
            texts = text_of(pdf)
            assert len(texts) == pages, f"{len(texts)} pages instead of {pages}"
            assert texts == text_of(other), "the two sides printed different pages"
            note = f"{median(ours):.2f} s / {median(theirs):.2f} s of processor, {len(pdf) // 1024} KB"
            rows.append((f"pdf_warm {pages} pages", median(ours) / median(theirs), note))
    return rows
