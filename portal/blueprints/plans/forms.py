"""Forms of meetings and activities."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, TimeField
from wtforms.validators import InputRequired

from portal import labels
from portal.domain.words import N_
from portal.forms import LineField, Optional, PortalForm, ProseField, choices, shanghai_moment


class MeetingForm(PortalForm):
    """A meeting's notice."""

    kind = SelectField(_l("会议类别"))
    title = LineField(_l("会议名称"), needed=True)
    starts_on = DateField(_l("日期"), validators=[InputRequired(message=N_("请填写这一项"))])
    starts_clock = TimeField(_l("时间"), validators=[InputRequired(message=N_("请填写这一项"))])
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


class NoteForm(PortalForm):
    """The reason that a step asks for."""

    note = LineField(_l("说明"), longest=300)
