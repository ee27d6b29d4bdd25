"""Who has earned the transport subsidy of a month, in words; how much, only where somebody has set it.

The conditions are those of B2 (S1-11, S1-12). It compares periods with the averages of schools, which are
registered by the week; a month counts as its teaching days divided by five, so that a month with a holiday
asks for less. All is computed in whole fractions: exactly on the line is enough.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import ceil
from pathlib import Path

from portal.domain.words import N_, Message, message

MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"
#: While a month is not over: nothing is judged yet, and no list keeps it.
LATER = "later"
DAYS_A_WEEK = 5
RULES_FILE = Path(__file__).parents[1] / "schemes" / "subsidies" / "B2.json"

#: By what a tier is found: the receiving school's remoteness, or the minutes on the road to it.
BASES = {"remoteness": N_("接收学校的边远程度"), "minutes": N_("两校之间的路程（分钟）")}


@dataclass(frozen=True)
class Rule:
    """What a scheme says about the subsidy. Numbers that it leaves open are None."""

    code: str
    document: str
    section: str
    at_least: int | None
    at_most: int | None
    host_share: Fraction
    bases: tuple[str, ...]
    tiers: tuple[tuple[int, int], ...] | None

    @property
    def cite(self) -> str:
        """《document》section."""
        return f"《{self.document}》{self.section}"


@cache
def rule() -> Rule:
    """The shipped rule, of B2: the only scheme that names amounts and conditions."""
    return read_rule(json.loads(RULES_FILE.read_text(encoding="utf-8")))


def read_rule(data: Mapping) -> Rule:
    """A rule from the content of its file; ValueError when it does not hold together."""
    amount, share = data["amount"], data["circuit"]["host_share"]
    least, most, tiers = amount["at_least"], amount["at_most"], data["tiers"]
    if least is not None and most is not None and least > most:
        raise ValueError("amount.at_most lies below amount.at_least")
    if set(data["by"]) - set(BASES):
        raise ValueError(f"by: only {sorted(BASES)} are known")
    return Rule(
        data["code"],
        data["document"],
        data["section"],
        least,
        most,
        Fraction(share[0], share[1]),
        tuple(data["by"]),
        None if tiers is None else tuple((each["from"], each["amount"]) for each in tiers),
    )


@dataclass(frozen=True)
class Visit:
    """A month at one receiving school: periods that count, and the school's average periods a week."""

    school: Hashable
    name: str
    periods: int
    average: int | None


@dataclass(frozen=True)
class Workload:
    """A visiting teacher's month. ``own_periods`` None: nobody has said how many lessons were given at home."""

    own_name: str
    own_periods: int | None
    own_average: int | None
    visits: tuple[Visit, ...]
    days: int

    @property
    def visited(self) -> int:
        """Periods at all receiving schools."""
        return sum(visit.periods for visit in self.visits)

    @property
    def total(self) -> int | None:
        """Periods at home and away; None when those at home are not known."""
        return None if self.own_periods is None else self.own_periods + self.visited


@dataclass(frozen=True)
class Condition:
    """One condition: whether it is met, and why, as a sentence."""

    outcome: str
    reason: Message


@dataclass(frozen=True)
class Judgement:
    """Whether a month qualifies, each condition with its reason, and at which schools the second one is met."""

    outcome: str
    conditions: tuple[Condition, ...]
    schools: tuple[Hashable, ...] = ()


def due(average: int, days: int) -> Fraction:
    """What an average of periods a week comes to in a month of so many teaching days."""
    return Fraction(average * days, DAYS_A_WEEK)


def spoken(value: Fraction) -> str:
    """A number of periods with at most one decimal; rounded up, so that who is below never reads as equal."""
    tenths = ceil(value * 10)
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"


