"""Reflection logs."""

from flask import Blueprint

from portal.domain.log_templates import AREAS, lines_by_area, main_parts, more_parts, parts_of

bp = Blueprint("reflections", __name__)

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
    }


def _same_words(words, chosen: str | None) -> list[tuple[str, str]]:
    """Choices of a filter that are their own words; what the address asks for stays a choice."""
    from flask_babel import gettext as _

    listed = [*words, *([chosen] if chosen and chosen not in words else [])]
    return [("", _("全部")), *((each, each) for each in listed)]
