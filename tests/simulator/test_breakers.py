"""The simulated breakers, held against the points of IEC 60898-1 (In: rated current; from cold, each pole alone)."""

import math
from dataclasses import replace

import pytest

from simulator import SITES, House
from simulator.house.appliances import Steady
from simulator.house.breaker import Bimetal, Breaker, Curve, Edge, LiveBreaker
from simulator.sites.site import Circuit
from simulator.sites.usual_loads import L1N, L2N
from tests.simulator.living import MIDSUMMER_NOON

RATINGS = [6.0, 16.0, 25.0, 32.0, 40.0, 63.0]
HOUR_S = 3600
every_rating = pytest.mark.parametrize("rating_a", RATINGS)
every_edge = pytest.mark.parametrize("edge", list(Edge))
every_curve = pytest.mark.parametrize("curve", list(Curve))


def carry(bimetal: Bimetal, load: float, seconds: float, step_s: float = 1.0) -> float | None:
    """Carry a multiple of In and tell after how long it tripped."""
    for step in range(1, round(seconds / step_s) + 1):
        bimetal.warm(load, step * step_s, step_s)
        if bimetal.tripped_at_s is not None:
            break
    return bimetal.tripped_at_s


@every_rating
@every_edge
def test_1_13_in_does_not_trip_within_an_hour_and_1_45_in_after_it_does(rating_a: float, edge: Edge) -> None:
    bimetal = Bimetal(rating_a, Curve.B, edge)
    assert carry(bimetal, 1.13, HOUR_S) is None
    assert carry(bimetal, 1.45, HOUR_S) is not None


@every_rating
@every_edge
def test_2_55_in_trips_after_more_than_a_second_and_within_one_minute_or_two(rating_a: float, edge: Edge) -> None:
    after_s = carry(Bimetal(rating_a, Curve.C, edge), 2.55, 200.0, step_s=0.01)
    assert after_s is not None
    assert 1.0 < after_s < (60.0 if rating_a <= 32.0 else 120.0)


@every_rating
def test_the_edges_reach_the_limits_of_the_band_and_the_middle_lies_between(rating_a: float) -> None:
    fast, middle, slow = (carry(Bimetal(rating_a, Curve.C, edge), 2.55, 200.0, step_s=0.01) for edge in Edge)
    assert fast == pytest.approx(1.0, rel=0.02)
    assert slow == pytest.approx(60.0 if rating_a <= 32.0 else 120.0, rel=0.01)
    assert fast
    assert slow
    assert middle == pytest.approx(math.sqrt(fast * slow), rel=0.02)


@every_curve
@every_edge
def test_the_magnetic_release_lets_its_least_current_pass_and_trips_at_its_most(curve: Curve, edge: Edge) -> None:
    least, most = curve.value
    assert carry(Bimetal(16.0, curve, edge), least, 0.1, step_s=0.01) is None
    assert carry(Bimetal(16.0, curve, edge), most, 0.1, step_s=0.01) == 0.01


@every_edge
def test_more_current_trips_sooner(edge: Edge) -> None:
    loads = [1.46, 1.6, 1.8, 2.0, 2.3, 2.5, 2.9]
    times = [carry(Bimetal(25.0, Curve.C, edge), load, HOUR_S, step_s=0.05) for load in loads]
    assert None not in times
    assert times == sorted((each for each in times if each), reverse=True)


@every_edge
def test_it_never_trips_at_its_rated_current_however_long(edge: Edge) -> None:
    bimetal = Bimetal(25.0, Curve.B, edge)
    assert carry(bimetal, 1.0, 1_000_000, step_s=1000.0) is None
    assert bimetal.highest_share == pytest.approx(1.0 / bimetal.threshold)


@every_edge
def test_a_warm_breaker_trips_sooner_than_a_cold_one_and_one_that_has_rested_does_not(edge: Edge) -> None:
    cold, warm, rested = (Bimetal(25.0, Curve.C, edge) for _ in range(3))
    for _ in range(HOUR_S):
        warm.warm(1.0, 0.0, 1.0)
        rested.warm(1.0, 0.0, 1.0)
    rested.warm(0.0, 0.0, HOUR_S)
    times = [carry(each, 2.0, HOUR_S, step_s=0.05) for each in (cold, warm, rested)]
    assert times[1] is not None
    assert times[0] is not None
    assert times[1] < times[0]
    assert times[2] == times[0]


def test_the_length_of_the_steps_does_not_matter() -> None:
    fine, coarse = Bimetal(25.0, Curve.B, Edge.MIDDLE), Bimetal(25.0, Curve.B, Edge.MIDDLE)
    for load in (0.8, 1.6, 0.2, 1.2):
        for _ in range(600):
            fine.warm(load, 0.0, 0.1)
        coarse.warm(load, 0.0, 60.0)
    assert fine.heat == pytest.approx(coarse.heat)


def test_a_breaker_counts_overload_for_each_pole_and_of_import_apart() -> None:
    breaker = LiveBreaker(Breaker("Main", 25.0), lines=3)
    breaker.carry([26.0, -30.0, 25.0], 10.0)
    breaker.carry([24.0, -30.0, 0.0], 5.0)
    assert [pole.seconds_above_rating for pole in breaker.poles] == [10.0, 15.0, 0.0]
    assert [pole.seconds_importing_above_rating for pole in breaker.poles] == [10.0, 0.0, 0.0]
    assert [pole.highest_a for pole in breaker.poles] == [26.0, 30.0, 25.0]
    assert (breaker.seconds_above_rating, breaker.seconds_importing_above_rating) == (15.0, 10.0)
    assert breaker.highest_thermal_share == breaker.thermal_share(Edge.MIDDLE) > 0.3
    assert not breaker.tripped


def test_a_tripped_breaker_says_when_and_the_house_lives_on() -> None:
    breaker = LiveBreaker(Breaker("Main", 16.0), lines=1)
    for _ in range(60):
        breaker.carry([41.0], 1.0)
    assert breaker.tripped
    assert breaker.highest_thermal_share > 1.0
    times = [breaker.poles[0].releases[edge].tripped_at_s for edge in Edge]
    assert None not in times
    assert times == sorted(each for each in times if each)
    assert all(breaker.would_trip(edge) for edge in Edge)


def test_the_main_breaker_sees_the_house_and_a_sub_breaker_its_circuits() -> None:
    site = replace(
        SITES["garage"],
        circuits=(Circuit("Kettle", Steady(2300.0), L1N), Circuit("Iron", Steady(4600.0), L2N)),
        transformers=(),
        breakers=(Breaker("Main", 16.0), Breaker("Kitchen", 16.0, circuits=("Kettle",))),
    )
    house = House(site, seed=1, start=MIDSUMMER_NOON)
    for _ in range(30):
        house.step()
    main, kitchen = house.breakers.values()
    assert [pole.highest_a for pole in main.poles] == [
        pytest.approx(10.0, rel=0.05),
        pytest.approx(20.0, rel=0.05),
        0.0,
    ]
    assert [pole.highest_a for pole in kitchen.poles] == [pytest.approx(10.0, rel=0.05), 0.0, 0.0]
    assert (main.seconds_above_rating, kitchen.seconds_above_rating) == (30.0, 0.0)
