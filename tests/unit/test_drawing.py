"""The picture of a cluster: everybody is in it, nothing lies outside, and the lines of two schools do not hide."""

import re

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.drawing import HEIGHT, NODE_HEIGHT, NODE_WIDTH, WIDTH, drawing

NAMES = [f"第{n}小学" for n in range(1, 13)]


def inside(x, y) -> bool:
    return 0 <= x <= WIDTH and 0 <= y <= HEIGHT


def test_the_lead_stands_in_the_middle_and_each_tie_is_a_line():
    ties = [
        ("move", "甲", "乙", "交流 1 人"),
        ("pair", "甲", "乙", "学校结对"),
        ("visit", "丙", "乙", "走教 4 节"),
    ]
    drawn = drawing(["甲", "乙", "丙"], "甲", ties, "领衔学校")
    lead = next(node for node in drawn["nodes"] if node["kind"] == "lead")
    assert (lead["x"], lead["y"], lead["sub"]) == (WIDTH / 2, HEIGHT / 2, "领衔学校")
    assert [(edge["kind"], edge["label"]) for edge in drawn["edges"]] == [(t[0], t[3]) for t in ties]
    # A pair has no direction, so no head; and the two lines between 甲 and 乙 are two lines.
    assert [bool(edge["head"]) for edge in drawn["edges"]] == [True, False, True]
    first, second = drawn["edges"][:2]
    assert first["path"] != second["path"]
    assert (first["label_x"], first["label_y"]) != (second["label_x"], second["label_y"])


def test_a_long_name_is_cut_and_a_cluster_without_a_lead_is_drawn():
    drawn = drawing(["拱辰中心小学东埔教学点", "乙"], None, [], "领衔学校")
    assert [(n["label"], n["kind"], n["sub"]) for n in drawn["nodes"]] == [
        ("拱辰中心小学东埔…", "member", ""),
        ("乙", "member", ""),
    ]
    assert drawing([], None, [])["nodes"] == []


def test_many_ties_at_the_lower_edge_stay_inside_and_apart():
    """The fourth line between the two lowest schools once had its label below the picture."""
    there, back = (NAMES[2], NAMES[3]), (NAMES[3], NAMES[2])
    ties = [("move", *ends, "1 人") for ends in (there, there, back, there, back, back)]
    edges = drawing(NAMES[:5], None, ties)["edges"]
    assert all(inside(edge["label_x"], edge["label_y"]) for edge in edges)
    labels = [(edge["label_x"], edge["label_y"]) for edge in edges]
    assert min(max(abs(x - u), abs(y - v)) for n, (x, y) in enumerate(labels) for u, v in labels[:n]) >= 12


@given(st.integers(2, 12), st.booleans(), st.data())
def test_boxes_and_lines_lie_inside_of_the_picture(count, has_lead, data):
    names = NAMES[:count]
    two = st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True)
    kinds = data.draw(st.lists(st.tuples(st.sampled_from(["move", "visit", "pair"]), two), max_size=8))
    drawn = drawing(names, names[0] if has_lead else None, [(k, *ends, "1 人") for k, ends in kinds])
    assert len({(node["x"], node["y"]) for node in drawn["nodes"]}) == count
    for node in drawn["nodes"]:
        assert inside(node["x"] - NODE_WIDTH / 2, node["y"] - NODE_HEIGHT / 2)
        assert inside(node["x"] + NODE_WIDTH / 2, node["y"] + NODE_HEIGHT / 2)
    assert len(drawn["edges"]) == len(kinds)
    for edge in drawn["edges"]:
        start, _bend, end = [tuple(map(float, pair)) for pair in re.findall(r"(-?\d+) (-?\d+)", edge["path"])]
        assert inside(*start)
        assert inside(*end)
        assert inside(edge["label_x"], edge["label_y"])
