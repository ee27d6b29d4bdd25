"""Requests for instruction (请示) and reports (报告) of schools."""

from flask import Blueprint

bp = Blueprint("instructions", __name__)

from portal.blueprints.instructions import routes  # noqa: E402, F401  (they need bp)
