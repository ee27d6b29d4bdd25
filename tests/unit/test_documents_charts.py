"""Charts: the picture, its words, and nothing that a strict page would refuse."""

import re
import xml.etree.ElementTree as ET

import pytest

from portal.documents.charts import Chart, bar_chart, bar_chart_svg, chart_svg, month_strip_svg, shortened

SVG = "{http://www.w3.org/2000/svg}"
BARS = Chart(
    "各校承办次数", "bar", ("麟峰小学", "拱辰中心小学", "石亭小学", "南郊小学"), (8, 4, 0, None), "次"
)
MONTHS = Chart("月度会议", "strip", ("9月", "10月", "11月"), (1, 0, None), "次")


def texts(root) -> list[str]:
    return [each.text for each in root.iter(f"{SVG}text")]


def test_bars_are_as_long_as_their_values_and_say_them():
    root = ET.fromstring(bar_chart_svg(BARS))

    widths = [float(each.get("width")) for each in root.iter(f"{SVG}rect")]
    assert len(widths) == 2
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.02)
    assert texts(root) == ["麟峰小学", "8次", "拱辰中心小学", "4次", "石亭小学", "0次", "南郊小学", "—"]


def test_everything_stays_inside_the_picture():
    chart = Chart("次数", "bar", ("一" * 40, "ab"), (99999.5, 1), "人次")
    for width in (200, 640):
        root = ET.fromstring(bar_chart_svg(chart, width=width))
        _, _, right, bottom = map(float, root.get("viewBox").split())
        for box in root.iter(f"{SVG}rect"):
            assert (
                0 <= float(box.get("x")) <= float(box.get("x")) + float(box.get("width")) <= max(right, 300)
            )
            assert 0 <= float(box.get("y")) <= float(box.get("y")) + float(box.get("height")) <= bottom


def test_strip_tells_a_month_without_from_one_unknown():
    root = ET.fromstring(month_strip_svg(MONTHS))

    assert texts(root) == ["1次", "9月", "0次", "10月", "—", "11月"]
    fills = [each.get("fill") for each in root.iter(f"{SVG}rect")]
    assert fills[0] != fills[1] == fills[2]


def test_picture_bears_caption_and_alternative():
    assert ET.fromstring(chart_svg(BARS)).find(f"{SVG}title").text == (
        "各校承办次数：麟峰小学8次；拱辰中心小学4次；石亭小学0次；南郊小学—"
    )
    named = Chart("会议", "strip", ("9月",), (1,), "次", "只有9月开会")
    root = ET.fromstring(chart_svg(named))
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "会议：只有9月开会"


def test_picture_has_no_style_script_or_address():
    for chart in (BARS, MONTHS):
        root = ET.fromstring(chart_svg(chart))
        assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
            "svg",
            "title",
            "text",
            "rect",
            "line",
        }
        names = {name for each in root.iter() for name in each.attrib}
        assert not {
            name for name in names if name in ("style", "href", "class", "id") or name.startswith("on")
        }


def test_labels_are_text_whatever_they_hold():
    hostile = "<script>\"&'</script>"
    picture = chart_svg(Chart(hostile, "bar", (hostile,), (1,), hostile, ""))

    assert "<script" not in picture
    root = ET.fromstring(picture)
    assert texts(root)[0] == shortened(hostile)
    assert hostile in root.find(f"{SVG}title").text


def test_long_label_is_cut_with_a_sign():
    assert shortened("麟峰小学") == "麟峰小学"
    assert shortened("一" * 14) == "一" * 14
    assert shortened("一" * 15) == "一" * 13 + "…"


def test_pairs_draw_the_same_picture_as_a_chart():
    pairs = list(zip(BARS.labels, BARS.values, strict=True))
    assert bar_chart("各校承办次数", pairs, "次") == bar_chart_svg(BARS)
    assert bar_chart("各校承办次数", [], "次") == ""


def test_chart_of_zeros_and_empty_chart_are_pictures_too():
    assert texts(ET.fromstring(bar_chart_svg(Chart("零", "bar", ("甲",), (0,), "次")))) == ["甲", "0次"]
    for kind in ("bar", "strip"):
        root = ET.fromstring(chart_svg(Chart("空", kind, (), ())))
        assert texts(root) == []
        assert re.fullmatch(r"0 0 \d+ \d+", root.get("viewBox"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "pie"}, "unknown kind of chart: pie"),
        ({"labels": ("甲", "乙")}, "one value for each label"),
        ({"values": (-1,)}, "finite and not negative"),
        ({"values": (float("nan"),)}, "finite and not negative"),
        ({"values": (float("inf"),)}, "finite and not negative"),
    ],
)
def test_chart_that_cannot_be_drawn_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        Chart(**{"caption": "图", "kind": "bar", "labels": ("甲",), "values": (1,), **changes})
