"""Forms of the visiting timetable."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from portal import formats, labels
from portal.domain import timetable
from portal.domain.words import N_
from portal.forms import LineField, Optional, PortalForm, ValidationError, as_uuid, choices


class LessonForm(PortalForm):
    """A lesson of the weekly timetable."""

    person = LineField(_l("教师"), needed=True)
    school = SelectField(_l("上课学校"))
    form_kind = SelectField(_l("形式"), default="circuit_teaching")
    subject = LineField(_l("学科"), longest=40, needed=True)
    class_name = LineField(_l("班级"), longest=40, needed=True)
    weekday = SelectField(_l("星期"), coerce=int, default=1)
    period = IntegerField(
        _l("节次"), validators=[InputRequired(message=N_("请填写这一项")), NumberRange(1, 15)]
    )
    weeks = LineField(_l("周次"), longest=20)
    from_day = DateField(_l("从哪天起"), validators=[Optional()])

    def __init__(self, *args, schools=(), **options):
        super().__init__(*args, **options)
        self.school.choices = [(str(s.id), s.name) for s in schools]
        self.form_kind.choices = choices(labels.VISITING_FORM)
        self.weekday.choices = [(day, formats.weekday(day)) for day in range(1, 8)]

    def validate_weeks(self, field):
        """Empty, 单, 双, 3-12 or 5."""
        try:
            timetable.Weeks.parse(field.data or "")
        except ValueError:
            raise ValidationError(_("周次写成：空着（每周）、单、双、3-12 或 5"))

    @property
    def lesson_values(self) -> dict:
        """What the action takes."""
        return {
            **self.values("subject", "class_name", "weekday", "period", "weeks"),
            "form": self.form_kind.data,
            "school_id": as_uuid(self.school.data),
        }
