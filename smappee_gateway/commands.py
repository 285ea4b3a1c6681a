"""Commands in domain terms, and the wait for their confirmation."""

from collections.abc import Mapping
from dataclasses import dataclass

CONFIRMATION_TIMEOUT_S = 5.0
"""How long an echo may take. The delay of a real gateway is unknown; five seconds is what a person waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugCommand:
    """Switch a plug of a location on or off."""

    location: str
    plug: str
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleCommand:
    """Set the relays of an Output module of a location."""

    location: str
    module: str
    states: tuple[bool | None, ...]
    """Relay by relay; None = not written. Where one word writes all relays, none is None."""

    def is_told_by(self, states: Mapping[int, bool | None]) -> bool:
        """Tell whether relays are as commanded; those that are not told, and not written, do not matter."""
        return all(states.get(output) is on for output, on in enumerate(self.states) if on is not None)


type Command = PlugCommand | ModuleCommand
"""A transport encodes it."""


class PendingCommands:
    """Commands that have been sent and not yet answered. Sending one again renews its time."""

    def __init__(self) -> None:
        """Start with nothing pending."""
        self._deadlines: dict[Command, float] = {}

    def add(self, command: Command, now: float) -> None:
        """Wait for the echo of a command."""
        self._deadlines[command] = now + CONFIRMATION_TIMEOUT_S

    def cancel(self, command: Command) -> bool:
        """Stop waiting for a command; tells whether it was pending."""
        return self._deadlines.pop(command, None) is not None

    def of_module(self, module: str) -> ModuleCommand | None:
        """Return the unanswered command of an Output module; there is never more than one."""
        return next((command for command in self.of_modules() if command.module == module), None)

    def of_modules(self) -> tuple[ModuleCommand, ...]:
        """Return the unanswered commands of all Output modules."""
        return tuple(command for command in self._deadlines if isinstance(command, ModuleCommand))

    def expire(self, now: float) -> tuple[Command, ...]:
        """Return and forget the commands whose time is over."""
        if not self._deadlines:
            return ()
        expired = tuple(command for command, deadline in self._deadlines.items() if deadline <= now)
        for command in expired:
            del self._deadlines[command]
        return expired
