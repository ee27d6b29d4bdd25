"""Forms of groups, the duty table and responsibility letters."""

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField
from wtforms.validators import InputRequired

from portal import labels
from portal.forms import LineField, Optional, PortalForm, ProseField, as_uuid, choices


class GroupForm(PortalForm):
    """A committee or group."""

    kind = SelectField(_l("类别"))
    name = LineField(_l("小组名称"), longest=80, needed=True)
    subject = LineField(_l("学科"), longest=40)
    starts_on = DateField(_l("成立日期"), validators=[InputRequired()])
    ends_on = DateField(_l("结束日期"), validators=[Optional()])
    duties = ProseField(_l("职责"), longest=5000)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.kind.choices = choices(labels.GROUP_KIND)

    @property
    def group_values(self) -> dict:
        """What the action takes."""
        return self.values("kind", "name", "subject", "starts_on", "ends_on", "duties")


class MemberForm(PortalForm):
    """Post, duty and days of somebody in a group."""

    post = SelectField(_l("小组职务"), default="member")
    duty = LineField(_l("分工"), longest=120)
    starts_on = DateField(_l("从哪天起"), validators=[InputRequired()])
    ends_on = DateField(_l("到哪天止"), validators=[Optional()])

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.post.choices = choices(labels.GROUP_POST)

    @property
    def member_values(self) -> dict:
        """What the action takes."""
        return self.values("post", "duty", "starts_on", "ends_on")


class NewMemberForm(MemberForm):
    """Somebody joins a group: one of the district's people, or an expert from outside."""

    person = LineField(_l("教师"), longest=120)
    outside = LineField(_l("校外专家姓名"), longest=40)
    organisation = LineField(_l("专家单位"), longest=80)

    @property
    def chosen_person(self):
        """The key of the person that the script has put beside the name, or None."""
        return as_uuid(request.form.get("person-id"))

    def validate(self, extra_validators=None) -> bool:
        """One of both is named."""
        fine = super().validate(extra_validators)
        if bool(self.person.data) == bool(self.outside.data):
            self.add_error("person", _("填一位教师，或者填一位校外专家"))
            return False
        return fine

    @property
    def new_values(self) -> dict:
        """What the action takes, with the name of somebody from outside."""
        return {**self.member_values, "name": self.outside.data, "organisation": self.organisation.data}


class TurnForm(PortalForm):
    """One turn of duty."""

    school = SelectField(_l("值班学校"), validators=[InputRequired()])
    starts_on = DateField(_l("从哪天起"), validators=[InputRequired()])
    ends_on = DateField(_l("到哪天止"), validators=[InputRequired()])
    task = LineField(_l("值班内容"), longest=120)

    def __init__(self, *args, schools=(), **options):
        super().__init__(*args, **options)
        self.school.choices = [("", _("请选择")), *((str(s.id), s.name) for s in schools)]

    @property
    def turn_values(self) -> dict:
        """What the action takes."""
        return {**self.values("starts_on", "ends_on", "task"), "school_id": as_uuid(self.school.data)}


class RotationForm(PortalForm):
    """All members take turns."""

    step = RadioField(_l("怎样轮"), default="week")
    starts_on = DateField(_l("从哪天起"), validators=[InputRequired()], id="rotate-starts")
    ends_on = DateField(_l("到哪天止"), validators=[InputRequired()], id="rotate-ends")
    task = LineField(_l("值班内容"), longest=120, id="rotate-task")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.step.choices = choices(labels.DUTY_STEP)


class LetterForm(PortalForm):
    """Targets of a school, and what came of them."""

    title = LineField(_l("名称"), longest=80, needed=True)
    targets = ProseField(_l("目标"), longest=5000, needed=True)
    starts_on = DateField(_l("从哪天起"), validators=[InputRequired()])
    ends_on = DateField(_l("到哪天止"), validators=[InputRequired()])
    result = ProseField(_l("完成情况"), longest=5000)

    @property
    def letter_values(self) -> dict:
        """What the action takes."""
        return self.values("title", "targets", "starts_on", "ends_on", "result")


class NewLetterForm(LetterForm):
    """A letter for one of the members."""

    school = SelectField(_l("学校"), validators=[InputRequired()])

    def __init__(self, *args, schools=(), **options):
        super().__init__(*args, **options)
        self.school.choices = [("", _("请选择")), *((str(s.id), s.name) for s in schools)]
