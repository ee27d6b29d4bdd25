"""Who somebody is for the portal on one day, and the small predicates that permissions are made of.

A predicate looks at an actor and an object; objects are read through the facts of
``portal.models.base.Tenant``: ``district_id``, ``access_clusters``, ``access_schools``, ``access_people``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

NONE: frozenset[UUID] = frozenset()
#: The roles that a principal gives to people of the own school.
CHOSEN_BY_PRINCIPAL = frozenset({"office", "representative"})


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A logged-in person with everything that decides access, as of one day (``day``).

    ``represents`` are schools whose teachers this person speaks for (教师代表).
    ``manages`` are clusters of which the person is principal or school office of a member;
    ``belongs_to`` those of every school where the person works. ``directed_schools`` are the
    members of directing clusters that the person leads, ``led_schools`` those of all led clusters.
    ``profiles`` maps each cluster in sight to its profile.
    """

    district_id: UUID
    person_id: UUID
    account_id: UUID
    name: str = ""
    day: date | None = None
    offices: frozenset[str] = frozenset()
    principal_of: frozenset[UUID] = NONE
    office_of: frozenset[UUID] = NONE
    represents: frozenset[UUID] = NONE
    works_at: frozenset[UUID] = NONE
    leads: frozenset[UUID] = NONE
    lead_office_of: frozenset[UUID] = NONE
    manages: frozenset[UUID] = NONE
    belongs_to: frozenset[UUID] = NONE
    liaison_of: frozenset[UUID] = NONE
    assigned_to: frozenset[UUID] = NONE
    led_schools: frozenset[UUID] = NONE
    directed_schools: frozenset[UUID] = NONE
    mentees: frozenset[UUID] = NONE
    profiles: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def manages_schools(self) -> frozenset[UUID]:
        """Schools for which this person acts, as principal or in the school office."""
        return self.principal_of | self.office_of

    @property
    def runs(self) -> frozenset[UUID]:
        """Clusters that this person runs: as lead principal or in the lead school's office."""
        return self.leads | self.lead_office_of

    @property
    def oversees(self) -> frozenset[UUID]:
        """Clusters whose affairs this person follows without running them."""
        return self.manages | self.liaison_of | self.assigned_to

    @property
    def decides(self) -> frozenset[UUID]:
        """Clusters that this person runs and whose lead decides: all but those of equal partners."""
        return frozenset(key for key in self.runs if self.profiles.get(key) != "equal")


Predicate = Callable[[Actor, Any], bool]


def anyone(actor: Actor, obj: Any) -> bool:
    """Everyone who is logged in."""
    return True


def bureau(actor: Actor, obj: Any) -> bool:
    """Someone of a bureau office."""
    return bool(actor.offices)


def basic_education(actor: Actor, obj: Any) -> bool:
    """基础教育科: plans, summaries, the district's structure."""
    return "basic_education" in actor.offices


def personnel(actor: Actor, obj: Any) -> bool:
    """人事科: exchange."""
    return "personnel" in actor.offices


def any_manager(actor: Actor, obj: Any) -> bool:
    """A principal or school office, of whichever school."""
    return bool(actor.manages_schools)


def any_lead(actor: Actor, obj: Any) -> bool:
    """Someone who runs a cluster."""
    return bool(actor.runs)


def any_follower(actor: Actor, obj: Any) -> bool:
    """Follows some cluster: manages a member school, or is its liaison or assigned leader."""
    return bool(actor.oversees)


def in_cluster(actor: Actor, obj: Any) -> bool:
    """Works at a school of the object's cluster."""
    return bool(actor.belongs_to & obj.access_clusters)


def follows_cluster(actor: Actor, obj: Any) -> bool:
    """Manager of a member school, liaison or assigned leader of the object's cluster."""
    return bool(actor.oversees & obj.access_clusters)


def manages_in_cluster(actor: Actor, obj: Any) -> bool:
    """Principal or office of a member school of the object's cluster."""
    return bool(actor.manages & obj.access_clusters)


def runs_cluster(actor: Actor, obj: Any) -> bool:
    """Lead principal, or office of the lead school, of the object's cluster."""
    return bool(actor.runs & obj.access_clusters)


