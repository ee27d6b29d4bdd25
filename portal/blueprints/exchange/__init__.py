"""Postings: exchange and support."""

from flask import Blueprint

bp = Blueprint("exchange", __name__)

from portal.blueprints.exchange import (  # noqa: E402, F401  (routes need bp)
    handovers,
    posting_results,
    programmes,
    routes,
    secondment_study,
    secondments,
    study_files,
    trips,
)
