"""Numbers that pages carry: absurdly long ones are refused, not computed."""

import pytest

from portal.forms import as_version, as_whole

LONG = "9" * 5000


@pytest.mark.parametrize(
    ("text", "whole", "version"),
    [
        ("0", 0, 0), ("12", 12, 12), ("999999999", 999999999, 999999999), ("", None, None), ("x", None, None),
        ("-1", None, None), ("1.5", None, None), ("²", None, None), ("9999999999", None, -1), (LONG, None, -1),
    ],
)  # fmt: skip
def test_a_number_is_read_or_it_is_none(text, whole, version):
    assert (as_whole(text), as_version(text)) == (whole, version)
