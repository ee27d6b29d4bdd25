"""Schemes: how one district runs its clusters, as data files with a citation for every rule.

The files' format is described in docs/scheme-format.md. A number that a scheme leaves open is
null and stays unset; nothing is invented for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from portal.domain.calendar import Term, due_date, months_owed, parse_term_code
from portal.domain.scheme_check import FORMAT, LABELS, Mistake, check_scheme
from portal.domain.words import N_

__all__ = [
    "FORMAT",
    "LABELS",
    "PROFILES",
    "SCHEMES_FOLDER",
    "SHIPPED_WORDS",
    "Citation",
    "Counter",
    "DueItem",
    "Mistake",
    "Profile",
    "Scheme",
    "SchemeError",
    "SummaryRoute",
    "check_scheme",
    "counter_target",
    "due_day",
    "load_scheme",
    "read_scheme",
    "scheme_codes",
]

SCHEMES_FOLDER = Path(__file__).parents[1] / "schemes"


#: The words of the shipped schemes, marked so that they are translated; a district's own stay as
#: the district writes them.
SHIPPED_WORDS = (
    N_("片区管理（组长负责）"),
    N_("片区"),
    N_("领衔学校"),
    N_("成员校"),
    N_("组长"),
    N_("副组长"),
    N_("片区领导小组"),
    N_("片区成员校例会"),
    N_("成立领导小组、印发意见"),
    N_("动员学习"),
    N_("片区会议"),
    N_("结对帮扶方案"),
    N_("交流教师名单"),
    N_("学期工作计划"),
    N_("学期工作总结"),
    N_("区教育局"),
    N_("区人事局"),
    N_("基础教育科"),
    N_("教育发展联盟责任区（召集人）"),
    N_("责任区"),
    N_("责任校"),
    N_("召集人"),
    N_("成员"),
    N_("校长联盟"),
    N_("联盟会议"),
    N_("联络员"),
    N_("包挂领导"),
    N_("管理研讨"),
    N_("研讨主题"),
    N_("大型活动"),
    N_("包挂领导听取汇报"),
    N_("学期交流计划"),
    N_("县教育局"),
    N_("督导室"),
    N_("组团式发展（平等协作）"),
    N_("组团"),
    N_("资源学校"),
    N_("资源学校校长"),
    N_("成员校校长"),
    N_("联席会议"),
    N_("区教育局基础教育科"),
)


class SchemeError(ValueError):
    """A scheme that cannot be used; `mistakes` says where and why."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("; ".join(f"{each.path}: {each.message}" for each in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Profile:
    """How a cluster is led: what its lead may do to the members' records, and who agrees.

    `lead_may_edit_members`: the lead school's people may write other schools' own records.
    `lead_may_approve_members`: the leader confirms or returns them. `plan_needs_all_members` and
    `sign_needs_all_members`: the term plan, the summary wait for every member school's agreement.
    """

    key: str
    lead_may_edit_members: bool
    lead_may_approve_members: bool
    plan_needs_all_members: bool
    sign_needs_all_members: bool


#: D0 五、1: the leader is first responsible. E5 四、1: a convenor. E7 三(一): equal
#: members, the lead coordinates and neither changes nor approves another school's own records.
PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "directing": Profile("directing", True, True, False, False),
        "convenor": Profile("convenor", False, True, False, False),
        "equal": Profile("equal", False, False, True, True),
    }
)


@dataclass(frozen=True)
class Citation:
    """Where a rule stands: the document and its section, as it is cited on screen."""

    document: str
    section: str

    def __str__(self) -> str:
        return f"《{self.document}》{self.section}"


@dataclass(frozen=True)
class Counter:
    """How often something is asked for; `per` is month, term or school_year.

    Numbers are None where the scheme sets none. `is_local` marks a choice of the district that no
    document holds.
    """

    key: str
    label: str
    per: str
    at_least: int | None
    at_most: int | None = None
    citation: Citation | None = None
    is_local: bool = False


@dataclass(frozen=True)
class DueItem:
    """Something that is due in the terms `terms` (1, 2) on the day that `on` means, None: unset."""

    key: str
    label: str
    on: str | None
    terms: tuple[int, ...] = (1, 2)
    recipients: tuple[str, ...] = ()
    citation: Citation | None = None
    is_local: bool = False


