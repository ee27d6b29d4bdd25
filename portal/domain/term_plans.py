"""Rules of term plans: what an item's progress is, what changed between two editions, what is late (W5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain.figures import Figure

#: S1-63: what is done before, during and after.
PHASES = ("before", "during", "after")
TEXTS = ("lessons", "strengths", "weaknesses", "goals")

#: What an item can be counted by: figures of the summary, in the words of ``figure_definitions``.
FIGURE_COUNTERS = (
    "meetings_held",
    "hearings_held",
    "seminars_held",
    "activities_held",
    "large_activities",
    "activity_persons",
    "activity_person_times",
    "participation_rate",
    "exchanged_persons",
    "exchanged_person_times",
    "circuit_teachers",
    "sessions_given",
    "school_pairs",
    "mentoring_pairs",
    "pair_records",
    "logs",
    "log_writers",
    "writing_rate",
)
#: The counters of schemes that a figure counts: the target may come from the scheme.
SCHEME_COUNTER = {
    "meetings_held": "meeting",
    "hearings_held": "hearing",
    "seminars_held": "seminar",
    "large_activities": "large_activity",
}
#: Activities of one kind: ``activity:forum``.
OF_KIND = "activity:"


@dataclass(frozen=True)
class Progress:
    """How far an item is. ``state``: done, late, open or dropped; counted ones carry ``actual`` and ``target``.

    ``actual`` is None where the records hold no value, ``target`` where none was set.
    """

    state: str
    is_counted: bool = False
    actual: int | float | None = None
    target: int | None = None


def progress(
    *, state: str, counter: str, target: int | None, due: date | None, actual: int | float | None, today: date
) -> Progress:
    """The progress of an item on a day: counted from what was recorded, never typed again (W5)."""
    if state == "dropped":
        return Progress("dropped", bool(counter), actual if counter else None, target)
    if counter:
        reached = target is not None and actual is not None and actual >= target
    else:
        reached = state == "done"
    word = "done" if reached else "late" if due is not None and due < today else "open"
    return Progress(word, bool(counter), actual if counter else None, target)


def actual_of(counter: str, figures: Mapping[str, Figure]) -> int | float | None:
    """What the records say of a counter: the figure's value, or the activities of a kind."""
    if counter.startswith(OF_KIND):
        kind = counter.removeprefix(OF_KIND)
        return dict(figures["activities_held"].breakdown).get(kind, 0)
    figure = figures.get(counter)
    return figure.value if figure else None


def is_late(due: date | None, submitted_on: date | None, today: date) -> bool:
    """Whether a plan came, or is, after its due date; never where the scheme sets none (E5)."""
    return due is not None and (submitted_on or today) > due


@dataclass(frozen=True)
class Difference:
    """One difference between two editions: ``kind`` added, removed or changed; of a text or an item.

    ``where`` is the key of the text, the group's name or the item's own words.
    """

    kind: str
    part: str
    where: str
    old: str
    new: str


def differences(old: Mapping, new: Mapping) -> list[Difference]:
    """What changed from one edition's content to another's: texts, parts of groups, items by their key."""
    found = []
    for key in TEXTS:
        found += _changed("text", key, old["texts"].get(key, ""), new["texts"].get(key, ""))
    before = {part["group"]: part["text"] for part in old["parts"]}
    after = {part["group"]: part["text"] for part in new["parts"]}
    for name in dict.fromkeys((*before, *after)):
        found += _changed("part", name, before.get(name, ""), after.get(name, ""))
    before = {item["key"]: item for item in old["items"]}
    after = {item["key"]: item for item in new["items"]}
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key), after.get(key)
        found += _changed("item", (other or one)["text"], item_line(one), item_line(other))
    return found


def _changed(part: str, where: str, old: str, new: str) -> list[Difference]:
    if old == new:
        return []
    kind = "added" if not old else "removed" if not new else "changed"
    return [Difference(kind, part, where, old, new)]


def item_line(item: Mapping | None) -> str:
    """An item of an edition in one line, as the differences show it."""
    if item is None:
        return ""
    named = (item["text"], item["measure"], item["criteria"], item["owner"], item["due"], item["counted"])
    return "；".join(each for each in named if each)
