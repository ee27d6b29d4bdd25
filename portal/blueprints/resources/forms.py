"""Forms of shared resources."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, MultipleFileField, SelectField, SelectMultipleField

from portal import labels
from portal.forms import LineField, Optional, PortalForm, ProseField, as_uuid, choices


class ResourceForm(PortalForm):
    """What is said about a resource."""

    title = LineField(_l("名称"), needed=True)
    kind = SelectField(_l("类别"))
    rule = SelectField(_l("哪一项制度"), validators=[Optional()])
    subject = LineField(_l("学科"), longest=40)
    grade = LineField(_l("年级"), longest=40)
    held_on = DateField(_l("联考日期"), validators=[Optional()])
    schools = SelectMultipleField(_l("参加联考的学校"))
    url = LineField(_l("网址"), longest=500)
    details = ProseField(_l("说明"), longest=5000)
    is_open = BooleanField(_l("对其他片区开放"))

    def __init__(self, *args, members=(), kinds=(), **options):
        super().__init__(*args, **options)
        words = {kind: word for kind, word in labels.RESOURCE_KIND.items() if kind in kinds}
        self.kind.choices = choices(words)
        self.rule.choices = choices(labels.RESOURCE_RULE, blank="—")
        self.schools.choices = [(str(school.id), school.name) for school in members]

    @property
    def resource_values(self) -> dict:
        """What the actions take."""
        names = ("title", "kind", "subject", "grade", "held_on", "url", "details", "is_open")
        return {
            **self.values(*names),
            "rule": self.rule.data or None,
            "schools": [as_uuid(key) for key in self.schools.data or ()],
        }


class NewResourceForm(ResourceForm):
    """A resource with its first version."""

    school = SelectField(_l("提供学校"))
    files = MultipleFileField(_l("文件"))
    notify = BooleanField(_l("通知片区各校校长"))

    def __init__(self, *args, own=(), **options):
        super().__init__(*args, **options)
        self.school.choices = [(str(school.id), school.name) for school in own]


class VersionForm(PortalForm):
    """A new version."""

    files = MultipleFileField(_l("文件"))
    note = LineField(_l("改了什么"), longest=200)
