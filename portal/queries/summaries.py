"""Term summaries: those in sight, their sections and editions, and the content as it stands."""

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal import labels
from portal.domain import schemes
from portal.domain.access import Actor
from portal.domain.narrative import SECTIONS, SectionDefinition
from portal.domain.summary_content import Heading, summary_content
from portal.extensions import db
from portal.models import (
    Cluster,
    StoredFile,
    SummaryConsent,
    SummarySection,
    SummarySnapshot,
    Term,
    TermSummary,
)
from portal.queries import clusters, consents, people, summary_annexes, typical_cases
from portal.queries.figures import scheme_of, term_figures
from portal.queries.paging import Page, page_by_text

NOT_BEGUN = "none"
DELIVERED = ("submitted", "accepted")


def by_id(district_id, summary_id) -> TermSummary | None:
    """One summary."""
    return db.session.get(TermSummary, (district_id, summary_id))


def file_by_id(district_id, file_id) -> StoredFile | None:
    """One stored file, without its bytes until they are asked for."""
    return db.session.get(StoredFile, (district_id, file_id))


def visible_to(actor: Actor):
    """The summaries that ``summary.view`` shows this person, as a select."""
    found = select(TermSummary).where(TermSummary.district_id == actor.district_id)
    return found if actor.offices else found.where(TermSummary.cluster_id.in_(actor.oversees))


def of_cluster(cluster: Cluster, term: Term) -> TermSummary | None:
    """The summary of a cluster and term, if it was begun."""
    return db.session.scalar(
        select(TermSummary).where(
            TermSummary.district_id == cluster.district_id,
            TermSummary.cluster_id == cluster.id,
            TermSummary.term_id == term.id,
        )
    )


def due_on(cluster: Cluster, term: Term) -> date:
    """The day on which the summary is due: as the scheme says, else by the end of the term."""
    return schemes.due_day(scheme_of(cluster.scheme_code), "term_summary", term.value) or term.last_day


# The list of a term


@dataclass(frozen=True)
class Line:
    """One cluster in the list of a term: its summary or None, and how far that is."""

    cluster: Cluster
    summary: TermSummary | None
    due: date
    is_late: bool
    done: int
    sections: int
    signed: SummarySnapshot | None

    @property
    def state(self) -> str:
        """The summary's state, or NOT_BEGUN."""
        return self.summary.state if self.summary else NOT_BEGUN


def _lines_of(actor: Actor, term: Term, today: date, *, state: str = "", late: bool = False):
    """Clusters in sight with the summary of the term, filtered, as a select of both."""
    found = (
        select(Cluster, TermSummary)
        .outerjoin(
            TermSummary,
            and_(
                TermSummary.district_id == Cluster.district_id,
                TermSummary.cluster_id == Cluster.id,
                TermSummary.term_id == term.id,
            ),
        )
        .where(
            Cluster.district_id == actor.district_id,
            or_(Cluster.closed_on.is_(None), Cluster.closed_on >= term.first_day),
        )
    )
    if not actor.offices:
        found = found.where(Cluster.id.in_(actor.oversees))
    if state == NOT_BEGUN:
        found = found.where(TermSummary.id.is_(None))
    elif state:
        found = found.where(TermSummary.state == state)
    if late:
        overdue = [code for code in schemes.scheme_codes() if _due(code, term) < today]
        found = found.where(
            Cluster.scheme_code.in_(overdue),
            or_(TermSummary.id.is_(None), TermSummary.state.not_in(DELIVERED)),
        )
    return found


def _due(code: str, term: Term) -> date:
    return schemes.due_day(scheme_of(code), "term_summary", term.value) or term.last_day


def line_page(actor: Actor, term: Term, today: date, *, cursor: str | None = None, **filters) -> Page:
    """One page of the clusters in sight with their summary of a term, by name."""
    found = _lines_of(actor, term, today, **filters)
    pairs: dict = {}

    def read(statement):
        rows = db.session.execute(statement).all()
        pairs.update({cluster.id: summary for cluster, summary in rows})
        return [cluster for cluster, _ in rows]

    page = page_by_text(found, Cluster.name, Cluster.id, cursor, read=read)
    return Page(_lines([(row, pairs[row.id]) for row in page.rows], term, today), page.newer, page.older)


def all_lines(actor: Actor, term: Term, today: date, **filters) -> list[Line]:
    """All clusters in sight with their summary of a term, by name; for export."""
    found = _lines_of(actor, term, today, **filters).order_by(Cluster.name, Cluster.id)
    return _lines([tuple(row) for row in db.session.execute(found.limit(5000))], term, today)


