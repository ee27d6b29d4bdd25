"""Supervision and assessment (督导考核): inspections, the register of problems, assessment, the circular."""

from flask import Blueprint

bp = Blueprint("supervision", __name__)

from portal.blueprints.supervision import (  # noqa: E402, F401  (they need bp)
    assessment,
    cases,
    circular,
    inspections,
    problems,
    templates,
)
