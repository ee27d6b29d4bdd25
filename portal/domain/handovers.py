"""Handovers of a post (岗位交接): when somebody leaves for a posting and when it ends, at the own school and at
the host (B1: tasks, progress, use of textbooks; who gives helps who takes). And what a posting is to reach.

Rules by which a district decides on exchange itself are not here.
"""

from datetime import date

PHASES = ("start", "end")
#: What is handed over, in the order of the sheet. About pupils only what needs no name.
ITEMS = ("classes", "progress", "materials", "pupils", "issues")
SIDES = ("giver", "taker")
#: How far the criteria of a posting were reached.
REACHED = ("met", "partly", "not_met")
ENDED = ("completed", "ended_early")


def posted_gives(phase: str, at_home: bool) -> bool:
    """Whether the person of the posting hands over: at home when leaving, at the host when the time is over."""
    return (phase == "start") == at_home


def parties(phase: str, at_home: bool, posted, other) -> tuple:
    """Who gives and who takes, of the person of the posting and the other one."""
    return (posted, other) if posted_gives(phase, at_home) else (other, posted)


def due_on(phase: str, starts_on: date, ends_on: date | None) -> date | None:
    """By when both should have signed: the first day, or the last one. None while the end is open."""
    return starts_on if phase == "start" else ends_on


def may_open(phase: str, state: str) -> bool:
    """Whether a sheet of this phase can be opened: what ends has begun, what was called off needs none."""
    if phase == "end":
        return state in ("active", *ENDED)
    return state != "cancelled"


def is_late(due: date | None, today: date) -> bool:
    """Whether the day by which both should have signed is over."""
    return due is not None and due < today
