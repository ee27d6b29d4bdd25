"""The static files: what old browsers, the content security policy and a slow line ask of them."""

import hashlib
import re
import zlib
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "portal" / "static"
STYLES = sorted([STATIC / "css/portal.css", STATIC / "vendor/bootstrap/bootstrap.css"])
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
PICTURES = sorted((STATIC / "img").glob("*.svg"))
VENDOR_ROW = re.compile(r"^\| (\w+) \| ([\d.]+) \| .* \| `([\w./-]+)` \| `([0-9a-f]{64})` \|$", re.M)
# What Chromium 86 and Safari 14 do not read, by name and pattern.
TOO_NEW_IN_CSS = {
    ":has": r":has\(",
    "@layer": r"@layer",
    "color-mix": r"color-mix\(",
    "container query": r"@container",
    "inset shorthand": r"[;{]\s*inset\s*:",
    "aspect-ratio": r"aspect-ratio",
    "nesting": r"[{;]\s*&",
    ":is / :where": r":(is|where)\(",
    "dvh": r"\d[dsl]vh",
}
TOO_NEW_IN_JS = {
    "optional chaining": r"\w\?\.\w",
    "nullish": r"\?\?",
    "catch without a name": r"catch\s*\{",
    "object spread": r"\{\s*\.\.\.",
    "replaceAll": r"\.replaceAll\(",
    "at()": r"\.at\(",
    "private field": r"this\.#",
    "top-level await": r"^await ",
    "logical assignment": r"(\|\||&&)=",
}
UNSAFE_IN_JS = {
    "eval": r"\beval\(",
    "Function": r"new Function",
    "innerHTML": r"innerHTML|insertAdjacentHTML|outerHTML",
    "inline style": r"\.style\b|setAttribute\(.style",
    "console": r"console\.",
}


def without_comments(text):
    """CSS or JavaScript without its /* */ comments."""
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def found(patterns, text):
    return [name for name, pattern in patterns.items() if re.search(pattern, text, re.M)]


def flex_gaps(css):
    """Selectors of our own that lean on flex gap, which Safari 14 lacks; grid gap is fine."""
    return [
        selector.strip()
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css)
        if re.search(r"(^|[;\s])(row-|column-)?gap\s*:", body)
        and not re.search(r"grid-(row-|column-)?gap\s*:", body)
    ]


@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.name)
def test_stylesheet_loads_nothing_from_elsewhere(path):
    addresses = re.findall(r"url\(([^)]*)\)", path.read_text("utf-8"))
    assert [a for a in addresses if not a.strip("\"'").startswith("../img/")] == []
    assert re.findall(r"data:|https?://|@import", without_comments(path.read_text("utf-8"))) == []


def test_own_stylesheet_stays_with_old_browsers():
    css = without_comments((STATIC / "css/portal.css").read_text("utf-8"))
    assert found(TOO_NEW_IN_CSS, css) == []
    assert flex_gaps(css) == []


def test_reduced_bootstrap_carries_no_pictured_part():
    css = (STATIC / "vendor/bootstrap/bootstrap.css").read_text("utf-8")
    gone = [
        "btn-close",
        "form-switch",
        "accordion",
        "navbar",
        "carousel",
        "valid-feedback",
        "dropdown",
        "modal",
    ]
    assert [name for name in gone if f".{name}" in css] == []
    assert [
        name for name in ["btn", "form-control", "form-select", "visually-hidden"] if f".{name}" not in css
    ] == []


def test_pictures_of_stylesheets_exist():
    css = "".join(path.read_text("utf-8") for path in STYLES)
    assert [
        name for name in re.findall(r"\.\./img/([\w.-]+)", css) if not (STATIC / "img" / name).exists()
    ] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_script_stays_with_old_browsers_and_the_policy(path):
    text = without_comments(path.read_text("utf-8"))
    assert found(TOO_NEW_IN_JS | UNSAFE_IN_JS, text) == []
    assert re.findall(r"https?://", text) == []
    assert text.count("\n") < 400


@pytest.mark.parametrize("path", PICTURES, ids=lambda p: p.name)
def test_picture_holds_no_script_style_or_address(path):
    text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"<script|style=|\son\w+=|https?://|data:", text) == []


def test_vendored_files_are_the_ones_that_were_reviewed():
    rows = VENDOR_ROW.findall((STATIC / "vendor/README.md").read_text("utf-8"))
    sums = {
        file: hashlib.sha256((STATIC / "vendor" / file).read_bytes()).hexdigest() for _, _, file, _ in rows
    }
    assert sums == {file: digest for _, _, file, digest in rows}
    on_disk = {
        str(p.relative_to(STATIC / "vendor"))
        for p in (STATIC / "vendor").rglob("*")
        if p.suffix in (".js", ".css")
    }
    assert on_disk == set(sums)
    assert [
        name for name in ("bootstrap", "htmx") if not (STATIC / "vendor" / name / "LICENSE").exists()
    ] == []
    assert [
        version for name, version, _, _ in rows if name == "htmx" and not version.startswith("2.0.")
    ] == []


def test_first_page_assets_stay_small():
    """Stylesheets, scripts and pictures of a first visit, compressed: 60 KB, so that with the page itself
    it stays below 80 KB."""
    files = [
        *STYLES,
        *SCRIPTS,
        STATIC / "vendor/htmx/htmx.min.js",
        STATIC / "img/icons.svg",
        STATIC / "img/logo.svg",
    ]
    assert sum(len(zlib.compress(path.read_bytes(), 9)) for path in files) < 60 * 1024
