"""The preview of a roster: its rows against the present database, with whatever stands in the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain.access import Actor, can
from portal.domain.roster import RosterReading
from portal.domain.roster_plan import RosterPlan
from portal.models import Cluster, School
from portal.queries.clusters import members_on
from portal.queries.frame import district_name
from portal.queries.roster_known import all_schools
from portal.queries.roster_lines import add_lines
from portal.queries.roster_people import Teachers
from portal.queries.roster_places import Places, plan_schools, plan_staffing


@dataclass(frozen=True)
class Scope:
    """What an import may touch: a whole district, the members of a cluster today, or one school."""

    district_id: object
    cluster: Cluster | None = None
    school: School | None = None

    @property
    def is_district(self) -> bool:
        """Whether every school of the district is inside."""
        return self.cluster is None and self.school is None

    @property
    def default_school(self) -> str | None:
        """The school of a sheet that names none."""
        return self.school.name if self.school else None

    def school_ids(self, schools: list[School], today: date) -> frozenset:
        """The schools inside."""
        if self.school:
            return frozenset([self.school.id])
        if self.cluster:
            return frozenset(member.school_id for member in members_on(self.cluster, today))
        return frozenset(school.id for school in schools)


def plan_of(
    scope: Scope,
    reading: RosterReading,
    actor: Actor | None,
    today: date,
    *,
    decisions: Mapping[str, str] | None = None,
    create_schools: bool = False,
) -> RosterPlan:
    """What a reading would change now. Without an actor (a command) everything is allowed.

    `decisions` says of rows in question whether they are somebody new or a move (see `Question`).
    """

    def may(permission: str, obj: object) -> bool:
        return actor is None or can(actor, permission, obj)

    schools = all_schools(scope.district_id)
    inside = scope.school_ids(schools, today)
    places = Places(
        reading,
        district_name(scope.district_id),
        schools,
        inside,
        create=create_schools and scope.is_district and (actor is None or can(actor, "school.create")),
    )
    school_plans = plan_schools(places, may)
    staffing = plan_staffing(places, scope.district_id)
    teachers = Teachers(reading, places, scope.district_id, may, today, decisions or {})
    teachers.compare()
    line_problems = add_lines(reading, scope.district_id, inside, teachers.targets, may)
    people = [target for target in teachers.targets if _does_something(target)]
    found = [*_still_true(reading), *places.problems, *teachers.problems, *line_problems]
    order = {sheet.name: number for number, sheet in enumerate(reading.sheets)}
    return RosterPlan(
        reading=reading,
        problems=tuple(sorted(found, key=lambda item: (order.get(item.sheet, -1), item.row or 0))),
        schools=tuple(school_plans),
        people=tuple(target.plan for target in people),
        staffing=tuple(staffing),
        questions=tuple(teachers.questions),
        missing=tuple(teachers.missing),
        unchanged=tuple(
            target.row for target in teachers.targets if target.row and not _does_something(target)
        ),
        left_out=teachers.left_out,
        unknown_schools=tuple(places.unknown),
    )


def _does_something(target) -> bool:
    return bool(target.key is None or target.facts or target.lines or target.moves_from is not None)


def _still_true(reading: RosterReading):
    """The problems of the file itself; whether somebody is unknown is told better by the database."""
    return (found for found in reading.problems if found.code != "person_unknown")
