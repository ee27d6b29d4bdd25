"""Every step of every workflow, from every state, by everybody (promise 8).

``STEPS`` below is written by hand from what the schemes say, beside the portal's own table: it is what people
agreed to. A walk takes each step from each state as each person. Where the table allows it the state changes
and the history says so; everywhere else the database stays the same, byte for byte.

The walk is over SQLite's file. That PostgreSQL gives the same answers, the tests of each workflow show.
"""

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from portal.domain import workflow
from portal.extensions import db
from portal.models import (
    Absence,
    Account,
    Activity,
    AssessmentCase,
    AssessmentRound,
    AuditEntry,
    Delivery,
    DeliverySignup,
    Handover,
    HandoverSignature,
    Inspection,
    Meeting,
    MeetingTask,
    MentoringPair,
    MonthCorrection,
    Opinion,
    OpinionDigest,
    PlanConsent,
    PlanEdition,
    PlanItem,
    PlanProposal,
    Posting,
    Problem,
    Reflection,
    ResponsibilityLetter,
    SchoolPairing,
    SchoolRequest,
    Secondment,
    SecondmentLeave,
    SessionDispute,
    SubsidyItem,
    SubsidyList,
    SubstituteAsk,
    SummaryConsent,
    SummarySection,
    SummarySnapshot,
    TeachingOffer,
    TermPlan,
    TermSummary,
    TypicalCase,
    VisitingLesson,
    VisitingMonth,
    VisitingSession,
    WorkRecord,
)
from tests import factories as make
from tests.support.cast_names import ACCOUNTS
from tests.support.deliveries import new_signup
from tests.support.saved import SavedDatabase
from tests.support.sources import page_sources

AT = datetime(2025, 11, 18, 2, tzinfo=UTC)
MODELS = {
    model.WORKFLOW: model
    for model in (
        Meeting,
        MeetingTask,
        TermPlan,
        PlanItem,
        ResponsibilityLetter,
        Inspection,
        Problem,
        SchoolRequest,
        Opinion,
        OpinionDigest,
        AssessmentRound,
        AssessmentCase,
        Activity,
        SchoolPairing,
        MentoringPair,
        Posting,
        Handover,
        VisitingLesson,
        VisitingSession,
        SessionDispute,
        VisitingMonth,
        SubsidyList,
        SubsidyItem,
        Absence,
        SubstituteAsk,
        Delivery,
        DeliverySignup,
        TeachingOffer,
        PlanProposal,
        Secondment,
        SecondmentLeave,
        Reflection,
        TypicalCase,
        TermSummary,
    )
}
KIND = {
    "meeting_task": "task",
    "responsibility_letter": "letter",
    "school_pairing": "pairing",
    "mentoring_pair": "pair",
    "visiting_lesson": "lesson",
    "visiting_session": "session",
    "session_dispute": "dispute",
    "visiting_month": "month",
    "subsidy_list": "subsidy",
    "subsidy_item": "subsidy_item",
    "substitute_ask": "ask",
    "delivery_signup": "signup",
    "teaching_offer": "offer",
    "plan_proposal": "proposal",
    "secondment_leave": "study_leave",
    "term_summary": "summary",
    "typical_case": "case",
}

