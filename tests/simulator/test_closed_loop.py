"""The closed loop hands out what CTs measure, and what the caller commands comes back in the measurements."""

from datetime import UTC, datetime

import pytest

from simulator import SITES, House
from simulator.house.breaker import Edge
from simulator.house.charging import SetCurrent
from simulator.loop import ClosedLoop, Measurement
from simulator.perfect import most_deliverable_j

WINTER_EVENING = datetime(2026, 1, 15, 16, tzinfo=UTC)


def new_loop(*, seed: int = 1, exact: bool = False) -> ClosedLoop:
    loop = ClosedLoop(House(SITES["garage"], seed=seed, start=WINTER_EVENING), exact=exact)
    loop.chargers["EV charger"].plug_in(state_of_charge=0.1)
    return loop


def after_a_minute(loop: ClosedLoop) -> Measurement:
    for _ in range(60):
        loop.step()
    return loop.measure()


def headroom_a(measurement: Measurement, rating_a: float) -> float:
    """What the charger may draw: what is free on the fullest line beside it."""
    draws = measurement.chargers["EV charger"].amps
    return rating_a - max(grid - own for grid, own in zip(measurement.grid_a, draws, strict=True))


def guarded(loop: ClosedLoop, seconds: int) -> None:
    """A simple controller: the least that is free, with an ampere in hand, or a pause."""
    charger = loop.chargers["EV charger"]

    def control(measurement: Measurement) -> None:
        free_a = headroom_a(measurement, 24.0)
        charger.set_enabled(on=free_a >= 6.0)
        if free_a >= 6.0:
            charger.set_current(min(free_a, 32.0))

    loop.run(seconds, control)


def test_a_measurement_has_the_resolution_of_the_wire() -> None:
    loops = new_loop(), new_loop(exact=True)
    measured, true = (after_a_minute(loop) for loop in loops)
    assert measured.at_s == 60.0
    assert measured.grid_a == tuple(round(each, 1) for each in true.grid_a)
    assert measured.grid_w == tuple(float(round(each)) for each in true.grid_w)
    assert measured.volts == tuple(round(each, 1) for each in true.volts)
    assert measured.grid_a != true.grid_a


def test_the_charger_is_read_on_the_lines_of_the_house_and_is_part_of_the_grid() -> None:
    loop = new_loop(exact=True)
    measurement = after_a_minute(loop)
    reading = measurement.chargers["EV charger"]
    assert list(reading.amps) == [pytest.approx(16.0, rel=0.005)] * 3
    assert sum(reading.watts) == pytest.approx(loop.house.circuits["EV charger"].demand.real)
    assert sum(measurement.grid_w) == pytest.approx(loop.house.grid_power_w)


def test_solar_shows_as_a_negative_current() -> None:
    house = House(SITES["one-phase-solar"], seed=1, start=datetime(2026, 6, 21, 11, tzinfo=UTC))
    house.cloud = 0.0
    measurement = ClosedLoop(house).step()
    assert measurement.grid_a[0] < -5.0
    assert measurement.grid_w[0] < -1000.0
    assert min(measurement.grid_a[1:]) > 0.0


def test_without_control_the_breaker_trips_and_with_it_it_does_not_and_the_car_still_charges() -> None:
    free, watched = new_loop(seed=2), new_loop(seed=2)
    free.run(2 * 3600, lambda _: None)
    guarded(watched, 2 * 3600)
    assert free.breaker.tripped
    assert not watched.breaker.tripped
    assert watched.breaker.seconds_above_rating < 0.05 * free.breaker.seconds_above_rating
    assert watched.breaker.thermal_share(Edge.MIDDLE) < 0.9
    perfect = most_deliverable_j(new_loop(seed=2).house, "EV charger", limit_a=25.0, seconds=2 * 3600)
    assert 0.8 * perfect < watched.chargers["EV charger"].delivered_j < perfect
    assert len(watched.chargers["EV charger"].journal.commands(SetCurrent)) > 3600
    assert watched.chargers["EV charger"].journal.offences == []


def test_the_same_seed_gives_the_same_run_and_another_seed_another() -> None:
    ends = []
    for seed in (3, 3, 4):
        loop = new_loop(seed=seed)
        guarded(loop, 1800)
        ends.append((loop.measure(), loop.chargers["EV charger"].journal.entries[-1]))
    assert ends[0] == ends[1]
    assert ends[0] != ends[2]


def test_a_site_without_a_breaker_says_so() -> None:
    with pytest.raises(LookupError, match="no breaker"):
        _ = ClosedLoop(House(SITES["home"], seed=1, start=WINTER_EVENING)).breaker
