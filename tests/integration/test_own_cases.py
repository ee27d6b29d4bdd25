"""Nobody approves, decides or confirms the own case (promise 9).

Each deciding permission has its cases: somebody who may decide for others by office, and whose own case it is.
That person is refused and nothing changes; the same step by somebody else is taken. One case is none by
agreement: in a directing or convenor cluster the lead confirms the minutes of meetings that he called (W6).
"""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from portal.domain import workflow
from portal.domain.access import PERMISSIONS
from portal.extensions import db
from portal.models import AuditEntry, SecondmentExpert, SummaryConsent, SummarySection, SummarySnapshot
from tests import factories as make
from tests.support.deliveries import new_signup
from tests.support.sources import page_sources

AT = datetime(2025, 11, 18, 2, tzinfo=UTC)
# What people do with records that are not somebody's case. Every other permission decides, and has cases below.
ORDINARY = set(
    "accounts comment create define describe edit import into_cluster into_district into_school list open people"
    " read_records record report reveal view".split()
)
# Deciding words that decide nothing about a person or a school, with the reason.
NO_CASE = {
    "mentoring.wish": "says with whom one would like to be paired; who arranges reads it",
    "mentoring.match": "opens the suggestion; each pair is accepted by both",
    "mentoring.coverage": "opens a list of who has no pair",
    "mentoring.review": "both say what they think; nothing is decided",
    "mentoring.renew": "asks; both agree for themselves",
    "mentoring.say_fit": "says whether the own pairing suits",
    "mentoring.rematch": "the way leads through fit.answer, which is never for one of the two",
    "fit.answer": "never one of the two: test_a_lead_who_is_the_other_side_does_not_read_the_word",
    "mentoring_renewal.agree": "the two agree each for themselves",
    "mentoring_renewal.withdraw": "either of the two may say no to what both have to agree to",
    "template.suggest": "says what should be different in a form",
    "pairing.survey": "writes down needs and numbers; nothing is decided",
    "pairing.review": "each school says what it thinks of the year",
    "pairing.renew": "asks; both principals agree and the bureau approves",
    "pairing.close_cycle": "writes a summary beside the counts",
    "pairing.overview": "opens the overview of what was given",
    "pairing_renewal.agree": "each principal agrees for the own school",
    "pairing_renewal.withdraw": "either school may say no to what both have to agree to",
    "posting.hand_over": "opens a sheet; each of the two signs for oneself",
    "handover.sign": "one signs for oneself, the other for the other side",
    "secondment.own": "opens the page of one's own secondment",
    "secondment.opinion": "shows what the own school wrote to those who choose",
    "secondment.rank": "shows the place among the candidates",
    "secondment.recommend": "test_secondments.py::test_nobody_decides_the_own_case: the action refuses the own person",
    "secondment.withdraw": "one may step back oneself",
    "secondment.write": "what the secondee writes",
    "secondment.task": "says what is owed; the office and the host evaluate",
    "study_leave.reason": "shows a text to the secondee and to who decides",
    "absence.kind": "says why somebody is away; nothing is decided",
    "absence.reason": "shows a text to its writer and the own principal",
    "absence.arrange": "asks and moves; who is asked answers, the receiving school confirms what was given",
    "cover.arrange": "the same for one lesson",
    "ask.answer": "one answers for oneself",
    "ask.take_back": "an ask of one's school",
    "group.plan": "a group writes its own part; the lead sets the whole plan",
    "cluster.overview": "opens the counts of a cluster",
    "cluster.turn": "opens what is left of a term",
    "cluster.turn_take": "each line asks the permission of its own kind; nobody ends a pair without its step",
    "cluster.compare": "opens the counts of all clusters",
    "school.opine": "puts an opinion into the box; nothing is decided",
    "school.collect": "collects what others wrote; the principal answers",
    "opinion.take": "sorts what lies in the box, one's own too; nothing is decided",
    "opinion.withdraw": "the author alone takes back what the author wrote",
    "opinion_digest.answer": "test_opinions.py::test_nobody_answers_the_own_collection",
    "school.request": "writes a request; the levels answer it",
    "school_request.endorse": "passes on with an opinion; the next level answers",
    "school_request.relay": "the same for the cluster",
    "school_request.settle_school": "test_school_requests.py::test_nobody_answers_the_own_request",
    "school_request.settle_cluster": "test_school_requests.py::test_nobody_answers_the_own_request",
    "school_request.answer": "test_school_requests.py::test_nobody_answers_the_own_request",
    "problem.for_all": "lets a line be entered for the cluster as a whole",
    "problem.for_members": "lets a line be entered for a member school",
    "problem.mend": "says what was done; somebody else confirms it",
    "assessment_round.for_people": "begins a round; each score asks assessment_case.score",
    "assessment_round.for_groups": "the same for groups",
    "assessment_round.for_schools": "the same for schools",
    "assessment_round.for_clusters": "the same for clusters",
    "assessment_case.write": "says what one thinks of the own work; somebody else gives the score",
    "circular.issue": "gives out the counts of all clusters; the bureau that issues is none of them",
    "session.move": "says when a lesson is given; both sides are told, the receiving school confirms what was given",
    "document_template.use": "blank papers: they hold nothing of anybody",
    "search.use": "opens the search; each find is read by its own permission",
    "ledger.for_all": "lets a line be written for the cluster as a whole",
    "ledger.for_members": "lets a line be written for a member school",
    "cluster.duties": "the duty table says whose turn it is",
    "term_plan.set": "whoever leads sets what the cluster wrote; equal partners agree first, the bureau receives it",
    "district.manage": "the district's own names and calendar",
    "feed.end": "a calendar address is its holder's",
    "school.feed": "lets those who manage a school read its lessons elsewhere",
    "session.dispute": "says what was wrong; the other school answers",
    "reflection.note": "a mentor's own words about a log; they decide nothing",
    "reflection.propose": "the writer decides; test_typical_cases shows that nobody proposes the own log",
    "case.answer": "one answers for oneself whether one's log is shown",
    "case.take_back": "takes back what the cluster itself proposed; nobody's own log: not_concerned",
    "mentoring.end": "either of the two may end what both began",
    "summary.sign": "whoever leads signs what the cluster wrote; the bureau receives it",
    "session.attend": "the code of the school speaks for the lesson; the school may correct it",
    "school.code": "shows a code to those who manage the school",
    "month.record_own": "the action refuses it for oneself: test_nobody_states_the_own_periods_at_home",
    "month.begin": "opens the month; the step asks month.check",
    "visiting.confirm": "opens the list; each row asks session.confirm",
    "delivery.join": "one signs up oneself, or a volunteer without an account; the school accepts",
    "delivery.hold": "says that the day has been; the receiving school confirms who came and for how long",
    "signup.answer": "one answers for oneself",
    "signup.certify": "prints what the receiving school confirmed",
    "offer.invite": "asks; who is asked answers",
    "limit.half_days": "a teacher says on which half-days she can be sent",
    "cluster.proposals": "opens the list; a proposal asks proposal.create, each of its lessons lesson.edit",
    "school.demands": "opens the list of what classes need",
}
# An ordinary word that ends somebody's posting.
DECIDES_TOO = {"posting.edit"}


