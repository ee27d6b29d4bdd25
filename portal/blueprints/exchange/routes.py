"""Postings: exchange and support."""

from portal.auth import requires
from portal.blueprints.exchange import bp
from portal.web import go


@bp.get("/")
@requires("posting.list")
def index():
    """Room kept for this slice."""
    return go("home.index")
