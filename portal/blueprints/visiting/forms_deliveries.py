"""Forms of deliveries, offers, volunteers and programmes."""

import re
from datetime import time

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, SelectMultipleField, TimeField
from wtforms.validators import InputRequired, NumberRange

from portal import labels
from portal.domain.deliveries import TARGETS, hours_text, read_hours
from portal.forms import LineField, Optional, PortalForm, ProseField, ValidationError, as_uuid, choices

PLAIN = (
    "kind",
    "title",
    "subject",
    "starts_on",
    "ends_on",
    "rhythm",
    "wanted",
    "audience",
    "details",
    "is_open",
)
_PHONE = re.compile(r"[0-9][0-9 -]{4,18}[0-9]")


class HoursField(LineField):
    """Hours as people write them; ``minutes`` is what they are, None when nothing is written."""

    minutes: int | None = None

    def __init__(self, label, **options):
        super().__init__(label, longest=10, **options)

    def pre_validate(self, form):
        try:
            self.minutes = read_hours(self.data or "")
        except ValueError:
            raise ValidationError(_("请填写时长，例如 1.5（小时）或 80分钟")) from None


def length_words(minutes: int) -> str:
    """A length of time as every page says it, and as ``HoursField`` reads it: 1.5 hours, else the minutes."""
    return hours_text(minutes) if minutes % 30 == 0 else _("%(count)s 分钟", count=minutes)


class DeliveryForm(PortalForm):
    """A call for people at a school, or something that a school brings to another."""

    kind = SelectField(_l("类别"))
    title = LineField(_l("内容"), longest=80, needed=True)
    subject = LineField(_l("学科"), longest=40)
    stage = SelectField(_l("学段"), default="")
    school = SelectField(_l("接收学校"), default="")
    from_school = SelectField(_l("派出学校"), default="")
    starts_on = DateField(_l("开始日期"), validators=[InputRequired()])
    ends_on = DateField(_l("结束日期"), validators=[Optional()])
    starts_clock = TimeField(_l("几点开始"), validators=[Optional()])
    hours = HoursField(_l("每次时长（小时）"))
    rhythm = LineField(_l("频次"), longest=60)
    wanted = IntegerField(_l("需要人数"), default=1, validators=[InputRequired(), NumberRange(1, 200)])
    direct = SelectField(_l("报名方式"), default="0")
    audience = LineField(_l("听课对象"), longest=60)
    details = ProseField(_l("说明"), longest=2000)
    is_open = BooleanField(_l("全区可见"))

    def __init__(self, *args, schools=(), delivery=None, **options):
        if delivery is not None:
            options.update(
                stage=delivery.stage or "",
                school=str(delivery.school_id),
                from_school=str(delivery.from_school_id or ""),
                hours=length_words(delivery.minutes) if delivery.minutes else "",
                direct=str(int(delivery.direct)),
                **{name: getattr(delivery, name) for name in PLAIN},
            )
            if delivery.starts is not None:
                hour, minute = divmod(delivery.starts, 60)
                options["starts_clock"] = time(hour, minute)
        super().__init__(*args, **options)
        listed = [(str(school.id), school.name) for school in schools]
        self.kind.choices = choices(labels.DELIVERY_KIND)
        self.stage.choices = choices(labels.STAGE, blank=_("不限"))
        self.school.choices = [("", _("请选择")), *listed]
        self.from_school.choices = [("", _("没有，向外请人")), *listed]
        self.direct.choices = [("0", _("报名后由学校确认")), ("1", _("报名即排上，先到先得"))]

    def validate_school(self, field):
        """One has to be chosen."""
        if not field.data:
            raise ValidationError(_("请填写这一项"))

    @property
    def delivery_values(self) -> dict:
        """What the action takes."""
        clock = self.starts_clock.data
        return {
            **self.values(*PLAIN),
            "stage": self.stage.data or None,
            "school_id": as_uuid(self.school.data),
            "from_school_id": as_uuid(self.from_school.data),
            "starts": clock.hour * 60 + clock.minute if clock else None,
            "minutes": self.hours.minutes,
            "direct": self.direct.data == "1",
        }


class InviteForm(PortalForm):
    """Whom to ask: a teacher by name, or a volunteer of the list."""

    person = LineField(_l("教师"))
    volunteer = SelectField(_l("志愿者"), default="")

    def __init__(self, *args, volunteers=(), **options):
        super().__init__(*args, **options)
        self.volunteer.choices = [
            ("", _("请选择")),
            *((str(each.person_id), each.person.name) for each in volunteers),
        ]

    @property
    def chosen_person(self):
        """The key of the person that the script has put beside the name, or None."""
        return as_uuid(request.form.get("person-id"))


