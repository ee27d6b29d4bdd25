"""Forms of 记一笔 and of one record."""

import secrets

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Regexp

from portal import formats, labels
from portal.forms import LineField, Optional, PortalForm, ProseField, choices, clean_line

JOT_KINDS = ("lesson", "activity", "talk", "observation", "visit", "thought")
# What was most likely done where the link alone is chosen; with a colleague it may be several things.
KIND_OF_LINK = {"session": "lesson", "activity": "activity", "school": "support"}
LONGEST_LINE = 300


def line_and_body(text: str) -> tuple[str, str]:
    """What was written at one go: its first line, and the rest. Too long a line is cut in the list only."""
    first, _newline, rest = text.partition("\n")
    first = clean_line(first)
    if len(first) > LONGEST_LINE:
        return first[: LONGEST_LINE - 1] + "…", text
    return first, rest.strip()


def detail_of(suggestion) -> str:
    """Where and when, beside the name of what may be linked."""
    return suggestion.detail or (formats.day(suggestion.day) if suggestion.day else "")


def also_choices(suggestions) -> list[tuple[str, str]]:
    """The activities that a record may belong to as well."""
    listed = [
        (one.value, f"{one.label} {detail_of(one)}".strip()) for one in suggestions if one.what == "activity"
    ]
    return [("", _("都不是")), *listed]


def joined_links(form) -> str:
    """Everything that a record belongs to, as the action takes it; the same activity said twice is said once."""
    return " ".join(dict.fromkeys(filter(None, (form.link.data, form.also.data))))


class JotForm(PortalForm):
    """Whatever was just done: a kind or what it belongs to, and one line."""

    kind = RadioField(_l("刚做了什么"), validate_choice=False)
    link = RadioField(_l("和哪件事有关（可不选）"), validate_choice=False, default="")
    text = ProseField(_l("写一句就够"))
    happened_on = DateField(_l("日期"), validators=[InputRequired()])
    periods = IntegerField(_l("节数"), validators=[Optional(), NumberRange(0, 20)])
    who = LineField(_l("和谁"), longest=120)
    also = SelectField(_l("也是哪次活动"), validate_choice=False, default="")
    once_key = HiddenField(validators=[Optional(), Regexp(r"^[0-9a-f]{32}$")])

    def __init__(self, *args, suggestions=(), **options):
        options.setdefault("once_key", secrets.token_hex(16))
        super().__init__(*args, **options)
        self.also.choices = also_choices(suggestions)
        self.kind.choices = [(code, _(labels.RECORD_KIND[code])) for code in JOT_KINDS]
        self.link.choices = [(one.value, one.label) for one in suggestions]
        if suggestions:
            self.link.choices.append(("", _("都不是")))
        self.details = {one.value: detail_of(one) for one in suggestions}

    def validate(self, extra_validators=None):
        """A kind, or a link that says it."""
        fine = super().validate(extra_validators)
        what = (self.link.data or "").partition(":")[0]
        if not self.kind.data and what in KIND_OF_LINK:
            self.kind.data = KIND_OF_LINK[what]
        elif self.kind.data not in JOT_KINDS:
            self.add_error("kind", _("请选一项：上课、听课、谈话……"))
            fine = False
        return fine

    @property
    def record_values(self) -> dict:
        """What the action takes."""
        line, body = line_and_body(self.text.data)
        values = self.values("kind", "happened_on", "periods", "who")
        return {**values, "line": line, "body": body, "quantity": None, "link": joined_links(self)}


class RecordForm(PortalForm):
    """One record, to complete or correct it."""

    kind = SelectField(_l("类别"))
    line = LineField(_l("一句话"), longest=LONGEST_LINE)
    happened_on = DateField(_l("日期"), validators=[InputRequired()])
    link = SelectField(_l("和哪件事有关"), validate_choice=False, default="")
    also = SelectField(_l("也是哪次活动"), validate_choice=False, default="")
    who = LineField(_l("和谁"), longest=120)
    periods = IntegerField(_l("节数"), validators=[Optional(), NumberRange(0, 20)])
    quantity = IntegerField(_l("捐赠数量（件）"), validators=[Optional(), NumberRange(0, 1000000)])
    body = ProseField(_l("详细内容"))

    def __init__(self, *args, suggestions=(), **options):
        super().__init__(*args, **options)
        words = {code: word for code, word in labels.RECORD_KIND.items() if code != "thought"}
        self.kind.choices = choices(words)
        listed = [(s.value, f"{s.label} {detail_of(s)}".strip()) for s in suggestions]
        self.link.choices = [("", _("都不是")), *listed]
        self.also.choices = also_choices(suggestions)

    @property
    def record_values(self) -> dict:
        """What the action takes."""
        values = self.values("kind", "line", "happened_on", "who", "periods", "quantity", "body")
        return {**values, "link": joined_links(self)}
