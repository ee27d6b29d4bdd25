"""Addresses in templates: what a page was asked for is a filter, never an order to whoever builds the next address."""

from functools import lru_cache
from uuid import UUID

from flask import Flask, request, url_for

# Names that ``url_for`` takes for itself and no page of the portal gives.
RESERVED = ("endpoint", "_method", "_scheme", "_external")
# The key that stands for any other while the address of a kind of record is found.
ANY = UUID(int=0)


def register(app: Flask) -> None:
    """Give the templates the function; before any template is loaded, since macros keep what they find."""
    app.jinja_env.globals["url_for"] = address


def address(endpoint: str, /, **values) -> str:
    """The address of a page. Lists hand on all that was asked of them, so names that are ours are dropped."""
    if len(values) == 1:
        ((name, key),) = values.items()
        if type(key) is UUID:
            return page_of(endpoint, name, key)
    return url_for(endpoint, **{name: value for name, value in values.items() if name not in RESERVED})


def page_of(endpoint: str, name: str, key: UUID) -> str:
    """The address of a record, which a list asks for row by row: all that differs is the key."""
    before, after = _around(request.script_root, endpoint, name)
    return f"{before}{key}{after}"


@lru_cache(1024)
def _around(_script_root: str, endpoint: str, name: str) -> tuple[str, str]:
    before, _key, after = url_for(endpoint, **{name: ANY}).partition(str(ANY))
    return before, after
