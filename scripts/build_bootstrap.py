"""Cut the Bootstrap stylesheet down to the parts the portal uses.

    npm pack bootstrap@5.3.9 && tar xzf bootstrap-5.3.9.tgz
    python scripts/build_bootstrap.py package

reads `package/dist/css/bootstrap.css` and its LICENSE and writes
`portal/static/vendor/bootstrap/bootstrap.css` (one rule a line, so that a change can be reviewed).

Two reasons. The Content-Security-Policy allows pictures from the portal alone, and Bootstrap carries
some as `data:` addresses (close button, switch, accordion, navbar, validation, carousel). And a page
opened for the first time on a school's line should not carry components nobody uses.

A class that a page needs and that is missing here: add it to KEEP and run the script again.
"""

import re
import sys
from pathlib import Path

import tinycss2

TARGET = Path(__file__).resolve().parent.parent / "portal/static/vendor/bootstrap"

# Class names that stay, as whole-name patterns. A selector stays when every class in it stays;
# selectors without a class (the reboot) always stay.
KEEP = [
    r"container",
    r"row",
    r"col",
    r"col-(md|lg)(-\d+)?",
    r"col-\d+",
    r"btn",
    r"btn-link",
    r"disabled",
    r"active",
    r"show",
    r"form-(label|text|control|select|check|check-input|check-label)",
    r"is-invalid",
    r"input-group",
    r"input-group-text",
    r"visually-hidden",
    r"visually-hidden-focusable",
    r"[mp][tbsexy]?-([0-5]|auto)",
    r"gap-0",
    r"d-(none|block|inline|inline-block|flex|grid)",
    r"d-(md|lg)-(none|block|flex|inline-flex)",
    r"flex-(fill|row|column|wrap|nowrap|grow-1|shrink-0)",
    r"justify-content-(start|end|center|between)",
    r"align-items-(start|end|center|baseline)",
    r"text-(start|end|center|nowrap|break|decoration-none|truncate)",
    r"fw-(normal|bold|semibold)",
    r"fs-[1-6]",
    r"w-(25|50|75|100|auto)",
    r"small",
    r"lead",
    r"mark",
    r"pt-md-4",
    r"overflow-auto",
    r"position-relative",
    r"float-end",
    r"align-(top|middle|baseline)",
]
# Selectors that stay by class but carry a picture, float a label, or colour a theme we do not use.
DROP = re.compile(
    r"data-bs-theme|was-validated|form-floating|valid-|btn-check|has-validation|dropdown|form-file"
    r"|form-range|color-swatch|::-webkit-color|::-moz-color|form-control-color|btn-(group|close|lg|sm)"
)
# Custom properties of :root that only dropped parts read.
DROP_PROPERTY = re.compile(
    r"^--bs-(blue|indigo|purple|pink|red|orange|yellow|green|teal|cyan|gray.*|primary.*"
    r"|secondary|secondary-rgb|secondary-(text|bg-subtle|border).*|success.*|info.*|warning.*"
    r"|danger|danger-(text|bg|border).*|light.*|dark.*|gradient|breakpoint-.*|form-valid-.*"
    r"|btn-close.*|carousel.*|accordion.*|navbar.*)$"
)
CLASS = re.compile(r"\.((?:\\.|[\w-])+)")
KEPT = re.compile("^(?:" + "|".join(KEEP) + ")$")


def kept_selectors(prelude):
    """The parts of a selector list that the portal uses, joined again, or an empty string."""
    kept = []
    for selector in prelude.split(","):
        selector = " ".join(selector.split())
        if DROP.search(selector):
            continue
        if all(KEPT.match(name.replace("\\", "")) for name in CLASS.findall(selector)):
            kept.append(selector)
    return ",".join(kept)


def short_declarations(content):
    """Declarations as text, without pictures inside the stylesheet and unread custom properties."""
    out = []
    for item in tinycss2.parse_declaration_list(content, skip_comments=True, skip_whitespace=True):
        if item.type != "declaration" or DROP_PROPERTY.match(item.name):
            continue
        value = " ".join(tinycss2.serialize(item.value).split())
        if "data:" in value:
            continue
        out.append(f"{item.name}:{value}{'!important' if item.important else ''}")
    return ";".join(out)


def reduced(rules, indent=""):
    """Lines of the reduced stylesheet for a list of parsed rules; media queries keep their frame."""
    lines = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = kept_selectors(tinycss2.serialize(rule.prelude).strip())
            body = short_declarations(rule.content) if selectors else ""
            if body:
                lines.append(f"{indent}{selectors}{{{body}}}")
        elif rule.type == "at-rule" and rule.at_keyword == "media" and rule.content is not None:
            inner = reduced(
                tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True), indent + " "
            )
            if inner:
                frame = " ".join(tinycss2.serialize(rule.prelude).split())
                lines += [f"{indent}@media {frame}{{", *inner, indent + "}"]
    return lines


def main(package):
    """Write the reduced stylesheet and the licence of the unpacked npm package."""
    source = Path(package) / "dist/css/bootstrap.css"
    text = source.read_text("utf-8")
    banner = re.search(r"/\*!(.*?)\*/", text, re.S)
    version = re.search(r"Bootstrap\s+v([\d.]+)", banner.group(1)).group(1)
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    TARGET.mkdir(parents=True, exist_ok=True)
    head = (
        f"/*! Bootstrap v{version}, reduced by scripts/build_bootstrap.py. "
        "Copyright 2011-2025 The Bootstrap Authors, MIT (see LICENSE). */"
    )
    (TARGET / "bootstrap.css").write_text("\n".join([head, *reduced(rules)]) + "\n", "utf-8")
    (TARGET / "LICENSE").write_text((Path(package) / "LICENSE").read_text("utf-8"), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:2] or ["package"])
