"""Forms of the postings."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from portal import labels
from portal.domain.words import N_
from portal.forms import LineField, Optional, PortalForm, ProseField, as_uuid, choices


class PostingForm(PortalForm):
    """A teacher's time at another school."""

    person = LineField(_l("教师"), needed=True)
    form = SelectField(_l("形式"), default="rotation")
    host_school = SelectField(_l("接收学校"))
    starts_on = DateField(_l("开始日期"), validators=[InputRequired(message=N_("请填写这一项"))])
    ends_on = DateField(_l("结束日期"), validators=[Optional()])
    subject = LineField(_l("任教学科"), longest=40)
    weekly_periods = IntegerField(_l("每周节数"), validators=[Optional(), NumberRange(0, 40)])
    personnel_transfer = BooleanField(_l("人事关系随同转移"))
    is_volunteer = BooleanField(_l("志愿服务（在各校都没有职务的人）"))
    counts_towards_quota = BooleanField(_l("计入学校交流比例"), default=True)
    approval_no = LineField(_l("批准文号"), longest=60)
    duties = ProseField(_l("承担的工作"), longest=5000)

    def __init__(self, *args, schools=(), **options):
        super().__init__(*args, **options)
        self.form_choices = choices(labels.POSTING_FORM)
        self["form"].choices = self.form_choices
        self.host_school.choices = [(str(s.id), s.name) for s in schools]

    def validate_ends_on(self, field):
        """The end is not before the beginning."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("结束日期要在开始日期之后"))

    @property
    def posting_values(self) -> dict:
        """What the action takes."""
        names = (
            "form", "starts_on", "ends_on", "subject", "weekly_periods", "personnel_transfer", "is_volunteer",
            "counts_towards_quota", "approval_no", "duties",
        )  # fmt: skip
        return {**self.values(*names), "host_school_id": as_uuid(self.host_school.data)}
