"""Searching everything that was written."""

from flask import Blueprint

bp = Blueprint("search", __name__)

from portal.blueprints.search import routes  # noqa: E402, F401  (it needs bp)
