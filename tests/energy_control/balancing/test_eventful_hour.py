"""An hour in which much happens, with chargers of every character in a house with physics of its own."""

from collections.abc import Callable
from copy import replace

import msgspec
import pytest

from benchmarks.garage.ours import Balancer
from benchmarks.garage.scenarios import GARAGE, MAIN_25_A, WINTER_EVENING
from energy_control.balancing import controller
from energy_control.balancing.controller import State
from energy_control.balancing.decisions import AllowCharging, SetCurrent
from energy_control.balancing.reading import Limit, Reading
from energy_control.balancing.settings import Mode
from simulator import SITES, House
from simulator.house.charging import CHARACTERS, SetEnabled
from simulator.loop import ClosedLoop, Measurement
from simulator.sites.garages import with_character
from tests.energy_control.balancing.test_closed_loop import settings_for

DISOBEDIENT = ("deaf", "dying")
LATE_S = 30
"""Each of them has done by then what it was told, and its car has followed."""


class Hour:
    """A car at a 25 A connection; time passes only in `live`."""

    def __init__(self, character: str) -> None:
        site = with_character(SITES["garage"], CHARACTERS[character])
        self.loop = ClosedLoop(House(site, seed=4, start=WINTER_EVENING))
        self.charger = self.loop.chargers[GARAGE.id]
        self.charger.plug_in(state_of_charge=0.1)
        self.balancer = Balancer(settings_for(character), self.loop.chargers)
        self.limit: Limit | None = None
        self.is_silent = False

    def live(self, seconds: int) -> None:
        self.loop.run(seconds, self._take)

    def restart(self) -> None:
        state = msgspec.json.decode(msgspec.json.encode(self.balancer.state), type=State)
        self.balancer.state = controller.begun(state)

    @property
    def is_slow(self) -> bool:
        """It refuses commands for a quarter of an hour after each, so nothing happens when it should."""
        return self.balancer.settings.chargers[0].is_slow

    @property
    def drawn_a(self) -> float:
        return self.charger.current_a

    def _take(self, measurement: Measurement) -> None:
        reading = self.balancer.read(measurement)
        self.balancer.take(self._limited(replace(reading, fresh=not self.is_silent)))

    def _limited(self, reading: Reading) -> Reading:
        main = replace(reading.circuits[MAIN_25_A.id], limit=self.limit)
        return replace(reading, circuits={MAIN_25_A.id: main})


def limited_from_outside(hour: Hour) -> None:
    hour.limit = Limit(current_a=8.5)
    hour.live(LATE_S + 20)
    assert hour.drawn_a <= 8.5
    hour.limit = Limit()
    hour.live(1000 if hour.is_slow else 400)
    assert hour.drawn_a > (5.0 if hour.is_slow else 9.0)


def silent(hour: Hour) -> None:
    before_a = hour.drawn_a
    hour.is_silent = True
    hour.live(30 + LATE_S)
    assert hour.is_slow or hour.drawn_a <= min(before_a, 6.0)
    hour.is_silent = False


def stopped_by_its_user(hour: Hour) -> None:
    hour.balancer.modes[GARAGE.id] = Mode.STOP
    hour.live(LATE_S)
    assert hour.is_slow or hour.drawn_a == 0.0
    hour.balancer.modes[GARAGE.id] = Mode.FAST


def restarted(hour: Hour) -> None:
    before = len(hour.balancer.commanded)
    hour.restart()
    hour.is_silent = True
    hour.live(60)
    assert len(hour.balancer.commanded) == before
    hour.is_silent = False


def another_car(hour: Hour) -> None:
    hour.charger.unplug()
    hour.live(60)
    hour.charger.plug_in(state_of_charge=0.3)


def overloaded(hour: Hour) -> None:
    hour.loop.house.start("Heat pump")
    hour.loop.house.start("Hob")


EVENTS: tuple[Callable[[Hour], None], ...] = (
    limited_from_outside,
    silent,
    stopped_by_its_user,
    restarted,
    another_car,
    overloaded,
)


def test_a_charger_that_sticks_at_six_ampere_is_woken() -> None:
    hour = Hour("sticky")
    hour.live(100)
    hour.is_silent = True
    hour.live(40)
    hour.is_silent = False
    hour.live(60)
    assert hour.charger.offered_a == 6.0
    hour.live(120)
    assert hour.charger.offered_a > 9.0


@pytest.mark.parametrize("character", [one for one in CHARACTERS if one not in DISOBEDIENT])
def test_whatever_happens_no_breaker_trips_and_nothing_is_asked_that_may_not_be(character: str) -> None:
    hour = Hour(character)
    hour.live(200)
    for happen in EVENTS:
        happen(hour)
        hour.live(200)
    pauses = [one for one in hour.charger.journal.offences if one.command == SetEnabled(on=False)]
    assert not hour.loop.breaker.tripped
    assert hour.charger.journal.offences == (pauses if character == "cloud" else [])  # there is no other way to stop it
    assert hour.charger.delivered_j > 0.0
    kinds = [type(command) for _, command in hour.balancer.commanded]
    beats = 2500 // 20 if character == "heartbeat" else 0
    assert kinds.count(SetCurrent) <= 60 + beats
    assert kinds.count(AllowCharging) <= 14
