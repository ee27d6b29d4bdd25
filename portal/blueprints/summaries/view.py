"""What the pages of a summary show, put together from its content in the reader's language."""

from dataclasses import dataclass
from datetime import date

from flask import current_app, url_for
from flask_babel import gettext as _
from werkzeug.routing import BuildError

from portal import formats, labels
from portal.documents import fontset
from portal.domain.figure_definitions import BREAKDOWN_WORDS, DEFINITIONS, FigureDefinition
from portal.domain.figures import Figure, plain_number, shown
from portal.domain.summary_content import frozen_figures, section_parts
from portal.domain.words import N_, Message
from portal.queries.figures import scheme_of
from portal.web import page_lang

# What the records still lack, where the figures will change once it is there: figure and words.
WAITING = {
    "meetings_without_minutes": N_("有 %(count)s 次会议的纪要还没有确认"),
    "sessions_unconfirmed": N_("有 %(count)s 节走教还没有确认，确认后才计入"),
    "exchange_waiting": N_("有 %(count)s 人还没有登记到岗，到岗后才计入"),
}


@dataclass(frozen=True)
class FigureLine:
    """A figure as a page shows it."""

    definition: FigureDefinition
    figure: Figure

    @property
    def key(self) -> str:
        return self.definition.key

    @property
    def value(self) -> str:
        """The value as it is printed, with its unit where it has a value."""
        text = shown(self.figure, self.definition.unit).text(_)
        if self.figure.value is None or self.definition.unit == "%":
            return text
        return f"{text} {_(self.definition.unit)}"

    @property
    def target(self) -> int | None:
        """How often the scheme asks for it, for counters with a target."""
        is_counter = self.figure.value == self.figure.numerator
        return self.figure.denominator if is_counter and self.definition.unit != "%" else None


def figure_lines(content: dict, keys) -> list[FigureLine]:
    """The figures of these keys that the content has."""
    figures = frozen_figures(content)
    return [FigureLine(DEFINITIONS[key], figures[key]) for key in keys if key in figures]


def sentences_of(summary, content: dict, key: str) -> list[list]:
    """The computed sentences of a section as parts: official Chinese, or said in English."""
    translate = None if page_lang() == "zh-CN" else _
    scheme = scheme_of(summary.cluster.scheme_code)
    return section_parts(content, key, scheme, labels.ACTIVITY_KIND, translate)


def breakdown_of(line: FigureLine) -> list[tuple[str, str]]:
    """The parts of a figure: word and value, a share with its sign."""
    sign = "%" if line.definition.unit == "%" else ""
    return [
        (_part_word(line.definition, label), "—" if value is None else plain_number(value) + sign)
        for label, value in line.figure.breakdown
    ]


def _part_word(definition: FigureDefinition, label: str) -> str:
    if definition.breakdown == "month":
        year, month = label.split("-")
        return _("%(year)s年%(month)s月", year=int(year), month=int(month))
    if definition.breakdown == "kind":
        return _(labels.ACTIVITY_KIND.get(label, label))
    if definition.breakdown == "matrix":
        form, *rest = label.split("/")
        words = [labels.POSTING_FORM.get(form, form), *(BREAKDOWN_WORDS.get(each, each) for each in rest)]
        return " · ".join(_(word) for word in words)
    return _(BREAKDOWN_WORDS[label]) if label in BREAKDOWN_WORDS else label


def cell_text(cell) -> str:
    """A cell of a row of records, for a page."""
    if cell is None:
        return "—"
    if isinstance(cell, Message):
        return cell.text(_)
    if hasattr(cell, "isoformat"):
        return formats.day(cell)  # the term says the year
    return str(cell)


def address_of(row) -> str:
    """Where a record is found; empty for one that has no page or may not be opened."""
    if not row.endpoint or row.endpoint not in current_app.view_functions:
        return ""
    try:
        return url_for(row.endpoint, **row.target)
    except BuildError:
        return ""


def steps_of(summary, sections, consents, leader) -> list[dict]:
    """The way of a summary from the first word to the bureau's acceptance, with where it stands."""
    scheme = scheme_of(summary.cluster.scheme_code)
    leads = scheme.labels["leader"]
    done = sum(section.is_done for section in sections)
    agreed = sum(each.given is not None for each in consents)
    now_at = {"signed": 3, "submitted": 4, "accepted": 5}.get(summary.state, 0)
    if summary.state == "drafting" and done == len(sections):
        now_at = 1 if agreed < len(consents) else 2
    steps = [
        (0, _("撰写"), _("%(done)s / %(total)s 部分", done=done, total=len(sections))),
        *([(1, _("成员校同意"), f"{agreed} / {len(consents)}")] if consents else []),
        (2, _("%(leader)s签署", leader=_(leads)), leader.name if leader else "—"),
        (3, _("报送"), _(scheme.summary.body)),
        (4, _("受理"), _(scheme.summary.office)),
    ]
    return [
        {
            "label": label,
            "text": text,
            "state": "done" if at < now_at else "now" if at == now_at else "next",
        }
        for at, label, text in steps
    ]


def as_of(content: dict) -> str:
    """The last day that the figures of a content count, in the reader's language."""
    return formats.full_day(date.fromisoformat(content["as_of"]))


def unprintable(content: dict) -> tuple[str, ...]:
    """The characters of a summary that no face has: the paper shows 〓 in their place."""
    return fontset.missing_characters("".join(_texts(content)))


def _texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
