"""Translation in templates at the speed of a dictionary: the default language needs no look-up at all.

Flask-Babel finds request, locale and catalogue anew for every word, some 400 times on a list page. Here the
catalogue is found once a request, and Chinese, the language of the message ids, has none.
"""

from collections.abc import Callable
from contextvars import ContextVar

from flask import Flask, has_request_context
from flask_babel import Domain, get_locale, get_translations
from markupsafe import Markup

Catalogue = tuple[Callable, Callable] | None  # gettext and ngettext; None for the language of the ids
# The value whose number chooses between "1 lesson" and "2 lessons", where the catalogue has both.
COUNT = "count"

_of_request: ContextVar[Catalogue | bool] = ContextVar("catalogue", default=False)  # False: not found yet


def register(app: Flask) -> None:
    """Give the templates these functions; before any template is loaded, since macros keep what they find."""
    app.jinja_env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext)
    app.before_request(forget_catalogue)
    app.teardown_request(forget_catalogue)


def forget_catalogue(_error=None) -> None:
    """Find the reader's language anew for the next word, as after it was changed within a request."""
    _of_request.set(False)


def _catalogue() -> Catalogue:
    found = _of_request.get()
    if found is False:
        found = None
        if not str(get_locale() or "zh").startswith("zh"):
            translations = get_translations()
            found = (translations.ugettext, translations.ungettext)
        if has_request_context():
            _of_request.set(found)
    return found


def chinese() -> bool:
    """Whether the reader's language is the language of the message ids."""
    return _catalogue() is None


def gettext(message: str, /, **values) -> str:
    """The message in the reader's language, with its values; safe as markup, the values are escaped."""
    catalogue = _catalogue()
    return _filled(_counted(*catalogue, message, values) if catalogue else message, values)


def ngettext(singular: str, plural: str, num: int, /, **values) -> str:
    """The form for this number; Chinese has one form."""
    catalogue = _catalogue()
    text = catalogue[1](singular, plural, num) if catalogue else (singular if num == 1 else plural)
    return _filled(text, {"num": num, **values})


class CountedDomain(Domain):
    """Messages in Python: as Flask-Babel finds them, with the form for their count."""

    def gettext(self, string: str, /, **variables) -> str:
        """The message in the reader's language, with its values."""
        catalogue = _catalogue()
        text = _counted(*catalogue, string, variables) if catalogue else string
        return text % variables if variables else text


def _counted(gettext: Callable, ngettext: Callable, message: str, values: dict) -> str:
    # Chinese has one form, so a message id is its own plural; most messages have no second one in English.
    if COUNT in values:
        text = ngettext(message, message, 1 if str(values[COUNT]) == "1" else 2)
        if text != message:
            return text
    return gettext(message)


def _filled(text: str, values: dict) -> Markup:
    # A message is always a format, so that "%%" means the same with and without values.
    return Markup(text) % values if "%" in text else Markup(text)
