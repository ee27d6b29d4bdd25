"""The weekly timetable of visiting teachers."""

from flask import Blueprint

bp = Blueprint("visiting", __name__)

from portal.blueprints.visiting import (  # noqa: E402  (they need bp)
    absences,  # noqa: F401
    board,  # noqa: F401
    checks,  # noqa: F401
    codes,  # noqa: F401
    copying,  # noqa: F401
    covers,  # noqa: F401
    deliveries,  # noqa: F401
    demands,  # noqa: F401
    disputes,  # noqa: F401
    lessons,  # noqa: F401
    limits,  # noqa: F401
    months,  # noqa: F401
    moves,  # noqa: F401
    offers,  # noqa: F401
    places,  # noqa: F401
    proposals,  # noqa: F401
    routes,  # noqa: F401
    sessions,  # noqa: F401
    signups,  # noqa: F401
    subsidies,  # noqa: F401
    timetable_import,  # noqa: F401
    volunteers,  # noqa: F401
)
