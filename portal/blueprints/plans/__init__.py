"""Meetings and joint activities (计划与会议)."""

from flask import Blueprint

bp = Blueprint("plans", __name__)

from portal.blueprints.plans import (  # noqa: E402, F401  (they need bp)
    activities,
    activity_credits,
    activity_files,
    activity_work,
    exports,
    meeting_people,
    meetings,
    papers,
    plan_items,
    routes,
    term_plans,
)
