"""Forms of demands and proposals."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField
from wtforms.validators import NumberRange

from portal.forms import InputRequired, LineField, PortalForm


class DemandForm(PortalForm):
    """Periods that a class needs from a visiting teacher."""

    class_name = LineField(_l("班级"), longest=40, needed=True)
    subject = LineField(_l("学科"), longest=40, needed=True)
    periods = IntegerField(_l("每周课时"), validators=[InputRequired(), NumberRange(1, 20)])
    daily = IntegerField(_l("每天最多"), default=1, validators=[InputRequired(), NumberRange(1, 4)])


class ProposalForm(PortalForm):
    """From which day the proposed timetable is to hold."""

    first_day = DateField(_l("从哪天起上课"), validators=[InputRequired()])
    adjusts = BooleanField(_l("已排的走教课也可以调整（锁定的不动）"))