class Case:
    """Who is refused, with which requests, and who takes the same step instead."""

    def __init__(self, row, refused, taken, refusals=(403,)):
        self.row, self.refused, self.taken, self.refusals = row, refused, taken, refusals


def _step(action, **more):
    return {"action": action, "note": "写明理由", **more}


def _minutes_of_an_equal_partner(w, rows, step):
    meeting = rows.equal["meeting"]
    meeting.created_by_id = w.equal_lead.id
    if step == "reopen":
        meeting.state, meeting.confirmed_by_id = "confirmed", w.equal_member.id
    address = f"/plans/meetings/{meeting.id}/step"
    return Case(meeting, [("equal_lead", address, _step(step))], ("equal_member", address, _step(step)))


def _pair_of_the_own_school(w, rows, step):
    """Somebody of the bureau who is in the office of the donor school as well."""
    pairing = rows.east["pairing"]
    pairing.state = "agreed"
    make.role(w.bureau, "office", school_id=w.linfeng.id)
    other = make.person(w.east, "沈明远")
    make.role(other, "bureau", office="basic_education")
    make.account(other, "second_bureau")
    address = f"/pairing/schools/{pairing.id}/step"
    return Case(pairing, [("bureau", address, _step(step))], ("second_bureau", address, _step(step)))


