"""The scenarios of the balancing do what they say: the same house under every controller, and a bound from above."""

import pytest

pytest.importorskip("pysmappee", reason="the vendor's client is installed in the full environment only")

from benchmarks.garage import cost, runs
from benchmarks.garage.scenarios import SCENARIOS, Scenario
from benchmarks.recording import record
from benchmarks.results import OURS


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "SECONDS", 300)


@pytest.mark.parametrize("controller", runs.CONTROLLERS)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.title)
def test_every_scenario_runs_under_every_controller(scenario: Scenario, controller: str) -> None:
    outcome = runs.run(scenario, controller, seed=1)
    assert outcome.delivered_j > 0
    assert outcome.starts >= 1


@pytest.mark.parametrize(
    "scenario", [one for one in SCENARIOS if len(one.cars) == 1], ids=lambda scenario: scenario.title
)
def test_a_perfect_balancer_delivers_no_less_than_ours(scenario: Scenario) -> None:
    assert runs.run(scenario, OURS, seed=1).delivered_j <= runs.most_j(scenario, seed=1)


def test_the_step_that_is_timed_is_a_large_one_and_an_overload_is_answered_each_time() -> None:
    assert (len(cost.LARGE.chargers), len(cost.LARGE.loads)) == (10, 50)
    assert 0.0 < cost.p99_s(record(seconds=60)) < 10.0
