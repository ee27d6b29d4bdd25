"""The PDF of a paper of a cluster: its term plan, minutes, the list of its groups. Kept for who asked for it."""

import uuid
from datetime import date

from portal.documents import cluster_papers as documents
from portal.documents.renderer import DocumentFailed
from portal.domain.summary_content import content_hash
from portal.domain.words import N_
from portal.jobs.board import JobFailed
from portal.jobs.keeping import keep_own, made_before
from portal.jobs.running import reading
from portal.jobs.summary_pdf import REASONS
from portal.models import Job
from portal.queries import cluster_papers, clusters, meetings, term_plans

KIND = "cluster_paper"
STEPS = 2


def make(job: Job, say) -> uuid.UUID:
    """Render the paper that the job asks for, or find the same one made before; the file's key."""
    district_id, person_id, params = job.district_id, job.person_id, job.params
    say(1, N_("正在排版：第 1 / 2 步"))
    with reading():
        content, name = content_for(district_id, params)
        if content is None:
            raise JobFailed(N_("要打印的内容已经不在"))
        key = content_hash({"paper": params["paper"], **content})
        made = made_before(district_id, person_id, key)
        if made:
            return made
    render = {
        "plan": documents.plan_pdf,
        "minutes": documents.minutes_pdf,
        "groups": documents.groups_pdf,
    }[params["paper"]]
    try:
        pdf = render(content)
    except DocumentFailed as failure:
        raise JobFailed(REASONS[failure.reason]) from failure
    say(2, N_("正在保存：第 2 / 2 步"))
    return keep_own(district_id, person_id, f"{name}.pdf", key, pdf)


def content_for(district_id, params: dict) -> tuple[dict | None, str]:
    """(what is printed, what the file is called); (None, "") when it is there no more."""
    key, day = uuid.UUID(params["id"]), params["day"] and date.fromisoformat(params["day"])
    if params["paper"] == "groups":
        cluster = clusters.cluster_by_id(district_id, key)
        if cluster is None:
            return None, ""
        return cluster_papers.groups_content(cluster, day), f"{cluster.name}工作组织名单"
    if params["paper"] == "minutes":
        meeting = meetings.by_id(district_id, key)
        return (cluster_papers.minutes_content(meeting), f"{meeting.title}纪要") if meeting else (None, "")
    plan = term_plans.by_id(district_id, key)
    if plan is None:
        return None, ""
    if not params["edition"]:
        content = term_plans.draft_content(plan, day)
        return content, f"{content['title']}（草稿）"
    edition = term_plans.edition_of(plan, params["edition"])
    if edition is None:
        return None, ""
    mark = f"（第{edition.edition}稿）" if edition.edition > 1 else ""
    return edition.content, edition.content["title"] + mark
