"""The dossier of a joint activity (材料袋): what belongs to it and what is missing (W7, S4-12)."""

from collections.abc import Collection
from dataclasses import dataclass

#: S4-12: each task has a plan and a short summary and ends with a complete folder; W7: attendance, materials, feedback.
PARTS = ("plan", "sign_in", "photo", "material", "summary", "feedback")


@dataclass(frozen=True)
class Part:
    """One part of a dossier, and whether it is there."""

    key: str
    is_there: bool


def dossier(
    kinds: Collection[str], *, participants: int, has_summary: bool, feedback: int
) -> tuple[Part, ...]:
    """The parts in their order. What the portal itself holds counts as the paper does: names for the sign-in sheet,
    the written summary, feedback given on the page. ``kinds`` are those of the files."""
    held = {"sign_in": participants > 0, "summary": has_summary, "feedback": feedback > 0}
    return tuple(Part(key, key in kinds or held.get(key, False)) for key in PARTS)


def missing(parts: Collection[Part]) -> list[str]:
    """What is still to come."""
    return [part.key for part in parts if not part.is_there]
