"""Login, logout, language, and one's own account."""

from flask import Blueprint

bp = Blueprint("account", __name__)

from portal.blueprints.account import routes  # noqa: E402, F401  (routes need bp)
