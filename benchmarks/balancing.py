"""What balancing is worth: simulated houses, their fuses and cars, under several controllers.

`rounds` is the number of seeds, at most fifty. Nothing here is a timing but the last figures.
"""

from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final

from rich.console import Console

from benchmarks.garage import cost, figures
from benchmarks.garage.runs import outcomes, perfect
from benchmarks.garage.scenarios import SCENARIOS, Scenario
from benchmarks.results import Result

MOST_SEEDS: Final = 50
SECONDS: Final = 5400
"""Of simulated life in each run."""


def results(rounds: int) -> list[Result]:
    """Run every scenario under every controller, then measure what a step costs."""
    seeds = range(1, min(rounds, MOST_SEEDS) + 1)
    console = Console(stderr=True, highlight=False)
    found: list[Result] = []
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for number, scenario in enumerate(SCENARIOS, 1):
            console.print(f"    {number} of {len(SCENARIOS)}: {scenario.title}, {len(seeds)} seeds")
            found += of_scenario(pool, scenario, SECONDS, seeds)
    return [*found, *cost.results(rounds)]


def of_scenario(pool: Executor, scenario: Scenario, seconds: int, seeds: Sequence[int]) -> list[Result]:
    """Run one scenario for so long."""
    found, most = outcomes(pool, scenario, seconds, seeds), perfect(pool, scenario, seconds, seeds)
    return list(figures.results(scenario, found, most))
