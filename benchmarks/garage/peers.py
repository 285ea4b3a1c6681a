"""What people use instead: nothing, a loop that looks every 30 s, and an automation with a threshold and a timer.

They are written here in the form in which they are usual (control facts §5.3), with the same knowledge of the house.
"""

from dataclasses import dataclass, field
from typing import override

from energy_control.balancing.settings import LEAST_CURRENT_A, Charger, Settings
from simulator.house.charging import LiveCharger
from simulator.loop import Measurement

PERIOD_S = 30
STEP_A = 2.0
OVER_S, UNDER_S = 10, 300


@dataclass(slots=True)
class Alone:
    """Nobody does anything."""

    settings: Settings
    chargers: dict[str, LiveCharger]

    def __call__(self, measurement: Measurement) -> None:
        """Look on."""


@dataclass(slots=True)
class Loop(Alone):
    """Every 30 s each charger is set to what the fullest of its lines leaves; below 6 A it pauses."""

    @override
    def __call__(self, measurement: Measurement) -> None:
        """Take a second."""
        if measurement.at_s % PERIOD_S:
            return
        for charger in self.settings.chargers:
            room_a = headroom_a(self.settings, charger, measurement) + max(measurement.chargers[charger.id].amps)
            share_a = room_a / len(self.settings.chargers)
            _set(self.chargers[charger.id], min(share_a, charger.max_a))


@dataclass(slots=True)
class Threshold(Alone):
    """Too much for 10 s takes 2 A away, or pauses at the least; enough for 5 min gives 2 A back, or resumes."""

    over_s: dict[str, int] = field(default_factory=dict)
    under_s: dict[str, int] = field(default_factory=dict)

    @override
    def __call__(self, measurement: Measurement) -> None:
        """Take a second."""
        for charger in self.settings.chargers:
            self._follow(charger, headroom_a(self.settings, charger, measurement))

    def _follow(self, charger: Charger, room_a: float) -> None:
        name, live = charger.id, self.chargers[charger.id]
        self.over_s[name] = self.over_s.get(name, 0) + 1 if room_a < 0.0 else 0
        self.under_s[name] = self.under_s.get(name, 0) + 1 if room_a > STEP_A else 0
        status = live.status()
        if status is None:
            return
        now_a = min(status.limit_a, charger.max_a) if status.enabled else 0.0
        if self.over_s[name] >= OVER_S:
            self.over_s[name] = 0
            _set(live, now_a - STEP_A)
        elif self.under_s[name] >= UNDER_S and now_a < charger.max_a:
            self.under_s[name] = 0
            _set(live, max(now_a + STEP_A, LEAST_CURRENT_A))


def headroom_a(settings: Settings, charger: Charger, measurement: Measurement) -> float:
    """Return what is left on the fullest line of a charger before the limit of the main fuse, in A."""
    main = next(circuit for circuit in settings.circuits if circuit.parent is None)
    return main.limit_a - max(measurement.grid_a[line] for line in charger.lines)


def _set(live: LiveCharger, current_a: float) -> None:
    if current_a < LEAST_CURRENT_A:
        live.set_enabled(on=False)
        return
    live.set_current(round(current_a, 1))
    live.set_enabled(on=True)
