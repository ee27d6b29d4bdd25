"""Documents of a summary: asked for, made in the background with visible progress, downloaded."""

from urllib.parse import quote

from flask import abort, make_response, request, url_for

from portal.auth import actor, now, requires, today
from portal.blueprints.summaries import bp
from portal.domain.summary_content import content_hash
from portal.jobs import board, queue, summary_pdf
from portal.queries import summaries
from portal.web import commit, go, leave_to, render


@bp.post("/<uuid:summary_id>/export")
@requires("summary.view", summaries.by_id)
def export(summary):
    """Ask for the PDF. What was made of the same content before is there at once."""
    asked = request.form.get("edition", "")
    edition = int(asked) if asked.isdecimal() and len(asked) < 5 else None
    params = summary_pdf.params_of(summary, today(), edition)
    content = summary_pdf.content_for(summary, params) or abort(404)
    made = summaries.made_file(summary, content_hash(content))
    if made:
        return leave_to(url_for("summaries.file", file_id=made.id))
    job = board.ask(actor(), summary_pdf.KIND, params, now=now(), total=summary_pdf.STEPS)
    commit()
    queue.wake(job)
    return go("summaries.job", job_id=job.id)


@bp.get("/jobs/<uuid:job_id>")
@requires("job.view", board.by_id)
def job(job):
    """How far a document is: a page of its own, and the fragment that the page asks for every two seconds."""
    summary = summary_pdf.summary_of(job)
    return render("summaries/job.html", fragments=("pdf_job",), job=job, summary=summary)


@bp.post("/jobs/<uuid:job_id>/retry")
@requires("job.view", board.by_id)
def job_retry(job):
    """Try a document again that could not be made."""
    if board.retry(job, now=now()):
        queue.wake(job)
    return go("summaries.job", job_id=job.id)


@bp.get("/files/<uuid:file_id>")
@requires("file.view", summaries.file_by_id)
def file(file):
    """The bytes of a document, to be saved."""
    answer = make_response(file.content)
    answer.mimetype = file.mime
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"summary.pdf\"; filename*=UTF-8''{quote(file.name, safe='')}"
    )
    return answer
