"""Forms of what belongs to an activity: sign-up, new dates, partners, the code at the door, feedback."""

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TimeField,
)
from wtforms.validators import InputRequired, NumberRange

from portal import labels
from portal.forms import (
    LineField,
    Optional,
    PortalForm,
    ProseField,
    ValidationError,
    as_uuid,
    choices,
    shanghai_moment,
)


class EnrolmentForm(PortalForm):
    """Until when people sign up, and how many of each school."""

    is_open = BooleanField(_l("开放报名"), default=True)
    per_school = IntegerField(_l("每校名额"), validators=[Optional(), NumberRange(0, 500)])
    closes_on = DateField(_l("报名截止日期"), validators=[Optional()])
    closes_clock = TimeField(_l("截止时间"), validators=[Optional()])

    def __init__(self, *args, schools=(), quotas=None, **options):
        super().__init__(*args, **options)
        self.schools, self.quotas, self.quota_errors = schools, dict(quotas or {}), {}

    def validate(self, extra_validators=None) -> bool:
        """The numbers of single schools as well; what was typed stays."""
        ok = super().validate(extra_validators)
        for school in self.schools:
            typed = request.form.get(f"places-{school.id}", "").strip()
            self.quotas[school.id] = int(typed) if typed.isdecimal() and len(typed) <= 3 else None
            if typed and (self.quotas[school.id] is None or self.quotas[school.id] > 500):
                self.quota_errors[school.id] = typed
        if self.quota_errors:
            self.add_error("per_school", _("名额请填 0 到 500 的整数"))
        return ok and not self.quota_errors

    @property
    def enrolment_values(self) -> dict:
        """What the action takes. A date without a time means the end of that day."""
        day, clock = self.closes_on.data, self.closes_clock.data
        closes = None
        if day:
            closes = shanghai_moment(day, clock) if clock else shanghai_moment(day, _last_minute())
        quotas = {key: number for key, number in self.quotas.items() if number is not None}
        return {**self.values("is_open", "per_school"), "closes_at": closes, "quotas": quotas}


def _last_minute():
    from datetime import time

    return time(23, 59)


class SignupForm(PortalForm):
    """Somebody of the own schools."""

    person = SelectField(_l("谁参加"), default="")

    def __init__(self, *args, staff=(), **options):
        super().__init__(*args, **options)
        self.person.choices = [
            ("", _("我自己")),
            *((str(person.id), f"{person.name}（{school.name}）") for person, school in staff),
        ]

    @property
    def person_id(self):
        """Who it is; None for oneself."""
        return as_uuid(self.person.data)


class PostponeForm(PortalForm):
    """A new time, and why."""

    starts_on = DateField(_l("日期"), validators=[InputRequired(message=_l("请填写这一项"))])
    starts_clock = TimeField(_l("开始时间"), validators=[InputRequired(message=_l("请填写这一项"))])
    ends_clock = TimeField(_l("结束时间"), validators=[Optional()])
    reason = LineField(_l("改期原因"), longest=300, needed=True)

    def validate_ends_clock(self, field):
        """The end is not before the beginning."""
        if field.data and self.starts_clock.data and field.data < self.starts_clock.data:
            raise ValidationError(_("结束时间要在开始时间之后"))

    @property
    def moments(self) -> dict:
        """What the action takes."""
        day, ends = self.starts_on.data, self.ends_clock.data
        return {
            "starts_at": shanghai_moment(day, self.starts_clock.data),
            "ends_at": shanghai_moment(day, ends) if ends else None,
            "reason": self.reason.data,
        }


class PartnersForm(PortalForm):
    """The clusters that hold it too."""

    clusters = SelectMultipleField(_l("联办片区"))

    def __init__(self, *args, possible=(), **options):
        super().__init__(*args, **options)
        self.clusters.choices = [(str(each.id), each.name) for each in possible]


class DoorForm(PortalForm):
    """The digits that stand at the door."""

    code = LineField(_l("签到码"), longest=12, needed=True)


class FeedbackForm(PortalForm):
    """How it was."""

    usefulness = RadioField(_l("对教学有没有帮助"))
    gained = ProseField(_l("收获"), longest=500)
    wished = ProseField(_l("建议"), longest=500)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.usefulness.choices = choices(labels.USEFULNESS)
