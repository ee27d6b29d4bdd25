"""The weekly timetable of visiting teachers."""

from flask import Blueprint

bp = Blueprint("visiting", __name__)

from portal.blueprints.visiting import lessons, places, routes, sessions  # noqa: E402, F401  (they need bp)
