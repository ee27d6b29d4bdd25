"""What a scheme asks of school pairs: how many, how long, in which cycle, after how many visits.

Numbers are the scheme's (``params.pairing``, a list of rules); what it leaves open is None and stays unset.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain.schemes import Citation, Scheme

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class PairingRules:
    """``at_least`` and ``at_most`` beneficiaries a donor (S4-18), shortest time (S3-15) and cycle (S4-20) in school
    years, visits before the plan (S4-59). None is not set."""

    at_least: int | None = None
    at_most: int | None = None
    min_years: int | None = None
    cycle_years: int | None = None
    visits: int | None = None
    citation: Citation | None = None


def rules_for(scheme: Scheme | None, kinds: frozenset[str]) -> PairingRules:
    """The first rule of the scheme that fits the kinds of both schools; one without a kind fits all."""
    for rule in scheme.params.get("pairing", ()) if scheme else ():
        if rule.get("kind") is None or kinds == frozenset([rule["kind"]]):
            cite = rule.get("cite")
            names = ("at_least", "at_most", "min_years", "cycle_years", "visits")
            return PairingRules(
                **{name: rule.get(name) for name in names},
                citation=Citation(cite.get("document", scheme.document), cite["section"]) if cite else None,
            )
    return PairingRules()


def is_too_short(rules: PairingRules, first: date, last: date) -> bool:
    """Whether a time is shorter than the scheme's shortest. S3-15.

    A school year is ten months of work: a pair from the first week of September to the first of July is whole.
    """
    return rules.min_years is not None and (last - first).days < 365 * rules.min_years - 65


def year_of_cycle(first: date, day: date) -> int:
    """In which year of its cycle a pair is on a day; 1 in the first twelve months."""
    years = day.year - first.year - ((day.month, day.day) < (first.month, first.day))
    return max(years, 0) + 1


def cycle_ends(rules: PairingRules, first: date) -> date | None:
    """The last day of the cycle that begins with a pair; None when the scheme sets no cycle. S4-20."""
    if rules.cycle_years is None:
        return None
    year = first.year + rules.cycle_years
    last_of_month = first.month == 2 and first.day == 29
    return first.replace(year=year, day=28 if last_of_month else first.day) - _DAY
