"""Forms of term plans."""

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField
from wtforms.validators import NumberRange

from portal import formats, labels
from portal.forms import LineField, Optional, PortalForm, ProseField, as_uuid, choices


class PlanForm(PortalForm):
    """The texts of a plan, and the meeting in which it was discussed."""

    lessons = ProseField(_l("上学期的经验和问题"), longest=5000)
    strengths = ProseField(_l("优势"), longest=5000)
    weaknesses = ProseField(_l("不足"), longest=5000)
    goals = ProseField(_l("目标"), longest=5000)
    meeting = SelectField(_l("在哪次会议讨论"), default="")

    def __init__(self, *args, meetings=(), **options):
        super().__init__(*args, **options)
        listed = [(str(m.id), f"{formats.moment(m.starts_at)} {m.title}") for m in meetings]
        self.meeting.choices = [("", _("还没有讨论")), *listed]

    @property
    def plan_values(self) -> dict:
        """What the action takes."""
        texts = self.values("lessons", "strengths", "weaknesses", "goals")
        return {**texts, "meeting_id": as_uuid(self.meeting.data)}


class ItemForm(PortalForm):
    """One item of a plan."""

    text = LineField(_l("工作事项"), longest=200, needed=True)
    phase = SelectField(_l("阶段"), default="during")
    owner = SelectField(_l("责任方"), default="")
    person = LineField(_l("责任人"))
    due_on = DateField(_l("完成期限"), validators=[Optional()])
    measure = ProseField(_l("措施"), longest=3000)
    criteria = ProseField(_l("成果标准"), longest=3000)
    counter = SelectField(_l("按什么计数"), default="")
    target = IntegerField(_l("目标数"), validators=[Optional(), NumberRange(1, 100000)])

    def __init__(self, *args, schools=(), groups=(), counters=(), **options):
        super().__init__(*args, **options)
        self.phase.choices = choices(labels.PLAN_PHASE)
        self.owner.choices = [
            ("", _("各成员校")),
            *((f"school:{s.id}", s.name) for s in schools),
            *((f"group:{g.id}", g.name) for g in groups),
        ]
        self.counter.choices = [("", _("不计数，由责任方登记完成")), *counters]

    @property
    def chosen_person(self):
        """The key of the person that the script has put beside the name, or None."""
        return as_uuid(request.form.get("person-id"))

    def validate(self, extra_validators=None) -> bool:
        """A school or group, or a person; not both."""
        fine = super().validate(extra_validators)
        if self.owner.data and self.person.data:
            self.add_error("person", _("责任方和责任人只填一个"))
            return False
        return fine

    def item_values(self, person) -> dict:
        """What the action takes."""
        kind, _colon, key = (self.owner.data or "").partition(":")
        return {
            **self.values("text", "phase", "due_on", "measure", "criteria", "target"),
            "counter": self.counter.data or "",
            "school_id": as_uuid(key) if kind == "school" else None,
            "group_id": as_uuid(key) if kind == "group" else None,
            "person_id": person.id if person else None,
        }


class ReportForm(PortalForm):
    """A line about what came of an item."""

    result = LineField(_l("完成情况"), longest=300)


class PartForm(PortalForm):
    """A group's own part of a plan."""

    text = ProseField(_l("小组计划"), longest=10000)
