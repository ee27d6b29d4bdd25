"""School pairs and mentoring pairs."""

from flask import Blueprint

bp = Blueprint("pairing", __name__)

from portal.blueprints.pairing import (  # noqa: E402, F401  (they need bp)
    cycle,
    mentoring,
    school_cycle,
    schools,
    templates,
    wishes,
)
