"""Light text as safe HTML for pages: every word is escaped, and no tag comes from the text itself."""

from itertools import groupby

from markupsafe import Markup, escape

from portal.domain.light_text import Block, blocks


def rich(text: str) -> Markup:
    """Headings, lists, quotes, bold and paragraphs; headings stand at the third level, below those of the page."""
    found = [_group(list(group)) for group in _groups(blocks(text))]
    return Markup("").join(found)


def _groups(lines):
    number = 0

    def key(line: Block) -> int:
        nonlocal number
        number += line.opens
        return number

    return (group for _, group in groupby(lines, key))


def _group(lines: list[Block]) -> Markup:
    kind = lines[0].kind
    if kind == "heading":
        return Markup("<h3>{}</h3>").format(_words(lines[0]))
    if kind == "item":
        return Markup("<ul>{}</ul>").format(
            Markup("").join(Markup("<li>{}</li>").format(_words(line)) for line in lines)
        )
    if kind == "number":
        items = (Markup('<li value="{}">{}</li>').format(line.value, _words(line)) for line in lines)
        return Markup("<ol>{}</ol>").format(Markup("").join(items))
    inner = Markup("<br>").join(_words(line) for line in lines)
    return Markup("<blockquote><p>{}</p></blockquote>" if kind == "quote" else "<p>{}</p>").format(inner)


def _words(line: Block) -> Markup:
    return Markup("").join(
        Markup("<strong>{}</strong>").format(words) if bold else escape(words) for words, bold in line.pieces
    )
