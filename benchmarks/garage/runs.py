"""Runs of a scenario: a house, a seed, a controller, and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import Final

from benchmarks.garage.ours import Balancer
from benchmarks.garage.peers import Alone, Loop, Threshold
from benchmarks.garage.scenarios import Scenario
from benchmarks.results import OURS
from energy_control.balancing.settings import Settings
from simulator.house.charging import LiveCharger
from simulator.loop import ClosedLoop, Controller
from simulator.perfect import most_deliverable_j

SECONDS: Final = 5400

CONTROLLERS: Final[Mapping[str, Callable[[Settings, dict[str, LiveCharger]], Controller]]] = {
    OURS: Balancer,
    "no control": Alone,
    "loop of 30 s": Loop,
    "threshold and timer": Threshold,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one run."""

    above_s: float
    """How long a line was above the rating of the main fuse, import only."""
    heat: float
    """The most heat in a main breaker in the middle of the band of IEC 60898, as a share of what trips it."""
    trips: int
    """Breakers in the middle of the band that would have tripped."""
    starts: int
    """How often contactors closed."""
    offences: int
    """What nobody may ask of a charger, and was asked."""
    delivered_j: float


def run(scenario: Scenario, controller: str, seed: int) -> Outcome:
    """Let a house live for an hour and a half under a controller."""
    loop = scenario.loop(seed)
    loop.run(SECONDS, CONTROLLERS[controller](scenario.settings, dict(loop.chargers)))
    return outcome(loop)


def outcome(loop: ClosedLoop) -> Outcome:
    """Return what has come of a run until now."""
    chargers = loop.chargers.values()
    return Outcome(
        above_s=loop.breaker.seconds_importing_above_rating,
        heat=loop.breaker.highest_thermal_share,
        trips=sum(breaker.tripped for breaker in loop.house.breakers.values()),
        starts=sum(charger.starts for charger in chargers),
        offences=sum(len(charger.journal.offences) for charger in chargers),
        delivered_j=sum(charger.delivered_j for charger in chargers),
    )


def most_j(scenario: Scenario, seed: int) -> float:
    """Return what a perfect balancer could have delivered within our limit, which leaves a margin to the fuse.

    It foresees everything, and neither waits, nor measures, nor rests. Only for scenarios with one car.
    """
    (name,) = scenario.cars
    (main,) = (circuit for circuit in scenario.settings.circuits if circuit.parent is None)
    return most_deliverable_j(scenario.loop(seed).house, name, limit_a=main.limit_a, seconds=SECONDS)


def outcomes(scenario: Scenario, seeds: Sequence[int]) -> dict[str, list[Outcome]]:
    """Run all controllers on all seeds, on every core."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        running = {name: pool.map(partial(run, scenario, name), seeds) for name in CONTROLLERS}
        return {name: list(found) for name, found in running.items()}


def perfect_j(scenario: Scenario, seeds: Sequence[int]) -> list[float]:
    """Return what a perfect balancer could have delivered in each run; nothing where there are two cars."""
    if len(scenario.cars) > 1:
        return []
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        return list(pool.map(partial(most_j, scenario), seeds))
