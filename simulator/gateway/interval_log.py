"""The memory of a sensor that lives apart from the gateway: what it has counted in each five minutes.

It goes on while the gateway has no power, so nothing is lost and the intervals come late (inferred: the wire's lists
have room for it, nobody has captured it).
"""

from collections.abc import Callable
from typing import Final, NamedTuple

INTERVAL_MS: Final = 300_000

type Counts = tuple[int, ...]
"""Running totals of whatever is counted, since the house was built."""


class Interval(NamedTuple):
    """What was counted in the five minutes up to ``end_ms`` (ms UTC), and the outdoor temperature at the end."""

    end_ms: int
    counts: Counts
    outdoor_c: float


class IntervalLog:
    """Remembers finished intervals until somebody takes them; ``read`` tells the running totals."""

    def __init__(self, read: Callable[[], Counts]) -> None:
        self._read = read
        self._before = read()
        self._finished: list[Interval] = []

    def close(self, end_ms: int, outdoor_c: float) -> None:
        """Finish the interval that ended at `end_ms`."""
        now = self._read()
        counts = tuple(late - early for early, late in zip(self._before, now, strict=True))
        self._before = now
        self._finished.append(Interval(end_ms, counts, outdoor_c))

    def take(self) -> list[Interval]:
        """What has finished since the last time, oldest first."""
        finished, self._finished = self._finished, []
        return finished
