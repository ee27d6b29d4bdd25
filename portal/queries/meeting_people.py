"""Who was at a meeting, by name, and how meetings stand against what the scheme asks for."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.domain import schemes
from portal.domain.term_facts import MEMBERS_MEETINGS
from portal.extensions import db
from portal.models import Activity, Cluster, Meeting, MeetingParticipant, Term
from portal.queries.figures import scheme_of

#: The counters of schemes that meetings and activities fill.
OF_ACTIVITIES = ("large_activity", "theme")
#: Activities that research a theme (E5 四、1: one or two a term); the same theme taken up again counts once.
THEMED = ("zone_research", "team_research", "salon", "forum", "symposium")
KINDS = {"meeting": MEMBERS_MEETINGS, "hearing": ("hearing",), "seminar": ("seminar",)}


def participants_of(meeting: Meeting) -> list[MeetingParticipant]:
    """Who was there, by school and name."""
    found = db.session.scalars(
        select(MeetingParticipant)
        .where(
            MeetingParticipant.district_id == meeting.district_id,
            MeetingParticipant.meeting_id == meeting.id,
        )
        .options(joinedload(MeetingParticipant.person), joinedload(MeetingParticipant.school))
    )
    return sorted(found, key=lambda row: (row.school.name, row.person.pinyin, row.person.name, row.id))


def heads_of(meeting: Meeting) -> dict:
    """School -> number of people on the list of a meeting."""
    rows = db.session.execute(
        select(MeetingParticipant.school_id, func.count())
        .where(
            MeetingParticipant.district_id == meeting.district_id,
            MeetingParticipant.meeting_id == meeting.id,
        )
        .group_by(MeetingParticipant.school_id)
    )
    return {school_id: count for school_id, count in rows}


@dataclass(frozen=True)
class Tally:
    """A counter of the scheme in a term: how often it was, and how often it is asked for (None: unset)."""

    counter: schemes.Counter
    actual: int
    target: int | None

    @property
    def is_met(self) -> bool:
        """Whether the target is reached; False where there is none."""
        return self.target is not None and self.actual >= self.target


def tallies_of(clusters: list[Cluster], term: Term) -> dict:
    """Cluster -> its scheme's counters of meetings, themes and large activities, target against actual; two queries.

    D0 五、1: a meeting each month. E5 四、1 and 五: two meetings, seminars, themes of research, a large
    activity, a hearing by the assigned leader. A counter that nothing here counts is left out.
    """
    ids = [cluster.id for cluster in clusters]
    rows = db.session.execute(
        select(Meeting.cluster_id, Meeting.kind, func.count())
        .where(
            Meeting.district_id == term.district_id,
            Meeting.cluster_id.in_(ids),
            Meeting.term_id == term.id,
            Meeting.state.in_(("held", "minuted", "confirmed")),
        )
        .group_by(Meeting.cluster_id, Meeting.kind)
    )
    counts: dict = {key: {} for key in ids}
    for cluster_id, kind, count in rows:
        counts[cluster_id][kind] = count
    held = {
        key: {"large_activity": large, "theme": themes}
        for key, large, themes in db.session.execute(
            select(
                Activity.cluster_id,
                func.count().filter(Activity.is_large.is_(True)),
                func.count(Activity.theme.distinct()).filter(Activity.kind.in_(THEMED)),
            )
            .where(
                Activity.district_id == term.district_id,
                Activity.cluster_id.in_(ids),
                Activity.term_id == term.id,
                Activity.state.in_(("held", "closed")),
            )
            .group_by(Activity.cluster_id)
        )
    }
    found = {}
    for cluster in clusters:
        scheme = scheme_of(cluster.scheme_code)
        found[cluster.id] = [
            Tally(
                counter,
                held.get(cluster.id, {}).get(counter.key, 0)
                if counter.key in OF_ACTIVITIES
                else sum(counts[cluster.id].get(kind, 0) for kind in KINDS[counter.key]),
                schemes.counter_target(scheme, counter.key, term.value),
            )
            for counter in scheme.counters
            if counter.key in OF_ACTIVITIES or counter.key in KINDS
        ]
    return found
