"""How texts of people read on a page."""

import pytest

from portal import formats


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("第一行\n第二行", "<p>第一行<br>\n第二行</p>\n"),
        ("**要点**", "<p><strong>要点</strong></p>\n"),
        ("- 一\n- 二", "<ul>\n<li>一</li>\n<li>二</li>\n</ul>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[去](javascript:alert(1))", "<p>[去](javascript:alert(1))</p>\n"),
        ("![图](http://a.example/x.png)", "<p>![图](http://a.example/x.png)</p>\n"),
    ],
)
def test_prose_keeps_lines_and_emphasis_and_nothing_dangerous(text, html):
    assert str(formats.prose(text)) == html
