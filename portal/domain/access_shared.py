"""Who may do what with activities, sign-ups for them and with what a cluster shares; a part of the permission table."""

from typing import Any

from portal.domain.access_opinions import OPINIONS
from portal.domain.access_requests import REQUESTS
from portal.domain.predicates import (
    Actor,
    Predicate,
    anyone,
    author,
    bureau,
    concerned,
    equal_partners,
    follows_cluster,
    in_cluster,
    lead_decides,
    manages_in_cluster,
    manages_school,
    of_no_cluster,
    of_some_cluster,
    open_to_all,
    runs_cluster,
)


def joins_cluster(actor: Actor, obj: Any) -> bool:
    """Of a cluster that holds the activity together with the first one."""
    # a cluster is asked too, when somebody may not plan an activity of it: is it in sight at all?
    return bool((actor.belongs_to | actor.oversees) & getattr(obj, "joined_clusters", frozenset()))


SHARED: dict[str, list[list[Predicate]]] = {
    **OPINIONS,
    **REQUESTS,
    # An activity of no cluster is the whole district's: everybody sees it, the bureau alone keeps it (S4-19).
    "activity.view": [
        [bureau],
        [in_cluster],
        [follows_cluster],
        [joins_cluster],
        [open_to_all],
        [of_no_cluster],
    ],
    "activity.create": [[manages_in_cluster]],
    "activity.into_district": [[bureau]],
    "activity.edit": [
        [runs_cluster, lead_decides],
        [manages_school, of_some_cluster],
        [author, of_some_cluster],
        [bureau, of_no_cluster],
    ],
    "activity.report": [[bureau], [runs_cluster, lead_decides], [manages_school], [author]],
    "activity_signup.edit": [
        [concerned],
        [manages_school],
        [runs_cluster, lead_decides],
        [bureau, of_no_cluster],
    ],
    # Each kind of record is found by those who see it: the search asks their own permission.
    "search.use": [[anyone]],
    # Everybody of a cluster may share; what binds all of them, its lead lays down, or any equal partner.
    "resource.list": [[anyone]],
    "resource.view": [[bureau], [in_cluster], [follows_cluster], [open_to_all]],
    "resource.create": [[in_cluster]],
    "resource.define": [[runs_cluster, lead_decides], [manages_in_cluster, equal_partners]],
    "resource.edit": [[author], [manages_school], [runs_cluster, lead_decides]],
    # S1-61: blank papers hold nothing of anybody.
    "document_template.use": [[anyone]],
    # S4-36: begun by who runs the cluster, or any equal partner; each member's principal and office contribute.
    "quality.list": [[anyone]],
    "quality.view": [[bureau], [in_cluster], [follows_cluster]],
    "quality.create": [[runs_cluster, lead_decides], [manages_in_cluster, equal_partners]],
    "quality.edit": [[runs_cluster, lead_decides], [manages_in_cluster, equal_partners]],
    "quality.report": [[manages_in_cluster]],
    "quality_step.view": [[bureau], [in_cluster], [follows_cluster]],
    "quality_step.edit": [
        [author, manages_in_cluster],
        [runs_cluster, lead_decides],
        [manages_in_cluster, equal_partners],
    ],
}