# workflow step | from -> to, for each variant of a state | who in 麟峰小学片区 | who in 城南组团 (equal partners)
STEPS = """
meeting hold             | scheduled>held                                             | lead principal | equal_member
meeting minute           | scheduled>minuted held>minuted minuted>minuted             | lead principal | equal_member
meeting confirm          | minuted>confirmed                                          | lead | equal_lead
meeting return           | minuted>held                                               | lead | equal_lead
meeting cancel           | scheduled>cancelled                                        | lead principal | equal_member
meeting reopen           | confirmed>minuted                                          | lead | equal_lead
term_plan set            | drafting>agreed                                            | lead | equal_lead
term_plan submit         | agreed>submitted                                           | lead | equal_lead
term_plan accept         | submitted>accepted                                         | bureau | bureau
term_plan return         | submitted>drafting                                         | bureau | bureau
term_plan amend          | agreed>drafting accepted>drafting                          | lead | equal_lead
plan_item finish         | open>done                                                  | lead principal office | equal_member
plan_item drop           | open>dropped                                               | lead principal office | equal_member
plan_item resume         | done>open dropped>open                                     | lead principal office | equal_member
responsibility_letter sign | drafted>signed                                           | principal | equal_member
responsibility_letter reopen | signed>drafted                                         | bureau lead | bureau
inspection publish       | drafting>published                                         | bureau personnel | bureau personnel
inspection take_back     | published>drafting                                         | bureau personnel | bureau personnel
school_request endorse        | at_school>at_cluster | principal | equal_member
school_request settle_school  | at_school>answered | principal | equal_member
school_request return_school  | at_school>returned | principal | equal_member
school_request relay          | at_cluster>at_bureau | lead | equal_lead
school_request settle_cluster | at_cluster>answered | lead |
school_request return_cluster | at_cluster>returned | lead |
school_request answer         | at_bureau>answered | bureau | bureau
school_request return_bureau  | at_bureau>returned | bureau | bureau
school_request withdraw       | at_school>withdrawn at_cluster>withdrawn at_bureau>withdrawn returned>withdrawn | teacher | equal_teacher
school_request resubmit       | | |
school_request pass_school    | | |
school_request pass_cluster   | | |
opinion take             | open>noted                                                 | colleague |
opinion leave            | noted>open                                                 | colleague |
opinion withdraw         | open>withdrawn                                             | colleague | equal_teacher
opinion_digest submit    | drafting>submitted                                         | colleague |
opinion_digest recall    | submitted>drafting                                         | colleague |
opinion_digest answer    |                                                            | |
problem begin            | open>mending                                               | principal office | equal_member
problem close            | open>closed mending>closed                                 | principal office | equal_member
problem confirm          | closed>confirmed                                           | bureau personnel lead | bureau personnel equal_lead
problem return           | closed>mending                                             | bureau personnel lead | bureau personnel equal_lead
problem reopen           | confirmed>mending                                          | bureau personnel lead | bureau personnel equal_lead
assessment_round publish | open>published published>published                         | bureau lead | bureau
assessment_round archive | published,done>archived                                    | bureau lead | bureau
assessment_case submit   | open>submitted                                             | principal office | equal_member
assessment_case return   | submitted>open scored>open                                 | bureau lead | bureau
assessment_case score    | submitted>scored scored>scored                             | bureau lead | bureau
assessment_case publish  |                                                            | |
assessment_case complain | published>complained                                       | principal office | equal_member
assessment_case uphold   | complained>submitted                                       | bureau | bureau
assessment_case reject   | complained>published                                       | bureau | bureau
meeting_task finish      | open>done                                                  | lead principal office | equal_member
meeting_task drop        | open>dropped                                               | lead principal office | equal_member
meeting_task resume      | done>open dropped>open                                     | lead principal office | equal_member
activity hold            | planned>held                                               | lead principal office | equal_member
activity close           | held>closed                                                | lead principal office | equal_member
activity cancel          | planned>cancelled                                          | lead principal office | equal_member
activity reopen          | closed>planned cancelled>planned                           | lead principal office | equal_member
school_pairing agree_donor       | proposed>proposed proposed,beneficiary>agreed      | lead | equal_lead
school_pairing agree_beneficiary | proposed>proposed proposed,donor>agreed            | principal | equal_member
school_pairing agreed    |                                                            | |
school_pairing approve   | agreed>active                                              | bureau | bureau
school_pairing return    | agreed>proposed                                            | bureau | bureau
school_pairing withdraw  | proposed>withdrawn proposed,donor>withdrawn proposed,beneficiary>withdrawn agreed>withdrawn | bureau lead principal office | bureau equal_lead equal_member
school_pairing close     | active>closed                                              | bureau lead principal office | bureau equal_lead equal_member
mentoring_pair accept_mentor | proposed>proposed proposed,mentee>active               | mentor | equal_lead
mentoring_pair accept_mentee | proposed>proposed proposed,mentor>active               | mentee | equal_teacher
mentoring_pair start     |                                                            | |
mentoring_pair withdraw  | proposed>withdrawn proposed,mentor>withdrawn proposed,mentee>withdrawn | lead mentor mentee | equal_lead equal_teacher
mentoring_pair finish    | active>finished                                            | lead mentor mentee | equal_lead equal_teacher
mentoring_pair break_off | active>broken_off                                          | lead mentor mentee | equal_lead equal_teacher
mentoring_pair rematch   |                                                            | |
posting arrive           | planned>active                                             | principal office | equal_member
posting complete         | active,over>completed                                      | principal office | equal_member
posting end_early        | active>ended_early                                         | principal office | equal_member
posting cancel           | planned>cancelled                                          | personnel lead | personnel equal_lead
handover sign            | open>open                                                  | principal teacher | equal_member equal_teacher
handover sign            | open,giver>signed                                          | teacher | equal_teacher
handover sign            | open,taker>signed                                          | principal | equal_member
handover complete        |                                                            | |
handover cancel          | open>cancelled open,giver>cancelled open,taker>cancelled   | lead principal office teacher | equal_lead equal_member equal_teacher
posting follow_arrival   |                                                            | |
posting follow_end       |                                                            | |
posting follow_early_end |                                                            | |
posting follow_cancel    |                                                            | |
secondment screen        | nominated>screened                                         | bureau personnel | bureau personnel
secondment return        | nominated>returned                                         | bureau personnel | bureau personnel
secondment resubmit      | returned>nominated                                         | personnel lead | personnel equal_lead
secondment shortlist     | screened>candidate                                         | bureau personnel | bureau personnel
secondment decline       | nominated>declined screened>declined candidate>declined    | bureau personnel | bureau personnel
secondment withdraw      | nominated>withdrawn returned>withdrawn screened>withdrawn candidate>withdrawn | teacher lead | equal_teacher equal_lead
secondment assign        |                                                            | |
secondment assign_outside |                                                           | |
secondment agree         | placing>assigned                                           | principal office | equal_member
secondment turn_down     | placing>candidate                                          | principal office | equal_member
secondment take_back     | placing>candidate assigned>candidate                       | bureau personnel | bureau personnel
secondment arrive        |                                                            | |
secondment start         |                                                            | |
secondment end_early     | arrived>ended_early active>ended_early                     | principal office | equal_member
secondment finish        |                                                            | |
secondment evaluate      |                                                            | |
secondment follow_up     |                                                            | |
secondment_leave approve | requested>approved                                         | principal | equal_member
secondment_leave refuse  | requested>refused                                          | principal | equal_member
secondment_leave withdraw | requested>withdrawn                                       | teacher | equal_teacher
secondment_leave report_back | approved>back                                          | teacher | equal_teacher
visiting_lesson start    | planned>running                                            | lead principal office | equal_lead equal_member
visiting_lesson end      | running>ended                                              | lead principal office | equal_lead equal_member
visiting_session give    | planned>given missed>given substituted>given cancelled>given | principal office | equal_member
visiting_session miss    | planned>missed given>missed substituted>missed cancelled>missed | principal office | equal_member
visiting_session substitute | planned>substituted given>substituted missed>substituted substituted>substituted cancelled>substituted | principal office | equal_member
visiting_session cancel  | planned>cancelled given>cancelled missed>cancelled substituted>cancelled | principal office | equal_member
visiting_session correct | given>planned missed>planned substituted>planned cancelled>planned | principal office | equal_member
session_dispute agree    | open>settled kept>settled                                  | principal office | equal_member
session_dispute keep     | open>kept                                                  | principal office | equal_member
session_dispute accept   | kept>settled                                               | teacher lead | equal_teacher equal_lead
session_dispute insist   | kept>open                                                  | teacher lead | equal_teacher equal_lead
session_dispute withdraw | open>withdrawn kept>withdrawn                              | teacher lead | equal_teacher equal_lead
visiting_month check     | open>checked                                               | principal office | equal_member
visiting_month take_back | checked>open                                               | principal office | equal_member
visiting_month close     | checked>closed                                             | lead | equal_lead
visiting_month return    | checked>open                                               | lead | equal_lead
subsidy_list check       | drafting>checked                                           | lead | equal_lead
subsidy_list take_back   | checked>drafting                                           | lead | equal_lead
subsidy_list accept      | checked>accepted                                           | bureau personnel | bureau personnel
subsidy_list return      | checked>drafting                                           | bureau personnel | bureau personnel
subsidy_item approve     | proposed>approved                                          | bureau personnel | bureau personnel
subsidy_item decline     | proposed>declined                                          | bureau personnel | bureau personnel
visiting_session stand_in |                                                           | |
visiting_session release |                                                            | |
visiting_session restore |                                                            | |
visiting_session move    |                                                            | |
absence withdraw         | open>withdrawn                                             | teacher lead | equal_teacher equal_lead
substitute_ask accept    | open>accepted                                              | principal | equal_member
substitute_ask decline   | open>declined                                              | principal | equal_member
substitute_ask take_back | open>lapsed                                                | lead principal office | equal_lead equal_member
substitute_ask lapse     |                                                            | |
substitute_ask release   |                                                            | |
delivery hold            | open,ready>held filled,ready>held                          | teacher principal office | equal_teacher equal_member
delivery confirm         | open,ready>confirmed filled,ready>confirmed held>confirmed | principal office | equal_member
delivery fill            | open>filled open,ready>filled                              | bureau principal office | bureau equal_member
delivery reopen          | filled>open filled,ready>open                              | bureau principal office | bureau equal_member
delivery fill_up         |                                                            | |
delivery free_up         |                                                            | |
delivery correct         | confirmed>held                                             | principal office | equal_member
delivery cancel          | open>cancelled open,ready>cancelled filled>cancelled filled,ready>cancelled filled,full>cancelled held>cancelled | bureau principal office | bureau equal_member
delivery_signup accept   | waiting>taken                                              | bureau principal office | bureau equal_member
delivery_signup agree    | invited>taken                                              | teacher | equal_teacher
delivery_signup seat     |                                                            | |
delivery_signup again    |                                                            | |
delivery_signup invite   |                                                            | |
delivery_signup withdraw | invited>withdrawn waiting>withdrawn waiting,full>withdrawn taken>withdrawn | teacher | equal_teacher
delivery_signup decline  | waiting>declined waiting,full>declined                     | bureau principal office | bureau equal_member
delivery_signup release  | invited>withdrawn taken>withdrawn                          | bureau principal office | bureau equal_member
teaching_offer end       | open>ended                                                 | teacher | equal_teacher
teaching_offer resume    | ended>open                                                 | teacher | equal_teacher
plan_proposal propose    |                                                            | |
plan_proposal cancel     | computing>cancelled                                        | bureau lead | bureau equal_lead
plan_proposal discard    | proposed>discarded                                         | bureau lead | bureau equal_lead
reflection submit        | draft>submitted                                            | teacher | equal_teacher
reflection take_back     | submitted>draft                                            | teacher | equal_teacher
typical_case agree       | proposed>selected                                          | teacher | equal_teacher
typical_case decline     | proposed>declined                                          | teacher | equal_teacher
typical_case withdraw    | selected>withdrawn                                         | teacher | equal_teacher
typical_case take_back   | proposed>withdrawn selected>withdrawn                      | lead | equal_lead equal_member
typical_case lapse       |                                                            | |
term_summary sign        | drafting>signed                                            | lead | equal_lead
term_summary submit      | signed>submitted                                           | lead | equal_lead
term_summary accept      | submitted>accepted                                         | bureau | bureau
term_summary return      | submitted>drafting                                         | bureau | bureau
term_summary revise      | signed>drafting accepted>drafting                          | lead | equal_lead
"""  # noqa: E501  a table is read by its lines

