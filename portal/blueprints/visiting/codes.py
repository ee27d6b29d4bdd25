"""The code of the day: the school shows it, the teacher enters it on the phone."""

from flask import request, url_for
from flask_babel import gettext as _

from portal import formats
from portal.actions import session_codes as actions
from portal.auth import actor, now, requires, today
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.forms_subsidies import CodeForm
from portal.pictures import qr_code
from portal.queries import school_codes, schools, visiting
from portal.web import commit, go, render


@bp.get("/schools/<uuid:school_id>/code")
@requires("school.code", schools.by_id)
def school_code(school):
    """Today's code of a school, to be shown or printed, and who is expected."""
    code = school_codes.code_of(school.district_id, school.id, today())
    return render(
        "visiting/school_code.html",
        school=school,
        code=code,
        picture=qr_code(url_for("visiting.code", code=code, _external=True), for_wall=True),
        visits=school_codes.visits_at(school, today()),
        day=today(),
        waiting=visiting.unconfirmed(actor(), today()),
    )


@bp.route("/code", methods=["GET", "POST"])
@requires("visiting.list")
def code():
    """Where the teacher enters the code of the school."""
    form = CodeForm(code=request.args.get("code", "")[:12])
    if form.validate_on_submit():
        found = actions.sign_in(actor(), form.code.data.replace(" ", ""), now=now())
        commit()  # a wrong code counts too
        if found.result == "done":
            return go("visiting.code", _done(found))
        form.add_error("code", _refused(found))
    return render(
        "visiting/session_code.html",
        form=form,
        visits=school_codes.visits_on(actor(), today()),
        day=today(),
        clock=formats.clock,
        waiting=visiting.unconfirmed(actor(), today()),
    )


def _done(found) -> str:
    if not found.given:
        return _("今天在这所学校的课已经登记过")
    words = _("已登记 %(count)s 节", count=found.given)
    return words + (
        _("，还有 %(count)s 节没有开始，上课后再输一次", count=found.later) if found.later else ""
    )


def _refused(found) -> str:
    if found.result == "none":
        return _("您今天没有走教课")
    if found.result == "early":
        return _("签到码对，课还没有开始：上课后再输一次")
    if found.result == "locked":
        return _("今天输错的次数太多，请接收学校在“确认上课”里登记")
    return _("签到码不对，它每天都换；还可以试 %(left)s 次", left=found.left)
