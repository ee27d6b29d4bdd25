"""A certificate of service as an official page, made of the plain data that was frozen when it was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.documents import paper
from portal.documents.renderer import DEFAULT_LIMITS, Limits, render_pdf
from portal.domain.deliveries import duration_text
from portal.labels.deliveries import DELIVERY_KIND

TEMPLATE = "documents/certificate.html"
TITLE = "服务证明"


@dataclass(frozen=True)
class Certificate:
    """What is printed. `issuer` is the school, `seal_note` its cluster in brackets, None without one."""

    number: str
    paragraphs: tuple[str, ...]
    table: paper.Table
    issuer: str
    seal_note: str | None
    date: date
    title: str = TITLE


def certificate_pdf(content: Mapping, number: str, day: date, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return the PDF of a certificate's content. DocumentFailed when the limits do not allow it."""
    return render_pdf(certificate_html(content, number, day), limits=limits)


def certificate_html(content: Mapping, number: str, day: date) -> str:
    """Return the document's HTML. Every text is escaped; a character that no face has is 〓."""
    return paper.html_of(TEMPLATE, document_of(content, number, day))


def document_of(content: Mapping, number: str, day: date) -> Certificate:
    """Return the page of a certificate's content."""
    services = content["services"]
    who = f"{content['person']}（{content['of']}）" if content["of"] else content["person"]
    parts = [f"共{len(services)}次"]
    if content["minutes"]:
        parts.append(duration_text(content["minutes"]))
    if content["periods"]:
        parts.append(f"上课{content['periods']}节")
    return Certificate(
        number=number,
        paragraphs=(
            f"兹证明{who}于{content['term']}在{content['school']}开展支教和志愿服务，{'，'.join(parts)}，"
            "情况属实。谨向其无私的奉献和对学校工作的支持表示衷心感谢。",
            "特此证明。",
        ),
        table=paper.Table(
            caption="服务明细",
            head=("日期", "内容", "类别", "时长", "节数"),
            rows=tuple(_row(each) for each in services),
        ),
        issuer=content["school"],
        seal_note=f"（{content['cluster']}）" if content["cluster"] else None,
        date=day,
    )


def _row(service: Mapping) -> tuple[str, ...]:
    minutes, periods = service["minutes"], service["periods"]
    return (
        paper.chinese_date(date.fromisoformat(service["day"])),
        service["title"],
        DELIVERY_KIND[service["kind"]],
        duration_text(minutes) if minutes else "—",
        f"{periods}节" if periods else "—",
    )
