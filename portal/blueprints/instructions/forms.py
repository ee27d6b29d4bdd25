"""The form of a request or report."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from portal import labels
from portal.domain.school_requests import LEVELS, OFFICES
from portal.forms import LineField, PortalForm, ProseField, as_uuid, choices


class RequestForm(PortalForm):
    """A request goes level by level; the level is chosen for a report only."""

    kind = SelectField(_l("种类"), default="request")
    cluster = SelectField(_l("片区"))
    office = SelectField(_l("主送科室"), default="basic_education")
    level = SelectField(_l("报告给谁"), default="school")
    title = LineField(_l("标题"), needed=True)
    text = ProseField(_l("正文"), longest=5000, needed=True)

    def __init__(self, *args, clusters=(), **options):
        super().__init__(*args, **options)
        self.kind.choices = choices(labels.REQUEST_KIND)
        self.cluster.choices = [(str(each.id), each.name) for each in clusters]
        self.office.choices = choices({key: labels.OFFICE[key] for key in OFFICES})
        self.level.choices = choices({key: labels.REQUEST_LEVEL[key] for key in LEVELS})

    @property
    def row(self) -> dict:
        """What the actions take."""
        return self.values("kind", "office", "level", "title", "text") | {
            "cluster_id": as_uuid(self.cluster.data)
        }
