"""Tells the words of the pages from the texts of the records: an English page has Chinese only from records."""

import contextlib
import json
import re
from xml.etree.ElementTree import Element

import sqlalchemy as sa

from portal.vault import SealedText

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
# What a log's writer marks: its pages show the pieces between the marks.
MARKS = re.compile(r"\*\*|(?m:^\s*(?:\d+\.|[-*>#]+)\s+)")
# Addresses and keys are not read by people.
# These stay as they are: a Chinese document's numbering, what a field for weeks or a roster takes, and the names of
# the sheets in a timetable's workbook.
KEPT = re.compile(r"^([一二三四五六七八九十]+|单|双|男|女|课表|节次|路程|教师)$")
SILENT_ATTRIBUTES = re.compile(r"^(href|src|action|name|id|class|for|data-hx-.*|data-draft|lang)$")


class RecordTexts:
    """Every text that stands in the database, and so may stand on an English page in Chinese."""

    def __init__(self, session, metadata: sa.MetaData, *others: str):
        """``others``: texts from elsewhere, such as the cells of an uploaded file."""
        texts = {line for other in others for line in _lines(other)}
        wholes: set[str] = set()  # short ones are known only where they stand alone
        for table in metadata.sorted_tables:
            columns = [c for c in table.c if isinstance(c.type, sa.String | sa.JSON | SealedText)]
            if columns:
                for row in session.execute(sa.select(*columns)):
                    for value in row:
                        texts.update(_lines(value))
                        wholes.update(_values(value))
        self._wholes = wholes
        self._by_start: dict[str, list[str]] = {}
        for text in texts:
            self._by_start.setdefault(text[:2], []).append(text)
        for found in self._by_start.values():
            found.sort(key=len, reverse=True)

    def without(self, text: str) -> str:
        """The text with whatever stands in a record taken out, the longest first."""
        left, at = [], 0
        while at < len(text):
            known = next(
                (t for t in self._by_start.get(text[at : at + 2], ()) if text.startswith(t, at)), None
            )
            if known is None:
                left.append(text[at])
                at += 1
            else:
                left.append(" ")
                at += len(known)
        return "".join(left)

    def chinese_page_words(self, tree: Element) -> list[str]:
        """The Chinese that an English page says itself, in texts and in attributes that are read aloud or shown."""
        found = []
        if tree.get("lang") not in (None, "en"):
            found.append(f"the page is in {tree.get('lang')}, not in English")
        self._collect(tree, found)
        return found

    def _collect(self, element: Element, found: list[str]) -> None:
        if not isinstance(element.tag, str):
            return
        if element.tag != "html" and (element.get("lang") or "").startswith("zh"):
            return  # marked as Chinese: a document's own text, or the way to the Chinese pages
        if element.tag in ("ins", "del") or (element.get("class") or "").startswith("avatar"):
            return  # a piece of a record's text, or the first character of a name
        texts = [element.text, *(child.tail for child in element)]
        texts += [value for name, value in element.attrib.items() if not SILENT_ATTRIBUTES.match(str(name))]
        for text in texts:
            if not text or not HAN.search(text) or text.strip() in self._wholes:
                continue
            left = HAN.findall(self.without(" ".join(text.split())))
            if words := [word for word in left if not KEPT.match(word)]:
                found.append(f"Chinese on an English page, in <{element.tag}>: {' '.join(words)}")
        for child in element:
            self._collect(child, found)


def _values(value):
    """The texts in a value as they were written: the unit of a quantity, the name of a subject."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _values(each)
    elif isinstance(value, str) and len(value) < 20:
        yield value.strip()


def _lines(value):
    """The texts in a value, each line by itself as pages show them."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _lines(each)
    elif isinstance(value, str):
        if value.startswith(("[", "{")):
            with contextlib.suppress(ValueError):
                yield from _lines(json.loads(value))
        for line in (value, *value.splitlines(), *re.split("[；;\\n]", value), *MARKS.split(value)):
            line = " ".join(line.removeprefix("- ").split())
            if len(line) > 1 and HAN.search(line):
                yield line
                yield line.replace(" ", "")  # a name as it is read from a roster
