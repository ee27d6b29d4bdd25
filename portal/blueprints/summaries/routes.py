"""Term summaries."""

from portal.auth import requires
from portal.blueprints.summaries import bp
from portal.web import go


@bp.get("/")
@requires("summary.list")
def index():
    """Room kept for this slice."""
    return go("home.index")
