"""What uses water in the house: taps, toilets, showers, machines, and a leak."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import Final, Protocol

from simulator.house.appliances import hold
from simulator.house.meter import Medium
from simulator.house.moment import Moment

WAKE_H: Final = 6.2
SLEEP_H: Final = 23.3


class Heater(Enum):
    """Where hot water comes from."""

    TANK = "electric boiler"
    GAS = "gas boiler"


class WaterUse(Protocol):
    """Something that draws water."""

    @property
    def name(self) -> str:
        """What people call it; each has chances of its own."""
        ...

    @property
    def medium(self) -> Medium:
        """Which pipe it hangs on."""
        ...

    @property
    def heater(self) -> Heater | None:
        """What heats its hot share."""
        ...

    @property
    def hot_share(self) -> float:
        """0 is cold only, 1 hot only."""
        ...

    def run(self, rng: Random) -> Generator[float, Moment]:
        """Live for ever; yields litres per minute."""
        ...


@dataclass(frozen=True)
class Outlet:
    """A tap, toilet or shower: used at any time of the waking day, ``times_a_day`` in the mean."""

    name: str
    litres_per_min: float
    minutes: tuple[float, float]
    times_a_day: float
    medium: Medium = Medium.WATER
    heater: Heater | None = None
    hot_share: float = 0.0

    def run(self, rng: Random) -> Generator[float, Moment]:
        """Wait, flow for a while, begin again; by night nobody comes."""
        gap_s = 3600.0 * (SLEEP_H - WAKE_H) / self.times_a_day
        while True:
            moment = yield from hold(0.0, rng.expovariate(1.0 / gap_s))
            if WAKE_H <= moment.hour <= SLEEP_H:
                yield from hold(self.litres_per_min, 60.0 * rng.uniform(*self.minutes))


@dataclass(frozen=True)
class MachineFill:
    """A machine that takes ``litres`` when its circuit (of the same name) begins to work."""

    name: str
    litres: float
    medium: Medium = Medium.WATER
    litres_per_min: float = 7.0
    heater: Heater | None = None
    hot_share: float = 0.0

    def run(self, rng: Random) -> Generator[float, Moment]:
        """Fill at each start."""
        del rng
        moment = yield 0.0
        while True:
            while self.name not in moment.running:
                moment = yield 0.0
            moment = yield from hold(self.litres_per_min, 60.0 * self.litres / self.litres_per_min)
            while self.name in moment.running:
                moment = yield 0.0


class Plumbing:
    """The pipes at work: what flows in the current step, in litres."""

    def __init__(self, uses: Sequence[WaterUse], seed: int) -> None:
        self.leak_l_per_h = 0.0
        self.drawn_l = dict.fromkeys(Medium, 0.0)
        self.hot_l = dict.fromkeys(Heater, 0.0)
        self._lives = [(use, use.run(Random(f"{seed}/water/{use.name}"))) for use in uses]
        for _, life in self._lives:
            next(life)

    def step(self, moment: Moment) -> None:
        """Live through `moment`; a leak is on the mains."""
        self.drawn_l = dict.fromkeys(Medium, 0.0)
        self.hot_l = dict.fromkeys(Heater, 0.0)
        for use, life in self._lives:
            litres = life.send(moment) * moment.step_s / 60.0
            self.drawn_l[use.medium] += litres
            if use.heater:
                self.hot_l[use.heater] += litres * use.hot_share
        self.drawn_l[Medium.WATER] += self.leak_l_per_h * moment.step_s / 3600.0