def _renewal_of_the_own_school(w, rows, step):
    """Somebody of the bureau who is in the office of the donor school as well."""
    asked = rows.east["pairing_renewal"]
    asked.donor_agreed_by_id, asked.beneficiary_agreed_by_id = w.lead.id, w.principal.id
    make.role(w.bureau, "office", school_id=w.linfeng.id)
    other = make.person(w.east, "沈明远")
    make.role(other, "bureau", office="basic_education")
    make.account(other, "second_bureau")
    address = f"/pairing/school-renewals/{asked.id}/{step}"
    return Case(asked, [("bureau", address, {})], ("second_bureau", address, {}))


def _agreement_of_the_other_school(w, rows, step):
    """Whoever proposed the pair for one school does not agree for the other; an office never agrees."""
    pairing = rows.east["pairing"]
    pairing.state, pairing.donor_agreed_by_id, pairing.beneficiary_agreed_by_id = "proposed", None, None
    mine, other = ("principal", "lead") if step == "agree_donor" else ("lead", "principal")
    pairing.created_by_id = getattr(w, mine).id
    address = f"/pairing/schools/{pairing.id}/step"
    refused = [
        (mine, address, _step(step)),
        ("office", address, _step(step)),
        ("bureau", address, _step(step)),
    ]
    return Case(pairing, refused, (other, address, _step(step)))


def _acceptance_of_the_other_side(w, rows, step):
    """The two of a pair accept each for themselves; whoever brought them together accepts for neither."""
    pair = rows.east["pair"]
    pair.state, pair.mentor_accepted, pair.mentee_accepted = "proposed", False, False
    mine, other = ("mentee", "mentor") if step == "accept_mentor" else ("mentor", "mentee")
    address = f"/pairing/mentoring/{pair.id}/step"
    return Case(
        pair, [(mine, address, _step(step)), ("lead", address, _step(step))], (other, address, _step(step))
    )


def _own_posting(w, rows, step):
    """The principal of the receiving school is the one who is sent; so is somebody of 人事科."""
    posting = rows.east["posting"]
    posting.person_id = w.principal.id
    if step in ("complete", "end_early"):
        posting.state, posting.arrived_on = "active", date(2025, 9, 1)
    if step == "complete":
        posting.ends_on = date(2025, 11, 14)
    address = f"/exchange/postings/{posting.id}/step"
    other = (
        "lead" if step == "cancel" else "office"
    )  # the school that sends cancels, the one that receives confirms
    return Case(posting, [("principal", address, _step(step))], (other, address, _step(step)))


def _own_posting_of_personnel(w, rows, step):
    posting = rows.east["posting"]
    posting.person_id = w.personnel.id
    address = f"/exchange/postings/{posting.id}/step"
    return Case(posting, [("personnel", address, _step(step))], ("lead", address, _step(step)))


def _own_result(w, rows, step):
    """The principal of the receiving school is the one who was sent: 人事科 judges, but not its own posting."""
    posting = rows.east["posting"]
    mine, other = ("principal", "personnel") if step == "of_a_principal" else ("personnel", "principal")
    posting.person_id, posting.state, posting.arrived_on = (
        getattr(w, mine).id,
        "completed",
        date(2025, 9, 1),
    )
    row = rows.east["posting_result"]
    data = {"reached": "met", "judgement": "都做到了", "version": row.version}
    address = f"/exchange/postings/{posting.id}/judge"
    return Case(row, [(mine, address, data)], (other, address, data))


def _settle(session, outcome, name="何思源"):
    return {"outcome": outcome, "note": "写明理由", "substitute": name, "version": session.version}


def _own_lesson(w, rows, step):
    """The principal of the receiving school gives the lesson, or stood in for its teacher."""
    session = rows.east["session"]
    if step == "planned":
        session.state, session.substitute_id = "substituted", w.principal.id
    else:
        session.person_id = rows.east["lesson"].person_id = w.principal.id
    db.session.flush()
    address = f"/visiting/sessions/{session.id}/settle"
    refused = [("principal", address, _settle(session, step))]
    if step == "given_in_the_list":
        refused = [("principal", "/visiting/confirm?day=2025-11-18", {f"outcome-{session.id}": "give"})]
        return Case(session, refused, ("office", refused[0][1], refused[0][2]), refusals=(422,))
    return Case(session, refused, ("office", address, _settle(session, step)))


