"""Forms of meetings and activities."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, TimeField
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


class MeetingForm(PortalForm):
    """A meeting's notice."""

    kind = SelectField(_l("会议类别"))
    title = LineField(_l("会议名称"), needed=True)
    starts_on = DateField(_l("日期"), validators=[InputRequired(message=_l("请填写这一项"))])
    starts_clock = TimeField(_l("时间"), validators=[InputRequired(message=_l("请填写这一项"))])
    place = LineField(_l("地点"))
    agenda = ProseField(_l("议程"))

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.kind.choices = choices(labels.MEETING_KIND)

    @property
    def meeting_values(self) -> dict:
        """What the action takes."""
        moment = shanghai_moment(self.starts_on.data, self.starts_clock.data)
        return {**self.values("kind", "title", "place", "agenda"), "starts_at": moment}


class MinutesForm(PortalForm):
    """The minutes of a meeting."""

    minutes = ProseField(_l("会议纪要"), longest=50000)


class TaskForm(PortalForm):
    """What a meeting decided."""

    text = LineField(_l("议定事项"), longest=300, needed=True)
    school = SelectField(_l("办理学校"))
    due_on = DateField(_l("办理期限"), validators=[Optional()])

    def __init__(self, *args, schools=(), **options):
        super().__init__(*args, **options)
        self.school.choices = [("", _("各成员校")), *((str(s.id), s.name) for s in schools)]


class ActivityForm(PortalForm):
    """A joint activity, from its plan to its mini-summary."""

    theme = LineField(_l("主题"), needed=True)
    kind = SelectField(_l("活动类别"))
    level = SelectField(_l("参加层面"))
    subject = LineField(_l("学科"), longest=40)
    host_school = SelectField(_l("承办学校"), default="")
    group = SelectField(_l("承办小组"), default="")
    starts_on = DateField(_l("日期"), validators=[InputRequired(message=_l("请填写这一项"))])
    starts_clock = TimeField(_l("开始时间"), validators=[InputRequired(message=_l("请填写这一项"))])
    ends_clock = TimeField(_l("结束时间"), validators=[Optional()])
    place = LineField(_l("地点"))
    presenters = LineField(_l("主讲或执教"), longest=200)
    guests = IntegerField(_l("校外来宾人数"), default=0, validators=[Optional(), NumberRange(0, 10000)])
    is_large = BooleanField(_l("片区大型活动"))
    is_open = BooleanField(_l("对其他片区开放"))
    summary = ProseField(_l("小结"), longest=20000)
    improvement = ProseField(_l("改进措施"), longest=5000)

    def __init__(self, *args, schools=(), groups=(), of_district=False, obj=None, **options):
        if obj is not None:
            options["group"] = str(obj.group_id or "")
        super().__init__(*args, obj=obj, **options)
        self.kind.choices = choices(labels.ACTIVITY_KIND)
        self.level.choices = choices(labels.ACTIVITY_LEVEL)
        # The whole district needs no school to hold something, and is open to all of its schools.
        none = [("", _("不设承办学校"))] if of_district else []
        self.host_school.choices = [*none, *((str(s.id), s.name) for s in schools)]
        self.of_district = of_district
        self.group.choices = [("", _("没有小组")), *((str(g.id), g.name) for g in groups)]
        if obj is not None and not self.host_school.raw_data:
            # The object has the school itself under this name; a select knows keys.
            self.host_school.data = str(obj.host_school_id or "")

    @property
    def activity_values(self) -> dict:
        """What the action takes."""
        day, ends = self.starts_on.data, self.ends_clock.data
        return {
            **self.values(
                "theme", "kind", "level", "subject", "place", "presenters", "is_large", "is_open", "summary"
            ),
            **({"is_large": False, "is_open": False} if self.of_district else {}),
            "improvement": self.improvement.data,
            "group_id": as_uuid(self.group.data),
            "guests": self.guests.data or 0,
            "host_school_id": as_uuid(self.host_school.data),
            "starts_at": shanghai_moment(day, self.starts_clock.data),
            "ends_at": shanghai_moment(day, ends) if ends else None,
        }

    def validate_ends_clock(self, field):
        """The end is not before the beginning."""
        if field.data and self.starts_clock.data and field.data < self.starts_clock.data:
            raise ValidationError(_("结束时间要在开始时间之后"))


class ParticipantsForm(PortalForm):
    """A pasted list of names."""

    names = ProseField(_l("参加人员"), longest=20000, needed=True)
