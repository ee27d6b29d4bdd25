"""Forms of what binds a teacher, and of taken hours."""

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, SelectMultipleField

from portal import formats, labels
from portal.domain import timetable
from portal.domain.half_days import written
from portal.forms import LineField, Optional, PortalForm, ValidationError, as_uuid
from portal.queries import visiting

HALF_DAYS = [(day, half) for day in range(1, 6) for half in (timetable.MORNING, timetable.AFTERNOON)]


class LimitForm(PortalForm):
    """Limits of a week, and the half-days on which the teacher can go to other schools."""

    week_periods = IntegerField(_l("每周课时上限"), validators=[Optional()])
    visit_days = IntegerField(_l("每周走教日上限"), validators=[Optional()])
    half_days = SelectMultipleField(_l("可走教的半天"))

    def __init__(self, *args, row=None, sets_limits=True, **options):
        known = timetable.parse_half_days((row.half_days if row else None) or "")
        options.update(half_days=[_key(*pair) for pair in known or HALF_DAYS])
        if row is not None:
            options.update(week_periods=row.week_periods, visit_days=row.visit_days)
        super().__init__(*args, **options)
        self.half_days.choices = [(_key(*pair), _half_words(*pair)) for pair in HALF_DAYS]
        if not sets_limits:
            del self.week_periods
            del self.visit_days

    def validate_week_periods(self, field):
        """As many periods as a week may have."""
        _within(field, 60)

    def validate_visit_days(self, field):
        """As many days as a week has."""
        _within(field, 7)

    def validate_half_days(self, field):
        """Without any half-day nobody could visit: the limit of days says that."""
        if not field.data:
            raise ValidationError(_("至少留一个半天；完全不能走教的，请把每周走教日上限填 0"))

    @property
    def limit_values(self) -> dict:
        """What the action takes."""
        chosen = [(int(key[0]), key[1:]) for key in self.half_days.data]
        names = [name for name in ("week_periods", "visit_days") if name in self]
        return {**self.values(*names), "half_days": written(chosen)}


def _within(field, most: int) -> None:
    if field.data is not None and not 0 <= field.data <= most:
        raise ValidationError(_("请填写 0 到 %(most)s 之间的整数", most=most))


def _key(day: int, half: str) -> str:
    return f"{day}{half}"


def _half_words(day: int, half: str) -> str:
    return formats.weekday(day) + _(labels.HALF[half])


class HourForm(PortalForm):
    """An hour of every week that lessons may not use: of a teacher, or of a class."""

    person = LineField(_l("教师"), longest=100)
    class_name = LineField(_l("班级"), longest=40)
    subject = LineField(_l("内容"), longest=40)
    weekday = SelectField(_l("星期"), coerce=int, default=1)
    period = SelectField(_l("节次"), coerce=int, default=1)
    weeks = LineField(_l("周次"), longest=20)

    def __init__(self, *args, bells=None, **options):
        super().__init__(*args, **options)
        self.weekday.choices = [(day, formats.weekday(day)) for day in range(1, 8)]
        self.period.choices = [
            (number, _("第%(period)s节", period=number)) for number in sorted(bells or {}) or range(1, 11)
        ]

    @property
    def chosen_person(self):
        """The key of the person that the script has put beside the name, or None."""
        return as_uuid(request.form.get("person-id"))

    def validate(self, **options) -> bool:
        """Either a teacher is taken or a class; a field that is left empty is not asked by itself."""
        is_fine = super().validate(**options)
        if bool(self.person.data) == bool(visiting.classes_of(self.class_name.data or "")):
            self.add_error("class_name", _("教师和班级填一个：教师有教研、值班，或班级有别的课"))
            return False
        return is_fine

    def validate_weeks(self, field):
        """Empty, 单, 双, 3-12 or 5."""
        try:
            timetable.Weeks.parse(field.data or "")
        except ValueError:
            raise ValidationError(_("周次写成：空着（每周）、单、双、3-12 或 5")) from None

    def hour_values(self, person) -> dict:
        """What the action takes."""
        return {
            **self.values("subject", "weekday", "period"),
            "person_id": person.id if person else None,
            "class_name": "；".join(visiting.classes_of(self.class_name.data)),
            "weeks": str(timetable.Weeks.parse(self.weeks.data or "")),
        }
