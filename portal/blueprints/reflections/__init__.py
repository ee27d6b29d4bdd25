"""Reflection logs."""

from flask import Blueprint

bp = Blueprint("reflections", __name__)

from portal.blueprints.reflections import routes  # noqa: E402, F401  (routes need bp)
