"""Calendars: secret addresses for phones and Outlook, and one lesson as a file."""

from flask import Blueprint

bp = Blueprint("feeds", __name__)

from portal.blueprints.feeds import routes  # noqa: E402, F401  (it needs bp)
