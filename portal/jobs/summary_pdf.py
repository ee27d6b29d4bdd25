"""The PDF of a term summary: made once for each content."""

import uuid
from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from portal.documents.renderer import DocumentFailed
from portal.documents.summary import summary_pdf
from portal.domain.summary_content import content_hash
from portal.domain.words import N_
from portal.extensions import db
from portal.jobs.board import JobFailed
from portal.jobs.keeping import keep_pdf
from portal.jobs.running import reading
from portal.models import Job, StoredFile, TermSummary
from portal.queries import summaries

KIND = "summary_pdf"
STEPS = 3
DRAFT_MARK = "（草稿）"

REASONS = {
    "time": N_("文字太多或太复杂，没有在规定时间内排完；请缩短后重试"),
    "memory": N_("文字太多或太复杂，内存不够；请缩短后重试"),
    "nesting": N_("文字的格式太复杂，排不出来；请简化后重试"),
    "layout": N_("有的文字排不出来；请检查最近的改动后重试"),
    "size": N_("文字太多，请缩短后重试"),
    "busy": N_("现在生成文件的人太多，请过几分钟重试"),
    "crash": N_("生成过程意外结束，请重试"),
    "start": N_("服务器上的排版程序没有启动，请联系管理员"),
}


def make(job: Job, say) -> uuid.UUID:
    """Render the content that the job asks for, or find the file made of it before; the file's key."""
    district_id, person_id, params = job.district_id, job.person_id, job.params
    say(1, N_("正在汇总数据：第 1 / 3 步"))
    with reading():
        summary = summary_of(job)
        content = content_for(summary, params) if summary else None
        if content is None:
            raise JobFailed(N_("这份总结已经不在"))
        key = content_hash(content)
        made = summaries.made_file(summary, key)
        summary_id = summary.id
        if made:
            return made.id
    say(2, N_("正在排版：第 2 / 3 步"))
    try:
        pdf = summary_pdf(content)
    except DocumentFailed as failure:
        raise JobFailed(REASONS[failure.reason]) from failure
    say(3, N_("正在保存：第 3 / 3 步"))
    return _store(district_id, summary_id, person_id, content, key, pdf)


def params_of(summary: TermSummary, today: date, edition: int | None = None) -> dict:
    """What a job for this summary is asked with: a signed edition, or the draft as it stands on a day."""
    if edition is None and summary.state != "drafting":
        edition = summary.edition
    return {"summary_id": str(summary.id), "edition": edition, "day": "" if edition else today.isoformat()}


def summary_of(job: Job) -> TermSummary | None:
    """The summary that a job prints; None for another kind of job, or when it is there no more."""
    key = job.params.get("summary_id")
    return summaries.by_id(job.district_id, uuid.UUID(key)) if key else None


def content_for(summary: TermSummary, params: dict) -> dict | None:
    """The content that such a job prints; None for an edition that was never signed."""
    if not params["edition"]:
        return summaries.content_of(summary, date.fromisoformat(params["day"]))
    signed = (each for each in summaries.editions_of(summary) if each.edition == params["edition"])
    return next((each.content for each in signed), None)


def file_name(content: dict) -> str:
    """What the file is called where it is saved."""
    if content["is_draft"]:
        mark = DRAFT_MARK
    else:
        mark = "（阶段稿）" if content["is_preliminary"] else ""
        mark += f"（第{content['edition']}稿）" if content["edition"] > 1 else ""
    return f"{content['title'][:150]}{mark}.pdf"


def _store(district_id, summary_id, person_id, content: dict, key: str, pdf: bytes) -> uuid.UUID:
    """Keep the file. Who is second with the same content takes the first one's."""
    name = file_name(content)
    try:
        # another one may have been first
        file = keep_pdf(district_id, name, pdf, owner_id=person_id, summary_id=summary_id, made_from=key)
        if content["is_draft"]:
            _drop_older_drafts(file)
        file_id = file.id
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return summaries.made_file(summaries.by_id(district_id, summary_id), key).id
    return file_id


def _drop_older_drafts(file: StoredFile) -> None:
    """Drafts are made again whenever they are wanted; only the newest is kept."""
    older = select(StoredFile.id).where(
        StoredFile.district_id == file.district_id,
        StoredFile.summary_id == file.summary_id,
        StoredFile.name.endswith(f"{DRAFT_MARK}.pdf"),
        StoredFile.id != file.id,
    )
    ids = list(db.session.scalars(older))
    if not ids:
        return
    of_district = Job.district_id == file.district_id, Job.file_id.in_(ids)
    db.session.execute(update(Job).where(*of_district).values(file_id=None))
    db.session.execute(
        delete(StoredFile).where(StoredFile.district_id == file.district_id, StoredFile.id.in_(ids))
    )
