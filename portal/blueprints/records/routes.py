"""One line for whatever was just done (记一笔)."""

from portal.auth import requires
from portal.blueprints.records import bp
from portal.web import go


@bp.get("/")
@requires("record.list")
def index():
    """Room kept for this slice."""
    return go("home.index")


@bp.get("/new")
@requires("record.create")
def jot():
    """Room kept for this slice."""
    return go("home.index")
