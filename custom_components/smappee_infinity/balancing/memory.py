"""What of the balancing must survive a restart."""

import msgspec

from .._vendor.energy_control.balancing.controller import State
from .._vendor.energy_control.balancing.settings import Mode


class BalancingMemory(msgspec.Struct):
    """Of one gateway."""

    enabled: bool = False
    """Its owner wants it to command."""
    at: float = 0.0
    """The latest moment that the state knows, in seconds on a clock that only grows."""
    state: State = msgspec.field(default_factory=State)
    modes: dict[str, Mode] = msgspec.field(default_factory=dict)
    """By charger; others are as they begin."""
    wishes: dict[str, float] = msgspec.field(default_factory=dict)
    """By charger, the most in A that its user wants."""


class Clock:
    """Only grows, over restarts, too. A host whose clock is wrong at its start makes it late, never early."""

    def __init__(self, steady_s: float, wall_s: float, latest: float) -> None:
        """`steady_s` never jumps, `wall_s` is the time of day, `latest` is what this clock last said."""
        self._offset_s = max(wall_s, latest) - steady_s

    def at(self, steady_s: float) -> float:
        """Return the time in seconds."""
        return self._offset_s + steady_s
