"""Term summaries."""

from flask import Blueprint

bp = Blueprint("summaries", __name__)

# The views need bp.
from portal.blueprints.summaries import documents, figures, routes, workspace  # noqa: E402, F401
