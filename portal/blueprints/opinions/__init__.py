"""The opinion box of a school (意见箱), its collection of a term and the principal's answer."""

from flask import Blueprint

bp = Blueprint("opinions", __name__)

from portal.blueprints.opinions import digests, routes  # noqa: E402, F401  (they need bp)
