"""The page words: Chinese message ids in templates and Python, and their English catalogue."""

import tomllib
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "portal/translations/en/LC_MESSAGES/messages.po"
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "_n": (1, 2), "lazy_gettext": None, "_l": None}


def extract_messages() -> list[Message]:
    """Every marked message of the portal, as found by Babel under the mappings of pyproject.toml."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    methods = [(row["pattern"], row["method"]) for row in settings["tool"]["babel"]["mappings"]]
    catalogue = Catalog()
    # A template that does not parse is an error, not a file without messages.
    options = {"portal/templates/**.html": {"silent": "false", "extensions": "jinja2.ext.do"}}
    for name, line, ids, _comments, context in extract_from_dir(ROOT, methods, options, KEYWORDS):
        catalogue.add(ids, None, [(name, line)], context=context)
    return [message for message in catalogue if message.id]


def read_catalogue() -> Catalog:
    """The English catalogue as it lies in the repository."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")
