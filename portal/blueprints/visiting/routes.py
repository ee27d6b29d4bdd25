"""The weekly timetable of visiting teachers."""

from portal.auth import requires
from portal.blueprints.visiting import bp
from portal.web import go


@bp.get("/")
@requires("visiting.list")
def index():
    """Room kept for this slice."""
    return go("home.index")
