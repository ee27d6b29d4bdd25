"""Forms of a quality analysis and of its steps."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField

from portal import formats
from portal.domain.moments import local_day
from portal.forms import InputRequired, LineField, Optional, PortalForm, ProseField, as_uuid
from portal.web import term_title


class QualityForm(PortalForm):
    """What an analysis is about."""

    title = LineField(_l("名称"), needed=True)
    subject = LineField(_l("学科"), longest=40, needed=True)
    grade = LineField(_l("年级"), longest=40, needed=True)
    term = SelectField(_l("学期"))
    resource = SelectField(_l("所依据的联考"), validators=[Optional()])

    def __init__(self, *args, terms=(), tests=(), **options):
        super().__init__(*args, **options)
        self.term.choices = [(str(term.id), term_title(term)) for term in terms]
        self.resource.choices = [("", _("没有联考"))]
        self.resource.choices += [(str(row.id), _test_words(row)) for row in tests]

    @property
    def row(self) -> dict:
        """What the actions take."""
        keys = {"term_id": as_uuid(self.term.data), "resource_id": as_uuid(self.resource.data)}
        return self.values("title", "subject", "grade") | keys


def _test_words(resource) -> str:
    return f"{formats.day(resource.held_on)} {resource.title}" if resource.held_on else resource.title


class StepForm(PortalForm):
    """One step; ``place`` is a meeting or an activity, its kind before its key."""

    held_on = DateField(_l("日期"), validators=[InputRequired()])
    who = LineField(_l("参加人员"), longest=200, needed=True)
    text = ProseField(_l("内容"), longest=6000, needed=True)
    place = SelectField(_l("讨论的会议或活动"), validators=[Optional()])

    def __init__(self, *args, meetings=(), activities=(), **options):
        super().__init__(*args, **options)
        self.place.choices = [("", _("不在会议或活动上"))]
        for kind, rows, name in (("meeting", meetings, "title"), ("activity", activities, "theme")):
            self.place.choices += [
                (f"{kind}:{row.id}", f"{formats.day(local_day(row.starts_at))} {getattr(row, name)}")
                for row in rows
            ]

    @property
    def row(self) -> dict:
        """What the actions take."""
        kind, _colon, key = (self.place.data or "").partition(":")
        places = {"meeting_id": None, "activity_id": None}
        if key:
            places[f"{kind}_id"] = as_uuid(key)
        return self.values("held_on", "who", "text") | places
