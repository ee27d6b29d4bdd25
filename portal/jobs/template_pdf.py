"""The PDF of a template of a paper (文书模板), filled with what was known. Kept for who asked for it."""

import uuid

from portal.documents.blank_papers import template_pdf
from portal.documents.renderer import DocumentFailed
from portal.domain.document_templates import TEMPLATES
from portal.domain.summary_content import content_hash
from portal.domain.words import N_
from portal.jobs.board import JobFailed
from portal.jobs.keeping import keep_own, made_before
from portal.jobs.running import reading
from portal.jobs.summary_pdf import REASONS
from portal.models import Job

KIND = "template_pdf"
STEPS = 2


def make(job: Job, say) -> uuid.UUID:
    """Render the template that the job asks for, or find the same one made before; the file's key."""
    district_id, person_id, content = job.district_id, job.person_id, job.params
    say(1, N_("正在排版：第 1 / 2 步"))
    key = content_hash({"paper": "template", **content})
    with reading():
        made = made_before(district_id, person_id, key)
        if made:
            return made
    try:
        pdf = template_pdf(content)
    except DocumentFailed as failure:
        raise JobFailed(REASONS[failure.reason]) from failure
    say(2, N_("正在保存：第 2 / 2 步"))
    return keep_own(district_id, person_id, f"{TEMPLATES[content['template']].title}.pdf", key, pdf)
