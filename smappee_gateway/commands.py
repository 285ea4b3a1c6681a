"""Commands in domain terms, and the wait for their confirmation."""

from dataclasses import dataclass

CONFIRMATION_TIMEOUT_S = 5.0
"""How long an echo may take. The delay of a real gateway is unknown; five seconds is what a person waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Switch a plug of a location on or off. A transport encodes it."""

    location: str
    plug: str
    on: bool


class PendingCommands:
    """Commands that have been sent and not yet answered. Sending one again renews its time."""

    def __init__(self) -> None:
        """Start with nothing pending."""
        self._deadlines: dict[Command, float] = {}

    def add(self, command: Command, now: float) -> None:
        """Wait for the echo of a command."""
        self._deadlines[command] = now + CONFIRMATION_TIMEOUT_S

    def cancel(self, command: Command) -> None:
        """Stop waiting for a command."""
        self._deadlines.pop(command, None)

    def echo(self, state: Command) -> tuple[Command, ...]:
        """Take a live state, written as the command that would cause it; returns the commands it confirms."""
        return () if self._deadlines.pop(state, None) is None else (state,)

    def expire(self, now: float) -> tuple[Command, ...]:
        """Return and forget the commands whose time is over."""
        if not self._deadlines:
            return ()
        expired = tuple(command for command, deadline in self._deadlines.items() if deadline <= now)
        for command in expired:
            del self._deadlines[command]
        return expired
