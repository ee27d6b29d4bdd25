"""Who may do what with postings and with what is handed over for them: a part of the one table of permissions.

A sheet is read by the two whom it names and by both schools. Each signs for oneself; nobody judges the own posting.
"""

from typing import Any

from portal.domain.access_secondment import principal_of_host
from portal.domain.predicates import (
    Actor,
    Predicate,
    any_manager,
    anyone,
    bureau,
    concerned,
    hosts,
    leads_school,
    manages_home,
    manages_school,
    not_concerned,
    personnel,
)


def of_a_principal(actor: Actor, obj: Any) -> bool:
    """The person who is away is a principal, so the step goes one level up."""
    return "principal" in obj.person.roles_from(actor.day)


EXCHANGE: dict[str, list[list[Predicate]]] = {
    "posting.list": [[anyone]],
    "posting.view": [[bureau], [concerned], [manages_school], [leads_school]],
    "posting.create": [[personnel], [any_manager]],
    # The school that sends, or the bureau, says who goes; the school that receives says who arrived.
    "posting.edit": [[personnel, not_concerned], [manages_home, not_concerned]],
    "posting.receive": [[hosts, not_concerned]],
    "posting.hand_over": [[concerned], [manages_school]],
    "posting.judge": [[principal_of_host, not_concerned], [personnel, not_concerned, of_a_principal]],
    "handover.view": [[concerned], [manages_school]],
    "handover.edit": [[concerned], [manages_school]],
    "handover.sign": [[concerned]],
}
