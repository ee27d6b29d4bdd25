"""Reflection logs."""

from flask import Blueprint

from portal.domain.log_templates import AREAS, PARTS, lines_by_area, main_parts, more_parts, parts_of

bp = Blueprint("reflections", __name__)
# Signs of each part in a list: two or three lines on a phone are enough to choose by.
SHOWN_IN_LIST = 160

from portal.blueprints.reflections import (  # noqa: E402, F401  (they need bp)
    cases,
    files,
    reports,
    routes,
    talk,
    writers,
    writing,
)


@bp.context_processor
def _words() -> dict:
    return {
        "areas": AREAS,
        "lines_by_area": lines_by_area,
        "log_words": parts_of,
        "main_parts": main_parts,
        "more_parts": more_parts,
        "same_words": _same_words,
        "shown_in_list": SHOWN_IN_LIST,
        "goes_on": _goes_on,
    }


def _goes_on(log) -> bool:
    """Whether a list shows the beginning of a part alone."""
    return any(len(getattr(log, name)) > SHOWN_IN_LIST for name in PARTS)


def _same_words(words, chosen: str | None) -> list[tuple[str, str]]:
    """Choices of a filter that are their own words; what the address asks for stays a choice."""
    from flask_babel import gettext as _

    listed = [*words, *([chosen] if chosen and chosen not in words else [])]
    return [("", _("全部")), *((each, each) for each in listed)]
