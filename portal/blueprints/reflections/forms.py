"""Forms of the reflection logs."""

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Regexp

from portal import labels
from portal.domain.log_templates import AREAS, PARTS, clean_lines, parts_of
from portal.forms import LineField, Optional, PortalForm, ProseField, ValidationError, choices, clean_line

EMPTY_ROWS = 3
MOST = 100_000_000


class ReflectionForm(PortalForm):
    """A log: six parts, one is enough; the kind says which stand first and how they are called."""

    kind = SelectField(_l("类别"))
    title = LineField(_l("标题"))
    subject = LineField(_l("学科"), longest=40)
    theme = LineField(_l("主题"), longest=40)
    happened_on = DateField(_l("日期"), validators=[InputRequired(message=_l("请填写这一项"))])
    link = SelectField(_l("关联"), default="")
    observation = ProseField(_l("看到的"))
    experience = ProseField(_l("经验"))
    feelings = ProseField(_l("体会"))
    problem = ProseField(_l("问题"))
    solution = ProseField(_l("解决办法"))
    plan = ProseField(_l("下一步"))
    visibility = RadioField(_l("谁能看到"))
    once_key = HiddenField(validators=[Optional(), Regexp(r"^[0-9a-f]{32}$")])

    def __init__(self, *args, links=(), lines=(), **options):
        super().__init__(*args, **options)
        self.kind.choices = choices(labels.REFLECTION_KIND)
        self.visibility.choices = choices(labels.VISIBILITY)
        self.link.choices = [("", _("不关联")), *links]
        self.rows = _posted_rows() if self.is_submitted() else [_shown_row(line) for line in lines]
        for part in parts_of(self.kind.data or "lesson"):
            self[part.name].label.text = _(part.label)

    def validate(self, extra_validators=None) -> bool:
        """Every field, and the quantities of the lines."""
        ok = super().validate(extra_validators)
        for row in self.rows:
            if row["quantity"] and _whole(row["quantity"]) is None:
                self.form_errors.append(_("数量请填整数：%(what)s", what=row["text"] or row["quantity"]))
                ok = False
        return ok

    def validate_happened_on(self, field):
        """A year that a calendar knows."""
        if field.data and not 2000 <= field.data.year <= 2100:
            raise ValidationError(_("请检查年份"))

    @property
    def lines(self) -> list[dict]:
        """The lines of a personal summary as they are kept."""
        return clean_lines({**row, "quantity": _whole(row["quantity"])} for row in self.rows)

    @property
    def rows_to_show(self) -> list[dict]:
        """What was typed, and a few empty rows for more."""
        typed = [row for row in self.rows if row["text"] or row["quantity"]]
        return typed + [{"area": area, "text": "", "quantity": "", "unit": ""} for area in _next(typed)]

    @property
    def reflection_values(self) -> dict:
        """What the action takes."""
        plain = ("kind", "title", "subject", "theme", "happened_on", "visibility", "link", *PARTS)
        return {**self.values(*plain), "lines": self.lines}


def _posted_rows() -> list[dict]:
    lists = [request.form.getlist(f"line_{name}") for name in ("area", "text", "quantity", "unit")]
    return [
        {
            "area": area,
            "text": clean_line(text)[:200],
            "quantity": clean_line(number),
            "unit": clean_line(unit),
        }
        for area, text, number, unit in zip(*lists, strict=False)
    ]


def _shown_row(line: dict) -> dict:
    return {**line, "quantity": "" if line["quantity"] is None else str(line["quantity"])}


def _next(typed: list[dict]) -> list[str]:
    """The areas of the empty rows: those that nothing is written for yet."""
    used = {row["area"] for row in typed}
    free = [area for area in AREAS if area not in used]
    return (free or ["other"])[: EMPTY_ROWS if typed else 6]


def _whole(text: str) -> int | None:
    text = text.replace(",", "").replace("，", "")
    return int(text) if text.isdecimal() and len(text) < 10 and int(text) < MOST else None


class CommentForm(PortalForm):
    """Words under a log."""

    text = ProseField(_l("写评论"), longest=2000, needed=True)


class NoteForm(PortalForm):
    """What a mentor keeps alone."""

    note = ProseField(_l("导师私记"), longest=5000)