def _own_standing_in(w, rows, step):
    """Whoever confirms a lesson does not name himself as the one who stood in."""
    session = rows.east["session"]
    address = f"/visiting/sessions/{session.id}/settle"
    own = _settle(session, step, "吴静姝")
    return Case(session, [("principal", address, own)], ("office", address, own), refusals=(422,))


def _own_summary(w, rows, step):
    """Somebody of the bureau who is in the office of the lead school as well."""
    summary = rows.east["summary"]
    _signed(w, summary)
    summary.state = "submitted"
    make.role(w.bureau, "office", school_id=w.linfeng.id)
    other = make.person(w.east, "沈明远")
    make.role(other, "bureau", office="basic_education")
    make.account(other, "second_bureau")
    address = f"/summaries/{summary.id}/step"
    return Case(summary, [("bureau", address, _step(step))], ("second_bureau", address, _step(step)))


def _own_plan(w, rows, step):
    """Somebody of the bureau who is in the office of the lead school as well."""
    plan = rows.east["term_plan"]
    plan.state, plan.submitted_on = "submitted", AT.date()
    make.role(w.bureau, "office", school_id=w.linfeng.id)
    other = make.person(w.east, "沈明远")
    make.role(other, "bureau", office="basic_education")
    make.account(other, "second_bureau")
    address = f"/plans/term/{plan.id}/step"
    return Case(plan, [("bureau", address, _step(step))], ("second_bureau", address, _step(step)))


def _plan_of_another_school(w, rows, step):
    """Among equal partners the lead neither agrees for a member nor sets the plan before the member has agreed."""
    plan = rows.equal["term_plan"]
    agree, setting = f"/plans/term/{plan.id}/agree", f"/plans/term/{plan.id}/step"
    refused = [("equal_lead", agree, {}), ("equal_lead", setting, _step("set"))]
    return Case(plan, refused, ("equal_member", agree, {}), refusals=(409,))


def _letter_of_another(w, rows, step):
    """Whoever sets the targets does not sign them; nor does the office for its principal."""
    letter = rows.east["letter"]
    address = f"/clusters/letters/{letter.id}/step"
    refused = [(name, address, _step(step)) for name in ("lead", "bureau", "office")]
    return Case(letter, refused, ("principal", address, _step(step)))


def _problem_that_one_mended(w, rows, step):
    """Somebody of the bureau answers for it: another one says that it is mended."""
    problem = rows.east["problem"]
    problem.owner_id, problem.state = w.bureau.id, "confirmed" if step == "reopen" else "closed"
    problem.confirmed_on = AT.date() if step == "reopen" else None
    address = f"/supervision/problems/{problem.id}/step"
    return Case(problem, [("bureau", address, _step(step))], ("lead", address, _step(step)))


def _problem_of_the_own_school(w, rows, step):
    """The lead mends what is the lead school's; the bureau confirms it. The own principal never does."""
    problem = rows.east["problem"]
    problem.school_id, problem.state = w.linfeng.id, "confirmed" if step == "reopen" else "closed"
    problem.confirmed_on = AT.date() if step == "reopen" else None
    address = f"/supervision/problems/{problem.id}/step"
    return Case(problem, [("lead", address, _step(step))], ("bureau", address, _step(step)))


def _own_assessment(w, rows, step):
    """The lead school among the members that its principal assesses."""
    case = rows.east["assessment_case"]
    case.school_id, case.subject_id, case.state = w.linfeng.id, w.linfeng.id, "submitted"
    address, data = f"/supervision/cases/{case.id}/step", _step(step)
    if step == "score":
        address, data = f"/supervision/cases/{case.id}/score", {"points_0": "8"}
    return Case(case, [("lead", address, data)], ("bureau", address, data))


def _score_that_one_gave(w, rows, step):
    """Who gave the score does not answer the complaint about it."""
    case = rows.east["assessment_case"]
    case.state, case.complaint, case.scored_by_id = "complained", "漏算", w.bureau.id
    other = make.person(w.east, "沈明远")
    make.role(other, "bureau", office="basic_education")
    make.account(other, "second_bureau")
    address = f"/supervision/cases/{case.id}/step"
    return Case(case, [("bureau", address, _step(step))], ("second_bureau", address, _step(step)))


