"""People and accounts, calendar and structure."""

from portal.auth import requires
from portal.blueprints.admin import bp
from portal.web import go


@bp.get("/")
@requires("account.list")
def index():
    """Room kept for this slice."""
    return go("home.index")


@bp.get("/people")
@requires("account.list")
def people():
    """Room kept for this slice."""
    return go("home.index")
