"""Whether the process lives, and whether it can serve."""

from flask import Blueprint, Flask, make_response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.extensions import db

health = Blueprint("health", __name__)


def register(app: Flask) -> None:
    """Bind the two addresses."""
    app.register_blueprint(health)


@health.get("/healthz")
def healthz():
    """The process answers."""
    return _plain("ok")


@health.get("/readyz")
def readyz():
    """The database answers too."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return _plain("database does not answer", 503)
    return _plain("ready")


def _plain(words: str, status: int = 200):
    answer = make_response(words + "\n", status)
    answer.mimetype = "text/plain"
    return answer