def judge_circuit(load: Workload, *, is_over: bool = True) -> Judgement:
    """Both conditions of 走教 (S1-12): all periods reach the own school's average, and those at the visited
    school a third of that school's. Missing averages leave it open, never decided (G22).

    While the month is not over nothing is judged: a part of it is told beside what the whole month needs."""
    if not is_over:
        so_far = (_total_so_far(load), *(_share_so_far(visit, load.days) for visit in load.visits))
        return Judgement(LATER, so_far)
    total = _total_condition(load)
    shares = [(visit, _share_condition(visit, load.days)) for visit in load.visits]
    reached = tuple(visit.school for visit, condition in shares if condition.outcome == MET)
    outcomes = {condition.outcome for _, condition in shares}
    share = MET if reached else UNKNOWN if UNKNOWN in outcomes else NOT_MET
    outcome = _both(total.outcome, share)
    return Judgement(outcome, (total, *(each for _, each in shares)), reached if outcome == MET else ())


def judge_support(
    school: Hashable, name: str, weekly: int | None, average: int | None, *, is_over: bool = True
) -> Judgement:
    """The condition of 支教 (S1-11): the periods a week reach the average of the school of the posting.

    While the month is not over nothing is judged."""
    words = {"school": name, "periods": weekly, "average": average}
    if weekly is None:
        found = Condition(UNKNOWN, message(N_("数据不全：没有登记在%(school)s的每周节数"), school=name))
    elif average is None:
        found = Condition(UNKNOWN, message(N_("数据不全：%(school)s没有登记人均周课时"), school=name))
    elif weekly >= average:
        found = Condition(MET, message(N_("每周 %(periods)s 节，达到%(school)s人均 %(average)s 节"), **words))
    else:
        found = Condition(
            NOT_MET, message(N_("每周 %(periods)s 节，不到%(school)s人均 %(average)s 节"), **words)
        )
    if not is_over:
        is_known = found.outcome != UNKNOWN
        return Judgement(LATER, (Condition(LATER if is_known else UNKNOWN, found.reason),))
    return Judgement(found.outcome, (found,), (school,) if found.outcome == MET else ())


def _total_condition(load: Workload) -> Condition:
    if load.days <= 0:
        return Condition(UNKNOWN, message(N_("数据不全：校历里这个月没有教学日")))
    if load.own_average is None:
        return Condition(UNKNOWN, message(N_("数据不全：%(school)s没有登记人均周课时"), school=load.own_name))
    needed = due(load.own_average, load.days)
    words = {"school": load.own_name, "needed": spoken(needed), "visited": load.visited}
    if load.own_periods is None:
        if load.visited >= needed:
            text = N_("走教 %(visited)s 节，单这些已达到%(school)s人均 %(needed)s 节")
            return Condition(MET, message(text, **words))
        text = N_("数据不全：没有登记本校课时；走教 %(visited)s 节，%(school)s人均 %(needed)s 节")
        return Condition(UNKNOWN, message(text, **words))
    words |= {"own": load.own_periods, "total": load.total}
    if load.total >= needed:
        text = N_("本校 %(own)s 节加走教 %(visited)s 节共 %(total)s 节，达到%(school)s人均 %(needed)s 节")
        return Condition(MET, message(text, **words))
    text = N_("本校 %(own)s 节加走教 %(visited)s 节共 %(total)s 节，不到%(school)s人均 %(needed)s 节")
    return Condition(NOT_MET, message(text, **words))


def _share_condition(visit: Visit, days: int) -> Condition:
    if days <= 0:
        return Condition(UNKNOWN, message(N_("数据不全：校历里这个月没有教学日")))
    if visit.average is None:
        return Condition(UNKNOWN, message(N_("数据不全：%(school)s没有登记人均周课时"), school=visit.name))
    needed = due(visit.average, days) * rule().host_share
    words = {"school": visit.name, "periods": visit.periods, "needed": spoken(needed)}
    if visit.periods >= needed:
        text = N_("在%(school)s %(periods)s 节，达到该校人均的三分之一（%(needed)s 节）")
        return Condition(MET, message(text, **words))
    text = N_("在%(school)s %(periods)s 节，不到该校人均的三分之一（%(needed)s 节）")
    return Condition(NOT_MET, message(text, **words))


