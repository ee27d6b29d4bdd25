"""The form for a calendar address."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from portal.forms import LineField, PortalForm


class FeedForm(PortalForm):
    """Whose lessons, and for which device."""

    school = SelectField(_l("显示谁的课"))
    name = LineField(_l("给哪个设备用"), longest=40)

    def __init__(self, *args, schools=(), **options):
        super().__init__(*args, **options)
        own = ("", _("我自己的课"))
        self.school.choices = [own, *((str(s.id), _("%(name)s的课", name=s.name)) for s in schools)]
