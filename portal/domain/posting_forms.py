"""What each form of posting brings with it by the glossary: personnel transfer, quota, volunteers."""

# Forms that move the personnel relation (glossary, column T = 1); all others leave it, or leave it open (±).
TRANSFERRING = frozenset({"surplus_adjustment"})
# Stays of a few days or for learning; they are no exchange in the sense of a quota (G15: a flag per form).
NOT_COUNTED = frozenset(
    {
        "volunteer_teaching", "study_posting", "shadow_training", "class_attachment", "secondment",
        "upward_secondment", "borrowed", "principal_study", "promoted_use",
    }
)  # fmt: skip
SUPPORT = frozenset({"support_teaching", "volunteer_teaching", "aid_teaching", "support_aid"})


def transfers(form: str) -> bool:
    """Whether the form moves the personnel relation where nothing else is said."""
    return form in TRANSFERRING


def counts(form: str) -> bool:
    """Whether the form counts towards a school's quota where nothing else is said (D0 counts collaboration)."""
    return form not in NOT_COUNTED
