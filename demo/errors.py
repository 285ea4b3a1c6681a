"""What can go wrong, in words for the person at the terminal."""


class DemoError(Exception):
    """The demo cannot go on; the message says why, and what to do."""

    exit_status = 1


class PortTakenError(DemoError):
    """Something else listens where Home Assistant should."""

    exit_status = 2


class ProgramEndedError(DemoError):
    """The simulator or Home Assistant has stopped by itself."""


class TooSlowError(DemoError):
    """Something did not happen in time."""


class SetUpError(DemoError):
    """Home Assistant refused a step of the set-up."""


class NotAsExpectedError(DemoError):
    """Everything runs, but figures are missing or something was logged."""
