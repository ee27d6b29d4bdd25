"""The summaries of the two complete terms: signed, submitted, accepted."""


def load(scene) -> None:
    """Room for the summaries once their slice stands."""
