"""The sources of the pages, for tests that read what these ask for."""

from pathlib import Path

BLUEPRINTS = Path(__file__).parents[2] / "portal" / "blueprints"


def page_sources() -> list[tuple[str, str]]:
    """(blueprint, text) of every module of pages."""
    return [
        (path.parent.name, path.read_text(encoding="utf-8")) for path in sorted(BLUEPRINTS.glob("*/*.py"))
    ]
