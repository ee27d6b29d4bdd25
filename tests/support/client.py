"""The test client: logs in, carries the form token, and checks every page that it gets."""

import contextvars
import gzip
import secrets

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from portal.auth import now
from portal.extensions import db
from portal.models import LoginSession
from portal.queries import people
from tests.support.html import check_page

RAW_TOKEN = "0" * 40


class CheckedClient(FlaskClient):
    """A browser without script. Every HTML answer has to be valid, labelled and within the CSP.

    The test's own session is committed before each request, so that the request sees what the test
    prepared and SQLite's write lock is free.
    """

    checks_pages = True

    def log_in(self, username: str) -> "CheckedClient":
        """Be this account from now on, without the login form and its line of the audit trail."""
        account = people.account_by_username(username)
        moment, key = now(), secrets.token_hex(16)
        db.session.add(
            LoginSession(
                key_hash=people.key_hash(key),
                district_id=account.district_id,
                account_id=account.id,
                started_at=moment,
            )
        )
        db.session.commit()
        with self.session_transaction() as session:
            session.clear()
            session.update(key=key, seen=int(moment.timestamp()), csrf_token=RAW_TOKEN)
        return self

    @property
    def token(self) -> str:
        """The form token of this session."""
        return URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(RAW_TOKEN)

    def post(self, *args, token: bool = True, htmx: str | None = None, **options):
        """POST with the form token (or without, to see it refused); ``htmx`` names the target block."""
        if token:
            data = options.get("data") or {}
            options["data"] = {"csrf_token": self.token, **data}
        return super().post(*args, **_with_htmx(options, htmx))

    def get(self, *args, htmx: str | None = None, **options):
        """GET, as HTMX would for the block ``htmx``."""
        return super().get(*args, **_with_htmx(options, htmx))

    def open(self, *args, **options):
        db.session.commit()
        # An empty context, as in a server: the request gets a session and a ``g`` of its own.
        answer = contextvars.Context().run(super().open, *args, **options)
        if self.checks_pages and answer.mimetype == "text/html" and answer.status_code not in range(300, 400):
            check_page(unpacked(answer).decode(), answer.headers)
        return answer


def unpacked(answer) -> bytes:
    """The body, also of an answer that came compressed."""
    return gzip.decompress(answer.data) if answer.content_encoding == "gzip" else answer.data


def _with_htmx(options: dict, target: str | None) -> dict:
    if target is not None:
        options["headers"] = {"HX-Request": "true", "HX-Target": target, **(options.get("headers") or {})}
    return options