# The states to start from; a word after the comma is a fact beside the state on which a step depends.
STATES = {
    "meeting": "scheduled held minuted confirmed cancelled",
    "meeting_task": "open done dropped",
    "term_plan": "drafting drafting,unfinished drafting,waiting agreed submitted accepted",
    "plan_item": "open done dropped",
    "responsibility_letter": "drafted signed",
    "inspection": "drafting published",
    "problem": "open mending closed confirmed",
    "opinion": "open noted withdrawn",
    "opinion_digest": "drafting submitted answered",
    "school_request": "at_school at_cluster at_bureau returned answered withdrawn reported",
    "assessment_round": "open published published,done archived",
    "assessment_case": "open submitted scored published complained",
    "activity": "planned held closed cancelled",
    "school_pairing": "proposed proposed,donor proposed,beneficiary agreed active closed withdrawn",
    "mentoring_pair": "proposed proposed,mentor proposed,mentee active finished broken_off withdrawn",
    "handover": "open open,giver open,taker signed cancelled",
    "posting": "planned active active,over completed ended_early cancelled",
    "secondment": "nominated returned screened candidate placing assigned arrived active finished evaluated followed_up"
    " ended_early declined withdrawn",
    "secondment_leave": "requested approved refused withdrawn back",
    "visiting_lesson": "planned running ended",
    "visiting_session": "planned given missed substituted cancelled",
    "session_dispute": "open kept settled withdrawn",
    "visiting_month": "open checked closed",
    "subsidy_list": "drafting checked accepted",
    "subsidy_item": "computed proposed approved declined",
    "absence": "open withdrawn",
    "substitute_ask": "open accepted declined lapsed released",
    "delivery": "open open,ready filled filled,ready filled,full held confirmed cancelled",
    "delivery_signup": "invited waiting waiting,full waiting,held taken taken,held declined withdrawn",
    "teaching_offer": "open ended",
    "plan_proposal": "computing proposed cancelled discarded",
    "reflection": "draft submitted",
    "typical_case": "proposed selected declined withdrawn",
    "term_summary": "drafting drafting,unfinished drafting,waiting signed submitted accepted",
}
# Most of those who belong neither to 城南组团 nor to the bureau do not even see its things: a few are enough.
PEOPLE = {
    "east": ACCOUNTS,
    "equal": (
        "bureau",
        "personnel",
        "lead",
        "principal",
        "liaison",
        "equal_lead",
        "equal_member",
        "equal_teacher",
        "west_bureau",
    ),
}
# Asked in any case: they may see most of it, or nothing.
OUTSIDERS = ("bureau", "liaison", "west_bureau")


