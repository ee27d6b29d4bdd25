"""Login, logout, language, and one's own account."""

from flask import abort, redirect, request, session, url_for
from flask_babel import gettext as _

from portal.actions import accounts
from portal.actions.errors import Refused
from portal.auth import actor, begin_session, current_user, drop_session, now, requires
from portal.blueprints.account import bp
from portal.blueprints.account.forms import LoginForm, PasswordForm
from portal.queries.people import home_school, people_matching
from portal.web import commit, go, render, safe_address


@bp.get("/login")
def login():
    """The login page; whoever is logged in goes home."""
    if current_user.is_authenticated:
        return redirect(url_for("home.index"), 303)
    return render("account/login.html", form=LoginForm(), back=safe_address(request.args.get("next"), ""))


@bp.post("/login")
def log_in():
    """Check name and password. The same words and the same time for every kind of no."""
    form = LoginForm()
    back = safe_address(request.args.get("next"), "")
    if form.validate_on_submit():
        moment = now()
        account = accounts.check_login(form.username.data, form.password.data, moment)
        if account is not None:
            accounts.end_login(drop_session(), moment)
            key = accounts.start_login(account, moment)
            commit()
            begin_session(account, key)
            target = url_for("account.index") if account.must_change else back or url_for("home.index")
            return redirect(target, 303)
        commit()
        form.add_error("password", _("账号或密码不对；多次输错会要求稍等一会儿再试"))
    return render("account/login.html", form=form, back=back)


@bp.post("/logout")
def log_out():
    """End the session on the server and in the browser."""
    accounts.end_login(drop_session(), now())
    commit()
    answer = go("account.login", _("已退出登录"))
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@bp.post("/language")
def set_language():
    """Switch the language, for this browser and, with a login, for the account."""
    locale = request.form.get("locale", "")
    if locale not in ("zh", "en"):
        abort(400)
    session["locale"] = locale
    if current_user.is_authenticated:
        accounts.set_locale(current_user.account, locale)
        commit()
    return redirect(safe_address(request.form.get("next")), 303)


@bp.get("/account/")
@requires("home.view")
def index():
    """One's own account: who one is here, and the password."""
    return render("account/index.html", form=PasswordForm(), school=home_school(current_user.person))


@bp.post("/account/password")
@requires("home.view")
def change_password():
    """Change one's own password; other devices are logged out."""
    form = PasswordForm()
    if form.validate_on_submit():
        account = current_user.account
        if not accounts.password_is(account, form.present.data):
            form.add_error("present", _("现在的密码不对"))
        else:
            try:
                accounts.change_password(
                    actor(), account, form.password.data, now=now(), keep_key=session.get("key", "")
                )
            except Refused as refused:
                form.refuse(refused)
            else:
                commit()
                return go("home.index", _("密码已修改，其他设备需要重新登录"))
    return render("account/index.html", form=form, school=home_school(current_user.person))


@bp.get("/people/search")
@requires("home.view")
def people():
    """Suggestions for a person field: by name, initials or school."""
    found = (
        people_matching(actor(), request.args.get("q", "")[:60]) if request.args.get("q", "").strip() else []
    )
    return render(
        "account/people.html",
        people=[(str(p.id), f"{p.name}（{school}）", p.subjects) for p, school in found],
    )