def leads_cluster(actor: Actor, obj: Any) -> bool:
    """Lead principal of the object's cluster, in person."""
    return bool(actor.leads & obj.access_clusters)


def principal_in_cluster(actor: Actor, obj: Any) -> bool:
    """Principal of a member school of the object's cluster."""
    return bool(actor.principal_of) and manages_in_cluster(actor, obj)


def equal_partners(actor: Actor, obj: Any) -> bool:
    """The object's cluster has the equal profile: nobody approves for another school."""
    return any(actor.profiles.get(cluster_id) == "equal" for cluster_id in obj.access_clusters)


def of_no_cluster(actor: Actor, obj: Any) -> bool:
    """The record belongs to no cluster, so it is the whole district's."""
    return not obj.access_clusters


def of_some_cluster(actor: Actor, obj: Any) -> bool:
    """The record belongs to a cluster: what the whole district holds is the bureau's alone."""
    return bool(obj.access_clusters)


def heads_group(actor: Actor, obj: Any) -> bool:
    """Leads the group today, or is the person who answers for the thing."""
    return actor.person_id in obj.heads_on(actor.day)


def assigned_leader(actor: Actor, obj: Any) -> bool:
    """The bureau leader who is tied to the object's cluster (包挂领导)."""
    return bool(actor.assigned_to & obj.access_clusters)


def of_no_school(actor: Actor, obj: Any) -> bool:
    """The record names no school, so it is every member's."""
    return not obj.access_schools


def lead_decides(actor: Actor, obj: Any) -> bool:
    """The object's cluster has a profile in which its lead decides (directing or convenor)."""
    return not equal_partners(actor, obj)


def manages_school(actor: Actor, obj: Any) -> bool:
    """Principal or office of a school whose record this is."""
    return bool(actor.manages_schools & obj.access_schools)


def principal_of_school(actor: Actor, obj: Any) -> bool:
    """Principal of a school whose record this is."""
    return bool(actor.principal_of & obj.access_schools)


def works_at_school(actor: Actor, obj: Any) -> bool:
    """Works at a school whose record this is."""
    return bool(actor.works_at & obj.access_schools)


def leads_school(actor: Actor, obj: Any) -> bool:
    """Leads a cluster to which one of the object's schools belongs."""
    return bool(actor.led_schools & obj.access_schools)


def directs_school(actor: Actor, obj: Any) -> bool:
    """Leads a directing cluster to which one of the object's schools belongs."""
    return bool(actor.directed_schools & obj.access_schools)


def directs_cluster(actor: Actor, obj: Any) -> bool:
    """Runs the object's cluster, and its profile lets the lead keep the members' records."""
    return any(actor.profiles.get(key) == "directing" for key in actor.runs & obj.access_clusters)


def hosts(actor: Actor, obj: Any) -> bool:
    """Principal or office of the school that receives."""
    host = getattr(obj, "host_school_id", None) or getattr(obj, "school_id", None)
    return host in actor.manages_schools


def manages_home(actor: Actor, obj: Any) -> bool:
    """Principal or office of the teacher's own school."""
    return obj.home_school_id in actor.manages_schools


def principal_of_home(actor: Actor, obj: Any) -> bool:
    """Principal of the teacher's own school, who decides about leave."""
    return obj.home_school_id in actor.principal_of


def sends(actor: Actor, obj: Any) -> bool:
    """Principal or office of the school whose teachers go to another one."""
    return obj.home_school_id in actor.manages_schools


def not_checker(actor: Actor, obj: Any) -> bool:
    """Somebody else checked it for the other school."""
    return actor.person_id != obj.checked_by_id


def donates(actor: Actor, obj: Any) -> bool:
    """Principal of the donor school of a pair."""
    return obj.donor_id in actor.principal_of


def benefits(actor: Actor, obj: Any) -> bool:
    """Principal of the beneficiary school of a pair."""
    return obj.beneficiary_id in actor.principal_of


def concerned(actor: Actor, obj: Any) -> bool:
    """The object is about this person, or written by this person."""
    return actor.person_id in obj.access_people


