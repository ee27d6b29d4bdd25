"""People and accounts, roles, the calendar, the district (人员与账号、校历与设置)."""

from flask import Blueprint

bp = Blueprint("admin", __name__)

from portal.blueprints.admin import accounts, calendar, people, roles, roster, routes  # noqa: E402, F401  (they need bp)
