"""What people use instead: nothing, a loop that looks every 30 s, and an automation with a threshold and a timer.

They are written here in the form in which they are usual (control facts §5.3), with the same knowledge of the house.
"""

import math
from dataclasses import dataclass, field
from typing import override

from energy_control.balancing.settings import LEAST_CURRENT_A, Charger, Settings
from simulator.house.charging import LiveCharger, PilotState
from simulator.loop import Measurement

PERIOD_S = 30
STEP_A = 2.0
OVER_S, UNDER_S = 10, 300
NOISE = 1e-6


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
            room_a = headroom_a(self.settings, charger, measurement) + self._drawn_a(measurement)
            share_a = room_a / len(self.settings.chargers)
            _set(charger, self.chargers[charger.id], min(share_a, charger.max_a))

    def _drawn_a(self, measurement: Measurement) -> float:
        """Return what all chargers draw on each line: where nobody measures it, what they were set to."""
        return sum(
            max(measurement.chargers[charger.id].amps) if charger.metered else _told_a(self.chargers[charger.id])
            for charger in self.settings.chargers
        )


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
            _set(charger, live, now_a - STEP_A)
        elif self.under_s[name] >= UNDER_S and now_a < charger.max_a:
            self.under_s[name] = 0
            _set(charger, live, min(max(now_a + STEP_A, LEAST_CURRENT_A), charger.max_a))


def headroom_a(settings: Settings, charger: Charger, measurement: Measurement) -> float:
    """Return what is left on the fullest line of a charger before the limit of the main fuse, in A."""
    main = next(circuit for circuit in settings.circuits if circuit.parent is None)
    return main.limit_a - max(measurement.grid_a[line] for line in charger.lines)


def _told_a(live: LiveCharger) -> float:
    status = live.status()
    return status.limit_a if status is not None and status.state is PilotState.CHARGING else 0.0


def _set(charger: Charger, live: LiveCharger, current_a: float) -> None:
    """Set it to a whole number of its steps, or pause it below its least. It is told only what is new."""
    status, current_a = live.status(), _stepped_a(charger, current_a)
    is_on = current_a >= LEAST_CURRENT_A
    if is_on and (status is None or status.limit_a != current_a):
        live.set_current(current_a)
    if status is None or status.enabled is not is_on:
        live.set_enabled(on=is_on)


def _stepped_a(charger: Charger, current_a: float) -> float:
    return round(math.floor(current_a / charger.step_a + NOISE) * charger.step_a, 3)
