"""Forms of clusters, membership and schools."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange

from portal import labels
from portal.domain import schemes
from portal.domain.words import N_
from portal.forms import LineField, Optional, PortalForm, ProseField, as_uuid, choices


def school_choices(schools, clusters_of=None) -> list[tuple[str, str]]:
    """Schools by key and name; with ``clusters_of`` the cluster that each one is in stands behind."""
    named = []
    for school in schools:
        words = school.name
        for member in (clusters_of or {}).get(school.id, [])[:1]:
            words = _("%(school)s（已在%(cluster)s）", school=school.name, cluster=member.cluster.name)
        named.append((str(school.id), words))
    return named


class ClusterForm(PortalForm):
    """Name, kind and scheme of a cluster."""

    name = LineField(_l("片区名称"), longest=80, needed=True)
    kind = SelectField(_l("片区类别"))
    scheme_code = SelectField(_l("方案"))
    profile = SelectField(_l("管理方式"), default="")
    is_supervision_zone = BooleanField(_l("同时是督学责任区"))

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.kind.choices = choices(labels.CLUSTER_KIND)
        codes = schemes.scheme_codes()
        self.scheme_code.choices = [(code, f"{code} {_(schemes.load_scheme(code).name)}") for code in codes]
        self.profile.choices = choices(labels.PROFILE, blank=N_("按方案"))

    @property
    def cluster_values(self) -> dict:
        """What the action takes; the profile is the scheme's unless another was chosen."""
        values = self.values("name", "kind", "scheme_code", "profile", "is_supervision_zone")
        return values | {
            "profile": values["profile"] or schemes.load_scheme(values["scheme_code"]).profile.key
        }


class NewClusterForm(ClusterForm):
    """A new cluster with its first members."""

    lead = SelectField(_l("领衔学校"), default="")
    members = SelectMultipleField(_l("成员校"))
    since = DateField(_l("从哪天起"), validators=[InputRequired()])
    aims = ProseField(_l("工作目标"), longest=5000)

    def __init__(self, *args, schools=(), clusters_of=None, **options):
        super().__init__(*args, **options)
        listed = school_choices(schools, clusters_of)
        self.lead.choices = [("", _("暂不确定（乡镇片可以没有）")), *listed]
        self.members.choices = listed

    def chosen(self, schools) -> dict:
        """The lead and the members among the schools that were offered."""
        by_id = {str(s.id): s for s in schools}
        return {
            "lead": by_id.get(self.lead.data),
            "members": [by_id[key] for key in self.members.data or [] if key in by_id],
        }


class AimsForm(PortalForm):
    """The aims of a cluster."""

    aims = ProseField(_l("工作目标"), longest=5000)


class DatedForm(PortalForm):
    """An event of a cluster; a correction of a term that is over needs its reason."""

    correction = LineField(_l("更正理由"), longest=200)


class JoinForm(DatedForm):
    """A school joins."""

    school = SelectField(_l("学校"), validators=[InputRequired()])
    with_below = BooleanField(_l("连同所属学校一起加入"))
    since = DateField(_l("从哪天起"), validators=[InputRequired()])
    is_main = BooleanField(_l("是这所学校的主片区（统计只计一次）"), default=True)

    def __init__(self, *args, schools=(), clusters_of=None, **options):
        super().__init__(*args, **options)
        self.school.choices = [("", _("请选择")), *school_choices(schools, clusters_of)]


class LeaveForm(DatedForm):
    """A school leaves, or a cluster ends."""

    last_day = DateField(_l("最后一天"), validators=[InputRequired()])
    reason = LineField(_l("原因"), longest=200, needed=True)


class LeadForm(DatedForm):
    """Another school takes the lead."""

    school = SelectField(_l("新的领衔学校"), validators=[InputRequired()])
    since = DateField(_l("从哪天起"), validators=[InputRequired()])

    def __init__(self, *args, schools=(), clusters_of=None, **options):
        super().__init__(*args, **options)
        self.school.choices = [("", _("请选择")), *school_choices(schools, clusters_of)]


class SchoolFactsForm(PortalForm):
    """Facts that a school keeps itself."""

    authorised_posts = IntegerField(_l("核定编制（人）"), validators=[Optional(), NumberRange(0, 5000)])
    actual_staff = IntegerField(_l("现有在编（人）"), validators=[Optional(), NumberRange(0, 5000)])
    average_periods = IntegerField(
        _l("专任教师人均周课时（节）"), validators=[Optional(), NumberRange(0, 60)]
    )

    @property
    def facts(self) -> dict:
        """What the action takes."""
        return self.values("authorised_posts", "actual_staff", "average_periods")


class SchoolForm(SchoolFactsForm):
    """Everything about a school, for the bureau."""

    name = LineField(_l("校名"), longest=80, needed=True)
    kind = SelectField(_l("学校类别"))
    location = SelectField(_l("城乡"))
    is_public = BooleanField(_l("公办"), default=True)
    is_weak = BooleanField(_l("薄弱学校（区教育局认定）"))
    is_standard = BooleanField(_l("一级达标校"))
    model_level = SelectField(_l("示范级别"), default="")
    remoteness = IntegerField(_l("边远程度（0 到 9 级）"), validators=[Optional(), NumberRange(0, 9)])
    parent = SelectField(_l("所属中心校"), default="")

    def __init__(self, *args, centres=(), **options):
        super().__init__(*args, **options)
        self.kind.choices = choices(labels.SCHOOL_KIND)
        self.location.choices = choices(labels.LOCATION)
        self.model_level.choices = choices(labels.LEVEL, blank=N_("无"))
        self.parent.choices = [("", _("无")), *((str(s.id), s.name) for s in centres)]

    @property
    def facts(self) -> dict:
        """What the action takes."""
        return {
            **super().facts,
            **self.values("name", "kind", "location", "is_public", "is_weak", "is_standard", "remoteness"),
            "model_level": self.model_level.data or None,
            "parent_id": as_uuid(self.parent.data),
        }


class CloseSchoolForm(PortalForm):
    """A school closes."""

    on = DateField(_l("停办日期"), validators=[InputRequired()])
    reason = LineField(_l("原因"), longest=200, needed=True)


class MergeForm(DatedForm):
    """A school becomes part of another one."""

    into = SelectField(_l("并入哪所学校"), validators=[InputRequired()])
    last_day = DateField(_l("最后一天"), validators=[InputRequired()])
    reason = LineField(_l("原因"), longest=200, needed=True)

    def __init__(self, *args, schools=(), clusters_of=None, **options):
        super().__init__(*args, **options)
        self.into.choices = [("", _("请选择")), *school_choices(schools, clusters_of)]