def _signed(w, summary):
    snapshot = SummarySnapshot(
        district_id=summary.district_id,
        summary_id=summary.id,
        edition=1,
        content={},
        content_hash="0" * 64,
        signed_by_id=w.lead.id,
        signed_at=AT,
    )
    db.session.add(snapshot)
    db.session.flush()
    summary.snapshot_id = snapshot.id


def _consent_of_another_school(w, rows, step):
    """Among equal partners the lead neither agrees for a member nor signs before the member has agreed."""
    summary = rows.equal["summary"]
    for section in db.session.scalars(db.select(SummarySection).filter_by(summary_id=summary.id)):
        section.is_done = True
    agree, sign = f"/summaries/{summary.id}/agree", f"/summaries/{summary.id}/step"
    refused = [("equal_lead", agree, {}), ("equal_lead", sign, _step("sign"))]
    return Case(summary, refused, ("equal_member", agree, {}), refusals=(422, 409))


def _own_role(w, rows, step):
    """A principal names the office of the own school, but not himself; the bureau neither."""
    refused, roles = [], {}
    for name in ("bureau", "principal"):
        person = getattr(w, name)
        data = {"role": "office", "school": str(w.gongchen.id), "since": "2025-11-19"}
        refused.append((name, f"/admin/people/{person.id}/roles/new", data))
        roles[name] = person.roles[0]
    if step == "end":
        make.role(w.principal, "office", school_id=w.gongchen.id)
        db.session.refresh(w.principal)
        ending = {"last_day": "2025-11-19"}
        refused = [
            (name, f"/admin/roles/{role.id}/end", ending)
            for name in ("bureau", "principal")
            for role in getattr(w, name).roles
        ]
        taken = ("bureau", f"/admin/roles/{w.office.roles[0].id}/end", ending)
        return Case(w.office.roles[0], refused, taken)
    taken = ("principal", f"/admin/people/{w.mentee.id}/roles/new", refused[1][2])
    return Case(w.mentee, refused, taken)


def _own_account(w, rows, step):
    """Whoever gives, closes and opens accounts does not do so with the own one."""
    from portal.queries import people

    refused = []
    for name in ("bureau", "principal", "office"):
        account = people.account_by_username(name)
        refused.append((name, f"/admin/accounts/{account.id}/{step}", {"reason": "写明理由"}))
    other = people.account_by_username("mentee")
    return Case(other, refused, ("office", f"/admin/accounts/{other.id}/{step}", {"reason": "写明理由"}))


def _own_first_account(w, rows, step):
    refused = [
        (name, f"/admin/people/{getattr(w, name).id}/account", {})
        for name in ("bureau", "principal", "office")
    ]
    newcomer = make.person(w.east, "白若溪", w.gongchen)
    return Case(newcomer, refused, ("office", f"/admin/people/{newcomer.id}/account", {}))


def _own_move(w, rows, step):
    """Nobody moves or takes leave by the own hand."""
    moving = {"school": str(w.nanjiao.id), "since": "2025-11-19", "last_day": "2025-11-19", "reason": "调离"}
    people = [w.lead, w.principal, w.office]
    names = ["lead", "principal", "office"]
    refused = [
        (name, f"/admin/people/{person.id}/{step}", moving)
        for name, person in zip(names, people, strict=True)
    ]
    return Case(w.mentee, refused, ("lead", f"/admin/people/{w.mentee.id}/{step}", moving))


def _own_dispute(w, rows, step):
    """The principal of the receiving school is the teacher of the lesson."""
    dispute = rows.east["dispute"]
    dispute.person_id = w.principal.id
    address = f"/visiting/disputes/{dispute.id}/step"
    return Case(dispute, [("principal", address, _step(step))], ("office", address, _step(step)))


def _dispute_of_the_other_side(w, rows, step):
    """Whoever keeps the record for the receiving school does not agree to it for the other side."""
    dispute = rows.east["dispute"]
    dispute.state = "kept"
    address = f"/visiting/disputes/{dispute.id}/step"
    refused = [("principal", address, _step(step)), ("office", address, _step(step))]
    return Case(dispute, refused, ("teacher", address, _step(step)))


