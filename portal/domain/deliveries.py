"""One-off deliveries (送教下乡, 送课送教) and volunteer service: places, what counts, targets against actual."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

Id = Hashable

#: Kinds of a delivery. A lesson or lecture that a team brings is a visit (S2-03, S4-13, S4-15).
KINDS = ("volunteer_service", "volunteer_teaching", "support_teaching", "rural_delivery", "lesson_delivery")
VISITS = ("rural_delivery", "lesson_delivery")
#: Whoever serves in these is a volunteer (S4-43); guests without a post anywhere always are.
VOLUNTEERING = ("volunteer_service", "volunteer_teaching")

#: What a programme may set a target for; each is computed from records, none is typed.
TARGETS = (
    "volunteers",
    "volunteer_hours",
    "deliveries",
    "delivery_periods",
    "support_teachers",
    "secondments",
    "school_pairs",
)


_LENGTH = re.compile(
    r"(?=\d)(?:(?P<hours>\d{1,4}(?:\.\d{1,2})?)(?:\s*(?:个?小时|h|hours?)|$))?"
    r"\s*(?:(?P<minutes>\d{1,5})\s*(?:分钟?|min|minutes?))?",
    re.ASCII,
)


def is_volunteer(kind: str, is_guest: bool) -> bool:
    """Whether somebody who signs up for a delivery of this kind is a volunteer (S4-43).

    A volunteer has no post at the school that is served: who has a post nowhere always is one; a teacher of
    another school is one in a service, and on duty in a 送教 or 支教.
    """
    return is_guest or kind in VOLUNTEERING


def first_free(wanted: int, taken: Iterable[int]) -> int | None:
    """The lowest place from 1 to ``wanted`` that nobody has; None when all are taken."""
    held = set(taken)
    return next((place for place in range(1, wanted + 1) if place not in held), None)


def line(waiting: Iterable[tuple]) -> list:
    """Who waits, in the order of signing up: (moment, key) pairs to keys."""
    return [key for _, key in sorted(waiting, key=lambda each: (each[0], str(each[1])))]


def meet(first: tuple[int | None, int | None], second: tuple[int | None, int | None]) -> bool:
    """Whether two stretches of one day, (begin, minutes), overlap. Unknown times never do."""
    if None in first or None in second:
        return False
    return first[0] < second[0] + second[1] and second[0] < first[0] + first[1]


def hours_text(minutes: int | None) -> str:
    """Hours as people write them: 90 minutes are 1.5, an unknown number is a dash."""
    if minutes is None:
        return "—"
    hours, rest = divmod(minutes, 60)
    return str(hours) if not rest else f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


def duration_text(minutes: int) -> str:
    """A length of time for an official page: 5.5小时, and 1小时20分钟 where half hours do not fit."""
    if minutes % 30 == 0:
        return f"{hours_text(minutes)}小时"
    hours, rest = divmod(minutes, 60)
    return (f"{hours}小时" if hours else "") + f"{rest}分钟"


def read_hours(text: str) -> int | None:
    """Minutes of a length of time as people write it: 1.5, 2小时, ０．５, 80分钟; None when nothing is written.

    A number alone counts hours. ValueError for what is no number, for less than 3 minutes, and for more than
    1000 hours.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        return None
    match = _LENGTH.fullmatch(text)
    if not match:
        raise ValueError(text)
    minutes = round(float(match["hours"] or 0) * 60) + int(match["minutes"] or 0)
    if not 3 <= minutes <= 60000:
        raise ValueError(text)
    return minutes


@dataclass(frozen=True)
class Served:
    """One person's confirmed part in one delivery."""

    delivery_id: Id
    person_id: Id
    day: date
    kind: str
    minutes: int = 0
    periods: int = 0
    is_volunteer: bool = False


@dataclass(frozen=True)
class Totals:
    """What confirmed services come to. Persons (人) and person-times (人次) are never mixed (E11)."""

    deliveries: int = 0
    persons: int = 0
    person_times: int = 0
    minutes: int = 0
    periods: int = 0


def totals(served: Iterable[Served]) -> Totals:
    """Sum services; one that comes twice counts once."""
    rows = {(each.delivery_id, each.person_id): each for each in served}.values()
    return Totals(
        deliveries=len({each.delivery_id for each in rows}),
        persons=len({each.person_id for each in rows}),
        person_times=len(rows),
        minutes=sum(each.minutes for each in rows),
        periods=sum(each.periods for each in rows),
    )


@dataclass(frozen=True)
class Records:
    """What a programme's targets are held against: records of the district, already within its years.

    ``volunteer_postings`` and the others are the persons of postings that somebody arrived at.
    """

    served: Sequence[Served] = ()
    volunteer_postings: frozenset = frozenset()
    support_postings: frozenset = frozenset()
    secondments: frozenset = frozenset()
    school_pairs: frozenset = frozenset()


def actual(kind: str, records: Records, first: date, last: date) -> int:
    """The number behind a target (S4-43). KeyError for an unknown kind.

    Volunteers are persons, each once, whether they served in deliveries, in a posting, or in both. Only
    confirmed services within the programme's years count; hours are the whole hours of their sum.
    """
    served = [each for each in records.served if first <= each.day <= last]
    volunteers = [each for each in served if each.is_volunteer]
    visits = [each for each in served if each.kind in VISITS]
    numbers = {
        "volunteers": lambda: len({each.person_id for each in volunteers} | records.volunteer_postings),
        "volunteer_hours": lambda: totals(volunteers).minutes // 60,
        "deliveries": lambda: totals(visits).deliveries,
        "delivery_periods": lambda: totals(visits).periods,
        "support_teachers": lambda: len(records.support_postings),
        "secondments": lambda: len(records.secondments),
        "school_pairs": lambda: len(records.school_pairs),
    }
    return numbers[kind]()


# Certificates


def certificate_number(school_name: str, year: int, number: int) -> str:
    """The number as official papers write it, with the school that gives it."""
    return f"{school_name}服证〔{year}〕{number}号"


def certificate_content(
    *,
    person: str,
    of: str,
    school: str,
    cluster: str,
    term: str,
    services: Sequence[Mapping],
) -> dict:
    """What a certificate says, as plain data. ``services``: day, title, kind, minutes, periods of each one.

    ValueError without a confirmed service: there is nothing to certify.
    """
    if not services:
        raise ValueError("nothing confirmed")
    rows = sorted(services, key=lambda each: (each["day"], each["title"]))
    return {
        "person": person,
        "of": of,
        "school": school,
        "cluster": cluster,
        "term": term,
        "services": [dict(each) for each in rows],
        "minutes": sum(each["minutes"] for each in rows),
        "periods": sum(each["periods"] for each in rows),
    }


def content_hash(content: Mapping) -> str:
    """A hash by which the same certificate is known again, whatever its number."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
