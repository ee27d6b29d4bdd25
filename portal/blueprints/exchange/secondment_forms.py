"""Forms of the secondments."""

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange

from portal import labels
from portal.domain.secondments import HOST_KINDS, PLAN_PARTS
from portal.forms import LineField, Optional, PortalForm, ProseField, ValidationError, as_uuid, choices

NUMBERS = {
    "candidates": 10000,
    "full_score": 1000,
    "lessons_per_week": 40,
    "lessons_total": 2000,
    "books": 100,
    "contact_weeks": 52,
    "plan_days": 365,
    "evaluation_days": 365,
}


def _number(label, most: int) -> IntegerField:
    return IntegerField(label, validators=[Optional(), NumberRange(1, most)])


def _day(label, *, needed: bool = False) -> DateField:
    return DateField(label, validators=[InputRequired() if needed else Optional()])


def _short_lines(form, field):
    if any(len(line.strip()) > 120 for line in (field.data or "").splitlines()):
        raise ValidationError(_("每行最多 %(count)s 个字", count=120))


class ProgrammeForm(PortalForm):
    """A programme; the numbers are those that its own text names, the others stay empty."""

    name = LineField(_l("项目名称"), longest=80, needed=True)
    basis = LineField(_l("文件依据"), longest=200)
    starts_on = _day(_l("开始日期"), needed=True)
    ends_on = _day(_l("结束日期"), needed=True)
    host_kinds = SelectMultipleField(_l("接收单位的类型"))
    candidates = _number(_l("后备人选（人）"), NUMBERS["candidates"])
    full_score = _number(_l("专家评分满分"), NUMBERS["full_score"])
    lessons_per_week = _number(_l("每周听课（节）"), NUMBERS["lessons_per_week"])
    lessons_total = _number(_l("全程听课（节）"), NUMBERS["lessons_total"])
    books = _number(_l("读书（本）"), NUMBERS["books"])
    contact_weeks = _number(_l("几周内至少联系一次"), NUMBERS["contact_weeks"])
    plan_days = _number(_l("到岗后几天内交学习计划"), NUMBERS["plan_days"])
    evaluation_days = _number(_l("期满后几天内完成评价"), NUMBERS["evaluation_days"])
    blocks = ProseField(_l("学习内容和预期成果"), longest=3000, validators=[_short_lines])
    assignments = ProseField(_l("要完成的作业"), longest=3000, validators=[_short_lines])
    note = ProseField(_l("说明"), longest=3000)

    def __init__(self, *args, programme=None, **options):
        if programme is not None:
            names = ("name", "basis", "starts_on", "ends_on", "host_kinds", "note", *NUMBERS)
            options.update({name: getattr(programme, name) for name in names})
            options.update(blocks="\n".join(programme.blocks), assignments="\n".join(programme.assignments))
        super().__init__(*args, **options)
        self.host_kinds.choices = choices(labels.HOST_KIND)

    @property
    def programme_values(self) -> dict:
        """What the action takes; lists a line each."""
        lists = {
            name: [line.strip() for line in self[name].data.splitlines() if line.strip()]
            for name in ("blocks", "assignments")
        }
        kinds = [kind for kind in HOST_KINDS if kind in (self.host_kinds.data or ())]
        plain = self.values("name", "basis", "starts_on", "ends_on", "note", *NUMBERS)
        return {**plain, **lists, "host_kinds": kinds}


class BatchForm(PortalForm):
    """A batch with its dates."""

    NAMES = (
        *("name", "starts_on", "ends_on", "nominate_by", "sent_off_on", "sent_off_place"),
        *("arrive_from", "arrive_to", "places"),
    )
    name = LineField(_l("批次名称"), longest=60, needed=True)
    starts_on = _day(_l("开始日期"), needed=True)
    ends_on = _day(_l("结束日期"), needed=True)
    nominate_by = _day(_l("推荐截止"))
    sent_off_on = _day(_l("欢送日期"))
    sent_off_place = LineField(_l("欢送地点"), longest=80)
    arrive_from = _day(_l("到岗最早"))
    arrive_to = _day(_l("到岗最晚"))
    places = _number(_l("名额（人）"), 10000)

    @property
    def batch_values(self) -> dict:
        """What the action takes."""
        return self.values(*self.NAMES)


