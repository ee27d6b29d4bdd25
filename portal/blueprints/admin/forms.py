"""Forms of the calendar, of people, roles and accounts."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from portal import labels
from portal.domain.calendar import term_code
from portal.domain.words import N_
from portal.forms import LineField, Optional, PortalForm, ValidationError, choices

_PHONE = re.compile(r"[0-9][0-9 -]{5,18}[0-9]")


class DistrictForm(PortalForm):
    """The names of the district and its bureau."""

    name = LineField(_l("区（县）名称"), longest=80, needed=True)
    bureau_name = LineField(_l("教育局名称"), longest=80, needed=True)


class TermDaysForm(PortalForm):
    """The days of a term."""

    first_day = DateField(_l("第一天"), validators=[InputRequired()])
    last_day = DateField(_l("最后一天"), validators=[InputRequired()])
    week_one_monday = DateField(_l("第一周周一"), validators=[InputRequired()])

    @property
    def days(self) -> dict:
        """What the action takes."""
        return self.values("first_day", "last_day", "week_one_monday")


class TermForm(TermDaysForm):
    """A new term: school year, first or second term, days."""

    school_year = SelectField(_l("学年"), coerce=int)
    number = SelectField(_l("学期"), coerce=int)

    def __init__(self, *args, years=(), **options):
        super().__init__(*args, **options)
        self.school_year.choices = [
            (year, _("%(start)s—%(end)s学年", start=year, end=year + 1)) for year in years
        ]
        self.number.choices = [(1, _("第一学期")), (2, _("第二学期"))]

    @property
    def code(self) -> str:
        """The code of the term."""
        return term_code(self.school_year.data, self.number.data)


class DayForm(PortalForm):
    """A day that differs from its weekday."""

    day = DateField(_l("日期"), validators=[InputRequired()])
    kind = SelectField(_l("类别"))
    follows_weekday = SelectField(_l("按哪天的课表"), default="")
    note = LineField(_l("说明"), longest=120)

    def __init__(self, *args, weekdays=(), **options):
        super().__init__(*args, **options)
        self.kind.choices = choices(labels.DAY_KIND)
        self.follows_weekday.choices = [("", _("还没有定")), *((str(n), words) for n, words in weekdays)]

    @property
    def day_values(self) -> dict:
        """What the action takes."""
        follows = self.follows_weekday.data
        return {**self.values("day", "kind", "note"), "follows_weekday": int(follows) if follows else None}


class YearForm(PortalForm):
    """The year whose official holidays are taken over."""

    year = IntegerField(_l("年份"), validators=[InputRequired(), NumberRange(2000, 2100)])


class PersonForm(PortalForm):
    """A person's own facts and those of the present post."""

    name = LineField(_l("姓名"), longest=60, needed=True)
    staff_no = LineField(_l("工号"), longest=40)
    sex = SelectField(_l("性别"), default="")
    born_on = DateField(_l("出生日期"), validators=[Optional()])
    stage = SelectField(_l("学段"), default="")
    subject_words = LineField(_l("任教学科"), longest=200)
    professional_title = SelectField(_l("职称"), default="")
    post_grade = IntegerField(_l("岗位等级"), validators=[Optional(), NumberRange(1, 13)])
    post_kind = SelectField(_l("岗位"), default="")
    cadre_level = SelectField(_l("干部级别"), default="none")
    established = SelectField(_l("在编"), default="")
    retires_on = DateField(_l("退休日期"), validators=[Optional()])
    new_phone = LineField(_l("电话"), longest=20)
    forget_phone = BooleanField(_l("删除已登记的电话"))

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.sex.choices = choices(labels.SEX, blank=N_("不清楚"))
        self.stage.choices = choices(labels.STAGE, blank=N_("不清楚"))
        self.professional_title.choices = choices(labels.PROFESSIONAL_TITLE, blank=N_("不清楚"))
        self.post_kind.choices = choices(labels.POST_KIND, blank=N_("不清楚"))
        self.cadre_level.choices = choices(labels.CADRE)
        self.established.choices = choices(labels.YES_NO, blank=N_("不清楚"))

    def validate_new_phone(self, field):
        """Digits, with spaces or hyphens between them."""
        if field.data and not _PHONE.fullmatch(field.data):
            raise ValidationError(_("电话只写数字，可以有空格或短横"))

    @property
    def facts(self) -> dict:
        """What the action takes; the phone only when it changes."""
        named = ("sex", "stage", "professional_title", "post_kind")
        facts = {
            **self.values("name", "born_on", "post_grade", "retires_on"),
            **{name: self[name].data or None for name in named},
            "cadre_level": self.cadre_level.data or "none",
            "staff_no": self.staff_no.data or None,
            "subjects": [word for word in re.split(r"[、，,;；\s]+", self.subject_words.data) if word][:10],
            "on_establishment": {"true": True, "false": False}.get(self.established.data),
        }
        if self.new_phone.data:
            facts["phone"] = self.new_phone.data
        elif self.forget_phone.data:
            facts["phone"] = None
        return facts


class NewPersonForm(PersonForm):
    """A new person at a school."""

    school = SelectField(_l("学校"), validators=[InputRequired()])
    since = DateField(_l("来校日期"), validators=[Optional()])
    is_namesake = BooleanField(_l("同名的另一位"))

    def __init__(self, *args, schools=(), may_do_without=None, **options):
        super().__init__(*args, **options)
        first = [("", _("请选择"))] if may_do_without or len(schools) > 1 else []
        last = [("bureau", _("区教育局（不属于学校）"))] if may_do_without else []
        self.school.choices = [*first, *((str(s.id), s.name) for s in schools), *last]


class MoveForm(PortalForm):
    """To another school."""

    school = SelectField(_l("调入学校"), validators=[InputRequired()])
    since = DateField(_l("从哪天起"), validators=[InputRequired()])

    def __init__(self, *args, schools=(), **options):
        super().__init__(*args, **options)
        self.school.choices = [("", _("请选择")), *((str(s.id), s.name) for s in schools)]


class LeavePostForm(PortalForm):
    """Away from the school, not to another one here."""

    last_day = DateField(_l("最后一天"), validators=[InputRequired()])
    reason = LineField(_l("去向或原因"), longest=200, needed=True)


class RoleForm(PortalForm):
    """A role with what it is for."""

    role = SelectField(_l("任职"))
    office = SelectField(_l("科室"), default="")
    school = SelectField(_l("学校"), default="")
    cluster = SelectField(_l("片区"), default="")
    since = DateField(_l("从哪天起"), validators=[InputRequired()])

    def __init__(self, *args, roles=(), schools=(), clusters=(), **options):
        super().__init__(*args, **options)
        self.role.choices = [(code, _(labels.ROLE[code])) for code in roles]
        self.office.choices = choices(labels.OFFICE, blank=N_("不适用"))
        self.school.choices = [("", _("不适用")), *((str(s.id), s.name) for s in schools)]
        self.cluster.choices = [("", _("不适用")), *((str(c.id), c.name) for c in clusters)]


class EndRoleForm(PortalForm):
    """The last day of a role."""

    last_day = DateField(_l("最后一天"), validators=[InputRequired()])


class DisableForm(PortalForm):
    """Why an account is closed."""

    reason = LineField(_l("停用原因"), longest=200, needed=True)
