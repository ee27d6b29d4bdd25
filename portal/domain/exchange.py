"""What the form of a posting says by itself: personnel transfer, quota, volunteers, and where it leads.

Rule source: the glossary of exchange forms (no transfer, transfer, or decided per record), and D0's
"counts towards the school's quota" for exchange between paired schools. Every value may be set otherwise
on a record; these are what a form is when nothing else is written.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class FormFacts:
    """``transfer`` and ``quota``: what a record of the form is unless it says otherwise."""

    transfer: bool = False
    quota: bool = True
    volunteer: bool = False


# Whoever goes to learn, or to an office, stays on the home school's books and fills no quota.
_LEARNING = FormFacts(quota=False)

FORMS = {
    "rotation": FormFacts(),
    "support_teaching": FormFacts(),
    "volunteer_teaching": FormFacts(quota=False, volunteer=True),
    "aid_teaching": FormFacts(),
    "study_posting": _LEARNING,
    "lateral_exchange": FormFacts(),
    "inter_school_collaboration": FormFacts(),
    "shadow_training": _LEARNING,
    "class_attachment": _LEARNING,
    "co_teacher": _LEARNING,
    "secondment": FormFacts(),
    "upward_secondment": _LEARNING,
    "borrowed": FormFacts(quota=False),
    "promoted_use": FormFacts(),
    "counterpart_swap": FormFacts(),
    "support_aid": FormFacts(),
    "surplus_adjustment": FormFacts(transfer=True),
    "principal_study": _LEARNING,
}

#: The forms that the list 支教 shows: help to rural or weaker schools.
SUPPORT = ("support_teaching", "volunteer_teaching", "aid_teaching", "support_aid")


def facts_of(form: str) -> FormFacts:
    """What a form says by itself; of an unknown one nothing is assumed but that it counts."""
    return FORMS.get(form, FormFacts())


def helps(form: str, location: str, is_weak: bool) -> bool:
    """Whether a support posting leads where the form means it to: to a rural or a weak school.

    True for any other form, which may lead anywhere.
    """
    return form not in SUPPORT or location == "rural" or is_weak
