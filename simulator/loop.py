"""A closed loop without any wire: the house lives a second, somebody measures it and commands its chargers.

::

    loop = ClosedLoop(House(SITES["garage"], seed=1, start=datetime(2026, 1, 15, 16, tzinfo=UTC)))
    charger = loop.chargers["EV charger"]
    charger.plug_in(state_of_charge=0.2)
    for _ in range(3600):
        measurement = loop.step()
        charger.set_current(25.0 - max(measurement.grid_a) + measurement.chargers["EV charger"].amps[0])
    assert not loop.breaker.tripped
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from simulator.house.breaker import LiveBreaker
from simulator.house.charging.charger import LiveCharger
from simulator.house.house import House


@dataclass(frozen=True, slots=True)
class ChargerReading:
    """What the CTs of a charger measure, for each line of the house."""

    amps: tuple[float, ...]
    watts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Measurement:
    """What the CTs measure in a second, for each line of the house; ``at_s`` is its end, seconds since the loop began.

    Above 0 is import; a current has the sign of its power.
    """

    at_s: float
    grid_a: tuple[float, ...]
    grid_w: tuple[float, ...]
    volts: tuple[float, ...]
    chargers: Mapping[str, ChargerReading]


type Controller = Callable[[Measurement], object]


class ClosedLoop:
    """A `house` under control. Measurements have the resolution of the wire, 0.1 A, 1 W and 0.1 V, unless `exact`."""

    def __init__(self, house: House, *, exact: bool = False) -> None:
        self.house = house
        self.chargers: Mapping[str, LiveCharger] = house.chargers
        self._decimals = (12, 12) if exact else (0, 1)
        self._start_ms = house.now_ms

    @property
    def breaker(self) -> LiveBreaker:
        """The main breaker: the first of the site. Raises LookupError where there is none."""
        for breaker in self.house.breakers.values():
            return breaker
        raise LookupError("the site has no breaker")

    def step(self, seconds: float = 1.0) -> Measurement:
        """Let the house live on, and measure it."""
        self.house.step(seconds)
        return self.measure()

    def run(self, seconds: int, controller: Controller) -> None:
        """Live on for `seconds`, and let `controller` see each of them and command the chargers."""
        for _ in range(seconds):
            controller(self.step())

    def measure(self) -> Measurement:
        """What the CTs measured in the last step."""
        house = self.house
        watt, ampere = self._decimals
        return Measurement(
            at_s=(house.now_ms - self._start_ms) / 1000.0,
            grid_a=_rounded(house.meter.line_currents_a, ampere),
            grid_w=_rounded(house.meter.line_powers_w, watt),
            volts=_rounded(map(abs, house.mains.voltages_v[: house.lines]), ampere),
            chargers={name: self._reading(name) for name in self.chargers},
        )

    def _reading(self, name: str) -> ChargerReading:
        currents = self.house.circuits[name].currents_a[: self.house.lines]
        flows = zip(self.house.mains.voltages_v, currents, strict=False)
        watt, ampere = self._decimals
        return ChargerReading(
            amps=_rounded(map(abs, currents), ampere),
            watts=_rounded([(volt * current.conjugate()).real for volt, current in flows], watt),
        )


def _rounded(values: Iterable[float], decimals: int) -> tuple[float, ...]:
    return tuple(round(value, decimals) for value in values)
