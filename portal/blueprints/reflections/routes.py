"""Reflection logs."""

from portal.auth import requires
from portal.blueprints.reflections import bp
from portal.web import go


@bp.get("/")
@requires("reflection.list")
def index():
    """Room kept for this slice."""
    return go("home.index")
