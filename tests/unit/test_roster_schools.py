"""Which school a roster's name means."""

import pytest

from portal.domain.roster_schools import SchoolMatch, match_school

KNOWN = [
    (1, "麟峰小学"),
    (2, "拱辰中心小学"),
    (3, "南郊小学"),
    (4, "城关小学"),
    (5, "城关中学"),
    (6, "机关幼儿园"),
    (7, "私立实小"),
]


@pytest.mark.parametrize(
    ("text", "key", "exact"),
    [
        ("麟峰小学", 1, True),
        ("麟 峰 小 学", 1, True),
        ("麟峰小", 1, False),
        ("麟峰", 1, False),
        ("东城区麟峰小学", 1, False),
        ("麟峰小学（校本部）", 1, False),
        ("拱辰中心", 2, False),
        ("拱辰", 2, False),
        ("城关小", 4, False),
        ("城关中", 5, False),
        ("机关幼", 6, False),
        ("东城区私立实小", 7, False),
    ],
)
def test_a_name_means_the_one_school_that_fits(text, key, exact):
    assert match_school(text, KNOWN, district="东城区") == SchoolMatch(key, dict(KNOWN)[key], exact)


@pytest.mark.parametrize(
    "text", ["", "小学", "东城区小学", "城关", "麟峰中学", "南郊第二小学", "麟", "%", "拱辰小学"]
)
def test_a_name_that_fits_none_or_several_means_none(text):
    assert match_school(text, KNOWN, district="东城区") is None


def test_two_schools_of_one_name_are_told_apart_by_nobody():
    assert match_school("一小", [(1, "一小"), (2, "一 小")]) is None
