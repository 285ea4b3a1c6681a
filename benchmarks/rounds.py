"""Fair timing on a machine that is never quiet.

The contenders take turns: A B C, A B C, and so on, so that a slow spell of the machine meets all of them. Of each the
fastest round counts, because noise only ever adds time. A round is long enough (milliseconds) for the clock and for
the garbage collector: it stays on, as in life, and every round begins after a full collection.
"""

import gc
import math
import time
from collections.abc import Callable, Iterable, Mapping

type Work = Callable[[], object]
"""What is timed: one round."""

type Contender = Callable[[], Work]
"""Makes fresh state, which is not timed, and returns the work of a round on it."""


def fastest_s(contenders: Mapping[str, Contender], rounds: int) -> dict[str, float]:
    """Return the seconds of the fastest round of each contender."""
    fastest = dict.fromkeys(contenders, math.inf)
    for _ in range(rounds):
        for name, prepare in contenders.items():
            fastest[name] = min(fastest[name], _time_s(prepare()))
    return fastest


def each[Item](make: Callable[[], Callable[[Item], object]], items: Iterable[Item]) -> Contender:
    """Return a contender that calls a fresh function with every item, one by one."""
    items = tuple(items)

    def prepare() -> Work:
        take = make()

        def work() -> None:
            for item in items:
                take(item)

        return work

    return prepare


def _time_s(work: Work) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
