"""What anybody may read without a login: the policies that the clusters work by."""

from portal.blueprints.notices import bp
from portal.domain import schemes
from portal.web import render


@bp.get("/")
def index():
    """The documents behind the shipped schemes. No person, no school, no figure stands here."""
    return render(
        "notices/index.html", schemes=[schemes.load_scheme(code) for code in schemes.scheme_codes()]
    )
