"""Small ledgers of a term: training, publicity, funds, honours, support measures. One light form each.

What each kind asks for is data, so that form, list, workbook and database agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: Kind -> the facts that it has beside title, day, school and note.
#: Training S1-46, S2-14 (counselling is counted only), S4-68; publicity S0-12; funds S1-60, S4-54;
#: honours S0-16, S1-69, S4-54; measures S1-69, S2-15.
FIELDS: dict[str, tuple[str, ...]] = {
    "training": ("category", "last_day", "place", "days", "persons", "person_times", "composition"),
    "publicity": ("category", "audience"),
    "fund": ("flow", "source", "amount", "approver", "voucher"),
    "honour": ("level", "recipient", "issuer"),
    "measure": ("category", "amount"),
}
#: What an entry of the kind cannot do without.
NEEDED: dict[str, tuple[str, ...]] = {
    "training": ("category", "persons", "person_times"),
    "publicity": ("category", "audience"),
    "fund": ("flow", "source", "amount"),
    "honour": ("level", "recipient"),
    "measure": ("category",),
}
CATEGORIES: dict[str, tuple[str, ...]] = {
    "training": ("before_exchange", "teaching", "management", "counselling", "other_training"),
    "publicity": ("press", "broadcast", "website", "wechat", "bulletin", "meeting", "other_channel"),
    "measure": ("facilities", "culture", "safety", "transport", "lodging", "care", "other_measure"),
}
AUDIENCES = ("schools", "teachers", "parents", "society")
FLOWS = ("applied", "granted", "spent")
SOURCES = ("allocation", "own", "project", "donation", "other_source")
LEVELS = ("school", "cluster", "district", "city", "province", "national")
KINDS = tuple(FIELDS)
EVERY_FIELD = tuple(dict.fromkeys(name for names in FIELDS.values() for name in names))


@dataclass(frozen=True)
class Entry:
    """The countable part of an entry; ``cents`` is money in hundredths of a yuan."""

    kind: str
    days: int | None = None
    persons: int | None = None
    person_times: int | None = None
    flow: str | None = None
    cents: int | None = None


@dataclass(frozen=True)
class Totals:
    """What a term's entries of one kind come to. Persons of several trainings are summed as person-times only."""

    count: int = 0
    days: int = 0
    person_times: int = 0
    cents: tuple[tuple[str, int], ...] = ()


def totals(entries: Iterable[Entry]) -> dict[str, Totals]:
    """Kind -> totals, for every kind.

    Persons are never added up over trainings: who came to two would count twice (E11 keeps 人 and 人次 apart).
    """
    found = {}
    entries = list(entries)
    for kind in KINDS:
        of_kind = [each for each in entries if each.kind == kind]
        cents: dict[str, int] = {}
        for each in of_kind:
            if each.cents is not None:
                flow = each.flow or "spent"
                cents[flow] = cents.get(flow, 0) + each.cents
        found[kind] = Totals(
            len(of_kind),
            sum(each.days or 0 for each in of_kind),
            sum(each.person_times or 0 for each in of_kind),
            tuple((flow, cents[flow]) for flow in FLOWS if flow in cents),
        )
    return found


def missing(kind: str, values: dict) -> list[str]:
    """The facts that an entry of the kind still needs, in the order of its form."""
    return [name for name in FIELDS[kind] if name in NEEDED[kind] and values.get(name) in (None, "")]
