"""Clusters, their schools and members."""

from flask import Blueprint

bp = Blueprint("clusters", __name__)

from portal.blueprints.clusters import routes  # noqa: E402, F401  (routes need bp)
