"""Clusters with their members over time, and the schools of the district (片区)."""

from flask import Blueprint

bp = Blueprint("clusters", __name__)

from portal.blueprints.clusters import (  # noqa: E402, F401  (they need bp)
    bulletin,
    duties,
    group_summaries,
    groups,
    members,
    mergers,
    overview,
    routes,
    schools,
    staffing,
    turn,
    week,
)
