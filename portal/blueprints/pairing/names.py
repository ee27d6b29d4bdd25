"""How pairs are called on pages."""

from flask_babel import gettext as _


def pair_name(pair) -> str:
    """Whom a mentor teaches, in the reader's language."""
    return _(
        "%(mentor)s 带 %(mentee)s",
        mentor=pair.mentor.name,
        mentee=pair.mentee.name if pair.mentee else pair.mentee_name,
    )


def school_pair_name(pairing) -> str:
    """Which school helps which."""
    return _("%(donor)s 帮扶 %(beneficiary)s", donor=pairing.donor.name, beneficiary=pairing.beneficiary.name)
