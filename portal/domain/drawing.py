"""Where schools and the ties between them lie in the picture of a cluster."""

from collections.abc import Sequence
from math import cos, hypot, pi, sin

WIDTH, HEIGHT = 1000, 460
NODE_WIDTH, NODE_HEIGHT = 140, 44


def drawing(
    names: Sequence[str], lead: str | None, ties: Sequence[tuple[str, str, str, str]], sub: str = ""
) -> dict:
    """What ``ui.map`` draws: the lead in the middle, the members around it on an ellipse.

    ``ties`` are (kind, from, to, label). Several ties of two schools bend apart.
    """
    around = [name for name in names if name != lead]
    places = {lead: (WIDTH / 2, HEIGHT / 2)} if lead in names else {}
    for x, name in enumerate(around):
        turn = 2 * pi * x / len(around) - pi / 2
        places[name] = (
            WIDTH / 2 + (WIDTH / 2 - NODE_WIDTH / 2 - 10) * cos(turn),
            HEIGHT / 2 + (HEIGHT / 2 - NODE_HEIGHT / 2 - 10) * sin(turn),
        )
    nodes = [
        {
            "x": round(x),
            "y": round(y),
            "width": NODE_WIDTH,
            "height": NODE_HEIGHT,
            "label": name if len(name) <= 9 else name[:8] + "…",
            "sub": sub if name == lead else "",
            "kind": "lead" if name == lead else "member",
        }
        for name, (x, y) in places.items()
    ]
    seen: dict[frozenset, int] = {}
    edges = []
    for kind, start, end, label in ties:
        pair = frozenset((start, end))
        seen[pair] = seen.get(pair, 0) + 1
        edges.append(_edge(kind, places[start], places[end], label, seen[pair]))
    return {"width": WIDTH, "height": HEIGHT, "zones": [], "nodes": nodes, "edges": edges}


def _edge(kind: str, start: tuple, end: tuple, label: str, number: int) -> dict:
    """A bent line; those of two schools bend to either side in turn, each pair of them further out.

    Sides and heights go by where the schools lie, not by which of them gives: two lines in opposite directions
    do not fall together. No bend leaves the picture, so neither does a line nor its label.
    """
    (ax, ay), (bx, by) = start, end
    length = hypot(bx - ax, by - ay) or 1
    bend = 30 * ((number + 1) // 2) * (1 if number % 2 else -1) * (1 if start < end else -1)
    cx = min(max((ax + bx) / 2 + (by - ay) / length * bend, 0), WIDTH)
    cy = min(max((ay + by) / 2 + (ax - bx) / length * bend, 0), HEIGHT)
    tip, tail = _border(end, (cx, cy)), _border(start, (cx, cy))
    t = (0.5, 0.28, 0.72)[(number - 1) % 3]  # labels of one pair of schools stand at different heights
    t = t if start < end else 1 - t
    label_x, label_y = (
        (1 - t) ** 2 * tail[x] + 2 * t * (1 - t) * (cx, cy)[x] + t**2 * tip[x] for x in (0, 1)
    )
    return {
        "kind": kind,
        "path": f"M{tail[0]:.0f} {tail[1]:.0f}Q{cx:.0f} {cy:.0f} {tip[0]:.0f} {tip[1]:.0f}",
        "head": "" if kind == "pair" else _head((cx, cy), tip),
        "label": label,
        "label_x": round(label_x),
        "label_y": round(label_y),
        "label_width": 18 + sum(14 if ord(ch) > 0x2E7F else 7 for ch in label),
    }


def _border(centre: tuple, towards: tuple) -> tuple:
    """Where the line from a school's centre leaves its box."""
    dx, dy = towards[0] - centre[0], towards[1] - centre[1]
    scale = min(
        (NODE_WIDTH / 2 + 2) / abs(dx) if dx else 1.0, (NODE_HEIGHT / 2 + 2) / abs(dy) if dy else 1.0, 1.0
    )
    return centre[0] + dx * scale, centre[1] + dy * scale


def _head(before: tuple, tip: tuple) -> str:
    """A small triangle at the end of the line."""
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    length = hypot(dx, dy) or 1
    ux, uy = dx / length, dy / length
    bx, by = tip[0] - 11 * ux, tip[1] - 11 * uy
    return (
        f"M{tip[0]:.0f} {tip[1]:.0f}L{bx - 6 * uy:.0f} {by + 6 * ux:.0f}L{bx + 6 * uy:.0f} {by - 6 * ux:.0f}z"
    )
