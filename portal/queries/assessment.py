"""Assessment: templates in their latest editions, rounds, cases, and what they came to."""

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.domain.calendar import school_year_of
from portal.domain.groups import HEADS
from portal.domain.supervision import EXCHANGE, Result, bundled, result_of
from portal.extensions import db
from portal.models import (
    AssessmentCase,
    AssessmentRound,
    AssessmentTemplate,
    ClusterGroup,
    GroupMember,
    Posting,
    ResponsibilityLetter,
    Term,
)
from portal.queries import clusters, supervision
from portal.queries.people import open_on

TOLD = ("published", "complained")


def template_by_id(district_id, template_id) -> AssessmentTemplate | None:
    """One edition of a template."""
    return db.session.get(AssessmentTemplate, (district_id, template_id))


def round_by_id(district_id, round_id) -> AssessmentRound | None:
    """One round."""
    return db.session.get(AssessmentRound, (district_id, round_id))


def case_by_id(district_id, case_id) -> AssessmentCase | None:
    """One case."""
    return db.session.get(AssessmentCase, (district_id, case_id))


def templates(district_id, level: str = "") -> list[AssessmentTemplate]:
    """The latest edition of each template, by level and name."""
    latest = (
        select(AssessmentTemplate.family_id, func.max(AssessmentTemplate.number).label("number"))
        .where(AssessmentTemplate.district_id == district_id)
        .group_by(AssessmentTemplate.family_id)
        .subquery()
    )
    found = (
        select(AssessmentTemplate)
        .join(
            latest,
            and_(
                AssessmentTemplate.family_id == latest.c.family_id,
                AssessmentTemplate.number == latest.c.number,
            ),
        )
        .where(AssessmentTemplate.district_id == district_id)
        .order_by(AssessmentTemplate.level, AssessmentTemplate.name, AssessmentTemplate.id)
    )
    if level:
        found = found.where(AssessmentTemplate.level == level)
    return list(db.session.scalars(found))


def editions(template: AssessmentTemplate) -> list[AssessmentTemplate]:
    """Every edition of a template, the newest first."""
    return list(
        db.session.scalars(
            select(AssessmentTemplate)
            .where(
                AssessmentTemplate.district_id == template.district_id,
                AssessmentTemplate.family_id == template.family_id,
            )
            .order_by(AssessmentTemplate.number.desc())
        )
    )


def rounds_visible_to(actor: Actor):
    """The rounds that ``assessment_round.view`` shows this person, as a select."""
    row = AssessmentRound
    lines = [and_(row.level == "person", row.school_id.in_(actor.works_at))]
    lines.append(and_(row.level == "group", row.cluster_id.in_(actor.belongs_to | actor.oversees)))
    lines.append(and_(row.level == "school", row.cluster_id.in_(actor.oversees)))
    if actor.offices:
        lines.append(row.level != "person")
    elif actor.oversees:
        lines.append(row.level == "cluster")
    return select(row).where(row.district_id == actor.district_id, or_(*lines))


def rounds(actor: Actor, term: Term, level: str = "") -> list[AssessmentRound]:
    """The rounds of a term in sight, the newest first."""
    found = rounds_visible_to(actor).where(AssessmentRound.term_id == term.id)
    if level:
        found = found.where(AssessmentRound.level == level)
    found = found.options(joinedload(AssessmentRound.cluster), joinedload(AssessmentRound.school))
    return list(db.session.scalars(found.order_by(AssessmentRound.id.desc()).limit(200)))


def cases_visible_to(actor: Actor):
    """The cases that ``assessment_case.view`` shows this person, as a select."""
    row = AssessmentCase
    told = row.state.in_(TOLD)
    directed = {key for key in actor.runs if actor.profiles.get(key) == "directing"}
    equal = (
        {key for key in actor.manages if actor.profiles.get(key) == "equal"} if actor.principal_of else set()
    )
    lines = [
        and_(
            row.level == "person",
            or_(row.person_id == actor.person_id, row.school_id.in_(actor.principal_of)),
        ),
        and_(
            row.level == "group",
            or_(
                row.group_id.in_(_headed(actor)),
                row.cluster_id.in_(actor.decides | equal),
                and_(told, row.cluster_id.in_(actor.belongs_to | actor.oversees)),
            ),
        ),
        and_(
            row.level == "school",
            or_(
                row.school_id.in_(actor.manages_schools),
                row.cluster_id.in_(directed),
                and_(told, row.cluster_id.in_(actor.oversees)),
            ),
        ),
        and_(
            row.level == "cluster",
            or_(row.cluster_id.in_(actor.runs), and_(told, row.cluster_id.in_(actor.oversees))),
        ),
    ]
    if actor.offices:
        lines.append(row.level != "person")
    if actor.offices & {"supervision", "basic_education"}:
        lines.append(row.state == "complained")
    return select(row).where(row.district_id == actor.district_id, or_(*lines))


def _headed(actor: Actor):
    """The groups that this person leads today."""
    return select(GroupMember.group_id).where(
        GroupMember.district_id == actor.district_id,
        GroupMember.person_id == actor.person_id,
        GroupMember.post.in_(HEADS),
        open_on(GroupMember, actor.day),
    )


def cases_of(actor: Actor, round_: AssessmentRound) -> list[AssessmentCase]:
    """The cases of a round in sight, by name."""
    found = cases_visible_to(actor).where(AssessmentCase.round_id == round_.id)
    rows = db.session.scalars(
        found.options(*_NAMES, joinedload(AssessmentCase.round).joinedload(AssessmentRound.template), _HEADS)
    )
    return sorted(rows, key=lambda row: (row.name, row.id))