def agreed_table(name: str, side: str) -> dict:
    """(step, state) -> (state after it, who may take it) for one workflow and cluster."""
    table = {}
    for line in STEPS.strip().splitlines():
        head, ways, *people = (part.strip() for part in line.split("|"))
        of, step = head.split()
        if of == name:
            who = set(people[0 if side == "east" else 1].split())
            # Where nobody is named, nobody may: the cluster of equals has steps of the table that nobody takes.
            table |= {(step, way.split(">")[0]): (way.split(">")[1], who) for way in ways.split() if who}
    return table


def states_of(name: str, side: str) -> list[str]:
    """The variants of a workflow. Only equal partners wait for each other's consent to a summary."""
    return [each for each in STATES[name].split() if side == "equal" or each != "drafting,waiting"]


def steps_in_table() -> dict[str, set[str]]:
    found = {}
    for line in STEPS.strip().splitlines():
        of, step = line.split("|")[0].split()
        found.setdefault(of, set()).add(step)
    return found


def keys_of(rows: dict) -> SimpleNamespace:
    """The keys of one cluster's objects and people, for a test whose session comes and goes."""
    return SimpleNamespace(
        **{kind: row.id for kind, row in rows.items()}, district=rows["meeting"].district_id
    )


def row_of(name: str, keys):
    return db.session.get(MODELS[name], (keys.district, getattr(keys, KIND.get(name, name))))


