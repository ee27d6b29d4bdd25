"""The page checker itself: a page that keeps every rule, and each rule broken once."""

import pytest

from tests.support.html import check_page, header_findings, page_findings, shape_of

GOOD = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>校对</title></head>
<body><main><h1>片区</h1>
<form method="post"><input type="hidden" name="csrf_token" value="x">
<label for="day">日期</label><input id="day" name="day" type="date" aria-describedby="hint">
<p id="hint">学期内</p>
<button>保存</button></form></main></body></html>"""

END_TAG = "HTML, line 7 column 26: End tag (main) seen too early. Expected other end tag."
MISSING = '<a href="/exchange/None">: href="/exchange/None" holds a missing value'


KEYS = ("01890000-0000-7000-8000-000000000001", "01890000-0000-7000-8000-000000000002")


def test_good_page_passes():
    check_page(GOOD, {"Content-Security-Policy": "default-src 'none'"})


def test_pages_differ_in_shape_where_a_rule_may_differ():
    """A page of a known sound shape is not looked at again, so a shape keeps whatever a rule looks at."""
    first, second = KEYS
    row = '<ul><li id="a-{}">{}</li><li id="a-{}">{}</li></ul>'
    sound = row.format(first, "林晓岚", second, "周以宁")
    assert shape_of(sound) == shape_of(row.format(second, "何思源", first, "江念一"))
    others = [
        row.format(first, "林晓岚", first, "周以宁"),
        row.format(first, "None", second, "周以宁"),
        row.format(first, "共 Undefined 节", second, "周以宁"),
        row.format(first, " ", second, "周以宁"),
        row.format(first, "林&晓岚", second, "周以宁"),
        row.format(first, "林晓岚", second, "周以宁").replace('id="a', 'lang="a'),
    ]
    assert len({shape_of(each) for each in (sound, *others)}) == 7
    assert [bool(page_findings(each)) for each in (sound, *others[:3], others[4])] == [
        False,
        True,
        True,
        True,
        True,
    ]
    assert page_findings(others[0]) == (f'id="a-{first}" occurs 2 times',)


LABEL = ' aria-label="一"'
VAIN = "<select>: required, but its first choice is no empty one"


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("</form>", "", END_TAG),
        ('lang="zh-CN"', "", "<html> has no lang"),
        ("校对", " ", "the page needs exactly one title with text"),
        ("h1>", "h2>", "the page needs exactly one h1 with text, it has 0"),
        ("main>", "div>", "the page needs exactly one main"),
        ('id="hint"', 'id="day"', 'id="day" occurs 2 times'),
        ('for="day"', 'for="night"', '<input id="day" name="day">: no label'),
        ('for="day"', 'for="night"', '<label>: for="night" names no element'),
        ('name="csrf_token"', 'name="other"', "<form>: a POST form without csrf_token"),
        (
            'type="date"',
            'type="checkbox" autocomplete="off"',
            '<input id="day" name="day">: autocomplete where nothing is typed',
        ),
        ("<button>", '<button style="color: red">', "<button>: inline style"),
        ("<button>", '<button onclick="go()">', "<button>: inline handler onclick"),
        ("<button>保存", "<button>", "<button>: nothing to read aloud"),
        ("<h1>", "<script>go()</script><h1>", "inline <script>: the Content-Security-Policy forbids it"),
        ("<h1>", '<a href="/exchange/None">去</a><h1>', MISSING),
        ("<h1>", '<a href="#nowhere">去</a><h1>', '<a href="#nowhere"> leads nowhere'),
        ("学期内", "None", '<p id="hint">: the text "None"'),
        ("学期内", "第 %(number)s 周", '<p id="hint">: the text "%(number)s"'),
        ("<h1>", '<img src="/x.png"><h1>', "<img>: no alt"),
        ("<h1>", "<ul><p>一</p></ul><h1>", "<p> may not stand directly in <ul>"),
        ("<h1>", '<a href="/"><button>一</button></a><h1>', '<button> may not stand inside <a href="/">'),
        ("<h1>", '<ul aria-label="一"></ul><h1>', "<ul>: a list is named by the nav or group around it"),
        ("<h1>", f"<select required{LABEL}><option value='1'>一</select><h1>", VAIN),
        ("<h1>", "<span><div>一</div></span><h1>", "<div> may not stand in <span>"),
    ],
)  # fmt: skip
def test_broken_rule_is_found(old, new, finding):
    assert page_findings(GOOD) == ()
    findings = page_findings(GOOD.replace(old, new))
    assert finding in findings, findings


def test_english_page_may_say_none():
    english = GOOD.replace("zh-CN", "en").replace("学期内", "None")
    assert page_findings(english) == ()
    assert page_findings(english.replace("None", "Undefined")) == ('<p id="hint">: the text "Undefined"',)


def test_fragment_of_table_rows_is_parsed_inside_a_table():
    assert page_findings("<tr><td>一</td></tr>\n<tr><td>二</td></tr>") == ()
    assert page_findings("<tr><td>None</td></tr>") == ('<td>: the text "None"',)


@pytest.mark.parametrize(
    ("policy", "findings"),
    [
        ("", ["no Content-Security-Policy"]),
        ("script-src 'self' 'unsafe-inline'", ["the Content-Security-Policy allows unsafe-inline"]),
        ("script-src 'self'", []),
    ],
)
def test_policy_header_is_judged(policy, findings):
    assert header_findings({"Content-Security-Policy": policy}) == findings