class _PersonForm(PortalForm):
    person = LineField(_l("教师"), needed=True)

    @property
    def chosen_person(self):
        """The key that the script has put beside the name, or None."""
        return as_uuid(request.form.get("person-id"))


class ExpertForm(_PersonForm):
    """Somebody for the expert group."""


class NominationForm(_PersonForm):
    """A recommendation with the school's opinion."""

    NAMES = ("form", "present_post", "opinion", "time_guarantee")
    kind = SelectField(_l("形式"), default="secondment")
    present_post = LineField(_l("现任职务"), longest=40)
    opinion = ProseField(_l("单位推荐意见"), longest=3000, needed=True)
    time_guarantee = LineField(_l("时间保证"), longest=300)

    def __init__(self, *args, secondment=None, **options):
        if secondment is not None:
            options.update(kind=secondment.form)
        super().__init__(*args, **options)
        self.kind.choices = choices(labels.SECONDMENT_FORM)
        if secondment is not None:
            del self.person

    @property
    def nomination_values(self) -> dict:
        """What the action takes."""
        return {**self.values("present_post", "opinion", "time_guarantee"), "form": self.kind.data}


class ScoreForm(PortalForm):
    """An expert's score."""

    score = IntegerField(_l("评分"), validators=[InputRequired(), NumberRange(0, 1000)])
    note = LineField(_l("评语"), longest=300)


class AssignForm(PortalForm):
    """Where somebody goes, when, and as what."""

    batch = SelectField(_l("批次"), default="")
    host_kind = SelectField(_l("接收单位的类型"), default="school")
    host_school = SelectField(_l("本区接收学校"), default="")
    host_name = LineField(_l("区外学校或机关的名称"), longest=80)
    host_place = LineField(_l("所在地"), longest=80)
    host_consent = LineField(_l("对方同意的依据"), longest=200)
    host_post = LineField(_l("挂任职务"), longest=40)
    counterpart = SelectField(_l("对岗互派"), default="")
    starts_on = _day(_l("开始日期"), needed=True)
    ends_on = _day(_l("结束日期"), needed=True)

    def __init__(self, *args, secondment, schools, partners, **options):
        batches = secondment.programme.batches
        if secondment.batch_id:  # arranged before: as it stands, to be changed
            texts = (
                "host_kind",
                "host_name",
                "host_place",
                "host_consent",
                "host_post",
                "starts_on",
                "ends_on",
            )
            keys = {"batch": "batch_id", "host_school": "host_school_id", "counterpart": "counterpart_id"}
            options |= {name: getattr(secondment, name) for name in texts}
            options |= {name: str(getattr(secondment, column) or "") for name, column in keys.items()}
        elif batches:
            first = batches[-1]
            options = {
                "batch": str(first.id),
                "starts_on": first.starts_on,
                "ends_on": first.ends_on,
                **options,
            }
        super().__init__(*args, **options)
        self.batch.choices = [("", _("请选择")), *((str(each.id), each.name) for each in batches)]
        kinds = secondment.programme.host_kinds or HOST_KINDS
        self.host_kind.choices = [(kind, _(labels.HOST_KIND[kind])) for kind in kinds]
        self.host_school.choices = [("", _("请选择")), *((str(each.id), each.name) for each in schools)]
        listed = [(str(each.id), f"{each.person.name}（{each.home_school.name}）") for each in partners]
        self.counterpart.choices = [("", _("没有")), *listed]

    @property
    def assign_values(self) -> dict:
        """What the action takes; what belongs to the other kind of host is left out."""
        inside = self.host_kind.data == "school"
        return {
            **self.values("host_kind", "host_post", "starts_on", "ends_on"),
            "batch_id": as_uuid(self.batch.data),
            "host_school_id": as_uuid(self.host_school.data) if inside else None,
            **{
                name: "" if inside else self[name].data
                for name in ("host_name", "host_place", "host_consent")
            },
        }


class ArrivalForm(PortalForm):
    """The day of arrival."""

    day = _day(_l("到岗日期"), needed=True)


class TimeForm(PortalForm):
    """How the own school keeps the time free."""

    time_guarantee = LineField(_l("时间保证"), longest=300, needed=True)


