"""Shared resources of a cluster: their kinds, the five rule documents, and what each kind needs."""

#: S0-17, S1-79, S4-72: material; S3-23: joint tests; S4-49: rules.
KINDS = ("lesson", "document", "link", "result", "joint_test", "rule")
#: The five rules that an alliance writes down (S4-49): joint meeting, research, logistics, duty, assessment.
RULES = ("meeting", "research", "logistics", "duty", "assessment")
USES = ("download", "used")


def missing_rules(present) -> list[str]:
    """Which of the five rule documents (S4-49) a cluster has not laid down yet, in their order."""
    there = set(present)
    return [rule for rule in RULES if rule not in there]


def words_of(text: str) -> list[str]:
    """The words of a search, at most five: each has to occur. Words are parted by white space of any width."""
    return [word for word in text.split() if word][:5]
