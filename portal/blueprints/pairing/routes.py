"""School pairs and mentoring pairs."""

from portal.auth import requires
from portal.blueprints.pairing import bp
from portal.web import go


@bp.get("/")
@requires("pairing.list")
def index():
    """Room kept for this slice."""
    return go("home.index")