def every_case(round_: AssessmentRound) -> list[AssessmentCase]:
    """All cases of a round, for who publishes it."""
    found = select(AssessmentCase).where(
        AssessmentCase.district_id == round_.district_id, AssessmentCase.round_id == round_.id
    )
    return list(db.session.scalars(found.order_by(AssessmentCase.id)))


def states_of(district_id, round_ids) -> dict:
    """Round -> state -> cases: how far it is, without naming anybody."""
    rows = db.session.execute(
        select(AssessmentCase.round_id, AssessmentCase.state, func.count())
        .where(AssessmentCase.district_id == district_id, AssessmentCase.round_id.in_(round_ids))
        .group_by(AssessmentCase.round_id, AssessmentCase.state)
    )
    found: dict = {}
    for key, state, count in rows:
        found.setdefault(key, {})[state] = count
    return found


def own_cases(actor: Actor) -> list[AssessmentCase]:
    """The cases in sight that are not over, for the home page."""
    found = cases_visible_to(actor).where(AssessmentCase.state.in_(("open", "submitted", "complained")))
    return list(
        db.session.scalars(found.options(*_NAMES, joinedload(AssessmentCase.round), _HEADS).limit(100))
    )


_NAMES = (
    joinedload(AssessmentCase.cluster),
    joinedload(AssessmentCase.school),
    joinedload(AssessmentCase.group),
    joinedload(AssessmentCase.person),
)

# Whether somebody leads the group is asked of each case.
_HEADS = joinedload(AssessmentCase.group).selectinload(ClusterGroup.members)


def subjects_of(level: str, owner, district_id, day) -> list:
    """Whom a round of a level can be about: staff of a school, groups or members of a cluster, clusters."""
    if level == "cluster":
        return clusters.open_clusters(district_id)
    if level == "school":
        return [each.school for each in clusters.members_on(owner, day)]
    if level == "group":
        found = select(ClusterGroup).where(
            ClusterGroup.district_id == district_id,
            ClusterGroup.cluster_id == owner.id,
            open_on(ClusterGroup, day),
        )
        return list(db.session.scalars(found.order_by(ClusterGroup.name, ClusterGroup.id)))
    principal = clusters.principals_of(district_id, [owner.id], day).get(owner.id)
    # The principal assesses; nobody scores the own case.
    staff = supervision.staff_of(district_id, [owner.id], day)
    return [person for person, _ in staff if principal is None or person.id != principal.id]


def cluster_results(district_id, term: Term) -> dict:
    """Cluster -> its published result out of a hundred in a term, the newest where there are several."""
    rows = db.session.scalars(
        select(AssessmentCase)
        .join(
            AssessmentRound,
            and_(
                AssessmentRound.district_id == AssessmentCase.district_id,
                AssessmentRound.id == AssessmentCase.round_id,
            ),
        )
        .where(
            AssessmentCase.district_id == district_id,
            AssessmentCase.level == "cluster",
            AssessmentCase.state == "published",
            AssessmentRound.term_id == term.id,
        )
        .options(joinedload(AssessmentCase.round).joinedload(AssessmentRound.template))
        .order_by(AssessmentCase.id)
    )
    found = {}
    for row in rows:
        result = result_of(row.round.template.items, row.scores)
        if result is not None:
            found[row.cluster_id] = result.percent
    return found


@dataclass(frozen=True)
class Outcome:
    """What a case came to: the own result, the cluster's out of a hundred, and both bundled (S4-39)."""

    own: Result | None
    cluster: float | None = None
    bundled: float | None = None


def outcome(case: AssessmentCase, in_clusters: dict) -> Outcome:
    """The outcome of a case; ``in_clusters`` are the results of ``cluster_results`` for its term."""
    own = result_of(case.round.template.items, case.scores)
    if case.level != "school":
        return Outcome(own)
    cluster = in_clusters.get(case.cluster_id)
    return Outcome(own, cluster, bundled(own and own.percent, cluster, case.round.cluster_weight))


def counted(case: AssessmentCase) -> dict[int, int]:
    """Item -> people of a school who were on exchange in the term, for the item that asks for it (S0-21)."""
    items = case.round.template.items
    places = [number for number, item in enumerate(items) if item["text"] == EXCHANGE]
    if case.level != "school" or not places:
        return {}
    term = case.round.term
    people = db.session.scalar(
        select(func.count(Posting.person_id.distinct())).where(
            Posting.district_id == case.district_id,
            Posting.home_school_id == case.school_id,
            Posting.state.in_(("active", "completed", "ended_early")),
            Posting.starts_on <= term.last_day,
            or_(Posting.ends_on.is_(None), Posting.ends_on >= term.first_day),
        )
    )
    return dict.fromkeys(places, people or 0)


def letters_of(case: AssessmentCase) -> list[ResponsibilityLetter]:
    """The responsibility letters of the school that is assessed, signed and of these days, as evidence (S4-70).

    Their results stand beside the score; the points stay the scorer's to give.
    """
    if case.level != "school":
        return []
    term = case.round.term
    first, last = term.first_day, term.last_day
    if case.round.span == "year":
        first, last = school_year_of(term.first_day)
    return list(
        db.session.scalars(
            select(ResponsibilityLetter)
            .where(
                ResponsibilityLetter.district_id == case.district_id,
                ResponsibilityLetter.school_id == case.school_id,
                ResponsibilityLetter.state == "signed",
                ResponsibilityLetter.starts_on <= last,
                ResponsibilityLetter.ends_on >= first,
            )
            .order_by(ResponsibilityLetter.starts_on, ResponsibilityLetter.id)
        )
    )
