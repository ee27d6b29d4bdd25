"""Who may do what with the small ledgers; a part of the permission table."""

from portal.domain.predicates import (
    Predicate,
    any_follower,
    bureau,
    follows_cluster,
    lead_decides,
    manages_in_cluster,
    manages_school,
    of_no_school,
    runs_cluster,
)

LEDGERS: dict[str, list[list[Predicate]]] = {
    "ledger.list": [[bureau], [any_follower]],
    "ledger.view": [[bureau], [follows_cluster]],
    # A school writes its own entries; the lead also those of members, but not among equal partners.
    "ledger.create": [[manages_in_cluster], [runs_cluster]],
    "ledger.for_all": [[runs_cluster]],
    "ledger.for_members": [[runs_cluster, lead_decides]],
    "ledger.edit": [[manages_school], [runs_cluster, lead_decides], [runs_cluster, of_no_school]],
}
