"""What every page and fragment must keep: checked by the shared test client on each answer.

`check_page` parses by the HTML5 rules and collects every finding before it fails, so that one run shows all.
"""

import re
from collections import Counter
from functools import lru_cache
from hashlib import blake2b
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as ERROR_TEXTS

# Elements that a parser drops outside of their parent: a fragment that starts with one is parsed inside it.
FRAGMENT_PARENTS = {
    "tr": "tbody", "td": "tr", "th": "tr", "tbody": "table", "thead": "table", "tfoot": "table",
    "caption": "table", "col": "colgroup", "colgroup": "table", "option": "select", "optgroup": "select",
}  # fmt: skip
UNLABELLED_TYPES = {"hidden", "submit", "button", "reset", "image"}
# What a template prints when it was given the wrong thing.
LEAKED_TEXT = re.compile(r"\bUndefined\b|<[\w.]+ object at 0x|\{\{|\{%|\bLazyString\b|%\(\w+\)[sd]")
LEAKED_WHOLE_TEXT = {"None", "nan", "NaN", "True", "False", "[]", "{}", "()"}
HTMX_METHODS = tuple(
    f"{prefix}hx-{method}" for prefix in ("", "data-") for method in ("get", "post", "put", "delete")
)
URL_ATTRIBUTES = ("href", "src", "action", "formaction", *HTMX_METHODS)
PHRASING_ONLY = set(
    "p span label button h1 h2 h3 h4 h5 h6 strong em small b i code abbr time mark sub sup output".split()
)
FLOW_ONLY = set(
    "div p ul ol dl table form fieldset section article header footer nav main aside figure "
    "h1 h2 h3 h4 h5 h6 hr pre blockquote details dialog address".split()
)
CHILDREN = {
    "ul": {"li", "template"},
    "ol": {"li", "template"},
    "dl": {"dt", "dd", "div", "template"},
    "select": {"option", "optgroup", "hr"},
}
UNCOMPLETED_TYPES = {"checkbox", "radio", "file", "submit", "image", "reset", "button"}
INTERACTIVE = {"a", "button", "input", "select", "textarea", "summary", "label"}
# Attributes whose value names other elements of the page by id.
ID_REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-errormessage", "list", "headers", "form")


def check_page(text: str, headers=None) -> None:
    """Fail with all findings unless `text` (a whole page or a fragment) keeps the rules.

    `headers`: the answer's headers, to check the Content-Security-Policy; None leaves that out.
    """
    findings = list(page_findings(text))
    if headers is not None:
        findings += header_findings(headers)
    assert not findings, "The page breaks these rules:\n  " + "\n  ".join(findings)


def page_findings(text: str) -> tuple[str, ...]:
    """Every rule that the page breaks, in words. A page of a shape that was found sound is not parsed again."""
    shape = shape_of(text)
    if shape in _sound:
        return ()
    if not (findings := _findings(text)):
        _sound.add(shape)
    return findings


_sound: set[bytes] = set()


def shape_of(text: str) -> bytes:
    """The page without what no rule looks at: keys, tokens and the words between tags.

    Each key becomes its number in the order of appearance, so that two equal ones stay equal. A word that a rule
    may object to stays, and so does everything with an entity in it.
    """
    numbers: dict[str, str] = {}
    text = KEY.sub(lambda found: numbers.setdefault(found[0], f"#{len(numbers)}"), text)
    return blake2b(WORDS.sub(_word, text).encode(), digest_size=16).digest()


def _word(found: re.Match) -> str:
    words = found[0].strip()
    return found[0] if words in LEAKED_WHOLE_TEXT or LEAKED_TEXT.search(words) else "字"


KEY = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}|[\w-]{15,}\.[\w-]{6}\.[\w-]{27}")
# What stands between two tags, and Chinese within a tag; not white space alone, which a rule tells from words.
WORDS = re.compile(r"(?<=>)[^<>&]*[^<>&\s][^<>&]*(?=<)|[\u3400-\u9fff]+")


