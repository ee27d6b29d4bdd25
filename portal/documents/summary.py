"""The term summary as an official document: HTML in the form of GB/T 9704, and its PDF.

The content is the plain data of ``portal.domain.summary_content``: what was frozen when the lead
principal signed, or the draft of today. Nothing is computed here.
"""

from functools import lru_cache
from pathlib import Path
from string import Template

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from portal.documents import fontset
from portal.documents.charts import bar_chart
from portal.documents.renderer import DEFAULT_LIMITS, Limits, render_pdf
from portal.domain import summary_content

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
STYLE = Path(__file__).with_name("official.css")
TITLE_SIGNS = 20  # characters of the 22 pt title that fit one line


def summary_pdf(content: dict, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The PDF of a summary's content. DocumentFailed when it cannot be made within the limits."""
    return render_pdf(summary_html(content), limits=limits)


def summary_html(content: dict) -> str:
    """The document's HTML. Every text is escaped; a character that no face has is printed as 〓."""
    sections = [
        {
            "heading": _plain(f"{section['number']}、{section['title']}"),
            "paragraphs": [_plain(text) for text in _paragraphs(section)],
            "tables": [_table(table) for table in section["tables"]],
            "charts": [
                {
                    "title": _plain(chart["title"]),
                    "svg": bar_chart(
                        _plain(chart["title"]),
                        [(_plain(word), value) for word, value in chart["bars"]],
                        _plain(chart["unit"]),
                    ),
                }
                for chart in section["charts"]
            ],
        }
        for section in content["sections"]
    ]
    return _environment().get_template("documents/summary.html").render(
        style=Markup(style_sheet()),
        title=_plain(content["title"]),
        title_lines=title_lines(_plain(content["title"])),
        status=_plain(summary_content.status_line(content)),
        recipient=_plain(content["recipient"]),
        sections=sections,
        issuer=_plain(content["issuer"]),
        seal_note=_plain(summary_content.seal_note(content)),
        signatory=_plain(f"{content['leader_word']}：{content['signatory']}") if content["signatory"] else "",
        date_line=summary_content.date_line(content),
    )


def title_lines(title: str) -> list[str]:
    """A long title in two lines, broken before the term where that is possible, the longer line below."""
    if len(title) <= TITLE_SIGNS:
        return [title]
    for mark in ("学年",):
        place = title.find(mark)
        if 0 < place and len(title) - place - len(mark) >= 4:
            return [title[: place + len(mark)], title[place + len(mark) :]]
    middle = (len(title) + 1) // 2
    return [title[:middle], title[middle:]]


@lru_cache(maxsize=4)
def _style(_fingerprint: str) -> str:
    extra = fontset.extra_families()

    def faces(*names: str) -> str:
        return ", ".join(f'"{name}"' for name in (*names, *extra))

    rest = ("Portal Song", "Portal Rest")
    return Template(STYLE.read_text(encoding="utf-8")).substitute(
        title=faces(*fontset.OWN_TITLE, "Portal Title", *rest),
        fang=faces(*fontset.OWN_FANG, "Portal Fang", "Portal Song Latin", "Portal Fang Rare", *rest),
        hei=faces(*fontset.OWN_HEI, "Portal Hei", *rest),
        kai=faces(*fontset.OWN_KAI, "Portal Kai", *rest),
        song=faces(*fontset.OWN_SONG, "Portal Song Latin", *rest),
    )


def style_sheet() -> str:
    """The style of official documents with the families that this installation has."""
    return _style(fontset.fingerprint())


def _paragraphs(section: dict) -> list[str]:
    """The paragraphs of a section; what people typed as a list keeps its lines, without the marks."""
    return [text.removeprefix("- ").replace("**", "") for text in summary_content.paragraphs(section)]


def _table(table: dict) -> dict:
    return {
        "title": _plain(table["title"]),
        "columns": [_plain(str(word)) for word in table["columns"]],
        "rows": [[_plain(str(cell)) for cell in row] for row in table["rows"]],
        "foot": [_plain(str(cell)) for cell in table["foot"]],
    }


def _plain(text: str) -> str:
    return fontset.printable(text)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