# --- Bringing an object into a state ---


def bring(name: str, keys, people, variant: str) -> None:
    """Put the object into a state, with the facts that the database asks for in it."""
    state, _, fact = variant.partition(",")
    row = row_of(name, keys)
    row.state, row.state_note = state, ""
    if name in PREPARE:
        PREPARE[name](row, people, state, fact)
    db.session.commit()


def _meeting(row, people, state, fact):
    row.minutes = "" if state in ("scheduled", "held", "cancelled") else "议定三件事"
    row.confirmed_by_id = people.head if state == "confirmed" else None


def _activity(row, people, state, fact):
    row.summary = "听课评课各两节"


def _school_pairing(row, people, state, fact):
    both = state in ("agreed", "active", "closed")
    row.donor_agreed_by_id = people.head if both or fact == "donor" else None
    row.beneficiary_agreed_by_id = people.member if both or fact == "beneficiary" else None


def _mentoring_pair(row, people, state, fact):
    both = state in ("active", "finished", "broken_off")
    row.mentor_accepted, row.mentee_accepted = both or fact == "mentor", both or fact == "mentee"


def _secondment(row, people, state, fact):
    chosen = state in ("nominated", "returned", "screened", "candidate", "declined", "withdrawn")
    row.posting_id = row.arrived_on = None
    row.host_kind, row.host_school_id = (None, None) if chosen else ("school", people.school)
    # Not in the time of the posting that the teacher has already.
    row.starts_on, row.ends_on = (None, None) if chosen else (date(2026, 8, 1), date(2026, 12, 30))
    if not chosen and state not in ("placing", "assigned"):
        row.starts_on, row.arrived_on = date(2025, 9, 15), date(2025, 9, 16)


def _secondment_leave(row, people, state, fact):
    row.first_day = row.last_day = date(2025, 11, 18)
    row.back_on = date(2025, 11, 19) if state == "back" else None


def _posting(row, people, state, fact):
    row.arrived_on = None if state in ("planned", "cancelled") else date(2025, 9, 1)
    row.ends_on = date(2025, 11, 14) if fact == "over" else date(2026, 7, 5)


def _handover(row, people, state, fact):
    """One side, or with the state both, has signed."""
    for side in (fact,) if fact else ("giver", "taker") if state == "signed" else ():
        person_id = getattr(row, f"{side}_id")
        account = db.session.scalars(db.select(Account).filter_by(person_id=person_id)).one()
        db.session.add(
            HandoverSignature(
                district_id=row.district_id,
                handover_id=row.id,
                side=side,
                person_id=person_id,
                account_id=account.id,
                signed_at=AT,
            )
        )