@lru_cache(maxsize=256)
def _findings(text: str) -> tuple[str, ...]:
    tree, errors = parse(text)
    whole = is_whole_page(text)
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    ids = [element.get("id") for element in elements if element.get("id") is not None]
    findings = [*errors, *_id_findings(elements, ids, whole=whole)]
    if whole:
        findings += _document_findings(tree, elements)
    # English says "None" itself; the same template is seen in Chinese, where the word can only have leaked.
    leaked = LEAKED_WHOLE_TEXT - {"None"} if tree.get("lang") == "en" else LEAKED_WHOLE_TEXT
    parents = {child: parent for parent in elements for child in parent}
    findings += [*_content_findings(elements, parents), *_control_findings(elements, parents)]
    for element in elements:
        findings += _inline_findings(element)
        findings += _text_findings(element, leaked)
    return tuple(findings)


def is_whole_page(text: str) -> bool:
    """Whether this is a document and not a fragment of one."""
    return text.lstrip()[:9].lower() == "<!doctype"


@lru_cache(maxsize=8)
def parse(text: str) -> tuple[Element, tuple[str, ...]]:
    """The element tree, for reading only, and the parse errors with line and column."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    if is_whole_page(text):
        tree = parser.parse(text)
    else:
        first = re.match(r"\s*(?:<!--.*?-->\s*)*<([a-z]+)", text, re.DOTALL)
        tree = parser.parseFragment(text, container=FRAGMENT_PARENTS.get(first[1], "div") if first else "div")
    errors = []
    for (line, column), code, values in parser.errors:
        message = ERROR_TEXTS.get(code, code)
        errors.append(f"HTML, line {line} column {column}: {message % values if values else message}")
    return tree, tuple(errors)


def header_findings(headers) -> list[str]:
    """What is wrong with the answer's security headers."""
    policy = headers.get("Content-Security-Policy", "")
    if not policy:
        return ["no Content-Security-Policy"]
    unsafe = [word for word in ("unsafe-inline", "unsafe-eval") if word in policy]
    return [f"the Content-Security-Policy allows {word}" for word in unsafe]


def visible_text(element: Element) -> str:
    """The element's text with white space made single."""
    return " ".join("".join(element.itertext()).split())


def _where(element: Element) -> str:
    shown = "".join(
        f' {name}="{element.get(name)}"' for name in ("id", "name", "class", "href") if element.get(name)
    )
    return f"<{element.tag}{shown}>"


def _document_findings(tree: Element, elements: list[Element]):
    if not tree.get("lang"):
        yield "<html> has no lang"
    titles = tree.findall("head/title")  # an SVG has titles of its own
    if len(titles) != 1 or not visible_text(titles[0]):
        yield "the page needs exactly one title with text"
    headings = [element for element in elements if element.tag == "h1"]
    if len(headings) != 1 or not visible_text(headings[0]):
        yield f"the page needs exactly one h1 with text, it has {len(headings)}"
    if len([element for element in elements if element.tag == "main"]) != 1:
        yield "the page needs exactly one main"


def _id_findings(elements: list[Element], ids: list[str], *, whole: bool):
    counts = Counter(ids)
    yield from (f'id="{name}" occurs {count} times' for name, count in counts.items() if count > 1)
    for element in elements:
        if (own := element.get("id")) is not None and (not own or re.search(r"\s", own)):
            yield f'{_where(element)}: an id may not be empty or contain white space: "{own}"'
        if not whole:
            continue  # a fragment may point at what stays on the page
        for attribute in ID_REFERENCES:
            for name in (element.get(attribute) or "").split():
                if name not in ids:
                    yield f'{_where(element)}: {attribute}="{name}" names no element'
        href = element.get("href") or ""
        if element.tag == "a" and href.startswith("#") and len(href) > 1 and href[1:] not in ids:
            yield f"{_where(element)} leads nowhere"


def _content_findings(elements: list[Element], parents: dict):
    """The content model where mistakes happen: what a parser lets pass and a validator does not."""
    for element in elements:
        parent = parents.get(element)
        if parent is None:
            continue
        if element.tag in ("ul", "ol", "dl") and element.get("aria-label") and not element.get("role"):
            yield f"{_where(element)}: a list is named by the nav or group around it"
        if element.tag in FLOW_ONLY and parent.tag in PHRASING_ONLY:
            yield f"{_where(element)} may not stand in {_where(parent)}"
        if parent.tag in CHILDREN and element.tag not in CHILDREN[parent.tag]:
            yield f"{_where(element)} may not stand directly in {_where(parent)}"
        if element.tag in INTERACTIVE and element.get("type") != "hidden":
            for ancestor in _ancestors(element, parents):
                if ancestor.tag in ("a", "button"):
                    yield f"{_where(element)} may not stand inside {_where(ancestor)}"


