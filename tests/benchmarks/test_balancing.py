"""The scenarios of the balancing do what they say: the same house under every controller, and a bound from above."""

from concurrent.futures import ThreadPoolExecutor
from copy import replace

import pytest

pytest.importorskip("pysmappee", reason="the vendor's client is installed in the full environment only")

from benchmarks.balancing import of_scenario
from benchmarks.garage import cost, runs
from benchmarks.garage.figures import SHARE, results
from benchmarks.garage.runs import Most, Outcome
from benchmarks.garage.scenarios import SCENARIOS, Scenario
from benchmarks.recording import record
from benchmarks.results import MEDIAN, OURS, WORST, Result

SECONDS = 300
BEST = Most(within_margins_j=10 * 3.6e6, within_ratings_j=20 * 3.6e6)


def ended(*, above_s: float = 0.0, trips: int = 0, offences: int = 0, delivered_kwh: float = 9.8) -> Outcome:
    return Outcome(
        above_s=above_s,
        heat=0.5,
        trips=trips,
        starts=1,
        commands=3,
        offences=offences,
        delivered_j=delivered_kwh * 3.6e6,
    )


def ours(scenario: Scenario, *runs_of_ours: Outcome) -> dict[tuple[str, str], Result]:
    found = {OURS: runs_of_ours, "peer": [ended() for _ in runs_of_ours]}
    told = results(scenario, found, [BEST for _ in runs_of_ours])
    return {(one.name, one.spread): one for one in told}


@pytest.mark.parametrize("controller", runs.CONTROLLERS)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.title)
def test_every_scenario_runs_under_every_controller(scenario: Scenario, controller: str) -> None:
    outcome = runs.run(scenario, controller, SECONDS, seed=1)
    assert outcome.delivered_j > 0
    assert outcome.starts >= 1


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.title)
def test_a_perfect_balancer_delivers_no_less_than_ours(scenario: Scenario) -> None:
    most = runs.most(scenario, SECONDS, seed=1)
    assert runs.run(scenario, OURS, SECONDS, seed=1).delivered_j <= most.within_margins_j <= most.within_ratings_j


def test_margins_cost_a_perfect_balancer_something_where_the_fuse_is_what_limits_the_car() -> None:
    one_phase = next(one for one in SCENARIOS if one.title == "a one-phase car")
    most = runs.most(one_phase, SECONDS, seed=1)
    assert most.within_margins_j < 0.99 * most.within_ratings_j


def test_the_breaker_of_the_chargers_binds_a_perfect_balancer_too() -> None:
    two_cars = next(one for one in SCENARIOS if len(one.cars) > 1)
    main, garage = two_cars.settings.circuits
    roomy = replace(two_cars.settings, circuits=(replace(main, rating_a=100.0), garage))
    most = runs.most(replace(two_cars, settings=roomy), SECONDS, seed=1)
    assert most.within_margins_j == pytest.approx(garage.limit_a / garage.rating_a * most.within_ratings_j)


def test_a_scenario_tells_every_figure_of_every_controller_and_what_was_possible() -> None:
    with ThreadPoolExecutor(1) as pool:
        found = of_scenario(pool, SCENARIOS[0], 60, seeds=[1, 2])
    peers = {one.peer for one in found}
    assert peers == {*runs.CONTROLLERS, "perfect", "perfect, no margin"} - {OURS}
    assert {one.scenario for one in found} == {SCENARIOS[0].title}
    assert len({(one.full_name, one.peer) for one in found}) == len(found)


def test_the_median_and_the_worst_of_the_runs_are_told() -> None:
    told = ours(SCENARIOS[0], ended(above_s=1.0), ended(above_s=2.0), ended(above_s=9.0, delivered_kwh=1.0))
    assert told["above the fuse", MEDIAN].value == 2.0
    assert told["above the fuse", WORST].value == 9.0
    assert told["energy", WORST].value == pytest.approx(1.0)
    assert told[SHARE, MEDIAN].value == pytest.approx(98.0)
    assert told["of that without margin", MEDIAN].value == pytest.approx(49.0)


def test_a_target_that_is_missed_is_said_to_be() -> None:
    good = ours(SCENARIOS[0], ended(), ended(), ended(delivered_kwh=9.0))
    assert not [one for one in good.values() if one.missed]
    bad = ours(SCENARIOS[0], ended(trips=2), ended(offences=3), ended(delivered_kwh=9.4))
    assert {one.name for one in bad.values() if one.missed} == {"runs with a trip", "violations"}
    assert bad["runs with a trip", ""].value == 1.0
    short = ours(SCENARIOS[0], ended(delivered_kwh=9.4))
    assert [key for key, one in short.items() if one.missed] == [(SHARE, MEDIAN)]


def test_no_share_is_aimed_at_where_the_charger_is_not_measured_or_not_prompt() -> None:
    for scenario in (one for one in SCENARIOS if not one.prompt):
        told = ours(scenario, ended(delivered_kwh=5.0))
        assert not told[SHARE, MEDIAN].missed


def test_the_step_that_is_timed_is_a_large_one() -> None:
    assert (len(cost.LARGE.chargers), len(cost.LARGE.loads)) == (10, 50)


def test_every_overload_is_answered_in_the_handling_of_the_message_that_shows_it() -> None:
    recording = record(seconds=20)
    overloads = [cost.with_overload(message) for message in recording.seconds]
    assert len(cost.answered_s(recording, overloads)) == cost.PASSES * len(overloads)
    with pytest.raises(LookupError, match="not answered"):
        cost.answered_s(recording, recording.seconds)
