"""Appliances that somebody starts, and a sky that somebody covers."""

from dataclasses import replace

import pytest

from simulator import SITES, House
from simulator.house.appliances import Programme, Step
from simulator.sites.site import Circuit
from simulator.sites.topology import L1, NEUTRAL
from tests.simulator.living import MIDSUMMER_NOON

MINUTES = Programme(steps=(Step(2.0, 1000.0), Step(1.0, 50.0)), starts_at_h=(3.0,), chance=0.0, standby_w=1.0)
SITE = replace(SITES["home"], circuits=(*SITES["home"].circuits, Circuit("Machine", MINUTES, ((L1, NEUTRAL),))))


def new_house() -> House:
    return House(SITE, seed=1, start=MIDSUMMER_NOON)


def watts(house: House, seconds: int) -> list[float]:
    seen = []
    for _ in range(seconds):
        house.step()
        seen.append(house.circuits["Machine"].demand.real)
    return seen


@pytest.mark.parametrize("lived_s", [0, 1, 100])
def test_a_call_starts_the_programme_at_once_whatever_the_chance(lived_s: int) -> None:
    house = new_house()
    assert watts(house, lived_s) == [1.0] * lived_s
    house.start("Machine")
    assert watts(house, 181) == [1000.0] * 120 + [50.0] * 60 + [1.0]


def test_a_call_in_the_middle_of_a_programme_changes_nothing() -> None:
    house = new_house()
    house.start("Machine")
    watts(house, 60)
    house.start("Machine")
    assert watts(house, 121) == [1000.0] * 60 + [50.0] * 60 + [1.0]


def test_it_can_be_called_again_afterwards() -> None:
    house = new_house()
    for _ in range(2):
        house.start("Machine")
        assert sum(watts(house, 200)) == pytest.approx(1000.0 * 120 + 50.0 * 60 + 20)


def test_a_call_starts_nothing_but_the_one_called() -> None:
    called, quiet = new_house(), new_house()
    called.start("Machine")
    watts(called, 100)
    watts(quiet, 100)
    others = set(quiet.circuits) - {"Machine"}
    assert {name: called.meter.loads_j.get(name) for name in others} == {
        name: quiet.meter.loads_j.get(name) for name in others
    }


@pytest.mark.parametrize("lived_s", [1, 2000])
def test_a_heat_pump_that_rests_runs_at_its_rated_power_when_it_is_called(lived_s: int) -> None:
    house = House(SITES["home"], seed=1, start=MIDSUMMER_NOON)
    for _ in range(lived_s):
        house.step()
    assert house.circuits["Heat pump"].demand.real == 18.0
    house.start("Heat pump")
    drawn = []
    for _ in range(1200):
        house.step()
        drawn.append(house.circuits["Heat pump"].demand.real)
    assert drawn == [pytest.approx(4200.0, rel=0.08)] * 1200


def test_an_unknown_circuit_cannot_be_started() -> None:
    with pytest.raises(KeyError):
        new_house().start("Sauna")


def test_a_covered_sky_gives_a_sixth_of_a_clear_one_and_chance_returns() -> None:
    house = new_house()
    solar_w = []
    for cloud in (0.0, 1.0, 0.0, None):
        house.cloud = cloud
        house.step()
        solar_w.append(house.solar_power_w)
    clear, covered, clear_again, by_chance = solar_w
    assert covered == pytest.approx(0.15 * clear, rel=0.01)
    assert clear_again == pytest.approx(clear, rel=0.01)
    assert covered < by_chance < clear


def test_a_car_that_is_called_comes_with_some_charge_and_takes_the_place_of_a_full_one() -> None:
    house = new_house()
    charger = house.chargers["EV charger"]
    full = charger.plug_in(state_of_charge=1.0)
    house.start("EV charger")
    watts(house, 30)
    assert charger.car is not full
    assert house.circuits["EV charger"].demand.real > 5000
