"""Shared resources of a cluster (共享资源)."""

from flask import Blueprint

bp = Blueprint("resources", __name__)

from portal.blueprints.resources import quality, routes, templates, versions  # noqa: E402, F401  (they need bp)
