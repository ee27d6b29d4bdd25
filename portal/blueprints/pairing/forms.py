"""Forms of school pairs, mentoring pairs and their records."""

import secrets
from datetime import timedelta

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Regexp

from portal import labels
from portal.domain.calendar import school_year_of
from portal.forms import LineField, Optional, PortalForm, ProseField, ValidationError, as_uuid, choices

MENTORING_RECORDS = ("observation", "lesson", "talk", "joint_preparation", "project_work")
SUPPORT_RECORDS = ("visit", "lesson", "support", "donation", "observation", "talk")


def coming_year(today):
    """First and last day of the school year that a new pair is for; in summer the next one."""
    year = school_year_of(today + timedelta(days=60))
    return year.first_day, year.last_day


class SchoolPairForm(PortalForm):
    """The proposal of a school pair."""

    donor = SelectField(_l("支援学校"))
    beneficiary = SelectField(_l("受援学校"))
    starts_on = DateField(_l("开始日期"), validators=[InputRequired()])
    ends_on = DateField(_l("结束日期"), validators=[InputRequired()])
    goals = ProseField(_l("目标"), longest=5000, needed=True)
    contents = ProseField(_l("内容"), longest=5000)
    frequency = LineField(_l("频次"), longest=60)

    def __init__(self, *args, schools=(), **options):
        super().__init__(*args, **options)
        listed = [("", _("请选择")), *((str(s.id), s.name) for s in schools)]
        self.donor.choices = self.beneficiary.choices = listed

    def validate(self, extra_validators=None):
        """Both schools are chosen."""
        fine = super().validate(extra_validators)
        for name in ("donor", "beneficiary"):
            if not self[name].data:
                self.add_error(name, _("请填写这一项"))
                fine = False
        return fine

    @property
    def pair_values(self) -> dict:
        """What the action takes."""
        return {
            **self.values("starts_on", "ends_on", "goals", "contents", "frequency"),
            "donor_id": as_uuid(self.donor.data),
            "beneficiary_id": as_uuid(self.beneficiary.data),
        }


class AgreementForm(PortalForm):
    """What mentor and mentee agree on; it may change while the pair is under way."""

    subject = LineField(_l("学科"), longest=40)
    goals = ProseField(_l("目标"), longest=5000)
    every_weeks = IntegerField(
        _l("多少周至少联系一次"), default=2, validators=[InputRequired(), NumberRange(1, 26)]
    )
    starts_on = DateField(_l("开始日期"), validators=[InputRequired()])
    ends_on = DateField(_l("结束日期"), validators=[Optional()])

    first_on = DateField(_l("第一次"), validators=[Optional()])
    first_what = LineField(_l("做什么"), longest=120)
    second_on = DateField(_l("第二次"), validators=[Optional()])
    second_what = LineField(_l("做什么"), longest=120)
    third_on = DateField(_l("第三次"), validators=[Optional()])
    third_what = LineField(_l("做什么"), longest=120)

    DATES = ("first", "second", "third")

    @property
    def agreement_values(self) -> dict:
        """What the action takes."""
        return self.values("subject", "goals", "every_weeks", "starts_on", "ends_on")

    @property
    def dates(self) -> list[tuple]:
        """The first days on which the two will meet, each with what for."""
        return [
            (self[f"{name}_on"].data, self[f"{name}_what"].data)
            for name in self.DATES
            if self[f"{name}_on"].data
        ]

    def show_dates(self, rows) -> None:
        """Fill in the days that were agreed before."""
        for name, row in zip(self.DATES, rows, strict=False):
            self[f"{name}_on"].data, self[f"{name}_what"].data = row.day, row.what


class MentoringForm(AgreementForm):
    """The proposal of a mentoring pair."""

    kind = RadioField(_l("类别"), default="apprentice")
    mentor = LineField(_l("导师"), needed=True)
    mentee = LineField(_l("徒弟"))
    mentee_name = LineField(_l("教研组或课题的名称"))
    mentee_school = SelectField(_l("教研组或课题所在学校"), default="")

    def __init__(self, *args, schools=(), **options):
        super().__init__(*args, **options)
        self.kind.choices = choices(labels.MENTORING_KIND)
        self.mentee_school.choices = [("", _("不填")), *((str(s.id), s.name) for s in schools)]

    def chosen(self, name: str):
        """The key of the person that the script has put beside a name, or None."""
        return as_uuid(request.form.get(f"{name}-id"))


class PairRecordForm(PortalForm):
    """A record of a pair: kind, day and one line are enough."""

    kind = RadioField(
        _l("做了什么"), validators=[InputRequired(message=_l("请选一项"))], validate_choice=False
    )
    line = LineField(_l("写一句就够"), longest=300, needed=True)
    happened_on = DateField(_l("日期"), validators=[InputRequired()])
    periods = IntegerField(_l("节数"), validators=[Optional(), NumberRange(0, 20)])
    body = ProseField(_l("详细内容"))
    once_key = HiddenField(validators=[Optional(), Regexp(r"^[0-9a-f]{32}$")])

    template = SelectField(_l("听课表"), default="")

    KINDS = MENTORING_RECORDS

    def __init__(self, *args, templates=(), **options):
        options.setdefault("once_key", secrets.token_hex(16))
        super().__init__(*args, **options)
        self.kind.choices = [(code, _(labels.RECORD_KIND[code])) for code in self.KINDS]
        self.template.choices = [("", _("不填表")), *((str(row.id), row.name) for row in templates)]

    def validate_kind(self, field):
        """One of the kinds that the page offers."""
        if field.data not in self.KINDS:
            raise ValidationError(_("请选一项"))

    @property
    def record_values(self) -> dict:
        """What the action takes."""
        values = self.values("kind", "line", "body", "happened_on", "periods")
        return {**values, "who": "", "quantity": None, "once_key": self.once_key.data}


class SupportRecordForm(PairRecordForm):
    """A record of a school pair, with who took part, which school gave, for which need, and how much."""

    who = LineField(_l("参加人员"), longest=120)
    giver = SelectField(_l("哪所学校提供"))
    need = SelectField(_l("回应哪项需求"), default="")
    item = LineField(_l("物品或措施"), longest=80)
    quantity = IntegerField(_l("捐赠数量（件）"), validators=[Optional(), NumberRange(0, 1000000)])
    worth = IntegerField(_l("价值（元）"), validators=[Optional(), NumberRange(0, 100000000)])

    def __init__(self, *args, schools=(), needs=(), kinds=SUPPORT_RECORDS, **options):
        self.KINDS = kinds
        super().__init__(*args, **options)
        self.giver.choices = [(str(school.id), school.name) for school in schools]
        if not self.giver.data and schools:
            self.giver.data = str(schools[0].id)
        self.need.choices = [("", _("不针对哪一项")), *((str(need.id), need.text[:40]) for need in needs)]

    @property
    def record_values(self) -> dict:
        """What the action takes."""
        return {**super().record_values, **self.values("who", "quantity")}

    @property
    def detail_values(self) -> dict:
        """Which school gave what, for which need."""
        ids = {"giver_id": as_uuid(self.giver.data), "need_id": as_uuid(self.need.data)}
        return {**ids, **self.values("item", "worth")}
