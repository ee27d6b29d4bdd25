"""What a figure is: its value with what it was made of, and the quotients that several figures share."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.term_facts import Id


@dataclass(frozen=True)
class Figure:
    """A figure's value with what it was made of.

    `value` is a count, or with one decimal a percentage or an average; None when there is none,
    and `missing` says why: zero (a share of nothing), unset (the scheme sets no target) or
    unknown (a record lacks the fact). `rows` are the ids of the records behind it. A counter
    with a target has the target as `denominator`.
    """

    value: int | float | None
    numerator: int | None = None
    denominator: int | None = None
    rows: tuple[Id, ...] = ()
    breakdown: tuple[tuple[str, int | float | None], ...] = ()
    missing: str = ""


def percent(numerator: int, denominator: int | None, **more: tuple) -> Figure:
    """A share in percent."""
    return _quotient(100, numerator, denominator, more)


def ratio(numerator: int, denominator: int | None, **more: tuple) -> Figure:
    """An average."""
    return _quotient(1, numerator, denominator, more)


def tenths(numerator: int, denominator: int | None) -> float | None:
    """A quotient with one decimal, half rounded up; None when there is none."""
    return (20 * numerator + denominator) // (2 * denominator) / 10 if denominator else None


def _quotient(factor: int, numerator: int, denominator: int | None, more: dict) -> Figure:
    value = tenths(factor * numerator, denominator)
    missing = "unknown" if denominator is None else "" if denominator else "zero"
    return Figure(value, numerator, denominator, missing=missing, **more)
