"""Dry contacts in the house that an Input module can watch. They yield whether the contact is closed."""

from collections.abc import Generator
from dataclasses import dataclass
from random import Random
from typing import Final, Protocol

from simulator.house.appliances import hold
from simulator.house.moment import Moment

SATURDAY: Final = 5
CLOSED: Final = True
OPEN: Final = False


class Contact(Protocol):
    """Something that opens and closes."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    def run(self, rng: Random) -> Generator[bool, Moment]:
        """Live for ever; yields True while closed."""
        ...


@dataclass(frozen=True)
class DoorContact:
    """A reed contact: closed while the door is, opened ``times_a_day`` for up to five minutes."""

    name: str
    times_a_day: float = 10.0
    wake_h: float = 6.5
    sleep_h: float = 23.0

    def run(self, rng: Random) -> Generator[bool, Moment]:
        """Open now and then, but not by night."""
        gap_s = 3600.0 * (self.sleep_h - self.wake_h) / self.times_a_day
        while True:
            moment = yield from hold(CLOSED, rng.expovariate(1.0 / gap_s))
            if self.wake_h <= moment.hour <= self.sleep_h:
                yield from hold(OPEN, rng.uniform(5.0, 300.0))


@dataclass(frozen=True)
class TariffContact:
    """The utility meter's contact: closed while the low tariff holds, by night and at the weekend."""

    name: str
    from_h: float = 22.0
    to_h: float = 7.0

    def run(self, rng: Random) -> Generator[bool, Moment]:
        """Follow clock and calendar."""
        del rng
        moment = yield OPEN
        while True:
            night = (moment.hour - self.from_h) % 24.0 < (self.to_h - self.from_h) % 24.0
            moment = yield night or moment.weekday >= SATURDAY
