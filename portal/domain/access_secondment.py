"""Who may do what with secondments: a part of the one table of permissions.

Nobody decides the own case, no expert scores somebody of the own school, and leave is decided, with its
reason, by the host's principal alone (人事科 for a host outside the district).
"""

from typing import Any

from portal.domain.predicates import (
    Actor,
    Predicate,
    any_manager,
    anyone,
    author,
    basic_education,
    bureau,
    concerned,
    hosts,
    manages_home,
    manages_school,
    not_concerned,
    not_of_schools,
    personnel,
    works_at_school,
)


def is_expert(actor: Actor, obj: Any) -> bool:
    """Of the expert group of the candidate's programme, while there is something to score."""
    return actor.person_id in obj.expert_ids


def not_of_home(actor: Actor, obj: Any) -> bool:
    """Neither works at nor acts for the candidate's own school."""
    return obj.home_school_id not in actor.works_at | actor.manages_schools


def hosted_elsewhere(actor: Actor, obj: Any) -> bool:
    """The host is no school of the district, so the programme office acts in its place."""
    return obj.host_school_id is None


def principal_of_host(actor: Actor, obj: Any) -> bool:
    """Principal of the school that receives."""
    return obj.host_school_id is not None and obj.host_school_id in actor.principal_of


_OFFICE: list[list[Predicate]] = [[basic_education, not_concerned], [personnel, not_concerned]]
_OFFICE_FOR_HOST = [[hosted_elsewhere, *line] for line in _OFFICE]
_DECIDES_LEAVE: list[list[Predicate]] = [
    [principal_of_host, not_concerned],
    [hosted_elsewhere, personnel, not_concerned],
]
_SEES: list[list[Predicate]] = [[bureau], [concerned], [manages_school]]

SECONDMENT: dict[str, list[list[Predicate]]] = {
    "secondment_programme.view": [[anyone]],
    "secondment_programme.create": [[basic_education], [personnel]],
    "secondment_programme.edit": [[basic_education], [personnel]],
    "secondment.list": [[anyone]],
    "secondment.own": [[anyone]],
    "secondment.view": [*_SEES, [is_expert, not_of_home]],
    "secondment.create": [[any_manager], [personnel], [basic_education]],
    # What the own school says of somebody is read by those who choose, and by nobody at the host.
    "secondment.opinion": [[bureau], [manages_home], [is_expert, not_of_home, not_concerned]],
    "secondment.recommend": [[manages_home, not_concerned], [personnel, not_concerned]],
    "secondment.withdraw": [[concerned], [manages_home]],
    "secondment.screen": [[*line, not_of_schools] for line in _OFFICE],
    "secondment.score": [[is_expert, not_of_home, not_concerned]],
    "secondment.rank": [[bureau, not_concerned]],
    "secondment.assign": _OFFICE,
    "secondment.receive": [[hosts, not_concerned]],
    "secondment.attest": [[hosts, not_concerned], *_OFFICE_FOR_HOST],
    "secondment.write": [[concerned]],
    "secondment.task": [[concerned], [hosts], *_OFFICE_FOR_HOST],
    "secondment.contact": [[bureau, not_concerned]],
    "secondment.evaluate_host": [[hosts, not_concerned], *_OFFICE_FOR_HOST],
    "secondment.evaluate_office": _OFFICE,
    "secondment.follow_up": _OFFICE,
    "study_entry.view": _SEES,
    "study_entry.edit": [[concerned], [author]],
    "study_leave.view": _SEES,
    "study_leave.reason": [[concerned], *_DECIDES_LEAVE],
    "study_leave.decide": _DECIDES_LEAVE,
    "study_leave.report": [[concerned]],
    "study_trip.view": [[bureau], [works_at_school]],
    "study_trip.create": [[any_manager], [bureau]],
    "study_trip.edit": [[bureau], [manages_school], [author]],
}