@dataclass(frozen=True)
class SummaryRoute:
    """Which body and office receive the term summary, and in which form of sections."""

    body: str
    office: str
    form: str
    citation: Citation | None = None
    is_local: bool = False


@dataclass(frozen=True)
class Scheme:
    """One scheme. `labels` has every key of `LABELS`; None means that the scheme has no such role.

    `params` and `rules` are kept as the file gives them; None in `params` is unset.
    """

    code: str
    name: str
    document: str
    profile: Profile
    labels: Mapping[str, str | None]
    counters: tuple[Counter, ...]
    due: tuple[DueItem, ...]
    summary: SummaryRoute
    params: Mapping[str, object] = field(default_factory=dict, compare=False)
    rules: tuple[Mapping[str, object], ...] = field(default=(), compare=False)

    @property
    def has_liaison(self) -> bool:
        """Whether a bureau cadre guides and urges each cluster (联络员)."""
        return self.labels["liaison"] is not None

    @property
    def has_assigned_leader(self) -> bool:
        """Whether a bureau leader is tied to each cluster (包挂领导)."""
        return self.labels["assigned_leader"] is not None

    def counter(self, key: str) -> Counter | None:
        """The counter of that key, None when the scheme does not count it."""
        return next((each for each in self.counters if each.key == key), None)

    def due_item(self, key: str, term: Term) -> DueItem | None:
        """What is due under that key in a term, None when nothing is."""
        number = parse_term_code(term.code)[1]
        return next((each for each in self.due if each.key == key and number in each.terms), None)


def scheme_codes() -> tuple[str, ...]:
    """Codes of the shipped schemes, sorted."""
    return tuple(sorted(path.stem for path in SCHEMES_FOLDER.glob("*.json")))


@cache
def load_scheme(code: str) -> Scheme:
    """A shipped scheme by its code, read once; KeyError for one that is not shipped."""
    if code not in scheme_codes():
        raise KeyError(code)
    text = (SCHEMES_FOLDER / f"{code}.json").read_text(encoding="utf-8")
    return read_scheme(json.loads(text))


def read_scheme(data: object) -> Scheme:
    """A scheme from the content of a file; SchemeError with every mistake when it has some."""
    mistakes = check_scheme(data)
    if mistakes:
        raise SchemeError(mistakes)
    document, route = data["document"], data["summary"]

    def source(part: Mapping) -> dict:
        cite = part.get("cite")
        citation = Citation(cite.get("document", document), cite["section"]) if cite else None
        return {"citation": citation, "is_local": part.get("local", False)}

    return Scheme(
        code=data["code"],
        name=data["name"],
        document=document,
        profile=PROFILES[data["profile"]],
        labels=MappingProxyType({key: data["labels"].get(key) for key in LABELS}),
        counters=tuple(
            Counter(
                each["key"], each["label"], each["per"], each["at_least"], each.get("at_most"), **source(each)
            )
            for each in data.get("counters", ())
        ),
        due=tuple(
            DueItem(
                each["key"],
                each["label"],
                each["on"],
                tuple(each.get("terms", (1, 2))),
                tuple(each.get("to", ())),
                **source(each),
            )
            for each in data.get("due", ())
        ),
        summary=SummaryRoute(route["to"], route["office"], route["form"], **source(route)),
        params=MappingProxyType(dict(data.get("params", {}))),
        rules=tuple(data.get("rules", ())),
    )


def counter_target(scheme: Scheme, key: str, term: Term) -> int | None:
    """How often a counter is asked for in a term; None: not counted, not set, or not per term.

    A monthly one is asked for in every month of which the term holds at least half.
    """
    counter = scheme.counter(key)
    if counter is None or counter.at_least is None or counter.per == "school_year":
        return None
    return counter.at_least * (len(months_owed(term)) if counter.per == "month" else 1)


def due_day(scheme: Scheme, key: str, term: Term) -> date | None:
    """The day on which something is due in a term; None when nothing is, or the day is unset."""
    item = scheme.due_item(key, term)
    return due_date(item.on, term) if item and item.on else None
