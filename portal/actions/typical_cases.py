"""Typical cases (W8, S0-14): proposed by the cluster, shown once the writer agrees, withdrawn until it is printed."""

from portal.actions import audit, notices
from portal.actions.errors import NotAllowed, Refused
from portal.actions.steps import take_step
from portal.domain.access import can
from portal.domain.log_templates import PARTS
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Reflection, TypicalCase
from portal.queries import typical_cases


def propose(actor, log: Reflection, *, title: str, extract: str, reason: str, now) -> TypicalCase:
    """Ask the writer of a log to let it be a typical case, with the very words that would be shown.

    The extract has to be the writer's own words. Refused while the log is already proposed.
    """
    if not can(actor, "reflection.propose", log):
        raise NotAllowed("reflection.propose")
    if log.term_id is None or log.cluster_id is None:
        raise Refused(N_("这一篇不在任何学期里，不能列入学期总结"))
    if typical_cases.open_case_of(log) is not None:
        raise Refused(N_("这一篇已经推荐过了"))
    if not is_own_words(log, extract):
        raise Refused(N_("摘录要是日志里的原话，一字不改；可以分几段"), field="extract")
    case = TypicalCase(
        district_id=log.district_id,
        reflection_id=log.id,
        cluster_id=log.cluster_id,
        term_id=log.term_id,
        person_id=log.person_id,
        title=title,
        extract=extract,
        reason=reason,
        proposed_by_id=actor.person_id,
    )
    db.session.add(case)
    db.session.flush()  # the audit entry and the message need the key
    audit.record(actor, "typical_case.propose", case, {"title": (None, title)})
    _tell(actor, [log.person_id], "case_proposed", case, now)
    return case


def take(actor, case: TypicalCase, action: str, *, note: str, expected, now) -> None:
    """Agree, decline, withdraw the consent, or take the proposal back; the other side is told.

    What a signed summary prints stays until the summary is corrected.
    """
    if action in ("withdraw", "take_back"):
        summary = typical_cases.summary_of(case, lock=True)
        if typical_cases.is_printed(case, summary):
            raise Refused(N_("已签署的学期总结里列了这一篇；总结更正以后才能撤下"))
    take_step(actor, case, action, note=note, expected=expected)
    if action in ("agree", "decline"):
        case.answered_at = now
    kinds = {"agree": "case_agreed", "decline": "case_declined", "withdraw": "case_withdrawn"}
    if action == "take_back":
        _tell(actor, [case.person_id], "case_taken_back", case, now)
    else:
        _tell(actor, [case.proposed_by_id], kinds[action], case, now)


def before_change(actor, log: Reflection, *, now=None) -> None:
    """A log changes, is taken back or shared less: a proposal lapses, a selected one has to be withdrawn first."""
    case = typical_cases.open_case_of(log)
    if case is None:
        return
    if case.state == "selected":
        raise Refused(N_("这一篇已列为典型：要修改或收回，先撤回同意"))
    take_step(actor, case, "lapse")


def is_own_words(log: Reflection, extract: str) -> bool:
    """Whether every line of an extract stands in the log as it is."""
    own = "\n".join(getattr(log, name) for name in PARTS)
    lines = [line.strip() for line in extract.splitlines() if line.strip()]
    return bool(lines) and all(line in own for line in lines)


def _tell(actor, people, kind: str, case: TypicalCase, now) -> None:
    notices.tell(
        people,
        kind,
        district_id=case.district_id,
        link=f"/reflections/cases/{case.id}",
        now=now,
        besides=actor.person_id,
        who=actor.name,
        what=case.title,
    )
