"""What every form shares: clean text, the version it was based on, errors and conflicts beside the fields."""

import re
import unicodedata
import uuid
from datetime import date, datetime, time

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from portal.domain.moments import SHANGHAI, local
from portal.domain.words import N_
from portal.extensions import db

# Blanks that str.strip() leaves, since they join or part what stands between; at an end they are nothing.
_BLANK = " \t\n\u3000\u00a0\u200b\u200c\u200d\u2060"
_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")


def clean_line(value):
    """One line: composed characters, no control characters, no white space around."""
    if not isinstance(value, str):
        return value
    return " ".join(_UNWANTED.sub("", unicodedata.normalize("NFC", value)).split())


def clean_text(value):
    """Text of several lines; line ends are unified, control characters left out."""
    if not isinstance(value, str):
        return value
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return _UNWANTED.sub("", unicodedata.normalize("NFC", value)).strip().strip(_BLANK)


#: A number with more digits is none that any page has written; beyond 4300 ``int`` itself gives up.
MOST_DIGITS = 9


def as_whole(text: str) -> int | None:
    """The text as a whole number from 0 on, or None when it is none or absurdly long."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


def as_version(text: str) -> int | None:
    """The version that a page carries, None when it carries none; a number that is none of ours fits no object."""
    number = as_whole(text)
    return -1 if number is None and text.isdecimal() else number


FIRST_YEAR, LAST_YEAR = 1900, 2100


class PortalForm(FlaskForm):
    """The base of all forms. ``version`` is the version that the person saw; empty for a new object."""

    version = HiddenField()

    class Meta:
        def get_translations(self, form):
            return _Translations()

    def process(self, formdata=None, obj=None, data=None, extra_filters=None, **values):
        """Fill the fields; what is given by name comes before what the object has.

        In WTForms the object comes first: a select that is called as a relation of the object is would get the
        related row, of which no choice has the key, so it would show the first one and an edit would change it.
        """
        shown = None if obj is None else _Shown(obj, values)
        super().process(formdata, shown, data, extra_filters, **values)

    # Set when somebody else changed the object first: what stands there now, label and text.
    theirs: tuple = ()

    def validate(self, extra_validators=None) -> bool:
        """Check every field; a date of another age is a slip of the finger in any form."""
        ok = super().validate(extra_validators)
        for field in self:
            day = field.data if isinstance(field.data, date) else None
            if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR and not field.errors:
                field.errors = [*field.errors, _("请检查年份")]
                ok = False
        return ok

    @property
    def expected_version(self) -> int | None:
        """The version as a number, or None."""
        # Without the hidden field WTForms gives the number of the object itself.
        return as_version(str(self.version.data or ""))

    def add_error(self, field: str, message: str) -> None:
        """Put a translated message on a field, or on the form when there is no such field."""
        if field and field in self:
            self[field].errors = [*self[field].errors, message]
        else:
            self.form_errors.append(message)

    def refuse(self, refused) -> None:
        """Show a ``Refused`` of an action where it belongs."""
        self.add_error(refused.field, _(refused.message, **spoken(refused.words)))

    def values(self, *names: str) -> dict:
        """The data of the named fields."""
        return {name: self[name].data for name in names}

    def show_conflict(self, obj, *names: str) -> None:
        """Keep what was typed, show what was saved meanwhile, and base the next try on that."""
        self.theirs = tuple(
            (self[name].label.text, _shown(getattr(obj, name)))
            for name in names
            if _shown(getattr(obj, name)) != _shown(self[name].data)
        )
        self.version.data = str(obj.version)
        self.version.raw_data = [str(obj.version)]
        self.form_errors.append(_("刚才有人先保存了。您写的还在下面；对照之后再保存，会以您的为准。"))


class _Shown:
    """An object as its form shows it: values by name first, of a related row the key."""

    def __init__(self, obj, values: dict):
        self._obj, self._values = obj, values

    def __getattr__(self, name: str):
        value = self._values[name] if name in self._values else getattr(self._obj, name)
        return str(value.id) if isinstance(value, db.Model) else value


def spoken(words: dict) -> dict:
    """The values of a message; those that are messages themselves in the reader's language."""
    return {name: value.text(_) if hasattr(value, "text") else value for name, value in words.items()}


def _shown(value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


class _Translations:
    """WTForms' own messages through our catalogue, whose ids are Chinese."""

    WORDS = {
        "This field is required.": N_("请填写这一项"),
        "Not a valid choice.": N_("请从列出的选项里选择"),
        "Invalid Choice: could not coerce.": N_("请从列出的选项里选择"),
        "Not a valid date value.": N_("请按 2025-09-01 的样子填写日期"),
        "Not a valid time value.": N_("请按 14:30 的样子填写时间"),
        "Not a valid integer value.": N_("请填写整数"),
        "Number must be between %(min)s and %(max)s.": N_("请填写 %(min)s 到 %(max)s 之间的数"),
        "Not a valid datetime value.": N_("请按 2025-09-01 14:30 的样子填写"),
        "'%(value)s' is not a valid choice for this field.": N_("请从列出的选项里选择"),
    }

    def gettext(self, text: str) -> str:
        return _(self.WORDS.get(text, text)) if text in self.WORDS else text

    def ngettext(self, one: str, many: str, count: int) -> str:
        return one if count == 1 else many


class LineField(StringField):
    """One line of text, at most ``longest`` characters."""

    def __init__(self, label, *, longest=120, needed=False, **options):
        checks = [InputRequired()] if needed else [Optional()]
        self.longest = longest
        options.setdefault("filters", [clean_line])
        super().__init__(
            label, validators=[*checks, _at_most(longest), *options.pop("validators", ())], **options
        )

    def process_formdata(self, values):
        self.data = values[0] if values else ""

    def post_validate(self, form, stopped):
        self.data = self.data or ""


class ProseField(TextAreaField):
    """Text of several lines, at most ``longest`` characters; longer is refused with nothing lost."""

    def __init__(self, label, *, longest=20000, needed=False, **options):
        checks = [InputRequired()] if needed else [Optional()]
        self.longest = longest
        super().__init__(
            label,
            validators=[*checks, _at_most(longest), *options.pop("validators", ())],
            filters=[clean_text],
            **options,
        )

    def post_validate(self, form, stopped):
        self.data = self.data or ""


def _at_most(longest: int):
    def check(form, field):
        if field.data and len(field.data) > longest:
            raise ValidationError(
                _("最多 %(longest)s 个字，现在有 %(count)s 个", longest=longest, count=len(field.data))
            )

    return check


def as_uuid(text: str | None) -> uuid.UUID | None:
    """The key that a form or an address carries; None when it is none."""
    try:
        return uuid.UUID(text or "")
    except (ValueError, AttributeError, TypeError):
        return None


def choices(words: dict, *, blank: str | None = None) -> list[tuple[str, str]]:
    """Choices of a select from a table of labels, translated; with ``blank`` an empty one first."""
    listed = [(code, _(label)) for code, label in words.items()]
    return [("", _(blank)), *listed] if blank is not None else listed


def asked_day(text: str | None, fallback: date) -> date:
    """The day that an address or a button names, or the fallback when it names none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return fallback


def shanghai_moment(day: date, clock: time) -> datetime:
    """The moment that a date and a time on the district's clock mean."""
    return datetime.combine(day, clock, SHANGHAI)


__all__ = [
    "InputRequired",
    "Length",
    "LineField",
    "Optional",
    "PortalForm",
    "ProseField",
    "ValidationError",
    "as_uuid",
    "asked_day",
    "choices",
    "clean_line",
    "clean_text",
    "shanghai_moment",
]
