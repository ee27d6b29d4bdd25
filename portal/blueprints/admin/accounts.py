"""Accounts: given, reset, closed and opened again. A first password is shown once, on the answer to its POST."""

from flask_babel import gettext as _

from portal.actions import accounts as actions
from portal.auth import actor, can, now, requires
from portal.blueprints.admin import bp
from portal.blueprints.admin.forms import DisableForm
from portal.queries import people as people_queries
from portal.queries import schools, staff
from portal.web import commit, go, render, saved

AT_ONE_GO = 300


def _slips(rows, back: str):
    """The page with first passwords. It answers a POST itself: nothing keeps them for a second look."""
    return render("admin/slips.html", rows=rows, back=back)


@bp.post("/people/<uuid:person_id>/account")
@requires("account.manage", people_queries.person_by_id)
def account_new(person):
    """Give a person an account."""
    account, plain = actions.give_account(actor(), person)
    commit()
    return _slips([(person, account, plain)], "person")


@bp.post("/accounts/<uuid:account_id>/reset")
@requires("account.manage", staff.account_by_id)
def account_reset(account):
    """A new first password; every session of the account ends."""
    plain = actions.reset_password(actor(), account, now=now())
    commit()
    return _slips([(account.person, account, plain)], "person")


@bp.route("/accounts/<uuid:account_id>/disable", methods=["GET", "POST"])
@requires("account.manage", staff.account_by_id)
def account_disable(account):
    """Close an account."""
    person, form = account.person, DisableForm()
    if form.validate_on_submit():
        reason = form.reason.data
        if saved(form, lambda: actions.disable(actor(), account, reason, now=now()) or account):
            return go("admin.person", _("账号已停用，正在使用的也会退出"), person_id=person.id)
    return render("admin/account_disable.html", form=form, account=account, person=person)


@bp.post("/accounts/<uuid:account_id>/enable")
@requires("account.manage", staff.account_by_id)
def account_enable(account):
    """Open an account again."""
    actions.enable(actor(), account)
    commit()
    return go("admin.person", _("账号已启用"), person_id=account.person_id)


def _waiting(school) -> list:
    """The people of a school without an account, as far as this person may give them one."""
    return [person for person in staff.without_account(school) if can("account.manage", person)]


@bp.get("/schools/<uuid:school_id>/accounts")
@requires("school.accounts", schools.by_id)
def school_accounts(school):
    """Who at a school has no account yet."""
    return render("admin/school_accounts.html", school=school, people=_waiting(school), most=AT_ONE_GO)


@bp.post("/schools/<uuid:school_id>/accounts")
@requires("school.accounts", schools.by_id)
def school_accounts_give(school):
    """Give all of them accounts at one go."""
    rows = [(person, *actions.give_account(actor(), person)) for person in _waiting(school)[:AT_ONE_GO]]
    commit()
    return _slips(rows, "school")
