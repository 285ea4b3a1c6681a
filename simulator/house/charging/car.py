"""An electric car: how it follows what the charger offers, and when it stops by itself."""

import math
from collections import deque
from dataclasses import dataclass
from random import Random
from typing import Final

from simulator.house.appliances import demand
from simulator.house.charging.commands import MINIMUM_A

FOLLOWS_WITHIN_S: Final = 5.0
"""IEC 61851-1: so long a car may take to follow a lower current."""
STOPS_WITHIN_S: Final = 3.0
"""IEC 61851-1: so long it may take to stop once the charger's signal is gone."""
COLD_C: Final = 5.0
LEAST_TAPER: Final = 0.15
_JOULE_PER_KWH: Final = 3.6e6


@dataclass(frozen=True)
class Car:
    """A car with an on-board charger of ``phases`` and ``max_a`` per phase. What the standard does not say is invented.

    Raises ValueError for one that follows a lower current too slowly for IEC 61851.
    """

    phases: int = 3
    max_a: float = 16.0
    battery_kwh: float = 60.0
    full_at: float = 1.0
    """It stops by itself at this state of charge."""
    tapers_from: float = 0.97
    """Above this state of charge it takes less and less."""
    reaction_s: float = 1.0
    """It notices another offer so much later."""
    ramp_up_a_per_s: float = 2.0
    ramp_down_a_per_s: float = 10.0
    start_s: float = 4.0
    """From the offer to the first current: the charger's contactor and the car's own."""
    modesty_a: float = 0.3
    """It stays so much below the offer."""
    power_factor: float = 0.99
    efficiency: float = 0.9
    cold_a: float = math.inf
    """What it takes in the first ``cold_s`` of charging when it is colder than 5 °C outside."""
    cold_s: float = 1200.0
    rests_per_h: float = 0.0
    """How often, in the mean, it stops by itself in the middle, for ``rest_s``."""
    rest_s: float = 180.0

    def __post_init__(self) -> None:
        slowest_s = math.ceil(self.reaction_s) + math.ceil(self.max_a / self.ramp_down_a_per_s)
        if slowest_s > FOLLOWS_WITHIN_S:
            raise ValueError(f"it takes {slowest_s} s to follow a lower current; at most {FOLLOWS_WITHIN_S:.0f} s")


class LiveCar:
    """A car at a charger. ``current_a`` is what it draws from each of its phases."""

    def __init__(self, car: Car, state_of_charge: float, rng: Random) -> None:
        self.car = car
        self.current_a = 0.0
        self.unit_va = demand(car.power_factor, car.power_factor)
        """The complex power of 1 VA that it draws."""
        self.stored_j = _JOULE_PER_KWH * car.battery_kwh * state_of_charge
        self.charged_j = 0.0
        """What it has drawn since it came, on the side of the charger."""
        self._rng = rng
        self._now_s = 0.0
        self._offers: deque[tuple[float, float]] = deque()
        self._last_offer_a = self._seen_a = 0.0
        self._starts_s = math.inf
        self._rests_until_s = 0.0
        self._charging_s = 0.0

    @property
    def state_of_charge(self) -> float:
        """0 is empty, 1 is full."""
        return self.stored_j / (_JOULE_PER_KWH * self.car.battery_kwh)

    @property
    def wants(self) -> bool:
        """Whether it would charge if it might."""
        return self.state_of_charge < self.car.full_at and self._now_s >= self._rests_until_s

    def draw(self, offered_a: float, outdoor_c: float, seconds: float) -> float:
        """What it draws during the next `seconds` while it is offered `offered_a`, A per phase."""
        self._look(offered_a)
        target_a = self._target_a(outdoor_c)
        if target_a <= 0.0:
            self.current_a = 0.0
        else:
            up_a, down_a = self.car.ramp_up_a_per_s * seconds, self.car.ramp_down_a_per_s * seconds
            self.current_a = min(max(target_a, self.current_a - down_a), self.current_a + up_a)
        self._now_s += seconds
        return self.current_a

    def store(self, watts: float, seconds: float) -> None:
        """Put into the battery what came from the charger."""
        self.charged_j += watts * seconds
        self.stored_j += watts * self.car.efficiency * seconds
        if watts > 0:
            self._charging_s += seconds
            if self._rng.random() < self.car.rests_per_h * seconds / 3600.0:
                self._rests_until_s = self._now_s + self.car.rest_s

    def _look(self, offered_a: float) -> None:
        """Notice the offer, after the time of reaction."""
        if offered_a != self._last_offer_a:
            self._last_offer_a = offered_a
            reaction_s = min(self.car.reaction_s, STOPS_WITHIN_S) if offered_a < MINIMUM_A else self.car.reaction_s
            self._offers.append((self._now_s + reaction_s, offered_a))
        while self._offers and self._offers[0][0] <= self._now_s:
            _, self._seen_a = self._offers.popleft()
        if self._seen_a < MINIMUM_A or not self.wants:
            self._starts_s = math.inf
        elif self._starts_s == math.inf:
            self._starts_s = self._now_s + self.car.start_s

    def _target_a(self, outdoor_c: float) -> float:
        if self._now_s < self._starts_s:
            return 0.0
        cold = outdoor_c < COLD_C and self._charging_s < self.car.cold_s
        most_a = min(self.car.max_a, self.car.cold_a) if cold else self.car.max_a
        return min(self._seen_a - self.car.modesty_a, most_a * self._taper())

    def _taper(self) -> float:
        if self.state_of_charge <= self.car.tapers_from:
            return 1.0
        return max(LEAST_TAPER, (1.0 - self.state_of_charge) / (1.0 - self.car.tapers_from))
