"""What anybody may read without a login: the policies that the clusters work by."""

from flask import Blueprint

bp = Blueprint("notices", __name__)

from portal.blueprints.notices import routes  # noqa: E402, F401  (routes need bp)
