"""Forms of the opinion box."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from portal import labels
from portal.forms import PortalForm, ProseField, choices


class OpinionForm(PortalForm):
    """What a teacher puts into the box, with the name or without."""

    topic = SelectField(_l("关于什么"), default="other")
    text = ProseField(_l("意见或建议"), longest=2000, needed=True, render_kw={"rows": 5})
    name = RadioField(_l("署名"), default="named")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.topic.choices = choices(labels.OPINION_TOPIC)
        self.name.choices = choices(labels.OPINION_NAME)

    @property
    def row(self) -> dict:
        """What the action takes."""
        return self.values("topic", "text") | {"named": self.name.data == "named"}


class DigestForm(PortalForm):
    """The collection of a term."""

    text = ProseField(_l("意见汇总"), longest=20000, needed=True, render_kw={"rows": 14})


class AnswerForm(PortalForm):
    """The principal's answer to the collection."""

    reply = ProseField(_l("校长答复"), longest=20000, needed=True, render_kw={"rows": 8})
