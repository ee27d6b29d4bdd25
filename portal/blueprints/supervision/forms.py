"""Forms of inspections, problems, templates and rounds of assessment."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, IntegerField, SelectField, SelectMultipleField
from wtforms.validators import NumberRange

from portal import labels
from portal.domain.supervision import LEVELS
from portal.forms import (
    InputRequired,
    LineField,
    Optional,
    PortalForm,
    ProseField,
    ValidationError,
    as_uuid,
    choices,
)


def _web_address(form, field):
    if field.data and not field.data.startswith(("https://", "http://")):
        raise ValidationError(_("网址要以 http:// 或 https:// 开头"))


class InspectionForm(PortalForm):
    """An inspection as it is written."""

    title = LineField(_l("督导主题"), needed=True)
    held_on = DateField(_l("督导日期"), validators=[InputRequired()])
    school = SelectField(_l("督导对象"))
    inspectors = LineField(_l("督导人员"), longest=200, needed=True)
    findings = ProseField(_l("发现的问题"), longest=9000)
    advice = ProseField(_l("肯定与建议"), longest=5000)

    def __init__(self, *args, schools=(), **options):
        super().__init__(*args, **options)
        self.school.choices = [("", _("整个片区"))]
        self.school.choices += [(str(school.id), school.name) for school in schools]

    @property
    def row(self) -> dict:
        """What the actions take."""
        names = ("title", "held_on", "inspectors", "findings", "advice")
        return self.values(*names) | {"school_id": as_uuid(self.school.data)}


class ProblemForm(PortalForm):
    """A line of the register."""

    text = LineField(_l("问题"), longest=300, needed=True)
    category = SelectField(_l("问题类别"))
    school = SelectField(_l("责任学校"))
    owner = SelectField(_l("责任人"))
    due_on = DateField(_l("整改期限"), validators=[Optional()])

    def __init__(self, *args, schools=(), staff=(), for_all=False, **options):
        super().__init__(*args, **options)
        self.category.choices = choices(labels.PROBLEM_CATEGORY)
        self.school.choices = [("", _("整个片区"))] if for_all else []
        self.school.choices += [(str(school.id), school.name) for school in schools]
        self.owner.choices = [("", _("未指定，由学校负责"))]
        self.owner.choices += [(str(person.id), f"{school} · {person.name}") for person, school in staff]

    @property
    def row(self) -> dict:
        """What the actions take."""
        keys = {"school_id": as_uuid(self.school.data), "owner_id": as_uuid(self.owner.data)}
        return self.values("text", "category", "due_on") | keys


class TemplateForm(PortalForm):
    """A template, one item a line."""

    name = LineField(_l("名称"), longest=80, needed=True)
    lines = ProseField(_l("考核项目"), longest=6000, needed=True)


class RoundForm(PortalForm):
    """Who is assessed, by what, until when."""

    title = LineField(_l("名称"), needed=True)
    template = SelectField(_l("考核表"), validators=[InputRequired()])
    span = SelectField(_l("考核周期"))
    due_on = DateField(_l("自评截止"), validators=[InputRequired()])
    cluster_weight = IntegerField(_l("片区成绩占比（百分数）"), validators=[Optional(), NumberRange(0, 100)])
    subjects = SelectMultipleField(_l("考核对象"))

    def __init__(self, *args, level: str, templates=(), subjects=(), **options):
        super().__init__(*args, **options)
        self.span.choices = choices(labels.ASSESSMENT_SPAN)
        self.template.choices = [
            (str(row.id), _("%(name)s（第 %(number)s 版）", name=row.name, number=row.number))
            for row in templates
        ]
        self.subjects.choices = [(str(row.id), row.name) for row in subjects]
        if level != "school":
            del self.cluster_weight

    @property
    def row(self) -> dict:
        """What the actions take."""
        weight = self.cluster_weight.data if "cluster_weight" in self else None
        return self.values("title", "span", "due_on") | {"cluster_weight": weight}


def self_form(items, answers: dict, **options):
    """The form of a self-assessment: words and an address for each item."""
    fields = {}
    for number in range(len(items)):
        fields[f"text_{number}"] = ProseField(_("自评"), longest=1000)
        fields[f"url_{number}"] = LineField(_("佐证网址"), longest=300, validators=[_web_address])
    shown = {
        f"{name}_{number}": given.get(name, "")
        for number, given in answers.items()
        for name in ("text", "url")
    }
    return type("SelfForm", (PortalForm,), fields)(data=shown, **options)


def answers_of(form, items) -> dict:
    """What the self-assessment says, by item."""
    found = {
        str(number): {"text": form[f"text_{number}"].data, "url": form[f"url_{number}"].data}
        for number in range(len(items))
    }
    return {number: given for number, given in found.items() if any(given.values())}


def score_form(items, scores: dict, **options):
    """The form of an assessor: points up to the most of an item, and a remark."""
    fields = {"verdict": ProseField(_("总评"), longest=500)}
    for number, item in enumerate(items):
        if item["points"]:
            checks = [InputRequired(), NumberRange(0, item["points"])]
            fields[f"points_{number}"] = DecimalField(_("得分"), places=1, validators=checks)
        fields[f"remark_{number}"] = LineField(_("评语"), longest=200)
    shown = {"verdict": options.pop("verdict", "")}
    for number, given in scores.items():
        shown[f"remark_{number}"] = given.get("remark", "")
        if given.get("tenths") is not None:
            shown[f"points_{number}"] = given["tenths"] / 10
    return type("ScoreForm", (PortalForm,), fields)(data=shown, **options)


def scores_of(form, items) -> dict:
    """What the assessor gave, by item; tenths of a point."""
    found = {}
    for number, item in enumerate(items):
        points = form[f"points_{number}"].data if item["points"] else None
        found[str(number)] = {
            "tenths": None if points is None else round(points * 10),
            "remark": form[f"remark_{number}"].data,
        }
    return found


def known_level(level: str) -> bool:
    """Whether somebody of that level can be assessed."""
    return level in LEVELS