def service_form(rows, **options):
    """The form in which the receiving school confirms; with fields ``came_``, ``hours_``, ``periods_`` for each row."""
    fields = {}
    for row in rows:
        key = row.id.hex
        fields[f"came_{key}"] = BooleanField(_l("来了"), default=True)
        fields[f"hours_{key}"] = HoursField(_l("时长（小时）"))
        fields[f"periods_{key}"] = IntegerField(_l("节数"), validators=[Optional(), NumberRange(0, 500)])
    return type("RowsForm", (ServiceForm,), fields)(**options)


class ServiceForm(PortalForm):
    """What the receiving school says about a delivery as a whole."""

    held_on = DateField(_l("开展日期"), validators=[InputRequired()])
    audience_count = IntegerField(_l("到场人数"), validators=[Optional(), NumberRange(0, 10000)])
    thanks = ProseField(_l("感谢的话"), longest=300)


class OfferForm(PortalForm):
    """When somebody has time, for what, and where they would go."""

    person = SelectField(_l("谁有空"), default="")
    kind = SelectField(_l("类别"))
    subject = LineField(_l("能教什么"), longest=40, needed=True)
    stage = SelectField(_l("学段"), default="")
    starts_on = DateField(_l("从哪天起"), validators=[InputRequired()])
    ends_on = DateField(_l("到哪天为止"), validators=[Optional()])
    times = LineField(_l("时间"), longest=80, needed=True)
    schools = SelectMultipleField(_l("能去的学校"))
    details = ProseField(_l("说明"), longest=2000)
    is_open = BooleanField(_l("全区可见"))

    NAMES = ("kind", "subject", "starts_on", "ends_on", "times", "details", "is_open")

    def __init__(self, *args, schools=(), people=(), offer=None, **options):
        if offer is not None:
            options.update(
                stage=offer.stage or "",
                schools=[str(row.school_id) for row in offer.schools],
                **{name: getattr(offer, name) for name in self.NAMES},
            )
        super().__init__(*args, **options)
        self.person.choices = [(str(key), name) for key, name in people]
        self.kind.choices = choices(labels.DELIVERY_KIND)
        self.stage.choices = choices(labels.STAGE, blank=_("不限"))
        self.schools.choices = [(str(school.id), school.name) for school in schools]

    @property
    def offer_values(self) -> dict:
        """What the action takes, without the schools."""
        return {**self.values(*self.NAMES), "stage": self.stage.data or None}

    @property
    def school_ids(self) -> list:
        """The keys of the chosen schools."""
        return [as_uuid(key) for key in self.schools.data or ()]


class VolunteerForm(PortalForm):
    """Somebody without a post in any school."""

    name = LineField(_l("姓名"), longest=60, needed=True)
    background = LineField(_l("身份"), longest=80)
    subject_words = LineField(_l("能教什么"), longest=120)
    new_phone = LineField(_l("联系电话"), longest=20)
    school = SelectField(_l("由哪所学校登记"), default="")
    is_namesake = BooleanField(_l("同名的另一位"))

    def __init__(self, *args, schools=(), may_do_without=False, **options):
        super().__init__(*args, **options)
        listed = [(str(school.id), school.name) for school in schools]
        self.school.choices = [("", _("区教育局"))] * may_do_without + listed

    def validate_new_phone(self, field):
        """Digits, with spaces or hyphens between them."""
        if field.data and not _PHONE.fullmatch(field.data):
            raise ValidationError(_("电话只写数字，可以有空格或短横"))

    @property
    def volunteer_values(self) -> dict:
        """What the action takes."""
        subjects = [word for word in re.split(r"[、，,;；\s]+", self.subject_words.data) if word][:10]
        return {**self.values("name", "background"), "subjects": subjects, "phone": self.new_phone.data}


class ProgrammeForm(PortalForm):
    """A programme of the district; each target is optional, and none is filled in beforehand."""

    name = LineField(_l("项目名称"), longest=60, needed=True)
    starts_on = DateField(_l("开始日期"), validators=[InputRequired()])
    ends_on = DateField(_l("结束日期"), validators=[InputRequired()])
    note = ProseField(_l("说明"), longest=300)

    def __init__(self, *args, programme=None, **options):
        if programme is not None:
            options.update(
                {name: getattr(programme, name) for name in ("name", "starts_on", "ends_on", "note")}
            )
            options.update({f"target_{each.kind}": each.target for each in programme.targets})
        super().__init__(*args, **options)

    @property
    def targets(self) -> dict:
        """Kind -> number, of those that were filled in."""
        found = {kind: self[f"target_{kind}"].data for kind in TARGETS}
        return {kind: number for kind, number in found.items() if number}


for _kind in TARGETS:
    setattr(
        ProgrammeForm,
        f"target_{_kind}",
        IntegerField(_l(labels.TARGET_KIND[_kind]), validators=[Optional(), NumberRange(1, 1000000)]),
    )
