"""Term summaries."""

from flask import Blueprint

bp = Blueprint("summaries", __name__)

from portal.blueprints.summaries import routes  # noqa: E402, F401  (routes need bp)
