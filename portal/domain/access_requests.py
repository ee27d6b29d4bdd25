"""Who may do what with requests for instruction and reports (S4-11); a part of the permission table."""

from typing import Any

from portal.domain.predicates import (
    Actor,
    Predicate,
    anyone,
    author,
    directs_cluster,
    leads_cluster,
    not_author,
    not_of_schools,
    principal_of_school,
    works_at_school,
)


def school_has_it(actor: Actor, obj: Any) -> bool:
    """The principal's level has had it."""
    return "school" in obj.seen_by_levels


def cluster_has_it(actor: Actor, obj: Any) -> bool:
    """The cluster's level has had it."""
    return "cluster" in obj.seen_by_levels


def bureau_has_it(actor: Actor, obj: Any) -> bool:
    """The bureau's level has had it."""
    return "bureau" in obj.seen_by_levels


def of_office(actor: Actor, obj: Any) -> bool:
    """Of the section of the bureau that it was written to."""
    return obj.office in actor.offices


def speaks_for_cluster(actor: Actor, obj: Any) -> bool:
    """Lead principal; where the lead does not direct, the liaison as well."""
    if leads_cluster(actor, obj):
        return True
    return any(actor.profiles.get(key) != "directing" for key in actor.liaison_of & obj.access_clusters)


REQUESTS: dict[str, list[list[Predicate]]] = {
    "school_request.list": [[anyone]],
    # Asked of a school: whoever works there writes, the principal too.
    "school.request": [[works_at_school], [principal_of_school]],
    "school_request.view": [
        [author],
        [principal_of_school, school_has_it],
        [speaks_for_cluster, cluster_has_it],
        [of_office, bureau_has_it],
    ],
    "school_request.edit": [[author]],
    "school_request.endorse": [[principal_of_school]],
    "school_request.settle_school": [[principal_of_school, not_author]],
    "school_request.relay": [[speaks_for_cluster]],
    # Only a lead that directs decides for members; nobody for the own school.
    "school_request.settle_cluster": [[leads_cluster, directs_cluster, not_author, not_of_schools]],
    "school_request.answer": [[of_office, bureau_has_it, not_author, not_of_schools]],
}
