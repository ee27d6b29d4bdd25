"""Reads the page words (Chinese message ids) anew into the English catalogue.

    make translations
    .venv/bin/python scripts/translations.py more.json ...   # {"中文": "English"} files are taken in

Where English has two forms for a count, the file says both: {"%(count)s 节": ["%(count)s lesson", "… lessons"]}.

Messages that no longer occur are dropped, new ones stay empty until they are translated, and the file is
written in the order of its message ids without dates and line numbers, so that a diff shows words only.
`tests/test_architecture.py` fails while a message is missing, empty or fuzzy.
"""

import json
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
# Lines of the head that say when and by whom; the history knows that.
DATES_AND_NAMES = (
    *("# Copyright", "# This file", "# FIRST AUTHOR"),
    *('"Report-Msgid', '"POT-Creation', '"PO-Revision', '"Last-Translator', '"Language-Team'),
)
PO_FILE = ROOT / "portal/translations/en/LC_MESSAGES/messages.po"

if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    from tests.support.catalogue import extract_messages

    old = Catalog(locale="en")
    if PO_FILE.exists():
        with PO_FILE.open("rb") as file:
            old = read_po(file, locale="en")
    words: dict[str, str | list[str]] = {}
    for name in sys.argv[1:]:
        words |= json.loads(Path(name).read_text(encoding="utf-8"))

    new = Catalog(locale="en", project="School Cluster Portal", charset="utf-8", fuzzy=False)
    missing = []
    for message in sorted(extract_messages(), key=lambda message: (str(message.id), message.context or "")):
        known = old.get(message.id, message.context)
        singular = message.id if isinstance(message.id, str) else message.id[0]
        english = words.get(singular) or (known.string if known and not known.fuzzy else None)
        if not isinstance(message.id, str) and isinstance(english, str):
            english = (english, english)
        if not english or not (english if isinstance(english, str) else all(english)):
            missing.append(singular)
            english = "" if isinstance(message.id, str) else ("", "")
        # Chinese has one form: where English has two, the id stands for both.
        ids = (
            (singular, singular)
            if not isinstance(english, str) and isinstance(message.id, str)
            else message.id
        )
        new.add(
            ids,
            english if isinstance(english, str) else tuple(english),
            flags=message.flags,
            context=message.context,
        )

    PO_FILE.parent.mkdir(parents=True, exist_ok=True)
    with PO_FILE.open("wb") as file:
        write_po(file, new, width=0, omit_header=False, ignore_obsolete=True)
    lines = PO_FILE.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(DATES_AND_NAMES)]
    PO_FILE.write_text("".join(kept), encoding="utf-8")
    with PO_FILE.with_suffix(".mo").open("wb") as file:
        write_mo(file, new)
    print(f"{len(list(new)) - 1} messages, {len(missing)} without English.")
    for text in missing[:50]:
        print("  ", text)
