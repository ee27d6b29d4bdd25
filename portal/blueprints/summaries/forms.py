"""The form of a summary's section."""

from flask_babel import lazy_gettext as _l

from portal.forms import PortalForm, ProseField


class SectionForm(PortalForm):
    """The narrative of one section."""

    text = ProseField(_l("补充说明"), longest=20000)
