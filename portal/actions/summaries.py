"""Term summaries (W9): begun, written section by section, signed into a frozen edition, submitted, accepted."""

from datetime import timedelta

from portal.actions import audit, notices
from portal.actions.errors import Conflict, NotAllowed, Refused
from portal.actions.steps import expect_version, take_step
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.summary_content import content_hash, paragraphs
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Cluster, SummaryConsent, SummarySection, SummarySnapshot, Term, TermSummary
from portal.queries import clusters, group_summaries, summaries

# Words that one person saves within this time are one line of the history.
SITTING = timedelta(minutes=10)


def begin(actor, cluster: Cluster, term: Term, *, now) -> TermSummary:
    """Begin the summary of a cluster and term with its empty sections; the one that is there, if there is one."""
    # In line with others who begin it at this moment.
    db.session.refresh(cluster, with_for_update=True)
    if found := summaries.of_cluster(cluster, term):
        return found
    if local_day(now) < term.first_day:
        raise Refused(N_("学期还没有开始"))
    summary = TermSummary(district_id=cluster.district_id, cluster_id=cluster.id, term_id=term.id)
    db.session.add(summary)
    db.session.flush()  # the sections and the audit entry need the key
    for position, definition in enumerate(summaries.definitions(summary), start=1):
        db.session.add(
            SummarySection(
                district_id=summary.district_id,
                summary_id=summary.id,
                key=definition.key,
                position=position,
            )
        )
    audit.record(actor, "term_summary.create", summary, {"edition": (None, 1)})
    return summary


def write_section(
    actor, summary: TermSummary, key: str, text: str, *, expected, now, is_autosave: bool = False
) -> SummarySection:
    """Save the narrative of a section. Conflict when somebody saved it in between."""
    section = _section_to_write(summary, key)
    expect_version(section, expected)
    old = section.text
    if text == old:
        return section
    begins = section.edited_by_id != actor.person_id or now - section.updated_at > SITTING
    section.text, section.edited_by_id, section.updated_at = text, actor.person_id, now
    if begins or not is_autosave:
        audit.record(actor, "term_summary.sections", summary, _of(summary, key) | {"text": (old, text)})
    let_consents_lapse(actor, summary)
    return section


def finish_section(actor, summary: TermSummary, key: str, *, now) -> None:
    """Mark a section as done; one without any words is refused. The last one tells who has to agree."""
    section = _section_to_write(summary, key)
    if section.is_done:
        return
    if not section.text and not _has_words(summary, key, local_day(now)):
        raise Refused(N_("这一部分还没有内容"), field="text")
    section.is_done = True
    audit.record(actor, "term_summary.finish_section", summary, _of(summary, key))
    if all(each.is_done for each in summaries.sections_of(summary)):
        waiting = [each.principal.id for each in summaries.consents_of(summary, local_day(now))]
        _tell(actor, summary, waiting, "summary_for_consent", now)


def reopen_section(actor, summary: TermSummary, key: str) -> None:
    """Take the mark back."""
    section = _section_to_write(summary, key)
    if section.is_done:
        section.is_done = False
        audit.record(actor, "term_summary.reopen_section", summary, _of(summary, key))


def agree(actor, summary: TermSummary, *, seen: str | None = None, now) -> None:
    """Agree to the present text for one's school (equal profile).

    Conflict when it is no longer the one that was ``seen`` (``summaries.text_mark``).
    """
    if not can(actor, "summary.agree", summary):
        raise NotAllowed("summary.agree")
    hold(summary)
    collected = group_summaries.of_term(summary.cluster, summary.term)
    if seen is not None and seen != summaries.text_mark(summaries.sections_of(summary), collected):
        raise Conflict(summary)
    _refuse_unfinished(summary)
    mine = [
        each
        for each in summaries.consents_of(summary, local_day(now))
        if each.school.id in actor.principal_of and each.given is None
    ]
    if not mine:
        raise Refused(N_("贵校已经表示同意，或不需要表示同意"))
    for each in mine:
        db.session.add(
            SummaryConsent(
                district_id=summary.district_id,
                summary_id=summary.id,
                edition=summary.edition,
                school_id=each.school.id,
                person_id=actor.person_id,
                agreed_at=now,
            )
        )
        audit.record(actor, "term_summary.agree", summary, {"school": (None, each.school.name)})