def not_concerned(actor: Actor, obj: Any) -> bool:
    """The object is not this person's own case."""
    return actor.person_id not in obj.access_people


def not_of_schools(actor: Actor, obj: Any) -> bool:
    """Acts for none of the schools whose record this is: who agreed for one does not approve it."""
    return not manages_school(actor, obj)


def not_running_cluster(actor: Actor, obj: Any) -> bool:
    """Does not run the object's cluster: who signs for it does not receive what was signed."""
    return not runs_cluster(actor, obj)


def without_role(actor: Actor, obj: Any) -> bool:
    """The person or account holds no role, now or from a later day on."""
    return not obj.roles_from(actor.day)


def office_at_most(actor: Actor, obj: Any) -> bool:
    """The person or account holds no role above a school office, and speaks for nobody but itself.

    Who gave a representative (教师代表) a password could read what teachers told the representative alone.
    """
    return obj.roles_from(actor.day) <= {"office"}


def not_of_bureau(actor: Actor, obj: Any) -> bool:
    """The person holds no role of the bureau: schools do not manage the bureau's people."""
    return not obj.roles_from(actor.day) & {"bureau", "liaison", "assigned_leader"}


def chosen_by_principal(actor: Actor, obj: Any) -> bool:
    """The assignment is one that the principal gives: school office, teacher representative."""
    return obj.role in CHOSEN_BY_PRINCIPAL


def author(actor: Actor, obj: Any) -> bool:
    """Wrote it."""
    return actor.person_id == (getattr(obj, "created_by_id", None) or getattr(obj, "person_id", None))


def not_author(actor: Actor, obj: Any) -> bool:
    """Somebody else wrote it."""
    return not author(actor, obj)


def is_guest(actor: Actor, obj: Any) -> bool:
    """About somebody without a post in any school, who has no account either."""
    return obj.is_guest


def keeps_guest(actor: Actor, obj: Any) -> bool:
    """Acts for the school that entered somebody without a post."""
    return obj.is_guest and obj.home_school_id in actor.manages_schools


def of_school_pair(actor: Actor, obj: Any) -> bool:
    """A record of a school pair, which is official; one of two people is not."""
    return bool(obj.access_schools)


def of_summary(actor: Actor, obj: Any) -> bool:
    """A document made of a term summary."""
    return obj.summary_id is not None


def receives_summary(actor: Actor, obj: Any) -> bool:
    """Of the bureau office to which the scheme sends the summary."""
    return obj.receiving_office in actor.offices


def is_mentor(actor: Actor, obj: Any) -> bool:
    """The mentor of the pair."""
    return actor.person_id == obj.mentor_id


def is_mentee(actor: Actor, obj: Any) -> bool:
    """The mentee of the pair."""
    return actor.person_id == obj.mentee_id


def outside_pair(actor: Actor, obj: Any) -> bool:
    """Not one of the two of the pair that this is about."""
    return actor.person_id not in obj.pair.access_people


def heads_writers_school(actor: Actor, obj: Any) -> bool:
    """Among equal partners: principal of the writer's school, and not one of the pair."""
    return equal_partners(actor, obj) and principal_of_school(actor, obj) and outside_pair(actor, obj)


def open_to_all(actor: Actor, obj: Any) -> bool:
    """An activity that other clusters may join."""
    return getattr(obj, "is_open", False)


def submitted(actor: Actor, obj: Any) -> bool:
    """A log that its writer has handed in."""
    return obj.state == "submitted"


def selected(actor: Actor, obj: Any) -> bool:
    """A typical case to which its writer has agreed."""
    return obj.state == "selected"


def shared_with_mentor(actor: Actor, obj: Any) -> bool:
    """A log open to the writer's mentor, and this is the mentor. Wider circles include the mentor."""
    return obj.visibility != "own" and obj.person_id in actor.mentees


def shared_with_school(actor: Actor, obj: Any) -> bool:
    """A log open to the writer's school, and this person works there."""
    return obj.visibility in ("school", "cluster") and obj.school_id in actor.works_at


def shared_with_cluster(actor: Actor, obj: Any) -> bool:
    """A log open to the writer's cluster, and this person works in it."""
    return obj.visibility == "cluster" and in_cluster(actor, obj)
