"""The measure for balancers: never less than one delivers, and no more than car, charger and breaker allow."""

from datetime import UTC, datetime

import pytest

from simulator import SITES, House
from simulator.house.charging import Car, Charger
from simulator.perfect import PerfectBalancer, most_deliverable_j
from simulator.sites.site import Circuit
from simulator.sites.usual_loads import L1N, STAR
from tests.simulator.charging import PROMPT, heater, house_with

HALF_AN_HOUR_S = 1800
ROOMY = Car(max_a=16.0, battery_kwh=500.0)


def most(house: House, limit_a: float, car: Car = ROOMY) -> float:
    house.chargers["EV charger"].plug_in(car, state_of_charge=0.2)
    return most_deliverable_j(house, "EV charger", limit_a=limit_a, seconds=HALF_AN_HOUR_S)


@pytest.mark.parametrize(
    ("limit_a", "watts", "ampere"),
    [(100.0, 2300.0, 16.0), (25.0, 2300.0, 15.0), (20.0, 2300.0, 10.0), (17.0, 2300.0, 7.0), (15.5, 2300.0, 0.0)],
)
def test_it_is_what_the_fullest_line_leaves_but_no_less_than_6_a(limit_a: float, watts: float, ampere: float) -> None:
    most_j = most(house_with(Charger(), heater(watts, L1N)), limit_a)
    assert most_j == pytest.approx(3 * 230.0 * ampere * 0.99 * HALF_AN_HOUR_S, rel=0.05)


def test_lines_that_the_car_does_not_use_do_not_matter() -> None:
    one_phase = Car(phases=1, max_a=16.0, battery_kwh=500.0)
    branches = (STAR[1], STAR[2], STAR[0])
    most_j = most(house_with(Charger(), heater(4600.0, L1N), branches=branches), 25.0, one_phase)
    assert most_j == pytest.approx(230.0 * 16.0 * 0.99 * HALF_AN_HOUR_S, rel=0.02)


def test_it_is_no_more_than_the_battery_takes() -> None:
    small = Car(battery_kwh=1.0, efficiency=0.9)
    assert most(house_with(Charger()), 100.0, small) == pytest.approx(0.8 * 3.6e6 / 0.9)


def test_a_car_that_takes_everything_at_once_reaches_it_where_nothing_is_in_the_way() -> None:
    house = house_with(Charger(car=PROMPT))
    charger = house.chargers["EV charger"]
    charger.plug_in(state_of_charge=0.2)
    for _ in range(HALF_AN_HOUR_S):
        house.step()
    most_j = most(house_with(Charger()), 1000.0, PROMPT)
    assert charger.delivered_j == pytest.approx(most_j, rel=0.03)
    assert charger.delivered_j < most_j


def test_the_charger_rests_while_it_is_measured() -> None:
    house = House(SITES["garage"], seed=1, start=datetime(2026, 1, 15, 19, tzinfo=UTC))
    assert most(house, 25.0) > 0.0
    assert house.chargers["EV charger"].delivered_j == 0.0


def test_without_a_car_there_is_nothing_to_measure() -> None:
    with pytest.raises(LookupError, match="no car is at EV charger"):
        most_deliverable_j(house_with(Charger()), "EV charger", limit_a=25.0, seconds=1)


def two_cars(left: Car, right: Car, *, limit_a: float, shared_a: float = 1000.0) -> float:
    """What two cars could have drawn together in half an hour, in A of all their lines; their lines are the same."""
    right_one = Circuit("Other charger", Charger(), STAR)
    house = house_with(Charger(), right_one, heater(2300.0, L1N))
    house.chargers["EV charger"].plug_in(left, state_of_charge=0.2)
    house.chargers["Other charger"].plug_in(right, state_of_charge=0.2)
    balancer = PerfectBalancer(house, ("EV charger", "Other charger"), limit_a=limit_a, shared_a=shared_a)
    for _ in range(HALF_AN_HOUR_S):
        house.step()
        balancer.watch()
    return balancer.delivered_j / (230.0 * 0.99 * HALF_AN_HOUR_S)


ONE_LINE = Car(phases=1, max_a=32.0, battery_kwh=500.0)


@pytest.mark.parametrize(
    ("limit_a", "shared_a", "ampere"),
    [(100.0, 100.0, 32.0), (100.0, 20.0, 20.0), (30.0, 100.0, 20.0), (22.0, 100.0, 12.0), (20.0, 100.0, 10.0)],
)
def test_two_cars_share_what_is_left_and_one_has_it_where_it_is_not_enough_for_both(
    limit_a: float, shared_a: float, ampere: float
) -> None:
    assert two_cars(ROOMY, ROOMY, limit_a=limit_a, shared_a=shared_a) == pytest.approx(3 * ampere, rel=0.03)


@pytest.mark.parametrize(
    ("limit_a", "lines_a"),
    [(50.0, 3 * 16.0 + 24.0), (30.0, 3 * 14.0 + 6.0), (21.0, 3 * 11.0), (15.9, 0.0)],
)
def test_an_ampere_goes_where_it_gives_the_most(limit_a: float, lines_a: float) -> None:
    for cars in ((ROOMY, ONE_LINE), (ONE_LINE, ROOMY)):
        assert two_cars(*cars, limit_a=limit_a) == pytest.approx(lines_a, rel=0.03, abs=0.1)


def test_more_than_two_cars_are_refused() -> None:
    with pytest.raises(ValueError, match="3 chargers"):
        PerfectBalancer(house_with(Charger()), ("a", "b", "c"), limit_a=25.0)