def _visiting_lesson(row, people, state, fact):
    if state == "planned":  # a draft has no dates yet, and nobody has written about them
        keys = [session.id for session in row.sessions]
        for model in (MonthCorrection, Reflection, WorkRecord):
            db.session.execute(db.delete(model).where(model.session_id.in_(keys)))
        for session in row.sessions:
            db.session.delete(session)


def _visiting_session(row, people, state, fact):
    row.substitute_id = people.substitute if state == "substituted" else None
    row.confirmed_by_id = people.member if state != "planned" else None


def _visiting_month(row, people, state, fact):
    row.checked_by_id = None if state == "open" else people.member
    row.closed_by_id = people.head if state == "closed" else None


def _subsidy_list(row, people, state, fact):
    row.checked_by_id = None if state == "drafting" else people.head
    row.accepted_by_id = people.member if state == "accepted" else None
    for item in row.items:
        item.state, item.decided_by_id = "approved", people.member


def _subsidy_item(row, people, state, fact):
    if state == "computed":
        row.kind = "circuit"
    row.decided_by_id = people.member if state in ("approved", "declined") else None


def _delivery(row, people, state, fact):
    """One person has a place, but for a call that nobody has answered; it is held from its day on."""
    ready = fact == "ready" or state in ("held", "confirmed")
    row.starts_on = date(2025, 11, 13) if ready else date(2025, 11, 27)
    row.wanted = 1 if fact == "full" else 2
    row.held_on = row.starts_on if state in ("held", "confirmed") else None
    row.confirmed_by_id = people.member if state == "confirmed" else None
    signup = db.session.get(DeliverySignup, (row.district_id, people.signup))
    if ready or state == "filled":
        signup.state, signup.place = "taken", 1


def _delivery_signup(row, people, state, fact):
    """``full``: somebody else has the only place. ``held``: the day is over."""
    row.place = 1 if state == "taken" else None
    delivery = row.delivery
    if fact == "full":
        delivery.wanted = 1
        other = SimpleNamespace(id=people.head)
        db.session.add(new_signup(delivery, other, state="taken", place=1))
    if fact == "held":
        delivery.starts_on = delivery.held_on = date(2025, 11, 13)
        delivery.state = "held"


def _reflection(row, people, state, fact):
    row.submitted_at = AT if state == "submitted" else None


def _term_summary(row, people, state, fact):
    row.state = "drafting"  # the database wants the snapshot first
    sections = db.session.scalars(db.select(SummarySection).filter_by(summary_id=row.id)).all()
    for section in sections:
        section.is_done = True
    if fact == "unfinished":
        sections[-1].is_done = False
    base = {"district_id": row.district_id, "summary_id": row.id, "edition": row.edition}
    if fact != "waiting":
        consent = SummaryConsent(**base, school_id=people.school, person_id=people.member, agreed_at=AT)
        db.session.add(consent)
    if state != "drafting":
        snapshot = SummarySnapshot(
            **base, content={}, content_hash="0" * 64, signed_by_id=people.head, signed_at=AT
        )
        db.session.add(snapshot)
        db.session.flush()
        row.snapshot_id, row.state = snapshot.id, state


def _term_plan(row, people, state, fact):
    base = {"district_id": row.district_id, "plan_id": row.id, "edition": row.edition}
    if fact == "unfinished":
        row.goals = ""
    if fact != "waiting":
        db.session.add(PlanConsent(**base, school_id=people.school, person_id=people.member, agreed_at=AT))
    if state != "drafting":
        frozen = {"content": {}, "content_hash": "0" * 64, "set_by_id": people.head, "set_at": AT}
        db.session.add(PlanEdition(**base, **frozen))
    row.submitted_on = AT.date() if state in ("submitted", "accepted") else None


def _responsibility_letter(row, people, state, fact):
    row.signed_by_id = people.member if state == "signed" else None


def _problem(row, people, state, fact):
    row.closed_by_id = people.member if state in ("closed", "confirmed") else None
    row.confirmed_on = AT.date() if state == "confirmed" else None


def _assessment_round(row, people, state, fact):
    """One case, which waits to be published, or is over."""
    case = db.session.scalars(db.select(AssessmentCase).filter_by(round_id=row.id)).one()
    case.state = "published" if fact == "done" else "scored"


def _assessment_case(row, people, state, fact):
    row.complaint = "漏算" if state == "complained" else ""


def _school_request(row, people, state, fact):
    row.kind = "report" if state == "reported" else "request"


def _opinion_digest(row, people, state, fact):
    row.submitted_on = None if state == "drafting" else AT.date()
    row.reply, row.replied_by_id = ("已经安排", people.member) if state == "answered" else ("", None)


