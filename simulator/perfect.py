"""What a perfect balancer could deliver: the measure for one that has to measure, wait and ask.

In each second it gives the cars as much as the fullest of their lines leaves below a limit, or nothing where that is
less than 6 A. It knows each second beforehand, and neither reacts nor ramps nor rests; cars draw all that they are
offered, at once. So it is a little more than anybody can reach. Currents are added as numbers, not as phasors, and what
a charger itself takes is left out: both matter less than a percent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from math import inf
from typing import Final

from simulator.house.charging.commands import MINIMUM_A
from simulator.house.house import House
from simulator.sites.topology import Pair

JOULE_PER_KWH: Final = 3.6e6
MOST_CARS: Final = 2


@dataclass(frozen=True, slots=True)
class _Place:
    """A car at its charger. ``branches`` are those that it uses."""

    branches: tuple[Pair, ...]
    most_a: float
    power_factor: float
    room_j: float
    """What its battery takes, on the side of the charger."""


class PerfectBalancer:
    """Watches a `house` whose `chargers` (one or two) it pauses, and adds up what their cars could have drawn.

    ``delivered_j`` is that sum, and no more than their batteries take. The limits are in A for each line: `limit_a` of
    all that the house draws, `shared_a` of what the chargers draw together. Raises LookupError for a charger or a car
    that is not there, ValueError for more chargers: what is best for more is not found by this way of sharing out.
    """

    def __init__(self, house: House, chargers: Sequence[str], *, limit_a: float, shared_a: float = inf) -> None:
        if not 1 <= len(chargers) <= MOST_CARS:
            raise ValueError(f"{len(chargers)} chargers; give 1 to {MOST_CARS}")
        self._house = house
        self._limit_a = limit_a
        self._shared_a = shared_a
        self._sum_j = 0.0
        places = [self._place(name) for name in chargers]
        # Whoever has more lines makes more of an ampere, so it comes first.
        places.sort(key=lambda place: -len(place.branches))
        self._room_j = sum(place.room_j for place in places)
        self._choices = tuple(chain.from_iterable(combinations(places, count + 1) for count in range(len(places))))

    @property
    def delivered_j(self) -> float:
        """What could have been delivered until now."""
        return min(self._sum_j, self._room_j)

    def watch(self, seconds: float = 1.0) -> None:
        """Take what the house has just done for `seconds`."""
        flows = self._house.meter.line_currents_a
        free_a = [min(self._limit_a - flow_a, self._shared_a) for flow_a in flows]
        self._sum_j += seconds * max(self._watts(choice, free_a) for choice in self._choices)

    def _place(self, name: str) -> _Place:
        charger = self._house.chargers[name]
        car = charger.car
        if car is None:
            raise LookupError(f"no car is at {name}")
        charger.set_enabled(on=False)
        return _Place(
            branches=self._house.circuits[name].circuit.branches[: car.car.phases],
            most_a=min(car.car.max_a, charger.charger.max_a),
            power_factor=car.car.power_factor,
            room_j=(car.car.full_at - car.state_of_charge) * car.car.battery_kwh * JOULE_PER_KWH / car.car.efficiency,
        )

    def _watts(self, places: Sequence[_Place], free_a: Sequence[float]) -> float:
        """The power of all these at once; 0 where there is no room for the least of each."""
        left_a, watts = list(free_a), 0.0
        for place in places:
            _take(left_a, place, MINIMUM_A)
            watts += self._watts_of(place, MINIMUM_A)
        if any(left_a[line] < 0.0 for place in places for line, _ in place.branches):
            return 0.0
        for place in places:
            more_a = min(place.most_a - MINIMUM_A, *(left_a[line] for line, _ in place.branches))
            _take(left_a, place, more_a)
            watts += self._watts_of(place, more_a)
        return watts

    def _watts_of(self, place: _Place, ampere: float) -> float:
        volts = sum(abs(self._house.voltage_v(pair)) for pair in place.branches)
        return place.power_factor * ampere * volts


def most_deliverable_j(house: House, charger: str, *, limit_a: float, seconds: int) -> float:
    """Let `house` live for `seconds` with its `charger` paused, and add up what the car there could have drawn, J.

    Raises LookupError for a charger or a car that is not there.
    """
    balancer = PerfectBalancer(house, [charger], limit_a=limit_a)
    for _ in range(seconds):
        house.step()
        balancer.watch()
    return balancer.delivered_j


def _take(left_a: list[float], place: _Place, ampere: float) -> None:
    for line, _ in place.branches:
        left_a[line] -= ampere
