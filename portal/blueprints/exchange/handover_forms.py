"""Forms of handovers, and of what a posting is to reach."""

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from portal import labels
from portal.domain.handovers import ITEMS
from portal.forms import InputRequired, LineField, PortalForm, ProseField, as_uuid, choices


class SheetForm(PortalForm):
    """What is handed over, by kind."""

    classes = ProseField(_l("任教班级和工作"), longest=5000)
    progress = ProseField(_l("教学进度"), longest=5000)
    materials = ProseField(_l("教材和资料"), longest=5000)
    pupils = ProseField(_l("学生情况（不写姓名）"), longest=5000)
    issues = ProseField(_l("未了事项"), longest=5000)

    @property
    def items(self) -> dict:
        """What the action takes."""
        return self.values(*ITEMS)


class OpenSheetForm(SheetForm):
    """A new sheet: at which point and place, and with whom."""

    which = RadioField(_l("交接什么"), validators=[InputRequired()])
    person = LineField(_l("交接的另一方"), needed=True)

    def __init__(self, *args, offered=(), **options):
        super().__init__(*args, **options)
        self.which.choices = [(code, label) for code, label in choices(labels.HANDOVER) if code in offered]

    @property
    def phase_and_place(self) -> tuple[str, bool]:
        """``start`` or ``end``, and whether at the own school."""
        phase, place = self.which.data.split("_")
        return phase, place == "home"

    @property
    def chosen_person(self):
        """The key of the person that the script has put beside the name, or None."""
        return as_uuid(request.form.get("person-id"))


class CriteriaForm(PortalForm):
    """The criteria of a posting that has begun, and why they change."""

    criteria = ProseField(_l("成效标准"), longest=5000, needed=True)
    why = LineField(_l("为什么修改（双方都能看到）"), longest=300, needed=True)


class JudgeForm(PortalForm):
    """How far the criteria were reached, in words too."""

    reached = SelectField(_l("达成情况"), default="", validators=[InputRequired()])
    judgement = ProseField(_l("评定说明"), longest=5000, needed=True)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.reached.choices = [("", _l("请选择")), *choices(labels.RESULT)]
