"""Who may do what: one table of permissions over small predicates.

A permission is granted when all predicates of one of its lines hold. Nothing else decides.
Objects are read through the facts of ``portal.models.base.Tenant``: ``district_id``,
``access_clusters``, ``access_schools``, ``access_people``. An object of another district is
never anybody's. ``obj`` is None where a permission needs no object.
"""

from typing import Any

from portal.domain.access_exchange import EXCHANGE
from portal.domain.access_ledgers import LEDGERS
from portal.domain.access_pairing import PAIRING
from portal.domain.access_secondment import SECONDMENT
from portal.domain.access_shared import SHARED
from portal.domain.access_supervision import SUPERVISION, supervises
from portal.domain.predicates import (
    Actor,
    Predicate,
    any_follower,
    any_lead,
    any_manager,
    anyone,
    assigned_leader,
    author,
    basic_education,
    bureau,
    chosen_by_principal,
    concerned,
    directs_cluster,
    directs_school,
    equal_partners,
    follows_cluster,
    heads_group,
    hosts,
    in_cluster,
    is_guest,
    keeps_guest,
    lead_decides,
    leads_cluster,
    leads_school,
    manages_home,
    manages_in_cluster,
    manages_school,
    not_author,
    not_checker,
    not_concerned,
    not_of_bureau,
    not_of_schools,
    not_running_cluster,
    of_no_cluster,
    of_no_school,
    of_school_pair,
    of_summary,
    office_at_most,
    open_to_all,
    personnel,
    principal_in_cluster,
    principal_of_home,
    principal_of_school,
    receives_summary,
    runs_cluster,
    selected,
    sends,
    shared_with_cluster,
    shared_with_mentor,
    shared_with_school,
    submitted,
    without_role,
    works_at_school,
)


def sees_owner(actor: Actor, obj: Any) -> bool:
    """A file of something that this person may see."""
    return can(actor, obj.view_permission, obj.owner)


def edits_owner(actor: Actor, obj: Any) -> bool:
    """A file of something whose files this person may change."""
    return can(actor, obj.edit_permission, obj.owner)


