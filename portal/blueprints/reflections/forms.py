"""Forms of the reflection logs."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Regexp

from portal import labels
from portal.forms import LineField, Optional, PortalForm, ProseField, ValidationError, as_uuid, choices


class ReflectionForm(PortalForm):
    """A log: three parts, one is enough."""

    kind = SelectField(_l("类别"))
    title = LineField(_l("标题"))
    happened_on = DateField(_l("日期"), validators=[InputRequired(message=_l("请填写这一项"))])
    activity = SelectField(_l("关联的活动"), default="")
    experience = ProseField(_l("经验"))
    problem = ProseField(_l("问题"))
    solution = ProseField(_l("解决办法"))
    visibility = RadioField(_l("谁能看到"))
    once_key = HiddenField(validators=[Optional(), Regexp(r"^[0-9a-f]{32}$")])

    def __init__(self, *args, activities=(), **options):
        super().__init__(*args, **options)
        self.kind.choices = choices(labels.REFLECTION_KIND)
        self.visibility.choices = choices(labels.VISIBILITY)
        self.activity.choices = [("", _("不关联活动")), *((str(a.id), a.theme) for a in activities)]

    def validate_happened_on(self, field):
        """A year that a calendar knows."""
        if field.data and not 2000 <= field.data.year <= 2100:
            raise ValidationError(_("请检查年份"))

    @property
    def reflection_values(self) -> dict:
        """What the action takes."""
        return {
            **self.values("kind", "title", "happened_on", "experience", "problem", "solution", "visibility"),
            "activity_id": as_uuid(self.activity.data),
        }


class CommentForm(PortalForm):
    """Words under a log."""

    text = ProseField(_l("写评论"), longest=2000, needed=True)