def take(actor, summary: TermSummary, action: str, *, note: str, expected, now) -> None:
    """Sign, submit, accept, return or revise; whom it concerns is told."""
    hold(summary)
    if action == "sign":
        _sign(actor, summary, expected=expected, now=now)
        return
    take_step(actor, summary, action, note=note, expected=expected)
    if action in ("return", "revise"):
        # The signed edition stays as it is; what is written from now on is the next one.
        audit.record(actor, "term_summary.edit", summary, {"edition": (summary.edition, summary.edition + 1)})
        summary.edition += 1
        summary.snapshot_id = None
    if action == "submit":
        _tell(actor, summary, summaries.receivers(summary, local_day(now)), "summary_submitted", now)
    elif action in ("return", "accept"):
        lead = clusters.lead_principal(summary.cluster, local_day(now))
        kind = "summary_returned" if action == "return" else "summary_accepted"
        _tell(actor, summary, [lead.id if lead else None], kind, now)


def _sign(actor, summary: TermSummary, *, expected, now) -> None:
    """Freeze figures, sentences and narrative as an edition. Before the term is over it is preliminary (G12)."""
    if not can(actor, "summary.sign", summary):
        raise NotAllowed("summary.sign")
    expect_version(summary, expected)
    today = local_day(now)
    _refuse_unfinished(summary)
    missing = [each.school.name for each in summaries.consents_of(summary, today) if each.given is None]
    if missing:
        raise Refused(N_("还有成员校没有表示同意：%(names)s"), names="、".join(missing))
    content = summaries.draft_content(
        summary.cluster,
        summary.term,
        today,
        narrative={section.key: section.text for section in summaries.sections_of(summary)},
        edition=summary.edition,
        form=summary.form,
        signatory=actor.name,
        signed_on=today,
    )
    snapshot = SummarySnapshot(
        district_id=summary.district_id,
        summary_id=summary.id,
        edition=summary.edition,
        content=content,
        content_hash=content_hash(content),
        signed_by_id=actor.person_id,
        signed_at=now,
    )
    db.session.add(snapshot)
    db.session.flush()  # the summary names the snapshot, and the database asks for it in the signed state
    summary.snapshot_id = snapshot.id
    take_step(actor, summary, "sign")


def hold(summary: TermSummary) -> None:
    """Keep other writers of this summary waiting, and see it as the last of them left it."""
    db.session.refresh(summary, with_for_update=True)


def _section_to_write(summary: TermSummary, key: str) -> SummarySection:
    hold(summary)
    if summary.state != "drafting":
        raise Refused(N_("总结已签署，要先更正才能修改文字"), field="text")
    section = summaries.section_of(summary, key)
    if section is None:
        raise Conflict(summary)
    return section


def _refuse_unfinished(summary: TermSummary) -> None:
    if summary.state != "drafting":
        raise Conflict(summary)
    waiting = sum(not section.is_done for section in summaries.sections_of(summary))
    if waiting:
        raise Refused(N_("还有 %(count)s 个部分未完成"), count=waiting)


def let_consents_lapse(actor, summary: TermSummary) -> None:
    """A changed text has nobody's consent any more."""
    given = [row for row in summary.consents if row.edition == summary.edition]
    if not given:
        return
    schools = "、".join(row.school.name for row in given)
    for row in given:
        db.session.delete(row)
    audit.record(actor, "term_summary.consents_lapse", summary, {"school": (schools, None)})


def _has_words(summary: TermSummary, key: str, today) -> bool:
    content = summaries.content_of(summary, today)
    return any(section["key"] == key and paragraphs(section) for section in content["sections"])


def _of(summary: TermSummary, key: str) -> dict:
    definition = next(each for each in summaries.definitions(summary) if each.key == key)
    return {"section": (None, f"{definition.number}、{definition.title}")}


def _tell(actor, summary: TermSummary, people: list, kind: str, now) -> None:
    notices.tell(
        people,
        kind,
        district_id=summary.district_id,
        link=f"/summaries/{summary.id}",
        now=now,
        besides=actor.person_id,
        what=f"{summary.cluster.name} {summary.term.code}",
    )