PERMISSIONS: dict[str, list[list[Predicate]]] = {
    "home.view": [[anyone]],
    "district.manage": [[basic_education]],
    "audit.view": [[bureau]],
    # Whoever may set a person's password could act as that person: never somebody higher, never oneself.
    "account.manage": [
        [basic_education, not_concerned],
        [principal_of_school, not_concerned, office_at_most],
        [manages_school, not_concerned, without_role],
    ],
    "account.view": [[bureau], [concerned], [manages_school], [directs_school]],
    "account.list": [[basic_education], [any_manager]],
    "job.view": [[concerned]],
    "file.view": [[concerned], [of_summary, bureau], [of_summary, follows_cluster]],
    # An attached file is for those who may see, or change, what it is attached to.
    "attachment.view": [[sees_owner]],
    "attachment.edit": [[edits_owner]],
    "cluster.list": [[anyone]],
    "cluster.view": [[bureau], [in_cluster], [follows_cluster]],
    # How the schools stand, by numbers and names of schools: for those who follow the cluster.
    "cluster.overview": [[bureau], [follows_cluster]],
    "cluster.compare": [[bureau]],
    # The turn of a term: each line of its page asks the permission of its own kind besides.
    "cluster.turn": [[bureau], [follows_cluster]],
    "cluster.turn_take": [[manages_in_cluster]],
    "cluster.create": [[basic_education]],
    "cluster.edit": [[basic_education]],
    "cluster.describe": [[basic_education], [runs_cluster]],
    # Groups are the cluster's own. Among equal partners each school may form one (E7: decided jointly).
    "group.list": [[anyone]],
    "group.view": [[bureau], [concerned], [in_cluster], [follows_cluster], [of_no_cluster]],
    "group.create": [[basic_education], [runs_cluster, lead_decides], [manages_in_cluster, equal_partners]],
    "group.edit": [[basic_education], [runs_cluster, lead_decides], [manages_in_cluster, equal_partners]],
    "group.plan": [[heads_group], [runs_cluster, lead_decides], [manages_in_cluster, equal_partners]],
    "cluster.duties": [[runs_cluster, lead_decides], [manages_in_cluster, equal_partners]],
    "duty.view": [[bureau], [in_cluster], [follows_cluster]],
    "duty.edit": [[runs_cluster, lead_decides], [manages_in_cluster, equal_partners]],
    # A responsibility letter is set from above and signed by the principal (S4-70), never both by one.
    "letter.list": [[bureau], [any_manager], [any_lead]],
    "letter.view": [[bureau], [manages_school], [leads_school]],
    "letter.create": [[basic_education], [directs_cluster]],
    "letter.edit": [[basic_education, not_of_schools], [directs_school, not_of_schools]],
    "letter.sign": [[principal_of_school]],
    "school.view": [[bureau], [works_at_school], [leads_school], [in_cluster], [follows_cluster]],
    "school.create": [[basic_education]],
    "school.define": [[basic_education]],
    "school.edit": [[basic_education], [manages_school], [directs_school]],
    "school.accounts": [[basic_education], [manages_school]],
    "school.people": [[bureau], [manages_school], [directs_school]],
    "person.list": [[bureau], [any_manager], [any_lead]],
    "person.view": [[bureau], [concerned], [manages_school], [directs_school]],
    "person.reveal": [[personnel], [basic_education], [concerned], [manages_school], [directs_school]],
    "person.create": [[personnel], [basic_education], [manages_school], [directs_school]],
    "person.edit": [
        [personnel],
        [basic_education],
        [manages_school, not_of_bureau],
        [directs_school, not_of_bureau],
    ],
    "person.move": [
        [personnel, not_concerned],
        [basic_education, not_concerned],
        [principal_of_school, not_concerned, office_at_most],
        [manages_school, not_concerned, without_role],
        [directs_school, not_concerned, without_role],
    ],
    "role.view": [[bureau], [concerned], [manages_school], [directs_school]],
    "role.begin": [[basic_education, not_concerned], [principal_of_school, not_concerned, not_of_bureau]],
    "role.end": [[basic_education, not_concerned], [principal_of_school, not_concerned, chosen_by_principal]],
    "term.view": [[anyone]],
    "term.edit": [[basic_education]],
    "day.view": [[anyone]],
    "day.edit": [[basic_education]],
    "roster.import": [[basic_education], [personnel], [any_manager]],
    "roster.into_district": [[basic_education], [personnel]],
    "roster.into_cluster": [[basic_education], [personnel], [directs_cluster]],
    "roster.into_school": [[basic_education], [personnel], [manages_school], [directs_school]],
    "roster.view": [[concerned]],
    "plan.view": [[anyone]],
    "meeting.view": [[bureau], [follows_cluster]],
    # E5 五: the bureau leader who is tied to a cluster hears its report, and may call the hearing.
    "meeting.create": [[manages_in_cluster], [assigned_leader]],
    "meeting.edit": [[runs_cluster, lead_decides], [author]],
    "meeting.confirm": [[leads_cluster, lead_decides], [principal_in_cluster, equal_partners, not_author]],
    "task.view": [[bureau], [follows_cluster]],
    "task.edit": [
        [runs_cluster, lead_decides],
        [manages_school],
        [manages_in_cluster, equal_partners, of_no_school],
    ],
    # W5: drafted by who runs the cluster, its groups add their parts, set by the lead, received by the bureau.
    "term_plan.list": [[anyone]],
    "term_plan.view": [[bureau], [in_cluster], [follows_cluster]],
    "term_plan.open": [[runs_cluster]],
    "term_plan.edit": [[runs_cluster, lead_decides], [manages_in_cluster, equal_partners]],
    "term_plan.set": [[leads_cluster]],
    "term_plan.agree": [[principal_in_cluster, equal_partners]],
    "term_plan.accept": [[basic_education, not_running_cluster]],
    "plan_item.view": [[bureau], [in_cluster], [follows_cluster]],
    "plan_item.report": [
        [heads_group],
        [manages_school],
        [runs_cluster, lead_decides],
        [manages_in_cluster, equal_partners, of_no_school],
    ],
    "task.define": [[runs_cluster, lead_decides], [manages_in_cluster, equal_partners]],
    **SHARED,
    **LEDGERS,
    **SUPERVISION,
    **PAIRING,
    **SECONDMENT,
    "record.list": [[anyone]],
    "record.create": [[anyone]],
    "record.view": [
        [concerned],
        [works_at_school],
        [bureau, of_school_pair],
        [follows_cluster, of_school_pair],
    ],
    "record.edit": [[author]],
    **EXCHANGE,
    "visiting.list": [[anyone]],
    "visiting.confirm": [[any_manager]],
    "lesson.view": [[bureau], [concerned], [works_at_school], [leads_school]],
    "lesson.create": [[any_manager]],
    "lesson.edit": [[manages_school], [directs_school]],
    "session.view": [[bureau], [concerned], [works_at_school], [leads_school]],
    "session.confirm": [[hosts, not_concerned]],
    "session.move": [[manages_school], [directs_school]],
    # Anybody who runs the cluster may have a proposal computed; its lessons are each school's to make real.
    "demand.view": [[bureau], [works_at_school], [leads_school]],
    "demand.edit": [[manages_school], [directs_school], [basic_education]],
    "school.demands": [[manages_school], [directs_school], [basic_education]],
    "proposal.list": [[bureau], [any_manager], [any_lead]],
    "proposal.view": [[bureau], [follows_cluster]],
    "proposal.create": [[basic_education], [runs_cluster]],
    "cluster.proposals": [[bureau], [follows_cluster]],
    # What binds a teacher is the own school's to set; the teacher says which half-days are free.
    "limit.list": [[anyone]],
    "limit.view": [[bureau], [concerned], [manages_school], [directs_school]],
    "limit.half_days": [[concerned], [manages_school], [directs_school]],
    "limit.edit": [[manages_school], [directs_school]],
    "hour.edit": [[manages_school], [directs_school]],
    "timetable.import": [[any_manager]],
    "timetable_import.view": [[concerned]],
    # A calendar address is its holder's alone; one of a school needs who manages it, at each reading anew.
    "feed.list": [[anyone]],
    "feed.view": [[concerned]],
    "feed.create": [[anyone]],
    "feed.end": [[concerned]],
    "school.feed": [[manages_school]],
    "session.report": [[concerned], [manages_school]],
    # Both schools know who is away and arrange what is lost; why is known to the own school, in full to few.
    "absence.list": [[anyone]],
    "absence.create": [[anyone]],
    "absence.view": [[concerned], [manages_school], [directs_school]],
    "absence.kind": [[concerned], [manages_home]],
    "absence.reason": [[concerned], [principal_of_home]],
    "absence.edit": [[concerned], [manages_home]],
    "absence.arrange": [[manages_school], [directs_school]],
    "cover.view": [[concerned], [manages_school], [directs_school]],
    "cover.arrange": [[manages_school], [directs_school]],
    "ask.list": [[anyone]],
    "ask.view": [[concerned], [manages_school], [directs_school]],
    "ask.answer": [[concerned]],
    "ask.take_back": [[manages_school], [directs_school]],
    "delivery.list": [[anyone]],
    "delivery.view": [
        [bureau],
        [concerned],
        [works_at_school],
        [in_cluster],
        [follows_cluster],
        [open_to_all],
    ],
    "delivery.create": [[bureau], [any_manager]],
    "delivery.edit": [[basic_education], [manages_school], [author]],
    "delivery.join": [[bureau], [works_at_school], [in_cluster], [open_to_all]],
    "delivery.hold": [[concerned], [manages_school]],
    "delivery.confirm": [[hosts, not_concerned]],
    "signup.view": [[bureau], [concerned], [works_at_school], [in_cluster], [follows_cluster], [open_to_all]],
    "signup.decide": [[basic_education, not_concerned], [manages_school, not_concerned]],
    "signup.answer": [[concerned], [keeps_guest], [is_guest, basic_education]],
    "signup.reveal": [[bureau], [concerned], [manages_school], [keeps_guest]],
    "signup.certify": [[concerned], [manages_school], [basic_education]],
    "offer.view": [[bureau], [concerned], [in_cluster], [follows_cluster], [open_to_all]],
    "offer.create": [[anyone]],
    "offer.edit": [[concerned], [is_guest, manages_school], [is_guest, basic_education]],
    "offer.invite": [[bureau], [manages_in_cluster], [any_manager, open_to_all]],
    "volunteer.list": [[bureau], [any_manager]],
    "volunteer.view": [[bureau], [manages_school], [manages_in_cluster], [any_manager, open_to_all]],
    "volunteer.create": [[bureau], [any_manager]],
    "volunteer.edit": [[bureau], [manages_school]],
    "programme.view": [[anyone]],
    "programme.create": [[basic_education]],
    "programme.edit": [[basic_education]],
    "certificate.view": [[bureau], [concerned], [manages_school]],
    "session.attend": [[concerned]],
    "session.dispute": [[concerned]],
    "school.code": [[manages_school]],
    # A dispute is settled by both: the receiving school answers, the teacher or the own school agrees.
    "dispute.view": [[bureau], [concerned], [manages_school], [leads_school]],
    "dispute.answer": [[hosts, not_concerned]],
    "dispute.settle": [[concerned], [sends]],
    # A month is checked by the school that received and closed by the school that sent, never by one person.
    "month.list": [[anyone]],
    "month.view": [[bureau], [works_at_school], [leads_school]],
    "month.begin": [[manages_school]],
    "month.record_own": [[manages_school]],
    "month.check": [[hosts]],
    "month.close": [[sends, not_checker]],
    "subsidy.list": [[bureau], [any_manager]],
    "subsidy.view": [[bureau], [manages_school]],
    "subsidy.edit": [[manages_school]],
    "subsidy.check": [[manages_school, not_concerned]],
    "subsidy.accept": [
        [basic_education, not_of_schools, not_concerned],
        [personnel, not_of_schools, not_concerned],
    ],
    "subsidy.define": [[basic_education], [personnel]],
    "reflection.list": [[anyone]],
    "reflection.create": [[anyone]],
    "reflection.view": [
        [author],
        [submitted, shared_with_mentor],
        [submitted, shared_with_school],
        [submitted, shared_with_cluster],
    ],
    "reflection.edit": [[author]],
    "reflection.comment": [
        [author],
        [submitted, shared_with_mentor],
        [submitted, shared_with_school],
        [submitted, shared_with_cluster],
    ],
    # What a mentor keeps about a log is the mentor's alone, while the log is open to the mentor.
    "reflection.note": [[submitted, shared_with_mentor]],
    "reflection.propose": [
        [runs_cluster, lead_decides, submitted, shared_with_cluster, not_concerned],
        [principal_in_cluster, equal_partners, submitted, shared_with_cluster, not_concerned],
    ],
    "comment.view": [[concerned]],
    "comment.edit": [[concerned]],
    "case.list": [[anyone]],
    "case.view": [
        [author],
        [runs_cluster],
        [principal_in_cluster, equal_partners],
        [selected, in_cluster],
        [selected, follows_cluster],
        [selected, bureau],
    ],
    "case.answer": [[author]],
    "case.take_back": [
        [runs_cluster, lead_decides, not_concerned],
        [principal_in_cluster, equal_partners, not_concerned],
    ],
    "report.list": [[anyone]],
    "report.create": [[anyone]],
    "report.view": [[concerned]],
    "report.edit": [[concerned]],
    "entry.view": [[concerned]],
    "entry.edit": [[concerned]],
    # Who has written, by count and date; never what (G10).
    "writing.view": [[any_manager], [any_lead]],
    "call.view": [[in_cluster]],
    "call.create": [[runs_cluster, lead_decides], [principal_in_cluster, equal_partners]],
    "call.edit": [[runs_cluster, lead_decides], [principal_in_cluster, equal_partners]],
    "summary.list": [[anyone]],
    "summary.view": [[bureau], [follows_cluster]],
    "summary.open": [[runs_cluster]],
    "summary.edit": [[runs_cluster]],
    "summary.sign": [[leads_cluster]],
    "summary.agree": [[principal_in_cluster, equal_partners]],
    "summary.accept": [[basic_education, not_running_cluster], [receives_summary, not_running_cluster]],
}
"""Permission -> any-of lines of all-of predicates. ``X.view`` decides whether an object exists for somebody."""


def can(actor: Actor | None, permission: str, obj: Any = None) -> bool:
    """Say whether the actor holds the permission on the object. KeyError for an unknown permission.

    A predicate that needs an object is false without one, so that ``can(actor, "meeting.create")``
    alone never says yes by accident.
    """
    lines = PERMISSIONS[permission]
    if actor is None:
        return False
    if obj is not None and obj.district_id != actor.district_id:
        return False
    return any(all(_holds(predicate, actor, obj) for predicate in line) for line in lines)


def _holds(predicate: Predicate, actor: Actor, obj: Any) -> bool:
    if obj is None and predicate not in WITHOUT_OBJECT:
        return False
    return predicate(actor, obj)


WITHOUT_OBJECT = frozenset(
    {anyone, bureau, basic_education, personnel, supervises, any_follower, any_manager, any_lead}
)


def view_permission(permission: str) -> str | None:
    """The permission that decides whether the same object exists for somebody, or None."""
    noun = permission.split(".")[0]
    name = f"{noun}.view"
    return name if name in PERMISSIONS else None