def _total_so_far(load: Workload) -> Condition:
    if load.days <= 0 or load.own_average is None:
        return _total_condition(load)  # what is missing can be filled in before the month ends
    words = {"school": load.own_name, "needed": spoken(due(load.own_average, load.days))}
    words |= {"visited": load.visited}
    if load.own_periods is None:
        text = N_("到目前走教 %(visited)s 节；%(school)s人均全月合 %(needed)s 节")
    else:
        words |= {"own": load.own_periods}
        text = N_("到目前本校 %(own)s 节、走教 %(visited)s 节；%(school)s人均全月合 %(needed)s 节")
    return Condition(LATER, message(text, **words))


def _share_so_far(visit: Visit, days: int) -> Condition:
    if days <= 0 or visit.average is None:
        return _share_condition(visit, days)
    needed = spoken(due(visit.average, days) * rule().host_share)
    text = N_("到目前在%(school)s %(periods)s 节；该校人均的三分之一全月合 %(needed)s 节")
    return Condition(LATER, message(text, school=visit.name, periods=visit.periods, needed=needed))


def _both(first: str, second: str) -> str:
    """Two conditions together: one that fails decides, one that is open leaves it open."""
    if NOT_MET in (first, second):
        return NOT_MET
    return MET if first == second == MET else UNKNOWN


# Amounts


@dataclass(frozen=True)
class Tier:
    """From this value on (remoteness or minutes) so many yuan a person and month."""

    from_value: int
    amount: int


@dataclass(frozen=True)
class Award:
    """An amount in yuan with its tier; without an amount, the reason why there is none."""

    amount: int | None
    reason: Message
    school: Hashable | None = None


def award(
    judgement: Judgement, tiers: Iterable[Tier], basis: str | None, values: Mapping[Hashable, int | None]
) -> Award:
    """The amount of a month that qualifies: the highest tier among the schools that count, one a person.

    ``values`` school -> its remoteness or minutes. Where no tier is set or a value is missing the amount
    stays empty: the source names a span only, from 300 to 900 yuan, and no table (S1-11).
    """
    tiers = sorted(tiers, key=lambda tier: tier.from_value)
    if judgement.outcome != MET:
        return Award(None, message(N_("没有金额")))
    if not tiers or basis is None:
        return Award(None, message(N_("没有金额：区教育局还没有设定补助标准")))
    found: list[tuple[int, Tier, Hashable]] = []
    for school in judgement.schools:
        value = values.get(school)
        reached = [tier for tier in tiers if value is not None and tier.from_value <= value]
        if reached:
            found.append((value, reached[-1], school))
    if not found:
        missing = any(values.get(school) is None for school in judgement.schools)
        missing_words = {
            "remoteness": N_("没有金额：接收学校没有登记边远程度"),
            "minutes": N_("没有金额：没有登记两校之间的路程"),
        }
        below = N_("没有金额：不在补助标准的任何一档之内")
        return Award(None, message(missing_words[basis] if missing else below))
    value, tier, school = max(found, key=lambda each: (each[1].amount, each[0]))
    said = {
        "remoteness": N_("边远程度 %(value)s，每月 %(amount)s 元"),
        "minutes": N_("路程 %(value)s 分钟，每月 %(amount)s 元"),
    }
    return Award(tier.amount, message(said[basis], value=value, amount=tier.amount), school)


def wrong_amount(amount: int) -> Message | None:
    """Why an amount does not fit the scheme's span; None when it does."""
    limits = rule()
    low = limits.at_least is not None and amount < limits.at_least
    high = limits.at_most is not None and amount > limits.at_most
    if not (low or high):
        return None
    return message(
        N_("金额要在 %(least)s 到 %(most)s 元之间（%(cite)s）"),
        least=limits.at_least,
        most=limits.at_most,
        cite=limits.cite,
    )
