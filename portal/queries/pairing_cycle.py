"""School pairs through their years."""


def waiting(actor, today):
    """Nothing yet."""
    return ()
