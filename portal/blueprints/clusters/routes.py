"""Clusters, their schools and members."""

from portal.auth import requires
from portal.blueprints.clusters import bp
from portal.web import go


@bp.get("/")
@requires("cluster.list")
def index():
    """Room kept for this slice."""
    return go("home.index")