class PlanForm(PortalForm):
    """The study plan in five parts."""

    goals = ProseField(_l("学习目标"), longest=5000)
    contents = ProseField(_l("学习内容"), longest=5000)
    measures = ProseField(_l("学习措施"), longest=5000)
    topics = ProseField(_l("研究专题"), longest=5000)
    homework = ProseField(_l("完成作业"), longest=5000)

    @property
    def plan_values(self) -> dict:
        """What the action takes."""
        return self.values(*PLAN_PARTS)


#: The fields of each kind of entry beside its title.
ENTRY_FIELDS = {
    "duty": ("body",),
    "product": ("due_on", "body", "address", "done_on"),
    "assignment": ("due_on", "body", "address", "done_on"),
    "topic": ("body",),
    "book": ("happened_on", "body", "compared"),
    "meeting": ("happened_on", "body"),
    "discussion": ("happened_on", "body"),
}


class EntryForm(PortalForm):
    """An entry; which fields it has follows from its kind."""

    title = LineField(_l("名称"), longest=120, needed=True)
    happened_on = _day(_l("日期"))
    due_on = _day(_l("完成期限"))
    body = ProseField(_l("内容"), longest=20000)
    compared = ProseField(_l("与本校比较"), longest=20000)
    address = LineField(_l("文件链接"), longest=300)
    done_on = _day(_l("完成日期"))

    def __init__(self, *args, kind: str, **options):
        super().__init__(*args, **options)
        for name in ("happened_on", "due_on", "body", "compared", "address", "done_on"):
            if name not in ENTRY_FIELDS[kind]:
                del self[name]

    def validate_address(self, field):
        """Only an address of the web can be opened."""
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError(_("请粘贴以 http:// 或 https:// 开头的链接"))

    @property
    def entry_values(self) -> dict:
        """What the action takes."""
        return {
            name: field.data for name, field in self._fields.items() if name not in ("version", "csrf_token")
        }


class LeaveForm(PortalForm):
    """Leave that is asked for."""

    first_day = _day(_l("开始日期"), needed=True)
    last_day = _day(_l("结束日期"), needed=True)
    reason = ProseField(_l("原因"), longest=1000)


class ContactForm(PortalForm):
    """The office spoke with a secondee."""

    held_on = _day(_l("联系日期"), needed=True)
    way = SelectField(_l("方式"), default="phone")
    note = LineField(_l("情况"), longest=300)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.way.choices = choices(labels.CONTACT_WAY)


class ReportForm(PortalForm):
    """The final report."""

    report = ProseField(_l("总结报告"), longest=50000)


class EvaluationForm(PortalForm):
    """One of the two evaluations."""

    grade = LineField(_l("评定等次"), longest=20)
    text = ProseField(_l("评语"), longest=5000, needed=True)


class FollowForm(PortalForm):
    """The way back."""

    outcome = SelectField(_l("去向"), default="returned")
    follow_up = ProseField(_l("跟踪培养情况"), longest=5000)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.outcome.choices = choices(labels.SECONDMENT_OUTCOME)


class TripForm(PortalForm):
    """A visit in a group."""

    NAMES = ("kind", "title", "place", "starts_on", "ends_on", "size", "members", "summary")
    school = SelectField(_l("派出学校"))
    secondment = SelectField(_l("由谁联系"), default="")
    kind = SelectField(_l("类别"), default="shadow_training")
    title = LineField(_l("名称"), longest=80, needed=True)
    place = LineField(_l("到访学校"), longest=80, needed=True)
    starts_on = _day(_l("开始日期"), needed=True)
    ends_on = _day(_l("结束日期"), needed=True)
    size = IntegerField(_l("人数"), validators=[InputRequired(), NumberRange(1, 1000)])
    members = ProseField(_l("人员"), longest=2000)
    summary = ProseField(_l("收获和小结"), longest=10000)

    def __init__(self, *args, schools, secondments=(), trip=None, **options):
        if trip is not None:
            options.update(school=str(trip.school_id), secondment=str(trip.secondment_id or ""))
        super().__init__(*args, **options)
        self.kind.choices = choices(labels.TRIP_KIND)
        self.school.choices = [(str(each.id), each.name) for each in schools]
        named = [(str(each.id), f"{each.person.name}（{each.host}）") for each in secondments]
        self.secondment.choices = [("", _("没有")), *named]

    @property
    def trip_values(self) -> dict:
        """What the action takes."""
        keys = {"school_id": as_uuid(self.school.data), "secondment_id": as_uuid(self.secondment.data)}
        return {**self.values(*self.NAMES), **keys}
