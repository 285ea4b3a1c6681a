"""What balancing is worth: simulated houses, their fuses and cars, under several controllers.

`rounds` is the number of seeds, at most fifty. Nothing here is a timing but the two last figures.
"""

from collections.abc import Callable, Iterator, Sequence
from statistics import median

from benchmarks.garage import cost
from benchmarks.garage.runs import Outcome, outcomes, perfect_j
from benchmarks.garage.scenarios import SCENARIOS, Scenario
from benchmarks.results import OURS, Result, beside_peers

MOST_SEEDS = 50

type Figure = Callable[[Outcome], float]


def results(rounds: int) -> list[Result]:
    """Run every scenario under every controller, then measure what a step costs."""
    seeds = range(1, min(rounds, MOST_SEEDS) + 1)
    return [*(result for scenario in SCENARIOS for result in _of(scenario, seeds)), *cost.results(rounds)]


def _of(scenario: Scenario, seeds: Sequence[int]) -> Iterator[Result]:
    found, most_j = outcomes(scenario, seeds), perfect_j(scenario, seeds)
    figures: tuple[tuple[str, str, Figure], ...] = (
        ("time above the fuse", "s", lambda one: one.above_s),
        ("heat of a breaker, of what trips it", "%", lambda one: 100.0 * one.heat),
        ("starts of contactors", "times", lambda one: one.starts),
        ("energy delivered", "kWh", lambda one: one.delivered_j / 3.6e6),
    )
    for what, unit, figure in figures:
        yield from _middle_and_worst(f"{scenario.title}: {what}", unit, found, figure)
    trips = {name: float(sum(one.trips > 0 for one in runs)) for name, runs in found.items()}
    yield from beside_peers(f"{scenario.title}: runs with a trip, of {len(seeds)}", "", trips, {})
    offences = float(sum(one.offences for one in found[OURS]))
    yield Result(name=f"{scenario.title}: what no charger may be asked, in all", value=offences, unit="times")
    if most_j:
        lost = [100.0 * (1.0 - one.delivered_j / best_j) for one, best_j in zip(found[OURS], most_j, strict=True)]
        name = f"{scenario.title}: energy that a perfect balancer would have delivered, too"
        yield Result(name=f"{name}, median", value=median(lost), unit="%")
        yield Result(name=f"{name}, worst", value=max(lost), unit="%")


def _middle_and_worst(name: str, unit: str, found: dict[str, list[Outcome]], figure: Figure) -> Iterator[Result]:
    worst = min if unit == "kWh" else max
    for how, of in (("median", median), ("worst", worst)):
        values = {controller: float(of([figure(one) for one in runs])) for controller, runs in found.items()}
        yield from beside_peers(f"{name}, {how}", unit, values, {})
