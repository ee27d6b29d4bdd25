"""Every failure mapped to its status and its page, once."""

from urllib.parse import urlsplit

from flask import Flask, current_app, flash, g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from portal import labels
from portal.actions.errors import Conflict, NotAllowed, Refused
from portal.actions.sent_forms import AlreadySent
from portal.auth import OwnPasswordFirst
from portal.constraints import violated
from portal.domain.words import N_
from portal.extensions import db
from portal.forms import spoken
from portal.web import leave_to, safe_address, wants_fragment
from portal.written_text import written_text

# Title and text of the failures that HTTP has a number for.
HTTP_WORDS = {
    400: (N_("没有看懂这个请求"), N_("地址或填写的内容有误，请检查后再试。")),
    404: (N_("没有找到这一页"), N_("可能已经移走，或者您没有查看的权限。")),
    405: (N_("不能这样打开"), N_("请从页面上的按钮操作。")),
    413: (N_("内容太大"), N_("文件太大，请缩小后再试，或分几次上传。")),
    503: (N_("暂时无法保存"), N_("请稍后再试，已写的文字不会丢。")),
}


def register(app: Flask) -> None:
    """Bind the handlers."""
    app.register_error_handler(401, _log_in_first)
    app.register_error_handler(OwnPasswordFirst, lambda _error: leave_to(url_for("account.index")))
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(AlreadySent, _already_sent)
    app.register_error_handler(StaleDataError, _conflict)
    app.register_error_handler(IntegrityError, _broken_rule)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(Exception, _fault)


def page(status: int, title: str, text: str, *, back: str = "", written=()):
    """The quiet page for a failure; ``title`` and ``text`` are translated already.

    ``back`` is the address of the page on which the form stood, ``written`` (label, text) of what was in it.
    """
    words = {"code": status, "title": title, "text": text, "request_id": g.get("request_id", "")}
    actions = [(_("回到刚才那一页"), back)] if back else []
    actions.append((_("回到首页"), url_for("home.index")))
    try:
        body = render_template("errors/error.html", actions=actions, written=written, **words)
    except SQLAlchemyError:
        # Even the frame needs the database; without it a page without a frame.
        db.session.rollback()
        body = render_template("errors/bare.html", **words)
    return make_response(body, status)


def _log_in_first(error):
    """Without a login: to the login page, and back afterwards. A fragment is told to leave as a whole."""
    back = safe_address(_asked_page(), "")
    address = url_for("account.login", **({"next": back} if back and back != "/" else {}))
    if wants_fragment() or request.accept_mimetypes.best == "application/json":
        answer = make_response("", 401)
        answer.headers["HX-Redirect"] = address
        return answer
    answer = make_response("", 303)
    answer.headers["Location"] = address
    return answer


def _asked_page() -> str | None:
    """The page that was asked for; of a form that was sent, the page on which it stands."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc != request.host:
        return None
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")


def _undone(title: str, text: str):
    """A step that was not taken: the way back to its page, and what had been written for it."""
    if request.method != "POST":
        return page(409, title, text)
    return page(409, title, text, back=safe_address(_asked_page(), ""), written=written_text())


def _stale_form(error):
    """A form token that does not fit. Whoever is logged out by now is asked to log in first."""
    if not current_user.is_authenticated and request.endpoint != "account.log_in":
        return _log_in_first(error)
    return page(400, _("页面放得太久了"), _("请回到上一页刷新后再提交；写下的文字还在这台设备上。"))


def _http(error: HTTPException):
    if error.response is not None:
        return error.response
    if isinstance(error, SecurityError):
        # A Host header that is not ours: no address can be built, not even that of the home page.
        return make_response("400 Bad Request\n", 400, {"Content-Type": "text/plain"})
    title, text = HTTP_WORDS.get(error.code, (N_("出了点问题"), N_("请稍后再试。")))
    return page(error.code or 500, _(title), _(text))


def _not_allowed(error):
    db.session.rollback()
    return page(403, _("您没有这项权限"), _("可以查看，但不能这样操作。需要时请联系片区负责人或区教育局。"))


def _refused(error: Refused):
    db.session.rollback()
    return _undone(_("现在不能这样做"), _(error.message, **spoken(error.words)))


def _conflict(error):
    db.session.rollback()
    return _undone(_("刚才有人先改了"), _("请回去看一看最新内容再操作。什么都没有被覆盖。"))


def _already_sent(error: AlreadySent):
    """The same form once more: to where it led the first time, or back to its page."""
    db.session.rollback()
    flash(_("已经保存过，没有重复保存"), "done")
    return leave_to(error.link or safe_address(_asked_page()))


def _broken_rule(error: IntegrityError):
    """A named constraint that an action met before its form could say so, for instance in a race."""
    name = violated(error)
    if name not in labels.CONSTRAINT:
        return _fault(error)
    db.session.rollback()
    return _undone(_("现在不能这样做"), _(labels.CONSTRAINT[name][1]))


def _unstorable(error):
    """A value that the database cannot hold or compare: PostgreSQL refuses a NUL in a filter of an address."""
    db.session.rollback()
    return page(400, _("没有看懂这个请求"), _("地址或填写的内容有误，请检查后再试。"))


def _database(error):
    db.session.rollback()
    current_app.logger.error("database: %s request=%s", type(error.orig).__name__, g.get("request_id"))
    return page(503, _("暂时无法保存"), _("请稍后再试，已写的文字不会丢。"))


def _fault(error):
    """The details go to the log, by request id; the page says nothing of them."""
    db.session.rollback()
    if current_app.testing and current_app.config.get("RAISE_FAULTS", True):
        raise error
    current_app.logger.exception("fault request=%s path=%s", g.get("request_id"), request.endpoint)
    return page(500, _("出了点问题"), _("已经记录下来。请稍后再试；联系管理员时请说出下面的编号。"))
