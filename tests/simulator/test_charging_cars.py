"""Cars follow the charger within the limits of IEC 61851, and stop when they like."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import House
from simulator.house.charging import Car, Charger, LiveCar, PilotState
from simulator.house.charging.car import FOLLOWS_WITHIN_S
from tests.simulator.charging import PROMPT, Bench, house_with

NORMAL = Car(max_a=32.0)
SLOW = Car(max_a=32.0, reaction_s=3.0, ramp_down_a_per_s=16.0)


def car_at(bench: Bench) -> LiveCar:
    assert bench.charger.car
    return bench.charger.car


def test_a_car_starts_after_a_while_and_ramps_up_to_a_little_below_the_offer() -> None:
    assert Bench("exact", NORMAL).draws(22)[:8] == [0.0] * 5 + [2.0, 4.0, 6.0]
    assert Bench("exact", NORMAL).after(40) == pytest.approx(31.7)


def test_a_car_never_takes_more_than_it_can() -> None:
    assert Bench("exact", Car(max_a=16.0)).after(60) == pytest.approx(16.0)


@pytest.mark.parametrize(("car", "waits"), [(NORMAL, 1), (SLOW, 3)])
def test_a_car_goes_on_for_its_time_of_reaction_and_then_follows_a_lower_offer(car: Car, waits: int) -> None:
    bench = Bench("exact", car)
    before = bench.after(60)
    bench.charger.set_current(6.0)
    drawn = bench.draws(10)
    assert drawn[:waits] == [before] * waits
    assert drawn[waits] == pytest.approx(before - car.ramp_down_a_per_s)
    assert drawn[5:] == [pytest.approx(5.7)] * 5


def cars() -> st.SearchStrategy[Car]:
    """Any that the standard allows."""
    reactions, ramps = st.floats(0.0, 4.0), st.floats(4.0, 100.0)
    return st.builds(make, reactions, ramps).filter(lambda car: car is not None).map(lambda car: car or NORMAL)


def make(reaction_s: float, ramp_down_a_per_s: float) -> Car | None:
    try:
        return Car(max_a=16.0, reaction_s=reaction_s, ramp_down_a_per_s=ramp_down_a_per_s, ramp_up_a_per_s=8.0)
    except ValueError:
        return None


@given(
    car=cars(),
    offers=st.lists(st.sampled_from([0.0, 6.0, 7.5, 10.0, 16.0, 24.0]), min_size=1, max_size=12),
    hold_s=st.integers(1, 9),
)
def test_no_car_draws_more_than_the_highest_offer_of_the_last_five_seconds(
    car: Car, offers: list[float], hold_s: int
) -> None:
    bench = Bench("nearest", car)
    bench.draws(30)
    offered = [32.0] * int(FOLLOWS_WITHIN_S)
    for offer in offers:
        bench.charger.set_current(offer)
        for drawn in bench.draws(hold_s):
            offered.append(bench.charger.offered_a)
            assert drawn <= max(offered[-1 - int(FOLLOWS_WITHIN_S) :])


def test_a_car_that_would_be_too_slow_for_the_standard_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="takes 6 s"):
        Car(max_a=32.0, reaction_s=2.0)


def test_a_car_stops_within_three_seconds_of_a_pause_whatever_its_reaction() -> None:
    bench = Bench("exact", replace(PROMPT, reaction_s=4.0))
    bench.draws(60)
    bench.charger.set_enabled(on=False)
    assert bench.draws(4) == [32.0] * 3 + [0.0]
    assert bench.charger.state is PilotState.CONNECTED


@pytest.mark.parametrize(("phases", "lines"), [(1, 1), (2, 2), (3, 3)])
def test_a_car_uses_the_first_phases_of_its_charger(phases: int, lines: int) -> None:
    bench = Bench("exact", replace(PROMPT, phases=phases))
    bench.draws(3)
    loaded = [abs(current) > 30.0 for current in bench.house.incomer_a[:3]]
    assert loaded == [True] * lines + [False] * (3 - lines)


def test_the_battery_gains_what_was_delivered_less_the_losses() -> None:
    bench = Bench("exact", replace(PROMPT, efficiency=0.9, battery_kwh=50.0))
    start = car_at(bench).state_of_charge
    bench.draws(1800)
    car = car_at(bench)
    assert bench.charger.delivered_j == pytest.approx(car.charged_j)
    assert car.charged_j == pytest.approx(0.5 * 3.6e6 * 3 * 0.230 * 32 * 0.99, rel=0.03)
    assert (car.state_of_charge - start) * 50.0 * 3.6e6 == pytest.approx(0.9 * car.charged_j)


def test_near_full_it_takes_less_and_less_and_stops_by_itself() -> None:
    bench = Bench("exact", replace(PROMPT, battery_kwh=10.0, tapers_from=0.9))
    bench.charger.plug_in(state_of_charge=0.89)
    drawn = bench.draws(1200)
    assert drawn[0] == 32.0
    assert drawn[-1] == 0.0
    tapered = [ampere for ampere in drawn if 0.0 < ampere < 32.0]
    assert tapered == sorted(tapered, reverse=True)
    assert tapered[-1] == pytest.approx(0.15 * 32.0)
    assert bench.charger.state is PilotState.CONNECTED
    assert car_at(bench).state_of_charge == pytest.approx(1.0, abs=0.001)


def test_it_stops_at_the_charge_that_its_driver_has_chosen() -> None:
    bench = Bench("exact", replace(PROMPT, battery_kwh=10.0, full_at=0.8))
    bench.charger.plug_in(state_of_charge=0.79)
    bench.draws(300)
    assert car_at(bench).state_of_charge == pytest.approx(0.8, abs=0.001)


@pytest.mark.parametrize(("month", "first"), [(1, 9.0), (7, 32.0)])
def test_a_cold_car_takes_less_at_first(month: int, first: float) -> None:
    charger = Charger(car=replace(PROMPT, cold_a=9.0, cold_s=600.0))
    site = house_with(charger).site
    house = House(site, seed=1, start=datetime(2026, month, 15, 4, tzinfo=UTC))
    live = house.chargers["EV charger"]
    live.plug_in(state_of_charge=0.2)
    drawn = []
    for _ in range(700):
        house.step()
        drawn.append(live.current_a)
    assert (drawn[300], drawn[-1]) == (first, 32.0)


def test_a_moody_car_stops_now_and_then_and_goes_on_by_itself() -> None:
    bench = Bench("exact", replace(PROMPT, rests_per_h=6.0, rest_s=60.0, battery_kwh=500.0))
    drawn = bench.draws(2 * 3600)
    stops = sum(was > 0 and now == 0 for was, now in pairwise(drawn))
    assert 4 <= stops <= 24
    assert drawn.count(0.0) == pytest.approx(60 * stops, abs=60)
    assert bench.charger.starts in {stops, stops + 1}
