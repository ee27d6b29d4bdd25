"""One line for whatever was just done (记一笔), and the ledger that comes of it."""

from flask import Blueprint

bp = Blueprint("records", __name__)

from portal.blueprints.records import routes  # noqa: E402, F401  (routes need bp)
