"""Who may do what in supervision and assessment; a part of the permission table."""

from typing import Any

from portal.domain.predicates import (
    Actor,
    Predicate,
    any_follower,
    anyone,
    author,
    bureau,
    concerned,
    directs_cluster,
    equal_partners,
    follows_cluster,
    heads_group,
    in_cluster,
    lead_decides,
    manages_in_cluster,
    manages_school,
    not_concerned,
    not_of_schools,
    not_running_cluster,
    of_no_school,
    principal_in_cluster,
    principal_of_school,
    runs_cluster,
    works_at_school,
)


def supervises(actor: Actor, obj: Any) -> bool:
    """督导室, or 基础教育科 where it does this work."""
    return bool(actor.offices & {"supervision", "basic_education"})


def by_bureau(actor: Actor, obj: Any) -> bool:
    """An inspection of the bureau."""
    return getattr(obj, "body", None) == "bureau"


def by_lead(actor: Actor, obj: Any) -> bool:
    """An inspection of the lead school."""
    return getattr(obj, "body", None) == "lead"


def published(actor: Actor, obj: Any) -> bool:
    """Told to those whom it concerns."""
    return getattr(obj, "is_public", False)


def names_school(actor: Actor, obj: Any) -> bool:
    """It is one school's, not the whole cluster's."""
    return bool(obj.access_schools)


def not_mender(actor: Actor, obj: Any) -> bool:
    """Neither answers for the problem nor said that it is mended."""
    return actor.person_id not in (obj.owner_id, obj.closed_by_id)


def personal(actor: Actor, obj: Any) -> bool:
    """An assessment of persons."""
    return getattr(obj, "level", None) == "person"


def of_group(actor: Actor, obj: Any) -> bool:
    """An assessment of working groups."""
    return getattr(obj, "level", None) == "group"


def of_members(actor: Actor, obj: Any) -> bool:
    """An assessment of schools."""
    return getattr(obj, "level", None) == "school"


def of_clusters(actor: Actor, obj: Any) -> bool:
    """An assessment of clusters."""
    return getattr(obj, "level", None) == "cluster"


def not_heading(actor: Actor, obj: Any) -> bool:
    """Does not lead the group that is assessed."""
    return not heads_group(actor, obj)


def complained(actor: Actor, obj: Any) -> bool:
    """Whoever is concerned has complained, and waits for an answer."""
    return getattr(obj, "state", None) == "complained"


def not_scorer(actor: Actor, obj: Any) -> bool:
    """Somebody else gave the score."""
    return actor.person_id != obj.scored_by_id


SUPERVISION: dict[str, list[list[Predicate]]] = {
    "inspection.list": [[bureau], [any_follower]],
    # A draft is for those who inspect; then the schools concerned know it.
    "inspection.view": [
        [bureau],
        [by_lead, runs_cluster, lead_decides],
        [published, of_no_school, follows_cluster],
        [published, manages_school],
        [published, runs_cluster, lead_decides],
    ],
    "inspection.create": [[bureau], [runs_cluster, lead_decides]],
    # The lead inspects members, not the own school, and nobody among equal partners.
    "inspection.edit": [[bureau, by_bureau], [runs_cluster, lead_decides, by_lead, not_of_schools]],
    "problem.list": [[anyone]],
    "problem.view": [
        [bureau],
        [concerned],
        [manages_school],
        [runs_cluster, lead_decides],
        [follows_cluster, of_no_school],
        [follows_cluster, equal_partners],
    ],
    "problem.create": [[bureau], [manages_in_cluster]],
    "problem.for_all": [[bureau], [runs_cluster]],
    "problem.for_members": [[bureau], [runs_cluster, lead_decides]],
    "problem.edit": [[bureau], [runs_cluster, lead_decides, not_of_schools], [author]],
    "problem.mend": [[concerned], [manages_school], [runs_cluster, of_no_school]],
    # Whoever mends does not say that it is mended; among equal partners another member's principal does.
    "problem.confirm": [
        [bureau, not_mender],
        [runs_cluster, lead_decides, names_school, not_of_schools, not_mender],
        [principal_in_cluster, equal_partners, names_school, not_of_schools, not_mender],
    ],
    "circular.view": [[bureau], [any_follower]],
    # S3-27: the bureau issues it; what was issued is nobody's to change.
    "circular.issue": [[supervises]],
    "assessment_template.view": [[anyone]],
    "assessment_template.create": [[supervises]],
    "assessment_template.edit": [[supervises]],
    "assessment_round.list": [[anyone]],
    "assessment_round.view": [
        [personal, works_at_school],
        [of_group, bureau],
        [of_group, in_cluster],
        [of_group, follows_cluster],
        [of_members, bureau],
        [of_members, follows_cluster],
        [of_clusters, bureau],
        [of_clusters, any_follower],
    ],
    # S4-56: a school assesses its teachers, a cluster its groups, the lead or the bureau schools, the bureau clusters.
    "assessment_round.for_people": [[principal_of_school]],
    "assessment_round.for_groups": [[runs_cluster, lead_decides], [principal_in_cluster, equal_partners]],
    "assessment_round.for_schools": [[supervises], [directs_cluster]],
    "assessment_round.for_clusters": [[supervises]],
    "assessment_round.edit": [
        [personal, principal_of_school],
        [of_group, runs_cluster, lead_decides],
        [of_group, principal_in_cluster, equal_partners],
        [of_members, supervises],
        [of_members, directs_cluster],
        [of_clusters, supervises],
    ],
    # A person's assessment is that person's, the own principal's and, while a complaint waits, who answers it.
    "assessment_case.view": [
        [personal, concerned],
        [personal, principal_of_school],
        [personal, complained, supervises],
        [of_group, heads_group],
        [of_group, bureau],
        [of_group, runs_cluster, lead_decides],
        [of_group, principal_in_cluster, equal_partners],
        [of_group, published, in_cluster],
        [of_group, published, follows_cluster],
        [of_members, bureau],
        [of_members, manages_school],
        [of_members, directs_cluster],
        [of_members, published, follows_cluster],
        [of_clusters, bureau],
        [of_clusters, runs_cluster],
        [of_clusters, published, follows_cluster],
    ],
    "assessment_case.write": [
        [personal, concerned],
        [of_group, heads_group],
        [of_members, manages_school],
        [of_clusters, runs_cluster],
    ],
    "assessment_case.score": [
        [personal, principal_of_school, not_concerned],
        [of_group, runs_cluster, lead_decides, not_heading],
        [of_group, principal_in_cluster, equal_partners, not_heading],
        [of_members, supervises, not_of_schools],
        [of_members, directs_cluster, not_of_schools],
        [of_clusters, supervises, not_running_cluster],
    ],
    "assessment_case.answer": [
        [personal, complained, supervises, not_scorer, not_concerned],
        [of_group, supervises, not_scorer, not_heading],
        [of_members, supervises, not_scorer, not_of_schools],
        [of_clusters, supervises, not_scorer, not_running_cluster],
    ],
}
