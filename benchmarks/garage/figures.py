"""What is told of the runs of a scenario: how each controller did, in the median of the runs and in the worst."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import replace
from dataclasses import dataclass
from statistics import median
from typing import Final

from benchmarks.garage.runs import Most, Outcome
from benchmarks.garage.scenarios import Scenario
from benchmarks.results import MEDIAN, WORST, Result, beside_peers

SHARE: Final = "of the perfect"
LEAST_SHARE: Final = 95.0
"""Aimed at, in % of the perfect: in the median, where the charger is measured and prompt."""
JOULE_PER_KWH: Final = 3.6e6

type Values = Mapping[str, Sequence[float]]
"""Of each contender, in each run."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One that every run has."""

    name: str
    unit: str
    of: Callable[[Outcome], float]
    never: bool = False
    """All runs together are told; ours should have none."""


FIGURES: Final = (
    Figure("above the fuse", "s", lambda one: one.above_s),
    Figure("heat of a breaker", "% of tripping", lambda one: 100.0 * one.heat),
    Figure("runs with a trip", "", lambda one: float(one.trips > 0), never=True),
    Figure("violations", "", lambda one: float(one.offences), never=True),
    Figure("starts", "", lambda one: float(one.starts)),
    Figure("commands", "", lambda one: float(one.commands)),
)


def results(scenario: Scenario, found: Mapping[str, Sequence[Outcome]], most: Sequence[Most]) -> Iterator[Result]:
    """Give all figures of one scenario; `found` by controller, `most` of the same seeds."""
    for figure in FIGURES:
        values = {name: [figure.of(one) for one in runs] for name, runs in found.items()}
        of = _in_all if figure.never else _spread
        yield from (replace(one, scenario=scenario.title) for one in of(figure.name, figure.unit, values))
    delivered_kwh = {name: [one.delivered_j / JOULE_PER_KWH for one in runs] for name, runs in found.items()}
    within_margins = [one.within_margins_j / JOULE_PER_KWH for one in most]
    within_ratings = [one.within_ratings_j / JOULE_PER_KWH for one in most]
    for one in _energies(delivered_kwh, within_margins, within_ratings):
        is_short = one.name == SHARE and one.spread == MEDIAN and one.value < LEAST_SHARE
        yield replace(one, scenario=scenario.title, missed=scenario.prompt and is_short)


def _energies(
    delivered_kwh: Values, within_margins: Sequence[float], within_ratings: Sequence[float]
) -> Iterator[Result]:
    all_kwh = {**delivered_kwh, "perfect": within_margins, "perfect, no margin": within_ratings}
    yield from _spread("energy", "kWh", all_kwh, worst=min)
    for name, most in ((SHARE, within_margins), ("of that without margin", within_ratings)):
        shares = {
            who: [100.0 * kwh / best for kwh, best in zip(runs, most, strict=True)]
            for who, runs in delivered_kwh.items()
        }
        yield from _spread(name, "%", shares, worst=min)


def _in_all(name: str, unit: str, values: Values) -> Iterator[Result]:
    for result in beside_peers(name, unit, {who: sum(runs) for who, runs in values.items()}, {}):
        yield replace(result, missed=result.value > 0.0)


def _spread(name: str, unit: str, values: Values, worst: Callable[[Sequence[float]], float] = max) -> Iterator[Result]:
    for spread, of in ((MEDIAN, median), (WORST, worst)):
        for result in beside_peers(name, unit, {who: float(of(runs)) for who, runs in values.items()}, {}):
            yield replace(result, spread=spread)
