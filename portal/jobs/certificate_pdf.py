"""The PDF of a certificate of service: made once for each certificate, of what was frozen in it."""

import uuid

from portal.documents.certificate import certificate_pdf
from portal.documents.renderer import DocumentFailed
from portal.domain.deliveries import certificate_number
from portal.domain.words import N_
from portal.extensions import db
from portal.jobs.board import JobFailed
from portal.jobs.keeping import keep_pdf
from portal.jobs.running import reading
from portal.jobs.summary_pdf import REASONS
from portal.models import Job, ServiceCertificate
from portal.queries import volunteers

KIND = "certificate_pdf"
STEPS = 2


def make(job: Job, say) -> uuid.UUID:
    """Render a certificate, or find the file made of it before; the file's key."""
    district_id, key = job.district_id, uuid.UUID(job.params["certificate_id"])
    say(1, N_("正在排版：第 1 / 2 步"))
    with reading():
        certificate = volunteers.certificate_by_id(district_id, key)
        if certificate is None:
            raise JobFailed(N_("这份证明已经不在"))
        if certificate.file_id:
            return certificate.file_id
        content, number, day = certificate.content, number_of(certificate), certificate.issued_on
        owner, name = certificate.person_id, f"{number} {certificate.content['person']}.pdf"
    try:
        pdf = certificate_pdf(content, number, day)
    except DocumentFailed as failure:
        raise JobFailed(REASONS[failure.reason]) from failure
    say(2, N_("正在保存：第 2 / 2 步"))
    return _store(district_id, key, owner, name, pdf)


def number_of(certificate: ServiceCertificate) -> str:
    """The number of a certificate as it is printed."""
    return certificate_number(certificate.content["school"], certificate.year, certificate.number)


def _store(district_id, key, owner, name: str, pdf: bytes) -> uuid.UUID:
    """Keep the file with the certificate. Who is second takes the first one's."""
    certificate = db.session.get(
        ServiceCertificate, (district_id, key), with_for_update=True, populate_existing=True
    )
    if certificate.file_id:
        return certificate.file_id
    certificate.file_id = file_id = keep_pdf(district_id, name, pdf, owner_id=owner).id
    db.session.commit()
    return file_id
