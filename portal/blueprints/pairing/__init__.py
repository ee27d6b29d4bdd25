"""School pairs and mentoring pairs."""

from flask import Blueprint

bp = Blueprint("pairing", __name__)

from portal.blueprints.pairing import mentoring, schools  # noqa: E402, F401  (they need bp)