def _control_findings(elements: list[Element], parents: dict):
    labels = {label.get("for"): label for label in elements if label.tag == "label" and label.get("for")}
    for element in elements:
        if element.tag == "img" and element.get("alt") is None:
            yield f"{_where(element)}: no alt"
        elif element.tag in ("a", "button", "summary") and not _name(element):
            if element.tag != "a" or element.get("href") is not None:
                yield f"{_where(element)}: nothing to read aloud"
        elif element.tag in ("input", "select", "textarea"):
            kind = element.get("type", "text") if element.tag == "input" else ""
            if element.tag == "select" and _asks_in_vain(element):
                yield f"{_where(element)}: required, but its first choice is no empty one"
            if kind in UNCOMPLETED_TYPES and element.get("autocomplete") is not None:
                yield f"{_where(element)}: autocomplete where nothing is typed"
            if kind in UNLABELLED_TYPES:
                if kind in ("submit", "button", "reset") and not (element.get("value") or _name(element)):
                    yield f"{_where(element)}: a button without a word"
                continue
            label = labels.get(element.get("id")) if element.get("id") else None
            if label is None:
                label = next((a for a in _ancestors(element, parents) if a.tag == "label"), None)
            if not (_name(element, own_text=False) or (label is not None and _name(label))):
                yield f"{_where(element)}: no label"
        elif element.tag == "form" and (element.get("method") or "get").lower() == "post":
            # hx-headers may carry the token instead; without scripts only the field does.
            names = {child.get("name") for child in element.iter("input")}
            if "csrf_token" not in names:
                yield f"{_where(element)}: a POST form without csrf_token"
        elif element.tag in ("th",) and not visible_text(element) and not _name(element):
            yield f"{_where(element)}: an empty table heading"


def _asks_in_vain(select: Element) -> bool:
    """Whether a select is required although it always has a value, which HTML forbids."""
    first = next(select.iter("option"), None)
    return select.get("required") is not None and first is not None and bool(first.get("value"))


def _ancestors(element: Element, parents: dict):
    while (element := parents.get(element)) is not None:
        yield element


def _name(element: Element, *, own_text: bool = True) -> bool:
    """Whether a screen reader has something to say for the element."""
    if (element.get("aria-label") or "").strip() or element.get("aria-labelledby"):
        return True
    if not own_text:
        return False
    named = (child.get("alt") or child.get("aria-label") or "" for child in element.iter())
    return bool(visible_text(element)) or any(text.strip() for text in named)


def _inline_findings(element: Element):
    if element.tag == "style":
        yield "<style> in the page: the Content-Security-Policy forbids it"
    if element.tag == "script" and not element.get("src"):
        yield "inline <script>: the Content-Security-Policy forbids it"
    for name, value in element.attrib.items():
        if not isinstance(name, str):
            continue
        if name == "style":
            yield f"{_where(element)}: inline style"
        elif name.startswith(("on", "hx-on", "data-hx-on")):
            yield f"{_where(element)}: inline handler {name}"
        elif name in URL_ATTRIBUTES:
            if value.strip().lower().startswith(("javascript:", "data:")):
                yield f"{_where(element)}: {name} starts with {value[:11]}"
            elif re.search(r"(^|[/=])(None|Undefined)($|[/&?#])", value):
                yield f'{_where(element)}: {name}="{value}" holds a missing value'
        if value == "None" and name not in ("alt", "title"):
            yield f'{_where(element)}: {name}="None"'


def _text_findings(element: Element, leaked: set[str]):
    if element.tag in ("script", "textarea", "code", "pre", "samp", "kbd"):
        return
    texts = [element.text or "", *((child.tail or "") for child in element)]
    for text in texts:
        stripped = text.strip()
        if stripped in leaked:
            yield f'{_where(element)}: the text "{stripped}"'
        elif found := LEAKED_TEXT.search(stripped):
            yield f'{_where(element)}: the text "{found[0]}"'