def _month_of_the_other_school(w, rows, step):
    """The sending school does not check for the receiving one."""
    month = rows.east["month"]
    if step == "take_back":
        month.state, month.checked_by_id = "checked", w.principal.id
    address = f"/visiting/months/{month.id}/step"
    refused = [("lead", address, _step(step)), ("bureau", address, _step(step))]
    return Case(month, refused, ("principal", address, _step(step)))


def _month_that_one_checked(w, rows, step):
    """Somebody of both schools checked it for the one and does not close it for the other."""
    month = rows.east["month"]
    make.role(w.office, "office", school_id=w.linfeng.id)
    month.state, month.checked_by_id = "checked", w.office.id
    address = f"/visiting/months/{month.id}/step"
    return Case(month, [("office", address, _step(step))], ("lead", address, _step(step)))


def _own_list(w, rows, step):
    """Whoever stands on the list neither checks nor takes it back."""
    sheet, item = rows.east["subsidy"], rows.east["subsidy_item"]
    item.person_id, item.proposed_by_id = w.lead.id, w.bureau.id
    other = make.person(w.east, "沈明远", w.linfeng)
    make.role(other, "office", school_id=w.linfeng.id)
    make.account(other, "second_office")
    if step == "check":
        sheet.state = "drafting"
    address = f"/visiting/subsidies/{sheet.id}/step"
    return Case(sheet, [("lead", address, _step(step))], ("second_office", address, _step(step)))


def _list_of_the_own_school(w, rows, step):
    """Somebody of the bureau who is in the office of the school as well."""
    sheet, item = rows.east["subsidy"], rows.east["subsidy_item"]
    make.role(w.bureau, "office", school_id=w.linfeng.id)
    row, address = sheet, f"/visiting/subsidies/{sheet.id}/step"
    if step in ("approve", "decline"):
        row, address = item, f"/visiting/subsidy-items/{item.id}/step"
    else:
        item.state, item.decided_by_id = "approved", w.personnel.id
    return Case(row, [("bureau", address, _step(step))], ("personnel", address, _step(step)))


def _own_service(w, rows, step):
    """The principal of the receiving school is one of those who served there."""
    delivery, signup = rows.east["delivery"], rows.east["signup"]
    signup.person_id, signup.state, signup.place = w.principal.id, "taken", 1
    delivery.starts_on = delivery.held_on = date(2025, 11, 13)
    delivery.state = "held"
    address, one = f"/visiting/deliveries/{delivery.id}", signup.id.hex
    form = {"held_on": "2025-11-13", "people": one, f"came_{one}": "1", f"hours_{one}": "2"}
    if step == "correct":
        delivery.state, delivery.confirmed_by_id = "confirmed", w.office.id
        form = _step(step)
    address += "/confirm" if step == "confirm" else "/step"
    return Case(delivery, [("principal", address, form)], ("office", address, form))


def _own_signup(w, rows, step):
    """The principal who decides about those who sign up is one of them; so is somebody of the bureau."""
    mine = rows.east["signup"]
    mine.person_id = w.principal.id
    theirs = new_signup(rows.east["delivery"], w.bureau, state="waiting")
    db.session.add(theirs)
    if step == "release":
        for place, row in enumerate((mine, theirs), 1):
            row.state, row.place = "taken", place
    db.session.flush()
    refused = [
        (name, f"/visiting/signups/{row.id}/step", _step(step))
        for name, row in (("principal", mine), ("bureau", theirs))
    ]
    return Case(mine, refused, ("office", refused[0][1], _step(step)))


def _own_secondment(w, rows, step):
    """Somebody of the bureau is recommended; the head of the host is the one who comes."""
    case = rows.east["secondment"]
    address = f"/exchange/secondments/{case.id}"
    state, suffix, form, mine, other = SECONDED[step]
    case.person_id = getattr(w, mine).id
    case.state, case.posting_id = state, None
    if state not in ("active", "finished", "evaluated"):
        case.arrived_on = None
    if state in ("nominated", "screened", "candidate", "assigned") and step != "arrive":
        case.batch_id = case.host_kind = case.host_school_id = None
    if step == "assign":
        form = {**form, "batch": str(rows.east["batch"].id), "host_school": str(w.gongchen.id)}
    if state in ("candidate", "placing"):
        case.starts_on, case.ends_on = date(2026, 8, 1), date(2026, 12, 30)
    if step == "score":
        # An expert of another school; the own case is that of a member of the group.
        db.session.add(
            SecondmentExpert(
                district_id=case.district_id, programme_id=case.programme_id, person_id=w.colleague.id
            )
        )
        rows.east["expert"].person_id = w.personnel.id
    form = form or _step(step)
    return Case(case, [(mine, address + suffix, form)], (other, address + suffix, form))


