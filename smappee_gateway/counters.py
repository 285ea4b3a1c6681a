"""An energy counter of a gateway, turned into a total that can be trusted.

Gateways restart their counters at boot (Plus), wrap them at 32 bits (Solar), keep them for life (Genius), and any of
them may once send nonsense. Whatever arrives, the total never goes backwards and never jumps.
"""

from typing import ClassVar

import msgspec

PLAUSIBILITY = 1.5
"""A counter may grow by this factor times the highest plausible power: CTs and clocks are not exact."""
QUANTUM_J = 7200.0
"""A counter kept in whole watt-hours (Genius, captured) may move by two of them at once."""
LONGEST_LIFE_S = 30 * 365.25 * 86_400
"""No gateway is older. A counter that says more than its CT can have measured meanwhile is nonsense from the first."""
AGREEING_VALUES = 3
"""So many values in a row that fit each other, but not the past, are a new start of the counter."""
WRAP_MODULUS = 2**32
WRAP_EDGES = (2**31, 2**32)


class EnergyCounter(msgspec.Struct):
    """One counter. The fields are its memory and survive a restart of the host; clocks are steady seconds."""

    quantum: ClassVar[float] = QUANTUM_J
    """A step that is plausible at any moment."""
    known: bool = False
    """Two values have agreed, so there is a total."""
    calm: bool = False
    """Nothing is in doubt: the previous message had a value and it was accepted, and the gateway has not restarted."""
    total_j: float = 0.0
    raw: float = 0.0
    """The last accepted value."""
    at: float = 0.0
    """When it was accepted; kept up to date only while not calm."""
    rebooted: bool = False
    """The gateway has restarted since the last accepted value, so a step down is a reset."""
    suspect: float | None = None
    suspect_at: float = 0.0
    suspects: int = 0
    ignored: int = 0
    """How many values did not count."""

    def expect_reset(self, before: float) -> None:
        """Note that the gateway has restarted."""
        self.wake(before)
        self.rebooted = True

    def wake(self, before: float) -> None:
        """Leave the calm: from now on the age of the last accepted value counts. `before`: the previous message."""
        if self.calm:
            self.calm, self.at = False, before

    def advance(self, raw: float, before: float, clock: float, highest_power_w: float) -> float:
        """Take a new value; returns the joules it adds to the total (0 for the first value and for nonsense).

        `before` and `clock` are the times of the previous and of this message, `highest_power_w` is what the CT can
        plausibly measure.
        """
        if self.calm:
            step = raw - self.raw
            if 0 <= step <= allowed_step_j(highest_power_w, clock - before, self.quantum):
                self.raw = raw
                self.total_j += step
                return step
            self.wake(before)
        if self.known:
            return self._reconsider(raw, clock, highest_power_w)
        self._introduce(raw, clock, highest_power_w)
        return 0.0

    def _reconsider(self, raw: float, clock: float, highest_power_w: float) -> float:
        """Take a value after a reboot, an absence or a doubtful one."""
        limit = allowed_step_j(highest_power_w, clock - self.at, self.quantum)
        step = raw - self.raw
        if step < 0:
            step = self._down_step(raw, limit)
        if not 0 <= step <= limit:
            return self._doubt(raw, clock, highest_power_w)
        self._accept(raw, clock, step)
        return step

    def _introduce(self, raw: float, clock: float, highest_power_w: float) -> None:
        """Believe a first value when the second one agrees with it."""
        if abs(raw) > highest_power_w * LONGEST_LIFE_S:
            self.ignored += 1
        elif self._agrees(raw, clock, highest_power_w):
            # A 32-bit counter that has wrapped into the negative half still tells a total.
            self.known = True
            self._accept(raw, clock, raw if raw >= 0 else raw + WRAP_MODULUS)
        else:
            self.suspect, self.suspect_at = raw, clock

    def _down_step(self, raw: float, limit: float) -> float:
        """Turn a step down into the energy it stands for; negative when it stands for none.

        After a reboot it is a reset: the value is what was counted since. Otherwise it may be a wrap, but only right
        at an edge of 32 bits (unsigned to 0, or signed to −2³¹).
        """
        if self.rebooted:
            return raw if raw <= limit else 0.0
        for edge in WRAP_EDGES:
            low = -edge if raw < 0 else 0
            if 0 <= edge - self.raw <= limit and 0 <= raw - low <= limit:
                return (edge - self.raw) + (raw - low)
        return -1.0

    def _doubt(self, raw: float, clock: float, highest_power_w: float) -> float:
        """Ignore a value that does not fit, unless it is one of several in a row that fit each other."""
        self.ignored += 1
        self.suspects = self.suspects + 1 if self._agrees(raw, clock, highest_power_w) else 1
        self.suspect, self.suspect_at = raw, clock
        if self.suspects < AGREEING_VALUES:
            return 0.0
        restarted = 0 <= raw < self.raw and raw <= allowed_step_j(highest_power_w, clock - self.at, self.quantum)
        step = raw if restarted else 0.0
        self._accept(raw, clock, step)
        return step

    def _agrees(self, raw: float, clock: float, highest_power_w: float) -> bool:
        """Tell whether a value follows from the suspect one."""
        if self.suspect is None:
            return False
        return 0 <= raw - self.suspect <= allowed_step_j(highest_power_w, clock - self.suspect_at, self.quantum)

    def _accept(self, raw: float, clock: float, step: float) -> None:
        self.raw, self.at = raw, clock
        self.total_j += step
        self.suspect, self.suspects = None, 0
        self.rebooted, self.calm = False, True


def allowed_step_j(highest_power_w: float, elapsed_s: float, quantum_j: float = QUANTUM_J) -> float:
    """Return the largest plausible growth of a counter in joule over some seconds."""
    return PLAUSIBILITY * highest_power_w * elapsed_s + quantum_j


class NetEnergy(msgspec.Struct):
    """Import and export of a load whose CTs only mean something together (two-wattmeter method).

    Its CTs count gross and in whole watt-hours, so their net trembles. A movement counts as turned around only when it
    exceeds the dead band; until then the trembling is part of the way there.
    """

    import_j: float = 0.0
    export_j: float = 0.0
    net_j: float = 0.0
    counted_j: float = 0.0
    """The net up to which everything is in import or export."""
    exporting: bool = False

    def move(self, delta_j: float, dead_band_j: float) -> None:
        """Add the net energy of all CTs since the last move."""
        self.net_j += delta_j
        beyond = self.net_j - self.counted_j
        if self.exporting:
            beyond = -beyond
        if beyond < -dead_band_j:
            self.exporting = not self.exporting
            beyond = -beyond
        if beyond <= 0:
            return
        if self.exporting:
            self.export_j += beyond
        else:
            self.import_j += beyond
        self.counted_j = self.net_j
