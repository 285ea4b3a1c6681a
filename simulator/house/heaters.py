"""What makes hot water and warm rooms out of something else than a heat pump: an electric boiler, a gas boiler."""

from collections.abc import Generator
from dataclasses import dataclass
from random import Random
from typing import Final

from simulator.house.appliances import hold
from simulator.house.moment import Moment

JOULE_PER_LITRE_K: Final = 4186.0
COLD_C: Final = 11.0
HOT_C: Final = 60.0
ROOM_C: Final = 19.0
GAS_J_PER_M3: Final = 38.0e6
"""Gross calorific value of natural gas, about 10.5 kWh per m³."""


@dataclass(frozen=True)
class ElectricBoiler:
    """A tank with a heating element and a thermostat. It heats only while its circuit is connected."""

    watts: float
    litres: float
    set_c: float = HOT_C
    hysteresis_k: float = 4.0
    loss_w_per_k: float = 1.6

    def run(self, rng: Random) -> "LiveBoiler":
        """Begin lukewarm."""
        return LiveBoiler(self, rng.uniform(38.0, 52.0))


class LiveBoiler:
    """A boiler at work; ``water_c`` is the temperature of its (well mixed) water."""

    def __init__(self, boiler: ElectricBoiler, water_c: float) -> None:
        self.boiler = boiler
        self.water_c = water_c
        self._calls_for_heat = True

    def __next__(self) -> complex:
        """Begin cold."""
        return 0j

    def send(self, moment: Moment) -> complex:
        """Give hot water, lose some heat, and heat when it is connected and the thermostat calls."""
        drawn = min(1.0, moment.hot_water_l / self.boiler.litres)
        self.water_c += drawn * (COLD_C - self.water_c)
        watts = self.boiler.watts if moment.powered and self._thermostat() else 0.0
        net_j = (watts - self.boiler.loss_w_per_k * (self.water_c - ROOM_C)) * moment.step_s
        self.water_c += net_j / (JOULE_PER_LITRE_K * self.boiler.litres)
        return complex(watts)

    def _thermostat(self) -> bool:
        threshold_c = self.boiler.set_c - (0.0 if self._calls_for_heat else self.boiler.hysteresis_k)
        self._calls_for_heat = self.water_c < threshold_c
        return self._calls_for_heat


@dataclass(frozen=True)
class GasBoiler:
    """A condensing combination boiler: hot water on demand, and warm rooms below ``heats_below_c`` outdoors."""

    watts: float
    efficiency: float = 0.94
    heats_below_c: float = 14.0

    def heat_w(self, rng: Random) -> Generator[float, Moment]:
        """Heat the rooms in runs of ten minutes and more, the harder the colder it is; yields W of heat."""
        moment = yield from hold(0.0, rng.uniform(60.0, 1200.0))
        while True:
            need = min(1.0, max(0.0, (self.heats_below_c - moment.outdoor_c) / 26.0))
            if rng.random() < need / 0.3:
                moment = yield from hold(self.watts * max(0.3, need), rng.uniform(600.0, 1500.0))
            else:
                moment = yield from hold(0.0, rng.uniform(600.0, 1500.0))


class LiveGasBoiler:
    """A gas boiler at work."""

    def __init__(self, boiler: GasBoiler, rng: Random) -> None:
        self._efficiency = boiler.efficiency
        self._heat_w = boiler.heat_w(rng)
        next(self._heat_w)

    def burn(self, moment: Moment, hot_water_l: float) -> float:
        """Live through `moment`, heat `hot_water_l` litres, and tell the gas burnt, m³."""
        rooms_j = self._heat_w.send(moment) * moment.step_s
        water_j = hot_water_l * JOULE_PER_LITRE_K * (HOT_C - COLD_C)
        return (rooms_j + water_j) / self._efficiency / GAS_J_PER_M3