# step -> state before it, address, form (None: the button's), whose case it is, who takes the step instead
_DATES = {"host_kind": "school", "starts_on": "2026-08-01", "ends_on": "2026-12-30"}
SECONDED = {
    **dict.fromkeys(("screen", "return", "decline"), ("nominated", "/step", None, "personnel", "bureau")),
    "shortlist": ("screened", "/step", None, "personnel", "bureau"),
    "score": ("screened", "/score", {"score": "90"}, "personnel", "colleague"),
    "assign": ("candidate", "/assign", _DATES, "personnel", "bureau"),
    "take_back": ("placing", "/step", None, "personnel", "bureau"),
    "agree": ("placing", "/step", None, "principal", "office"),
    "turn_down": ("placing", "/step", None, "principal", "office"),
    "arrive": ("assigned", "/arrive", {"day": "2025-11-18"}, "principal", "office"),
    "end_early": ("active", "/step", None, "principal", "office"),
    "contact": ("active", "/contacts", {"held_on": "2025-11-18", "way": "phone"}, "personnel", "bureau"),
    "host": ("finished", "/evaluate?way=host", {"text": "很好"}, "principal", "office"),
    "office": ("finished", "/evaluate?way=office", {"text": "很好"}, "personnel", "bureau"),
    "follow_up": ("evaluated", "/follow-up", {"outcome": "used"}, "personnel", "bureau"),
}


def _own_leave(w, rows, step):
    """Somebody of 人事科 is the secondee, at a school outside the district."""
    leave, case = rows.east["study_leave"], rows.east["secondment"]
    case.host_kind, case.host_school_id, case.person_id = "outside", None, w.personnel.id
    other = make.person(w.east, "沈明远")
    make.role(other, "bureau", office="personnel")
    make.account(other, "second_personnel")
    address = f"/exchange/secondments/leaves/{leave.id}/step"
    return Case(leave, [("personnel", address, _step(step))], ("second_personnel", address, _step(step)))


CASES = [
    *[("secondment.screen", _own_secondment, step) for step in ("screen", "return", "decline", "shortlist")],
    *[("secondment.assign", _own_secondment, step) for step in ("assign", "take_back")],
    *[("secondment.receive", _own_secondment, step) for step in ("agree", "turn_down")],
    *[("secondment.attest", _own_secondment, step) for step in ("arrive", "end_early")],
    ("secondment.score", _own_secondment, "score"),
    ("secondment.contact", _own_secondment, "contact"),
    ("secondment.evaluate_host", _own_secondment, "host"),
    ("secondment.evaluate_office", _own_secondment, "office"),
    ("secondment.follow_up", _own_secondment, "follow_up"),
    *[("study_leave.decide", _own_leave, step) for step in ("approve", "refuse")],
    *[("delivery.confirm", _own_service, step) for step in ("confirm", "correct")],
    *[("signup.decide", _own_signup, step) for step in ("accept", "decline", "release")],
    *[("dispute.answer", _own_dispute, step) for step in ("agree", "keep")],
    *[("dispute.settle", _dispute_of_the_other_side, step) for step in ("accept", "insist", "withdraw")],
    *[("month.check", _month_of_the_other_school, step) for step in ("check", "take_back")],
    *[("month.close", _month_that_one_checked, step) for step in ("close", "return")],
    *[("subsidy.check", _own_list, step) for step in ("check", "take_back")],
    *[
        ("subsidy.accept", _list_of_the_own_school, step)
        for step in ("accept", "return", "approve", "decline")
    ],
    *[("meeting.confirm", _minutes_of_an_equal_partner, step) for step in ("confirm", "return", "reopen")],
    *[("pairing.approve", _pair_of_the_own_school, step) for step in ("approve", "return")],
    ("pairing_renewal.approve", _renewal_of_the_own_school, "approve"),
    ("pairing.agree_donor", _agreement_of_the_other_school, "agree_donor"),
    ("pairing.agree_beneficiary", _agreement_of_the_other_school, "agree_beneficiary"),
    ("mentoring.accept_mentor", _acceptance_of_the_other_side, "accept_mentor"),
    ("mentoring.accept_mentee", _acceptance_of_the_other_side, "accept_mentee"),
    *[("posting.receive", _own_posting, step) for step in ("arrive", "complete", "end_early")],
    ("posting.edit", _own_posting, "cancel"),
    *[("posting.judge", _own_result, step) for step in ("of_a_principal", "of_personnel")],
    ("posting.edit", _own_posting_of_personnel, "cancel"),
    *[("session.confirm", _own_lesson, step) for step in ("give", "miss", "substitute", "cancel", "planned")],
    ("session.confirm", _own_lesson, "given_in_the_list"),
    ("session.confirm", _own_standing_in, "substitute"),
    *[("summary.accept", _own_summary, step) for step in ("accept", "return")],
    ("summary.agree", _consent_of_another_school, "agree"),
    *[("term_plan.accept", _own_plan, step) for step in ("accept", "return")],
    ("term_plan.agree", _plan_of_another_school, "agree"),
    ("letter.sign", _letter_of_another, "sign"),
    *[("problem.confirm", _problem_that_one_mended, step) for step in ("confirm", "return", "reopen")],
    *[("problem.confirm", _problem_of_the_own_school, step) for step in ("confirm", "return", "reopen")],
    *[("assessment_case.score", _own_assessment, step) for step in ("return", "score")],
    *[("assessment_case.answer", _score_that_one_gave, step) for step in ("uphold", "reject")],
    ("role.begin", _own_role, "begin"),
    ("role.end", _own_role, "end"),
    *[("account.manage", _own_account, step) for step in ("disable", "enable", "reset")],
    ("account.manage", _own_first_account, "give"),
    *[("person.move", _own_move, step) for step in ("move", "leave")],
]


