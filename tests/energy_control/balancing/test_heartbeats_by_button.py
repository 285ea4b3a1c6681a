"""A charger that falls back without a sign of life gets it only while what it is set to may stand."""

from copy import replace
from itertools import pairwise

import pytest

from benchmarks.garage.ours import Balancer
from benchmarks.garage.scenarios import GARAGE, MAIN_25_A, WINTER_EVENING
from energy_control.balancing import controller
from energy_control.balancing.decisions import Command, Heartbeat, Reason, SetCurrent
from energy_control.balancing.reading import Reading
from energy_control.balancing.settings import Mode, Settings
from energy_control.balancing.state import State
from simulator import SITES, House
from simulator.house.charging import CHARACTERS
from simulator.house.charging import SetCurrent as SetCurrentOfCharger
from simulator.loop import ClosedLoop
from simulator.sites.garages import with_character
from tests.energy_control.balancing.moments import CAR, HOUSE, L2, Plant, charging, one

BEAT = Heartbeat(CAR)
BY_BUTTON = one(heartbeat_s=60.0, beats_by_button=True)


def beats(commands: list[Command]) -> int:
    return commands.count(BEAT)


def test_it_is_sent_three_times_within_its_time_and_the_current_is_not_set_again() -> None:
    plant = charging(BY_BUTTON)
    assert plant.run(600) == [BEAT] * 30
    times = [at for at, _ in plant.commands]
    assert {later - earlier for earlier, later in pairwise(times)} == {20.0}


@pytest.mark.parametrize("settings", [HOUSE, one(heartbeat_s=60.0), one(beats_by_button=True)])
def test_who_wants_no_such_sign_gets_none(settings: Settings) -> None:
    assert beats(charging(settings).run(600)) == 0


def test_it_comes_after_what_is_set_in_the_same_moment() -> None:
    plant = Plant(settings=BY_BUTTON, others_a=12.0)
    assert plant.step() == (SetCurrent(CAR, 11.7),)
    assert plant.step() == (BEAT,)
    plant.on_the_way = untold
    plant.run(19)
    plant.others_a = 14.0
    assert plant.step() == (SetCurrent(CAR, 9.7), BEAT)


def untold(reading: Reading) -> Reading:
    """Let the charger not tell what it is set to."""
    return replace(reading, chargers={CAR: replace(reading.chargers[CAR], set_a=None)})


def test_there_is_none_while_nothing_is_commanded() -> None:
    plant = charging(BY_BUTTON, armed=False)
    assert plant.run(600) == []
    plant.armed = True
    assert plant.step() == (BEAT,)


def test_there_is_none_for_a_charger_that_is_left_alone_or_has_no_car() -> None:
    plant = charging(BY_BUTTON)
    plant.modes[CAR] = Mode.OFF
    assert plant.run(600) == []
    plant.modes[CAR] = Mode.FAST
    plant.unplugged.add(CAR)
    assert plant.run(600) == []


def test_one_that_is_to_pause_stays_under_control() -> None:
    plant = charging(BY_BUTTON)
    plant.modes[CAR] = Mode.STOP
    assert beats(plant.run(600)) == 30


def test_there_is_none_after_the_grace_without_measurements() -> None:
    plant = charging(BY_BUTTON)
    assert beats(plant.run(30, fresh=False)) == 2
    commands = plant.run(600, fresh=False)
    assert (commands[0], beats(commands)) == (SetCurrent(CAR, 6.0), 0)
    assert beats(plant.run(600)) == 30


def test_there_is_none_after_the_grace_with_a_line_missing() -> None:
    plant = charging(BY_BUTTON, blind={L2})
    plant.run(30)
    assert beats(plant.run(600)) == 0


def test_it_does_not_begin_without_measurements() -> None:
    plant = Plant(settings=BY_BUTTON, state=State(seen=True))
    assert plant.run(29, fresh=False) == []
    assert BEAT in plant.step()


def test_it_does_not_go_on_without_measurements_after_it_was_missed() -> None:
    plant = charging(BY_BUTTON)
    plant.gone.add(CAR)
    plant.run(60)
    plant.gone.clear()
    assert beats(plant.run(29, fresh=False)) == 0


def test_there_is_none_while_it_says_that_it_is_set_to_more_than_it_may() -> None:
    plant = charging(BY_BUTTON, wants_a={CAR: 9.0})
    plant.deaf.add(CAR)
    plant.wishes[CAR] = 10.0
    assert beats(plant.run(600)) == 0
    assert plant.set_a[CAR] == 16.0
    plant.deaf.clear()
    plant.run(300)
    assert beats(plant.run(600)) == 30


def test_there_is_none_while_it_draws_more_than_it_may() -> None:
    plant = charging(BY_BUTTON)
    plant.excess_a[CAR] = 3.0
    plant.run(11)
    assert plant.answer.chargers[CAR].reason is Reason.NOT_OBEYING
    assert beats(plant.run(600)) == 0


@pytest.mark.parametrize("told_a", [15.6, 16.4])
def test_a_charger_that_tells_a_little_more_or_less_than_it_is_set_to_gets_it(told_a: float) -> None:
    plant = charging(BY_BUTTON)
    plant.on_the_way = lambda reading: replace(reading, chargers={CAR: replace(reading.chargers[CAR], set_a=told_a)})
    assert beats(plant.run(600)) == 30


def test_the_last_word_has_none() -> None:
    plant = charging(BY_BUTTON)
    assert controller.farewell(plant.state, BY_BUTTON, plant.reading()) == (SetCurrent(CAR, 6.0),)


def test_after_a_restart_it_is_sent_with_the_first_measurement() -> None:
    plant = charging(BY_BUTTON)
    plant.restart()
    assert plant.run(100, fresh=False) == []
    assert plant.step() == (BEAT,)


def test_a_charger_keeps_its_current_while_it_is_watched_and_falls_back_when_nobody_does() -> None:
    house = House(with_character(SITES["garage"], CHARACTERS["heartbeat"]), seed=1, start=WINTER_EVENING)
    loop = ClosedLoop(house)
    car = loop.chargers[GARAGE.id]
    car.plug_in(state_of_charge=0.1)
    charger = replace(GARAGE, max_a=12.0, heartbeat_s=60.0, beats_by_button=True)
    balancer = Balancer(Settings(circuits=(MAIN_25_A,), chargers=(charger,)), loop.chargers)
    loop.run(60, balancer)
    offered_a = [offered(loop, balancer) for _ in range(600)]
    assert set(offered_a) == {12.0}
    assert len(car.journal.commands(SetCurrentOfCharger)) == 1
    loop.run(39, lambda _: None)
    assert car.offered_a == 12.0
    loop.run(22, lambda _: None)
    assert car.offered_a == 6.0


def offered(loop: ClosedLoop, balancer: Balancer) -> float:
    loop.run(1, balancer)
    return loop.chargers[GARAGE.id].offered_a
