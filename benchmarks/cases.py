"""The table of cases."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module

from benchmarks.results import Result

CASES = (
    "realtime",
    "start",
    "entities",
    "bridge",
    "balancing",
)
"""The modules of this package that are a case."""


def measure(case: str, rounds: int) -> list[Result]:
    """Return the results of a case. It has a process of its own, so that none pays for the memory of another."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(_results, case, rounds).result()


def _results(case: str, rounds: int) -> list[Result]:
    results: Callable[[int], list[Result]] = import_module(f"benchmarks.{case}").results
    return results(rounds)