@pytest.mark.promise(9)
@pytest.mark.parametrize(
    ("permission", "prepare", "step"), CASES, ids=[f"{p}-{f.__name__[1:]}-{s}" for p, f, s in CASES]
)
def test_nobody_decides_on_the_own_case(app, world, populated, as_, permission, prepare, step):
    case = prepare(world, populated, step)
    db.session.commit()
    clients = {name: as_(name) for name, _, _ in (*case.refused, case.taken)}
    before = picture(case.row)
    for name, address, data in case.refused:
        answer = clients[name].post(address, data=data)
        assert answer.status_code in case.refusals, (name, address)
        assert picture(case.row) == before, (name, address)
    name, address, data = case.taken
    answer = clients[name].post(address, data=data)
    assert answer.status_code in (200, 303), answer.get_data(as_text=True)
    assert picture(case.row) != before


def picture(row) -> SimpleNamespace:
    """The row as it stands now, how long the history is, and who has agreed."""
    db.session.rollback()
    db.session.expire_all()
    columns = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    return SimpleNamespace(
        columns=columns,
        lines=db.session.scalar(db.select(db.func.count()).select_from(AuditEntry)),
        consents=db.session.scalar(db.select(db.func.count()).select_from(SummaryConsent)),
    )


@pytest.mark.promise(9)
def test_every_deciding_permission_and_step_has_its_cases():
    sources = "".join(source for _, source in page_sources())
    # A permission counts as soon as a page asks for it, or offers a step that needs it.
    by_button = {step.permission for steps in workflow.STEPS.values() for step in steps if step.offered}
    by_button = {name for name in by_button if f'"{name.split(".")[0]}.' in sources}
    asked_for = {name for name in PERMISSIONS if f'"{name}"' in sources} | by_button
    deciding = {name for name in asked_for if name.split(".")[1] not in ORDINARY} - set(NO_CASE)
    covered = {permission for permission, _, _ in CASES}
    assert covered == deciding | DECIDES_TOO
    asked = {(permission, step) for permission, _, step in CASES}
    for steps in workflow.STEPS.values():
        for step in steps:
            if step.permission in deciding and step.offered:
                # A lesson's correction leads back to what was planned, as its cases here say.
                names = {step.key, "planned"} if step.key == "correct" else {step.key}
                assert {(step.permission, name) for name in names} & asked, (step.permission, step.key)
