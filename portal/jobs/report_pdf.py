"""The PDF of a compiled report: made of the report as it stands, for its writer alone."""

import uuid

from flask import current_app
from sqlalchemy import update

from portal.actions.log_reports import forget_file
from portal.documents.log_report import log_report_pdf
from portal.documents.renderer import DocumentFailed
from portal.domain.moments import local_day
from portal.domain.summary_content import content_hash
from portal.domain.words import N_
from portal.extensions import db
from portal.jobs.board import JobFailed
from portal.jobs.keeping import keep_pdf
from portal.jobs.running import clock, reading
from portal.jobs.summary_pdf import REASONS
from portal.models import Job, LogReport
from portal.queries import log_reports, people

KIND = "report_pdf"
STEPS = 2


def made_of(report: LogReport) -> tuple[dict, str]:
    """The content of a report as it stands, and its hash."""
    home = people.home_school(report.person)
    content = log_reports.content_of(report, home.name if home else "")
    return content, content_hash(content)


def make(job: Job, say) -> uuid.UUID:
    """Render a report, or find the document made of the same content; the file's key."""
    district_id, key = job.district_id, uuid.UUID(job.params["report_id"])
    say(1, N_("正在排版：第 1 / 2 步"))
    with reading():
        report = log_reports.by_id(district_id, key)
        if report is None:
            raise JobFailed(N_("这一份已经不在"))
        content, made_from = made_of(report)
        if report.file_id and report.made_from == made_from:
            return report.file_id
        owner, name = report.person_id, f"{report.title[:150]}.pdf"
    day = local_day(clock(current_app))
    try:
        pdf = log_report_pdf(content, day)
    except DocumentFailed as failure:
        raise JobFailed(REASONS[failure.reason]) from failure
    say(2, N_("正在保存：第 2 / 2 步"))
    return _store(district_id, key, owner, name, made_from, pdf)


def _store(district_id, key, owner, name: str, made_from: str, pdf: bytes) -> uuid.UUID:
    """Keep the file with the report in place of the one before. The report's version stays: no form grows old."""
    report = db.session.get(LogReport, (district_id, key), with_for_update=True, populate_existing=True)
    if report is None:
        raise JobFailed(N_("这一份已经不在"))
    before = report.file_id
    file_id = keep_pdf(district_id, name, pdf, owner_id=owner).id
    db.session.execute(
        update(LogReport)
        .where(LogReport.district_id == district_id, LogReport.id == key)
        .values(file_id=file_id, made_from=made_from, updated_at=LogReport.updated_at)
        .execution_options(synchronize_session=False)
    )
    if before:
        forget_file(district_id, before)
    db.session.commit()
    return file_id