PREPARE = {
    "opinion_digest": _opinion_digest,
    "school_request": _school_request,
    "problem": _problem,
    "assessment_round": _assessment_round,
    "assessment_case": _assessment_case,
    "term_plan": _term_plan,
    "responsibility_letter": _responsibility_letter,
    "meeting": _meeting,
    "activity": _activity,
    "school_pairing": _school_pairing,
    "mentoring_pair": _mentoring_pair,
    "posting": _posting,
    "handover": _handover,
    "visiting_lesson": _visiting_lesson,
    "visiting_session": _visiting_session,
    "visiting_month": _visiting_month,
    "subsidy_list": _subsidy_list,
    "subsidy_item": _subsidy_item,
    "secondment": _secondment,
    "secondment_leave": _secondment_leave,
    "delivery": _delivery,
    "delivery_signup": _delivery_signup,
    "reflection": _reflection,
    "term_summary": _term_summary,
}

# --- Taking a step as a page does ---

ADDRESS = {
    "meeting": "/plans/meetings/{}/step",
    "meeting_task": "/plans/tasks/{}/step",
    "term_plan": "/plans/term/{}/step",
    "plan_item": "/plans/items/{}/step",
    "responsibility_letter": "/clusters/letters/{}/step",
    "inspection": "/supervision/inspections/{}/step",
    "problem": "/supervision/problems/{}/step",
    "school_request": "/instructions/{}/step",
    "opinion": "/opinions/{}/step",
    "opinion_digest": "/opinions/digests/{}/step",
    "assessment_round": "/supervision/rounds/{}/step",
    "assessment_case": "/supervision/cases/{}/step",
    "activity": "/plans/activities/{}/step",
    "school_pairing": "/pairing/schools/{}/step",
    "mentoring_pair": "/pairing/mentoring/{}/step",
    "handover": "/exchange/handovers/{}/step",
    "posting": "/exchange/postings/{}/step",
    "secondment": "/exchange/secondments/{}/step",
    "secondment_leave": "/exchange/secondments/leaves/{}/step",
    "visiting_lesson": "/visiting/lessons/{}/step",
    "visiting_session": "/visiting/sessions/{}/settle",
    "session_dispute": "/visiting/disputes/{}/step",
    "visiting_month": "/visiting/months/{}/step",
    "subsidy_list": "/visiting/subsidies/{}/step",
    "subsidy_item": "/visiting/subsidy-items/{}/step",
    "absence": "/visiting/absences/{}/step",
    "substitute_ask": "/visiting/asks/{}/step",
    "delivery": "/visiting/deliveries/{}/step",
    "delivery_signup": "/visiting/signups/{}/step",
    "teaching_offer": "/visiting/offers/{}/step",
    "plan_proposal": "/visiting/proposals/{}/step",
    "reflection": "/reflections/{}/step",
    "typical_case": "/reflections/cases/{}/step",
    "term_summary": "/summaries/{}/step",
}


def ways_of(name: str, step, key, version: int, people) -> list[tuple[str, dict]]:
    """Every request that may stand for the step: the one that its page sends, and others that must not pass.

    The first is the page's own.
    """
    plain = {"action": step.key, "note": "写明理由", "version": version}
    if name == "visiting_session":
        outcome = "planned" if step.key == "correct" else step.key
        settle = {
            "outcome": outcome,
            "note": "写明理由",
            "version": version,
            "substitute": people.substitute_name,
        }
        ways = [(ADDRESS[name].format(key), settle)]
        if step.key == "correct":
            ways.append((ADDRESS[name].format(key), {**settle, "outcome": "correct"}))
        return ways
    sent = [(ADDRESS[name].format(key), plain)]
    if name == "meeting" and not step.offered:
        form = {"minutes": "议定四件事" if step.key == "minute" else "", "version": version}
        sent.insert(0, (f"/plans/meetings/{key}/minutes", form))
    if name == "assessment_case" and step.key == "score":
        sent.insert(0, (f"/supervision/cases/{key}/score", {"points_0": "8", "version": version}))
    if name == "delivery" and step.key == "confirm":
        one = people.signup.hex
        form = {"held_on": "2025-11-13", "audience_count": "30", "people": one, f"came_{one}": "1"}
        form |= {f"hours_{one}": "1.5", "version": version}
        sent.insert(0, (f"/visiting/deliveries/{key}/confirm", form))
    return sent


_walked: dict = {}


