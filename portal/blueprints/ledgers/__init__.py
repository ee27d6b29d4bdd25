"""Small ledgers of a term (学期台账): training, publicity, funds, honours, support measures."""

from flask import Blueprint

bp = Blueprint("ledgers", __name__)

from portal.blueprints.ledgers import routes  # noqa: E402, F401  (it needs bp)
