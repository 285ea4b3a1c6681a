"""Runs of a scenario: a house, a seed, a controller, and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from copy import replace
from dataclasses import dataclass
from functools import partial
from math import inf
from operator import attrgetter
from typing import Final

from benchmarks.garage.ours import Balancer
from benchmarks.garage.peers import Alone, Loop, Threshold
from benchmarks.garage.scenarios import Scenario
from benchmarks.results import OURS
from energy_control.balancing.settings import Circuit, Settings
from simulator import House
from simulator.house.charging import LiveCharger
from simulator.loop import ClosedLoop, Controller
from simulator.perfect import PerfectBalancer

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
    """The most heat in any breaker in the middle of the band of IEC 60898, as a share of what trips it."""
    trips: int
    """Breakers in the middle of the band that would have tripped."""
    starts: int
    """How often contactors closed."""
    commands: int
    """What chargers were told, whether they took it or not."""
    offences: int
    """What nobody may ask of a charger, and was asked."""
    delivered_j: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Most:
    """What a perfect balancer could have delivered in a run. It foresees all, and neither waits, measures nor rests."""

    within_margins_j: float
    """With the margins that ours keeps below the ratings."""
    within_ratings_j: float


def run(scenario: Scenario, controller: str, seconds: int, seed: int) -> Outcome:
    """Let a house live under a controller."""
    loop = scenario.loop(seed)
    loop.run(seconds, CONTROLLERS[controller](scenario.settings, dict(loop.chargers)))
    return outcome(loop)


def outcome(loop: ClosedLoop) -> Outcome:
    """Return what has come of a run until now."""
    chargers = loop.chargers.values()
    breakers = loop.house.breakers.values()
    return Outcome(
        above_s=loop.breaker.seconds_importing_above_rating,
        heat=max(breaker.highest_thermal_share for breaker in breakers),
        trips=sum(breaker.tripped for breaker in breakers),
        starts=sum(charger.starts for charger in chargers),
        commands=sum(len(charger.journal.entries) for charger in chargers),
        offences=sum(len(charger.journal.offences) for charger in chargers),
        delivered_j=sum(charger.delivered_j for charger in chargers),
    )


def most(scenario: Scenario, seconds: int, seed: int) -> Most:
    """Let the same house live with its cars paused, and add up what they could have drawn.

    The charger is an exact one there, so that it pauses at once.
    """
    house = replace(scenario, character="exact").loop(seed).house
    balancers = [_perfect(house, scenario, limit_a) for limit_a in (attrgetter("limit_a"), attrgetter("rating_a"))]
    for _ in range(seconds):
        house.step()
        for balancer in balancers:
            balancer.watch()
    within_margins, within_ratings = balancers
    return Most(within_margins_j=within_margins.delivered_j, within_ratings_j=within_ratings.delivered_j)


def outcomes(pool: Executor, scenario: Scenario, seconds: int, seeds: Sequence[int]) -> dict[str, list[Outcome]]:
    """Run all controllers on all seeds."""
    running = {name: pool.map(partial(run, scenario, name, seconds), seeds) for name in CONTROLLERS}
    return {name: list(found) for name, found in running.items()}


def perfect(pool: Executor, scenario: Scenario, seconds: int, seeds: Sequence[int]) -> list[Most]:
    """Return what a perfect balancer could have delivered in each run."""
    return list(pool.map(partial(most, scenario, seconds), seeds))


def _perfect(house: House, scenario: Scenario, limit_a: Callable[[Circuit], float]) -> PerfectBalancer:
    """Return one for the circuits of a scenario: the connection to the grid, and perhaps one for the chargers alone."""
    limits_a = {circuit.parent is None: limit_a(circuit) for circuit in scenario.settings.circuits}
    return PerfectBalancer(house, tuple(scenario.cars), limit_a=limits_a[True], shared_a=limits_a.get(False, inf))
