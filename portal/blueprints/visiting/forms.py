"""Forms of the visiting timetable."""

import re

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectField
from wtforms.validators import InputRequired

from portal import formats, labels
from portal.domain import timetable
from portal.forms import LineField, Optional, PortalForm, ProseField, ValidationError, as_uuid, choices
from portal.queries import visiting

SLOT = re.compile("([1-7])-([0-9]{1,2})", re.ASCII)
FIELDS = ("subject", "class_name", "weekday", "period", "weeks")


class LessonForm(PortalForm):
    """A lesson of the weekly timetable. The periods are those of the school where it is given."""

    person = LineField(_l("教师"))
    school = SelectField(_l("上课学校"), default="")
    kind = SelectField(_l("形式"), default="circuit_teaching")
    subject = LineField(_l("学科"), longest=40, needed=True)
    class_name = LineField(_l("班级"), longest=40, needed=True)
    weekday = SelectField(_l("星期"), coerce=int, default=1)
    period = SelectField(_l("节次"), coerce=int, default=1)
    weeks = LineField(_l("周次"), longest=20)
    from_day = DateField(_l("从哪天起"), validators=[Optional()])
    draft = BooleanField(_l("先存草稿，暂不排到日期"))

    def __init__(self, *args, schools=(), lesson=None, **options):
        if lesson is not None:
            facts = {name: getattr(lesson, name) for name in FIELDS}
            options.update(school=str(lesson.school_id), kind=lesson.form, **facts)
        super().__init__(*args, **options)
        self.school.choices = [("", _("请选择")), *((str(s.id), s.name) for s in schools)]
        self.kind.choices = choices(labels.VISITING_FORM)
        self.weekday.choices = [(day, formats.weekday(day)) for day in range(1, 8)]
        self._take_slot(request.form.get("slot", ""))
        self.show_periods({})

    def _take_slot(self, key: str) -> None:
        """A free time that was chosen by its button goes before what the fields say."""
        match = SLOT.fullmatch(key)
        if match:
            self.weekday.data, self.period.data = int(match[1]), int(match[2])

    def show_periods(self, bells: dict) -> None:
        """Name the periods with the bell times of the chosen school; without them with their number alone."""
        listed = sorted(bells) or range(1, 11)
        if self.period.data and self.period.data not in listed:
            listed = sorted({*listed, self.period.data})
        self.period.choices = [(number, _period(number, bells.get(number))) for number in listed]

    @property
    def school_id(self):
        """The key of the chosen school, or None."""
        return as_uuid(self.school.data)

    @property
    def chosen_person(self):
        """The key of the person that the script has put beside the name, or None."""
        return as_uuid(request.values.get("person-id"))

    def validate_school(self, field):
        """One has to be chosen."""
        if not field.data:
            raise ValidationError(_("请填写这一项"))

    def validate_class_name(self, field):
        """At least one class, joined with ；."""
        if not visiting.classes_of(field.data or ""):
            raise ValidationError(_("请填写这一项"))

    def validate_weeks(self, field):
        """Empty, 单, 双, 3-12 or 5."""
        try:
            timetable.Weeks.parse(field.data or "")
        except ValueError:
            raise ValidationError(_("周次写成：空着（每周）、单、双、3-12 或 5")) from None

    def refuse(self, refused) -> None:
        """Every conflict at its own field."""
        for field, message in getattr(refused, "reasons", ()):
            self.add_error(field, message.text(_))
        if not hasattr(refused, "reasons"):
            super().refuse(refused)

    @property
    def written_values(self) -> dict | None:
        """What is written so far, for a check; None as long as school or times are missing or unreadable."""
        try:
            weeks = str(timetable.Weeks.parse(self.weeks.data or ""))
        except ValueError:
            return None
        # A check runs before the fields are validated, so a weekday that no week has ends here.
        known = self.weekday.data in dict(self.weekday.choices) and self.period.data
        if not self.school_id or not known:
            return None
        return {
            **self.values("weekday", "period"),
            "subject": self.subject.data or "",
            "class_name": "；".join(visiting.classes_of(self.class_name.data or "")),
            "weeks": weeks,
            "school_id": self.school_id,
        }

    @property
    def lesson_values(self) -> dict:
        """What the action takes; classes and weeks in their plain form."""
        return {
            **self.values("subject", "weekday", "period"),
            "class_name": "；".join(visiting.classes_of(self.class_name.data)),
            "weeks": str(timetable.Weeks.parse(self.weeks.data or "")),
            "form": self.kind.data,
            "school_id": self.school_id,
        }


def _period(number: int, times) -> str:
    if not times:
        return _("第%(period)s节", period=number)
    clocks = f"{formats.clock(times[0])}–{formats.clock(times[1])}"
    return _("第%(period)s节 %(time)s", period=number, time=clocks)


class ReportForm(PortalForm):
    """What the teacher says about a lesson."""

    outcome = SelectField(_l("情况"), default="given")
    note = ProseField(_l("原因"), longest=300)

    def __init__(self, *args, is_over=True, **options):
        super().__init__(*args, **options)
        words = labels.STATE["visiting_session"]
        listed = [("given", _(words["given"]))] if is_over else []
        self.outcome.choices = [*listed, ("missed", _("不能上课"))]
        self.outcome.id, self.note.id = "report-outcome", "report-note"


class DisputeForm(PortalForm):
    """What the teacher says against what was registered."""

    claim = SelectField(_l("实际情况"), default="given")
    reason = ProseField(_l("理由"), longest=300, needed=True)

    def __init__(self, *args, session, **options):
        super().__init__(*args, **options)
        words = labels.STATE["visiting_session"]
        codes = ("missed",) if session.state == "given" else ("given",)
        self.claim.choices = [(code, _(words[code])) for code in codes]
        self.claim.id, self.reason.id = "dispute-claim", "dispute-reason"


class SettleForm(PortalForm):
    """What the receiving school says about one lesson, or puts right."""

    outcome = SelectField(_l("情况"), validators=[InputRequired()])
    substitute = LineField(_l("代课教师"), longest=100)
    note = ProseField(_l("原因"), longest=300)

    def __init__(self, *args, steps=(), again=False, **options):
        super().__init__(*args, **options)
        words = labels.STEP["visiting_session"]
        back = [("planned", _("还没有上，撤回登记"))] if again else []
        self.outcome.choices = [*((key, _(words[key])) for key in steps), *back]

    @property
    def chosen_person(self):
        """The key of the person that the script has put beside the name, or None."""
        return as_uuid(request.form.get("substitute-id"))
