"""What waits, what is late, what is next; messages."""

from flask import Blueprint

bp = Blueprint("home", __name__)

from portal.blueprints.home import routes  # noqa: E402, F401  (routes need bp)
