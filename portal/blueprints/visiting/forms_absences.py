"""Forms of absences, of arranging their lessons, and of the answers."""

from datetime import date

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from portal import formats, labels
from portal.forms import LineField, PortalForm, ProseField, ValidationError, as_uuid, choices

TIMES = ("first_day", "first_half", "last_day", "last_half")


class AbsenceForm(PortalForm):
    """From which half-day to which, of which kind; the reason is sealed."""

    person = LineField(_l("谁不在"), longest=100)
    first_day = DateField(_l("从"), validators=[InputRequired()])
    first_half = SelectField(_l("从这天的"), default="am")
    last_day = DateField(_l("到"), validators=[InputRequired()])
    last_half = SelectField(_l("到这天的"), default="pm")
    kind = SelectField(_l("请假类别"), default="sick")
    reason = ProseField(_l("原因"), longest=500)

    def __init__(self, *args, absence=None, reads_reason=True, **options):
        if absence is not None:
            options.update({name: getattr(absence, name) for name in (*TIMES, "kind")})
            options["reason"] = absence.reason if reads_reason else ""
        super().__init__(*args, **options)
        self.keeps_reason = absence is not None and not reads_reason
        self.first_half.choices = self.last_half.choices = choices(labels.HALF)
        self.kind.choices = choices(labels.ABSENCE_KIND)

    @property
    def chosen_person(self):
        """The key of the person that the script has put beside the name, or None."""
        return as_uuid(request.form.get("person-id"))

    def validate_last_day(self, field):
        """After the beginning, half-days included."""
        first, last = self.first_day.data, field.data
        if first and last and (last, self.last_half.data) < (first, self.first_half.data):
            raise ValidationError(_("结束要在开始之后"))

    @property
    def absence_values(self) -> dict:
        """What the action takes; who does not read the reason changes it only by writing a new one."""
        found = self.values(*TIMES, "kind", "reason")
        if self.keeps_reason and not found["reason"]:
            found.pop("reason")
        return found


class AskForm(PortalForm):
    """Somebody to be asked who is not among the suggestions."""

    person = LineField(_l("另请一位教师"), longest=100, needed=True)

    @property
    def chosen_person(self):
        """The key of the person: from a suggestion's button, or put beside the name by the script."""
        return as_uuid(request.form.get("person-id"))


class MoveForm(PortalForm):
    """One of the free times of the class and its teacher."""

    slot = SelectField(_l("改到"), validators=[InputRequired()])

    def __init__(self, *args, slots=(), **options):
        super().__init__(*args, **options)
        self.slot.choices = [(slot_key(slot), slot_words(slot)) for slot in slots]

    @property
    def chosen(self) -> tuple[date, int]:
        """The day and the number of the period."""
        day, _mark, period = self.slot.data.partition("_")
        return date.fromisoformat(day), int(period)


class CancelForm(PortalForm):
    """The lesson is not given."""

    note = ProseField(_l("取消的理由（双方都能看到）"), longest=300, needed=True)


class CallOffForm(PortalForm):
    """The same from a lesson's own page, where another form has a note."""

    cancel_note = ProseField(_l("取消的理由（双方都能看到）"), longest=300, needed=True)


class AnswerForm(PortalForm):
    """What one may say with a no."""

    note = LineField(_l("说一句"), longest=300)


def sentence(message) -> str:
    """A reason of the rules in the reader's language."""
    return message.text(_)


def slot_key(slot) -> str:
    """How a free time is named in a form."""
    return f"{slot.hour.day.isoformat()}_{slot.period}"


def slot_words(slot) -> str:
    """A free time in words."""
    clocks = f"{formats.clock(slot.hour.start)}–{formats.clock(slot.hour.end)}"
    return _(
        "%(day)s 第%(period)s节 %(time)s",
        day=formats.day_weekday(slot.hour.day),
        period=slot.period,
        time=clocks,
    )
