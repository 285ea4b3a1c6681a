"""What a user is told when a command cannot do its work."""


class CannotRunError(Exception):
    """A command cannot do its work; the message says what happened, and what to do."""