@pytest.fixture
def walked(engine, populated, world, as_):
    """Both clusters filled, everybody logged in, and the database as it is then: made once an engine."""
    if engine not in _walked:
        _walked[engine] = _begin(populated, world, as_)
        _walked[engine].start = SavedDatabase(engine)
    return _walked[engine]


def _begin(rows, world, as_) -> SimpleNamespace:
    """The keys of things and people, and a client for everybody."""
    keys = {"east": keys_of(rows.east), "equal": keys_of(rows.equal)}
    people = {
        "east": SimpleNamespace(
            head=world.lead.id,
            member=world.principal.id,
            school=world.gongchen.id,
            substitute=world.mentee.id,
            substitute_name="江念一",
            signup=keys["east"].signup,
        ),
        "equal": SimpleNamespace(
            head=world.equal_lead.id,
            member=world.equal_member.id,
            school=world.huoban.id,
            substitute=make.person(world.east, "白若溪", world.huoban).id,
            substitute_name="白若溪",
            signup=keys["equal"].signup,
        ),
    }
    db.session.commit()
    clients = {role: as_(role) for role in ACCOUNTS}
    for client in clients.values():
        client.checks_pages = False
    return SimpleNamespace(keys=keys, people=people, clients=clients)


@pytest.mark.promise(8)
@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("side", ["east", "equal"])
@pytest.mark.parametrize("name", sorted(STATES))
def test_only_an_agreed_step_from_its_state_changes_anything(walked, engine, name, side):
    keys, people = walked.keys[side], walked.people[side]
    table, wrong, taken = agreed_table(name, side), [], set()
    for variant in states_of(name, side):
        walked.start.restore()
        bring(name, keys, people, variant)
        saved, key, version = SavedDatabase(engine), row_of(name, keys).id, row_of(name, keys).version
        for step in workflow.STEPS[name]:
            target, who = table.get((step.key, variant), (None, set()))
            for number, (address, data) in enumerate(ways_of(name, step, key, version, people)):
                for role in asked_of(table, side, step.key, variant):
                    status = walked.clients[role].post(address, data=data).status_code
                    allowed = number == 0 and role in who
                    case = (variant, step.key, role, address, status)
                    if changed := saved.is_changed():
                        taken.add((step.key, variant))
                        if (found := outcome_of(name, keys, step.key)) != (target, True):
                            wrong.append((*case, found))
                        saved.restore()
                    if changed != allowed or status >= 500 or (role.startswith("west") and status != 404):
                        wrong.append(case)
    assert wrong == []
    assert taken == set(table)


def asked_of(table: dict, side: str, step: str, variant: str) -> list[str]:
    """Who tries: everybody where somebody may; elsewhere those whom only the state keeps from it, and outsiders."""
    if (step, variant) in table:
        return list(PEOPLE[side])
    may_elsewhere = {role for (key, _), (_, who) in table.items() if key == step for role in who}
    return [role for role in PEOPLE[side] if role in may_elsewhere or role in OUTSIDERS]


def outcome_of(name: str, keys, step: str) -> tuple[str, bool]:
    """The state of the object now, and whether the history has a line of the step.

    Putting right what was registered is one line, which tells old and new: see ``correct``.
    """
    db.session.rollback()
    row = row_of(name, keys)
    actions = [f"{name}.{step}"] + (["visiting_session.correct"] if name == "visiting_session" else [])
    lines = db.select(db.func.count()).select_from(AuditEntry).where(AuditEntry.action.in_(actions))
    told = db.session.scalar(lines)
    state = row.state
    db.session.rollback()
    return state, bool(told)


@pytest.mark.promise(8)
def test_the_agreed_table_names_every_workflow_step_and_state():
    walked = {name: workflow.STEPS[name] for name in STATES}
    # A step that is no button may be missing here: then the walk shows that nothing takes it by its name.
    assert {name: {step.key for step in steps if step.offered} for name, steps in walked.items()} == {
        name: {key for key in keys if workflow.find_step(name, key).offered}
        for name, keys in steps_in_table().items()
    }
    for _, source in page_sources():
        taken = set(re.findall(r'(?:read_step\(|STEPS\[|STEP\[)"(\w+)"', source))
        assert taken <= set(STATES)
    for name, steps in walked.items():
        named = {variant.split(",")[0] for variant in STATES[name].split()}
        assert named >= {state for step in steps for state in (*step.sources, step.target)}, name
        states = MODELS[name].__table__.constraints
        known = next(str(c.sqltext) for c in states if str(c.name).endswith("state_known"))
        assert {f"'{state}'" for state in named} == set(known.split("(")[1].rstrip(")").split(", ")), name
