"""Attached files: fetched, removed and put back, whatever they belong to."""

from flask import Blueprint

bp = Blueprint("files", __name__)

from portal.blueprints.files import routes  # noqa: E402, F401  (it needs bp)
