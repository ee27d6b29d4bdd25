"""A school pair through its years (W2)."""

from portal.auth import requires
from portal.blueprints.pairing import bp
from portal.web import render


@bp.get("/schools/exchange")
@requires("pairing.overview")
def reciprocity():
    """Who gave what to whom, and which needs are unanswered."""
    return render("pairing/reciprocity.html")
