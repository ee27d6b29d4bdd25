"""Forms of the postings."""

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from portal import labels
from portal.domain.exchange import facts_of
from portal.forms import LineField, Optional, PortalForm, ProseField, as_uuid, choices

NAMES = ("starts_on", "ends_on", "subject", "weekly_periods", "approval_no", "duties")


class PostingForm(PortalForm):
    """A teacher's time at another school. Transfer and quota follow the form unless they are chosen."""

    person = LineField(_l("教师"))
    kind = SelectField(_l("形式"), default="rotation")
    host_school = SelectField(_l("接收学校"), default="")
    starts_on = DateField(_l("开始日期"), validators=[InputRequired()])
    ends_on = DateField(_l("结束日期"), validators=[Optional()])
    subject = LineField(_l("任教学科"), longest=40)
    weekly_periods = IntegerField(_l("每周节数"), validators=[Optional(), NumberRange(0, 40)])
    personnel_transfer = SelectField(_l("人事关系"), default="")
    counts_towards_quota = SelectField(_l("计入学校交流比例"), default="")
    is_volunteer = BooleanField(_l("志愿服务"))
    approval_no = LineField(_l("批准文号"), longest=60)
    duties = ProseField(_l("承担的工作"), longest=5000)
    criteria = ProseField(_l("成效标准"), longest=5000)

    def __init__(self, *args, schools=(), posting=None, **options):
        if posting is not None:
            options.update(
                kind=posting.form,
                host_school=str(posting.host_school_id),
                personnel_transfer=str(int(posting.personnel_transfer)),
                counts_towards_quota=str(int(posting.counts_towards_quota)),
                is_volunteer=posting.is_volunteer,
                criteria=posting.criteria,
                **{name: getattr(posting, name) for name in NAMES},
            )
        super().__init__(*args, **options)
        self.kind.choices = choices(labels.POSTING_FORM)
        self.host_school.choices = [("", _("请选择")), *((str(s.id), s.name) for s in schools)]
        by_form = [("", _("按形式"))]
        self.personnel_transfer.choices = [*by_form, ("0", _("不变")), ("1", _("随同转移"))]
        self.counts_towards_quota.choices = [*by_form, ("1", _("计入")), ("0", _("不计入"))]

    def validate(self, extra_validators=None):
        """A school has to be chosen."""
        fine = super().validate(extra_validators)
        if not self.host_school.data:
            self.add_error("host_school", _("请填写这一项"))
            fine = False
        return fine

    @property
    def chosen_person(self):
        """The key of the person that the script has put beside the name, or None."""
        return as_uuid(request.form.get("person-id"))

    @property
    def posting_values(self) -> dict:
        """What the action takes."""
        facts = facts_of(self.kind.data)
        transfer, quota = self.personnel_transfer.data, self.counts_towards_quota.data
        return {
            **self.values(*NAMES),
            "form": self.kind.data,
            "host_school_id": as_uuid(self.host_school.data),
            "personnel_transfer": transfer == "1" if transfer else facts.transfer,
            "counts_towards_quota": quota == "1" if quota else facts.quota,
            "is_volunteer": self.is_volunteer.data or facts.volunteer,
        }


class StepForm(PortalForm):
    """A step of a posting, with its day and reason; a page may hold several, each with ids of its own."""

    day = DateField(_l("日期"), validators=[Optional()])
    note = ProseField(_l("理由（双方都能看到）"), longest=300)

    def __init__(self, action: str, **options):
        super().__init__(**options)
        self.day.id, self.note.id = f"day-{action}", f"note-{action}"
