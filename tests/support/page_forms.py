"""The forms of a page as a browser would send them when nobody touched them."""

from xml.etree.ElementTree import Element

UNSENT = ("submit", "button", "image", "reset", "file")


def post_forms(tree: Element) -> list[tuple[str, list[tuple[str, str]]]]:
    """(address, fields) of each form that is posted."""
    found = [form for form in tree.iter("form") if (form.get("method") or "").lower() == "post"]
    return [
        (form.get("action") or "", [pair for part in form.iter() for pair in _sent(part)]) for form in found
    ]


def _sent(part: Element):
    name, kind = part.get("name"), (part.get("type") or "text").lower()
    if not name or part.get("disabled") is not None:
        return
    if part.tag == "input" and kind not in UNSENT:
        if kind not in ("checkbox", "radio"):
            yield name, part.get("value", "")
        elif part.get("checked") is not None:
            yield name, part.get("value", "on")
    elif part.tag == "textarea":
        yield name, "".join(part.itertext()).removeprefix("\n")
    elif part.tag == "select":
        options = list(part.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None]
        if part.get("multiple") is None:
            chosen = chosen[:1] or options[:1]
        for option in chosen:
            yield name, option.get("value", "".join(option.itertext()))
