"""Addresses in templates: what a page was asked for is a filter, never an order to whoever builds the next address."""

from flask import Flask, url_for

# Names that ``url_for`` takes for itself and no page of the portal gives.
RESERVED = ("endpoint", "_method", "_scheme", "_external")


def register(app: Flask) -> None:
    """Give the templates the function; before any template is loaded, since macros keep what they find."""
    app.jinja_env.globals["url_for"] = address


def address(endpoint: str, /, **values) -> str:
    """The address of a page. Lists hand on all that was asked of them, so names that are ours are dropped."""
    return url_for(endpoint, **{name: value for name, value in values.items() if name not in RESERVED})
