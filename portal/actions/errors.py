"""What can go wrong in an action, as the person should hear it. ``portal.errors`` maps these to HTTP once."""


class Conflict(Exception):
    """Somebody else changed the object first. ``obj`` is it as it is now, or None."""

    def __init__(self, obj=None):
        super().__init__("changed by somebody else")
        self.obj = obj


class NotAllowed(Exception):
    """The person may see the object but not do this with it."""


class Refused(Exception):
    """A rule speaks against it. ``message`` is a message id with ``words``, ``field`` where it belongs."""

    def __init__(self, message: str, field: str = "", **words):
        super().__init__(message)
        self.message, self.field, self.words = message, field, words
