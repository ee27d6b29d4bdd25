"""Entries of the small ledgers: written, changed, removed and put back."""

from portal.actions import audit
from portal.actions.errors import Conflict, NotAllowed, Refused
from portal.actions.steps import expect_version
from portal.domain import ledgers as rules
from portal.domain.access import can
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Cluster, LedgerEntry, Term
from portal.queries import clusters, terms

#: What is stored under another name than in the form.
STORED = {"amount": "cents"}
EMPTY = {"place", "composition", "approver", "voucher", "recipient", "issuer"}


def write(actor, cluster: Cluster, kind: str, values: dict, *, today) -> LedgerEntry:
    """Write an entry. Refused with the field named when a fact is missing, or the day or school does not fit."""
    entry = LedgerEntry(
        district_id=cluster.district_id, cluster_id=cluster.id, kind=kind, created_by_id=actor.person_id
    )
    facts = _checked(cluster, kind, values, today)
    for name, value in facts.items():
        setattr(entry, name, value)
    if not can(actor, "ledger.edit", entry):
        raise Refused(N_("请选择您管理的学校"), field="school")
    db.session.add(entry)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "ledger_entry.create", entry, {"title": (None, entry.title)})
    return entry


def edit(actor, entry: LedgerEntry, values: dict, *, expected, today) -> None:
    """Change an entry; its kind and cluster stay."""
    _refuse_removed(entry)
    expect_version(entry, expected)
    changes = audit.changes_of(entry, _checked(entry.cluster, entry.kind, values, today))
    if not can(actor, "ledger.edit", entry):
        raise Refused(N_("请选择您管理的学校"), field="school")
    if changes:
        audit.record(actor, "ledger_entry.edit", entry, _told(entry, changes))


def remove(actor, entry: LedgerEntry, *, expected, now) -> None:
    """Take an entry out of its ledger; it can be put back."""
    _refuse_removed(entry)
    expect_version(entry, expected)
    entry.removed_at = now
    audit.record(actor, "ledger_entry.remove", entry, {"title": (entry.title, None)})


def restore(actor, entry: LedgerEntry) -> None:
    """Put a removed entry back."""
    if not can(actor, "ledger.edit", entry):
        raise NotAllowed("ledger.edit")
    if entry.removed_at is None:
        raise Conflict(entry)
    entry.removed_at = None
    audit.record(actor, "ledger_entry.restore", entry, {"title": (None, entry.title)})


def _checked(cluster: Cluster, kind: str, values: dict, today) -> dict:
    """The columns of an entry; a fact of another kind is empty."""
    for name in rules.missing(kind, values):
        raise Refused(N_("请填写这一项"), field=name)
    day = values["held_on"]
    if day > today and kind != "fund":
        raise Refused(N_("台账记已经发生的事，日期不能在今天以后"), field="held_on")
    term = _term(cluster.district_id, day)
    if kind == "training":
        if values["last_day"] and values["last_day"] < day:
            raise Refused(N_("结束日期不能早于开始日期"), field="last_day")
        if values["person_times"] < values["persons"]:
            raise Refused(N_("人次不会少于人数：一个人参加两次是两人次"), field="person_times")
    members = {school.id for school in clusters.members_during(cluster, term.first_day, term.last_day)}
    if values["school_id"] is not None and values["school_id"] not in members:
        raise Refused(N_("这所学校这个学期不在片区里"), field="school")
    facts = {name: values[name] for name in ("title", "held_on", "note", "school_id")}
    for name in rules.EVERY_FIELD:
        value = values.get(name) if name in rules.FIELDS[kind] else None
        facts[STORED.get(name, name)] = (value or "") if name in EMPTY else value
    return facts | {"term_id": term.id}


def _term(district_id, day) -> Term:
    term = terms.term_of_day(district_id, day)
    if term is None:
        raise Refused(N_("还没有学期，请先由区教育局设置校历"), field="held_on")
    return term


def _told(entry: LedgerEntry, changes: dict) -> dict:
    """What a history tells: names instead of keys, yuan instead of cents."""
    told = {name: pair for name, pair in changes.items() if name not in ("school_id", "term_id", "cents")}
    if "cents" in changes:
        told["amount"] = tuple(None if each is None else each / 100 for each in changes["cents"])
    if "school_id" in changes:
        told["school"] = (None, entry.school.name if entry.school else None)
    return told


def _refuse_removed(entry: LedgerEntry) -> None:
    if entry.removed_at is not None:
        raise Refused(N_("这一条已移除，要先恢复"))
