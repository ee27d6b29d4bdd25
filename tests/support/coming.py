"""Modules of pages that the walks of isolation, steps and own cases leave out so far.

Whoever finishes one takes it out of the list and gives the walks what they then ask for: words and readers in
``test_isolation.py`` and ``canaries.py``, lines of ``test_workflow_steps.py``, cases of ``test_own_cases.py``.
"""

from pathlib import Path

BLUEPRINTS = Path(__file__).parents[2] / "portal" / "blueprints"
NOT_WALKED_YET = {
    f"portal.blueprints.visiting.{name}"
    for name in (
        "board checks copying deliveries demands forms_deliveries forms_proposals limits offers proposals signups"
        " timetable_import volunteers"
    ).split()
}

# The tables behind them, whose texts have no word of their own in the walk yet.
TABLES_NOT_WALKED_YET = set(
    "programme programme_target delivery delivery_signup teaching_offer offer_school volunteer"
    " service_certificate lesson_demand plan_proposal proposed_lesson teacher_limit busy_hour"
    " timetable_import calendar_feed".split()
)


def is_walked(app, endpoint: str) -> bool:
    """Whether the view of an endpoint is part of the walks."""
    return app.view_functions[endpoint].__module__ not in NOT_WALKED_YET


def walked_sources() -> list[tuple[str, str]]:
    """(blueprint, text) of every module of pages that is part of the walks."""
    return [
        (path.parent.name, path.read_text(encoding="utf-8"))
        for path in sorted(BLUEPRINTS.glob("*/*.py"))
        if f"portal.blueprints.{path.parent.name}.{path.stem}" not in NOT_WALKED_YET
    ]
