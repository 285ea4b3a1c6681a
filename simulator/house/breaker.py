"""A circuit breaker as IEC 60898-1 describes it: the outside witness of whoever guards a fuse.

The standard gives a band, not a curve: for a breaker of the rated current In, in each pole, from cold,

* at 1.13 In it must not trip within an hour (of In up to 63 A);
* at 1.45 In, right after that, it must trip within an hour;
* at 2.55 In it must trip later than after 1 s and within 60 s (120 s above 32 A);
* at 3 In (B) or 5 In (C) it must not trip within 0.1 s, at 5 In or 10 In it must.

The bimetal is modelled as one body of heat: its temperature rise, in multiples of that at In, approaches (I / In)²
with one time constant, and it trips at a threshold. Each `Edge` of the band has its own pair of the two: the fast one
is the most nervous breaker that this model can be within the standard, the slow one the laziest, the middle is the
geometric mean of the limits. All three are followed at once.

A breaker here only watches: after it has tripped the house lives on, so that the rest can be seen too.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

NOT_TRIPPING: Final = 1.13
TRIPPING: Final = 1.45
CONVENTIONAL_TIME_S: Final = 3600.0
HOT: Final = 2.55
HOT_LEAST_S: Final = 1.0
HOT_MOST_S: Final = 60.0
HOT_MOST_ABOVE_32_A_S: Final = 120.0
SMALL_A: Final = 32.0
INWARD: Final = 1.002
"""So far inside the band the two edges lie: at its limit a body of heat would take for ever."""


class Curve(Enum):
    """The types of instantaneous tripping; the values are its least and most current, in multiples of In."""

    B = (3.0, 5.0)
    C = (5.0, 10.0)


class Edge(Enum):
    """Where a breaker lies between the limits of the standard, 0 to 1."""

    FAST = 0.0
    MIDDLE = 0.5
    SLOW = 1.0

    def between(self, least: float, most: float) -> float:
        """The value there, on a logarithmic scale."""
        return math.exp(math.log(least) + self.value * (math.log(most) - math.log(least)))


@dataclass(frozen=True, slots=True)
class Breaker:
    """A breaker of ``rating_a`` per pole, for the circuits named, or for the whole house when none is."""

    name: str
    rating_a: float
    curve: Curve = Curve.B
    circuits: tuple[str, ...] = ()


class Bimetal:
    """The thermal and magnetic release of one pole, at one `edge` of the band."""

    def __init__(self, rating_a: float, curve: Curve, edge: Edge) -> None:
        hot_most_s = HOT_MOST_S if rating_a <= SMALL_A else HOT_MOST_ABOVE_32_A_S
        hot_s = edge.between(HOT_LEAST_S * INWARD, hot_most_s / INWARD)
        self.threshold = edge.between(NOT_TRIPPING * INWARD, TRIPPING / INWARD) ** 2
        self.time_constant_s = hot_s / math.log(HOT**2 / (HOT**2 - self.threshold))
        least, most = curve.value
        self.magnetic = edge.between(least * INWARD, most / INWARD)
        self.heat = 0.0
        self.highest_share = 0.0
        """The most heat so far, as a share of what trips."""
        self.tripped_at_s: float | None = None
        self._step_s = 0.0
        self._approach = 0.0

    def warm(self, load: float, now_s: float, seconds: float) -> None:
        """Carry `load` (I / In) for the `seconds` that end at `now_s`."""
        if seconds != self._step_s:
            self._step_s = seconds
            self._approach = 1.0 - math.exp(-seconds / self.time_constant_s)
        self.heat += (load * load - self.heat) * self._approach
        share = self.heat / self.threshold
        self.highest_share = max(self.highest_share, share)
        if self.tripped_at_s is None and (share >= 1.0 or load >= self.magnetic):
            self.tripped_at_s = now_s


class Pole:
    """One pole of a breaker, and what it has seen; ``releases`` at each edge of the band."""

    def __init__(self, breaker: Breaker) -> None:
        self.rating_a = breaker.rating_a
        self.releases = {edge: Bimetal(breaker.rating_a, breaker.curve, edge) for edge in Edge}
        self.seconds_above_rating = 0.0
        self.seconds_importing_above_rating = 0.0
        self.highest_a = 0.0
        """Of either direction."""
        self._bimetals = tuple(self.releases.values())
        self._lived_s = 0.0

    def carry(self, ampere: float, seconds: float) -> None:
        """Carry `ampere` (below 0: export) for `seconds`."""
        self._lived_s += seconds
        size_a = abs(ampere)
        self.highest_a = max(self.highest_a, size_a)
        if size_a > self.rating_a:
            self.seconds_above_rating += seconds
            self.seconds_importing_above_rating += seconds if ampere > 0 else 0.0
        for bimetal in self._bimetals:
            bimetal.warm(size_a / self.rating_a, self._lived_s, seconds)


class LiveBreaker:
    """A breaker at work, with a pole for each line."""

    def __init__(self, breaker: Breaker, lines: int) -> None:
        self.breaker = breaker
        self.poles = tuple(Pole(breaker) for _ in range(lines))

    def carry(self, line_amps: Sequence[float], seconds: float) -> None:
        """Carry the currents of the lines for `seconds`; below 0 is export."""
        for pole, ampere in zip(self.poles, line_amps, strict=True):
            pole.carry(ampere, seconds)

    @property
    def seconds_above_rating(self) -> float:
        """Of the pole that was overloaded the longest."""
        return max(pole.seconds_above_rating for pole in self.poles)

    @property
    def seconds_importing_above_rating(self) -> float:
        """The same, of import only."""
        return max(pole.seconds_importing_above_rating for pole in self.poles)

    @property
    def highest_thermal_share(self) -> float:
        """How near the middle of the band came to tripping; from 1 on it trips."""
        return self.thermal_share(Edge.MIDDLE)

    def thermal_share(self, edge: Edge) -> float:
        """The same at an edge of the band."""
        return max(pole.releases[edge].highest_share for pole in self.poles)

    @property
    def tripped(self) -> bool:
        """Whether a breaker in the middle of the band has tripped."""
        return self.would_trip(Edge.MIDDLE)

    def would_trip(self, edge: Edge) -> bool:
        """Whether one at that edge has."""
        return any(pole.releases[edge].tripped_at_s is not None for pole in self.poles)
