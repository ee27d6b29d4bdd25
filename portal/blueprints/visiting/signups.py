"""Who comes to a delivery: signing up, being asked, the answers, a telephone number, a certificate."""

from urllib.parse import quote

from flask import make_response, request
from flask_babel import gettext as _

from portal.actions import certificates as certificate_actions
from portal.actions import signups as actions
from portal.actions.errors import Refused
from portal.auth import actor, now, requires
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.deliveries import delivery_page
from portal.blueprints.visiting.forms_deliveries import InviteForm
from portal.domain import deliveries as rules
from portal.domain.words import N_
from portal.forms import as_uuid
from portal.jobs import board, certificate_pdf, queue
from portal.queries import deliveries, people, signups, volunteers
from portal.web import commit, go, history_of, read_step, render, saved


@bp.post("/deliveries/<uuid:delivery_id>/join")
@requires("delivery.join", deliveries.by_id)
def delivery_join(delivery):
    """Sign up oneself, or a volunteer whom one's school keeps."""
    row = actions.join(actor(), delivery, _chosen(request.form.get("person")), now=now())
    commit()
    words = _("已排上名额") if row.state == "taken" else _("已报名，等学校答复")
    return go("visiting.delivery", words, delivery_id=delivery.id)


def _chosen(text):
    """The volunteer that a form names; None for oneself."""
    if not text:
        return None
    volunteer = volunteers.of_person(actor().district_id, as_uuid(text))
    if volunteer is None:
        raise Refused(N_("请从列出的选项里选择"), field="person")
    return volunteer.person


@bp.post("/deliveries/<uuid:delivery_id>/invite")
@requires("delivery.edit", deliveries.by_id)
def delivery_invite(delivery):
    """Ask a teacher or a volunteer to come."""
    form = InviteForm(volunteers=volunteers.all_in_sight(actor()))
    if form.validate_on_submit() and saved(form, lambda: _invite(delivery, form)):
        return go("visiting.delivery", _("已邀请，等答复"), delivery_id=delivery.id)
    return delivery_page(delivery, invite_form=form)


def _invite(delivery, form):
    if form.volunteer.data:
        person = people.person_by_id(delivery.district_id, as_uuid(form.volunteer.data))
    else:
        person = people.resolve_person(actor(), form.person.data, form.chosen_person)
    if person is None:
        raise Refused(N_("没有找到这位教师，或有同名的人：请写成“姓名（学校）”"), field="person")
    return actions.invite(actor(), delivery, person, now=now())


@bp.post("/signups/<uuid:signup_id>/step")
@requires("signup.view", signups.by_id)
def signup_step(signup):
    """Accept, agree, withdraw, decline or take a place back."""
    step = read_step("delivery_signup")
    actions.take(actor(), signup, step.action, note=step.note, expected=step.expected, now=now())
    commit()
    return go("visiting.delivery", _("已办理"), delivery_id=signup.delivery_id)


@bp.post("/signups/<uuid:signup_id>/phone")
@requires("signup.reveal", signups.by_id)
def signup_phone(signup):
    """Show a telephone number in full, this once; that it was looked at is on record."""
    number = actions.reveal_phone(actor(), signup)
    commit()
    return delivery_page(signup.delivery, revealed=(signup.id, number))


@bp.post("/signups/<uuid:signup_id>/certificate")
@requires("signup.certify", signups.by_id)
def signup_certificate(signup):
    """Certify what the school confirmed about this person in the term, and ask for the document."""
    certificate = certificate_actions.issue(actor(), signup, now=now())
    commit()
    return _ask(certificate)


def _ask(certificate):
    """To the certificate's page, with its document asked for unless it is there."""
    if not certificate.file_id:
        params = {"certificate_id": str(certificate.id)}
        job = board.ask(actor(), certificate_pdf.KIND, params, now=now(), total=certificate_pdf.STEPS)
        commit()
        queue.wake(job)
    return go("visiting.certificate", certificate_id=certificate.id)


@bp.get("/certificates/<uuid:certificate_id>")
@requires("certificate.view", volunteers.certificate_by_id)
def certificate(certificate):
    """One certificate: what it says, its document, and whether the records still say the same."""
    job = board.latest(actor(), certificate_pdf.KIND, certificate_id=str(certificate.id))
    return render(
        "visiting/certificate.html",
        fragments=("certificate_job",),
        certificate=certificate,
        number=certificate_pdf.number_of(certificate),
        is_current=certificate_actions.is_current(certificate),
        newer=volunteers.newer_certificate(certificate),
        job=job,
        hours=rules.hours_text,
        history=history_of(certificate),
    )


@bp.post("/certificates/<uuid:certificate_id>/again")
@requires("certificate.view", volunteers.certificate_by_id)
def certificate_again(certificate):
    """Make a document that is not there, or that could not be made."""
    job = board.latest(actor(), certificate_pdf.KIND, certificate_id=str(certificate.id))
    if job is not None and board.retry(job, now=now()):
        queue.wake(job)
        return go("visiting.certificate", certificate_id=certificate.id)
    return _ask(certificate)


@bp.get("/certificates/<uuid:certificate_id>.pdf")
@requires("certificate.view", volunteers.certificate_by_id)
def certificate_file(certificate):
    """The document, to be saved; to its page while it is not there."""
    if certificate.file is None:
        return go("visiting.certificate", certificate_id=certificate.id)
    answer = make_response(certificate.file.content)
    answer.mimetype = certificate.file.mime
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"certificate.pdf\"; filename*=UTF-8''{quote(certificate.file.name, safe='')}"
    )
    return answer