def _lines(rows: list, term: Term, today: date) -> list[Line]:
    ids = [summary.id for _, summary in rows if summary]
    done = {
        key: (finished, total)
        for key, finished, total in db.session.execute(
            select(
                SummarySection.summary_id,
                func.count().filter(SummarySection.is_done.is_(True)),
                func.count(),
            )
            .where(SummarySection.district_id == term.district_id, SummarySection.summary_id.in_(ids))
            .group_by(SummarySection.summary_id)
        )
    }
    signed = {
        row.id: row
        for row in db.session.scalars(
            select(SummarySnapshot)
            .where(
                SummarySnapshot.district_id == term.district_id,
                SummarySnapshot.id.in_([s.snapshot_id for _, s in rows if s and s.snapshot_id]),
            )
            .options(joinedload(SummarySnapshot.signed_by))
        )
    }
    found = []
    for cluster, summary in rows:
        due = _due(cluster.scheme_code, term)
        finished, total = done.get(summary.id, (0, 0)) if summary else (0, 0)
        late = today > due and not (summary and summary.state in DELIVERED)
        snapshot = signed.get(summary.snapshot_id) if summary else None
        found.append(Line(cluster, summary, due, late, finished, total, snapshot))
    return found


def state_counts(actor: Actor, term: Term) -> dict[str, int]:
    """How many clusters in sight have a summary in each state, NOT_BEGUN included."""
    states = _lines_of(actor, term, term.first_day).with_only_columns(
        TermSummary.state, func.count(), maintain_column_froms=True
    )
    rows = db.session.execute(states.group_by(TermSummary.state))
    return {state or NOT_BEGUN: count for state, count in rows}


# One summary


def sections_of(summary: TermSummary) -> list[SummarySection]:
    """The sections with who wrote last, in order."""
    return list(
        db.session.scalars(
            select(SummarySection)
            .where(SummarySection.district_id == summary.district_id, SummarySection.summary_id == summary.id)
            .options(joinedload(SummarySection.edited_by))
            .order_by(SummarySection.position)
        )
    )


def text_mark(sections: list[SummarySection], collected: list) -> str:
    """A mark of what people wrote, by which a consent to an older text is told.

    ``collected`` are the lines of ``group_summaries.of_term``.
    """
    texts = repr(
        [(section.key, section.text) for section in sections]
        + [(str(line.group.id), line.text) for line in collected if line.text]
    )
    return hashlib.sha256(texts.encode()).hexdigest()[:16]


def section_of(summary: TermSummary, key: str) -> SummarySection | None:
    """One section by its key."""
    return db.session.scalar(
        select(SummarySection).where(
            SummarySection.district_id == summary.district_id,
            SummarySection.summary_id == summary.id,
            SummarySection.key == key,
        )
    )


def definitions(summary: TermSummary) -> tuple[SectionDefinition, ...]:
    """The sections of the summary's form."""
    return SECTIONS[summary.form]


def content_of(summary: TermSummary, today: date) -> dict:
    """The content as it stands: frozen once it is signed, else the draft with the figures of today."""
    if summary.state != "drafting":
        return summary.snapshot.content
    narrative = {section.key: section.text for section in sections_of(summary)}
    return draft_content(
        summary.cluster, summary.term, today, narrative=narrative, edition=summary.edition, form=summary.form
    )


def draft_content(
    cluster: Cluster,
    term: Term,
    today: date,
    *,
    narrative: dict | None = None,
    edition: int = 1,
    form: str = "short",
    signatory: str = "",
    signed_on: date | None = None,
) -> dict:
    """The content with figures computed now; with ``signed_on`` as signing freezes it."""
    as_of = min(today, term.last_day)
    found = term_figures(cluster, term, as_of)
    lead = clusters.lead_school(cluster, max(as_of, term.first_day))
    heading = Heading(
        cluster=cluster.name,
        lead_school=lead.name if lead else "",
        term=term.value,
        edition=edition,
        as_of=as_of,
        signatory=signatory,
        signed_on=signed_on,
    )
    return summary_content(
        heading,
        scheme_of(cluster.scheme_code),
        found.figures,
        schools=[school.name for school in found.facts.schools],
        narrative=narrative or {},
        words=labels.ACTIVITY_KIND,
        form=form,
        cases=typical_cases.listed(cluster, found.figures["logs_selected"].rows),
        annexes=summary_annexes.annexes_of(cluster, term),
    )


def editions_of(summary: TermSummary) -> list[SummarySnapshot]:
    """The signed editions with who signed, newest first."""
    return list(
        db.session.scalars(
            select(SummarySnapshot)
            .where(
                SummarySnapshot.district_id == summary.district_id, SummarySnapshot.summary_id == summary.id
            )
            .options(joinedload(SummarySnapshot.signed_by))
            .order_by(SummarySnapshot.edition.desc())
        )
    )


def made_file(summary: TermSummary, content_hash: str) -> StoredFile | None:
    """The document that was made of this very content, if there is one."""
    return db.session.scalar(
        select(StoredFile).where(
            StoredFile.district_id == summary.district_id,
            StoredFile.summary_id == summary.id,
            StoredFile.made_from == content_hash,
        )
    )


def consents_of(summary: TermSummary, today: date) -> list[consents.Consent]:
    """The members whose consent the signing waits for; none where the profile asks for none."""
    if not schemes.PROFILES[summary.cluster.profile].sign_needs_all_members:
        return []
    return consents.of_members(summary, SummaryConsent, SummaryConsent.summary_id, today)


def receivers(summary: TermSummary, today: date) -> list:
    """The people of the offices that take the summary in (基础教育科, and the one its scheme names), by key."""
    offices = {"basic_education", summary.receiving_office}
    return people.holders_of(summary.district_id, offices, today)
