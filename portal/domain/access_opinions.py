"""Who may do what with the opinion box of a school (S1-49); a part of the permission table."""

from typing import Any

from portal.domain.predicates import (
    Actor,
    Predicate,
    anyone,
    author,
    principal_of_school,
    works_at_school,
)


def represents_school(actor: Actor, obj: Any) -> bool:
    """Teacher representative of the school."""
    return bool(actor.represents & obj.access_schools)


def not_its_principal(actor: Actor, obj: Any) -> bool:
    """Not principal of the school: what teachers put into the box is for the principal to answer."""
    return not actor.principal_of & obj.access_schools


def not_its_representative(actor: Actor, obj: Any) -> bool:
    """Not representative of the school: nobody answers the own collection."""
    return not actor.represents & obj.access_schools


def handed_in(actor: Actor, obj: Any) -> bool:
    """The collection lies before the principal, or is answered."""
    return obj.state != "drafting"


def answered(actor: Actor, obj: Any) -> bool:
    """The principal has answered."""
    return obj.state == "answered"


# Neither cluster nor bureau reads anything here: the box is a matter of the school, and works as long as it is.
OPINIONS: dict[str, list[list[Predicate]]] = {
    "opinion.list": [[anyone]],
    # Asked of a school.
    "school.opine": [[works_at_school, not_its_principal]],
    "school.collect": [[represents_school]],
    "opinion.view": [[represents_school], [author]],
    "opinion.take": [[represents_school]],
    "opinion.withdraw": [[author]],
    "opinion_digest.view": [
        [represents_school],
        [principal_of_school, handed_in],
        [works_at_school, answered],
    ],
    "opinion_digest.edit": [[represents_school]],
    "opinion_digest.answer": [[principal_of_school, not_its_representative]],
}
