"""A battery with its inverter, which keeps the grid's power at zero as long as it can (self-consumption)."""

from dataclasses import dataclass
from random import Random
from typing import Final

from simulator.house.moment import Moment

JOULE_PER_KWH: Final = 3.6e6


@dataclass(frozen=True)
class Battery:
    """Cells of ``capacity_kwh`` behind an inverter. ``efficiency`` is that of one way, inverter and cells together.

    It draws when it charges: how a gateway shows a battery is unknown, so its circuit is a load like any other and its
    power on the wire is above 0 while charging (invented).
    """

    capacity_kwh: float
    charge_w: float
    discharge_w: float
    efficiency: float = 0.95
    idle_w: float = 9.0
    dead_band_w: float = 25.0
    """It leaves the cells alone for less than this."""

    def run(self, rng: Random) -> "LiveBattery":
        """Begin somewhere between a fifth and half full."""
        return LiveBattery(self, JOULE_PER_KWH * self.capacity_kwh * rng.uniform(0.2, 0.5))


class LiveBattery:
    """A battery at work; ``stored_j`` is what the cells hold."""

    def __init__(self, battery: Battery, stored_j: float) -> None:
        self.battery = battery
        self.stored_j = stored_j
        self._power_w = 0.0

    @property
    def state_of_charge(self) -> float:
        """0 is empty, 1 is full."""
        return self.stored_j / (JOULE_PER_KWH * self.battery.capacity_kwh)

    def __next__(self) -> complex:
        """Begin idle."""
        return 0j

    def send(self, moment: Moment) -> complex:
        """Take up what the last step exported, or give what it imported, within the limits of inverter and cells."""
        wanted_w = self._power_w - moment.grid_power_w if moment.powered else 0.0
        if abs(wanted_w) < self.battery.dead_band_w:
            self._power_w = self.battery.idle_w if moment.powered else 0.0
        elif wanted_w > 0:
            self._power_w = self._charge(wanted_w, moment.step_s)
        else:
            self._power_w = -self._discharge(-wanted_w, moment.step_s)
        return complex(self._power_w)

    def _charge(self, wanted_w: float, seconds: float) -> float:
        room_j = JOULE_PER_KWH * self.battery.capacity_kwh - self.stored_j
        power_w = min(wanted_w, self.battery.charge_w, room_j / self.battery.efficiency / seconds)
        self.stored_j += power_w * self.battery.efficiency * seconds
        return power_w

    def _discharge(self, wanted_w: float, seconds: float) -> float:
        power_w = min(wanted_w, self.battery.discharge_w, self.stored_j * self.battery.efficiency / seconds)
        self.stored_j -= power_w / self.battery.efficiency * seconds
        return power_w
