"""A running count of pulses, turned into steps that can be trusted, by the rules of an energy counter."""

from typing import ClassVar

from smappee_gateway.counters import EnergyCounter

HIGHEST_PULSES_PER_S = 100.0
"""An S0 output gives at most 17 (30 ms pulse, 30 ms pause); contacts of water meters far fewer."""


class PulseCounter(EnergyCounter):
    """One running count; what an energy counter calls joules are pulses here. A first value is only a beginning."""

    quantum: ClassVar[float] = 2.0
    """Pulses that may come at once."""
    read_at: float = 0.0
    """When the last value came, on the session's steady clock in seconds."""

    def count(self, raw: float, clock: float) -> float:
        """Take a value; returns the pulses it adds."""
        before, self.read_at = self.read_at, max(self.read_at, clock)
        beginning = None if self.known else self.suspect
        step = self.advance(raw, before, self.read_at, HIGHEST_PULSES_PER_S)
        return raw - beginning if self.known and beginning is not None else step

    def expect_restart(self) -> None:
        """Note that the gateway has restarted."""
        self.expect_reset(self.read_at)
