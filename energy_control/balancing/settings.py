"""What a house has: its circuits, its chargers, and the loads that may be switched off. Currents in A for each line."""

from enum import StrEnum
from math import ceil, inf

import msgspec

from mqtt_schema.quantities import Phase

LEAST_CURRENT_A = 6.0
"""Below that a charger must pause (IEC 61851-1)."""
SLOW_S = 60.0
NOISE = 1e-6
"""What arithmetic leaves of nothing, in A."""
LEAST_MARGIN_A = 1.0
MARGIN_SHARE = 0.05


class Kind(StrEnum):
    """What happens above the limit of a circuit."""

    FUSE = "fuse"
    """It bears a little more for a while (IEC 60898)."""
    HARD = "hard"
    """Nothing above is tolerated: the limit of a grid operator, a transformer, a contract."""


class OnStale(StrEnum):
    """What becomes of a load when nothing is measured any more."""

    HOLD = "hold"
    OFF = "off"


class Mode(StrEnum):
    """What the user wants of a charger."""

    OFF = "off"
    """Leave it alone: nothing is commanded, and what it draws counts as use like any other."""
    FAST = "fast"
    """Charge as fast as all limits allow."""
    STOP = "stop"
    """Do not charge."""


class Circuit(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the installation behind one breaker. The one without a parent is the connection to the grid."""

    id: str
    parent: str | None = None
    rating_a: float
    """Of its breaker, for each line."""
    kind: Kind = Kind.FUSE
    limit_w: float | None = None
    """Imported power of all lines together, in W; None = only the breaker limits."""
    margin_a: float | None = None
    """Kept free below the rating; None = the larger of 5 % and 1 A."""
    lines: tuple[Phase, ...] = ()
    """The lines that are measured. None at all: what may be drawn behind it is counted, at its worst."""

    def __post_init__(self) -> None:
        """Raise ValueError for a rating or a margin that no breaker has."""
        _require(0.0 < self.rating_a < inf, self.id, "rating_a", self.rating_a)
        _require(0.0 <= self.kept_free_a < inf, self.id, "margin_a", self.margin_a)

    @property
    def kept_free_a(self) -> float:
        """The margin below the rating."""
        return max(LEAST_MARGIN_A, MARGIN_SHARE * self.rating_a) if self.margin_a is None else self.margin_a

    @property
    def limit_a(self) -> float:
        """What may flow for ever."""
        return max(self.rating_a - self.kept_free_a, 0.0)


class Charger(msgspec.Struct, frozen=True, kw_only=True):
    """A charging point of an electric car."""

    id: str
    circuit: str
    lines: tuple[Phase, ...]
    """To which line of the house its L1 (and L2, L3) is wired."""
    wiring_known: bool = True
    """The order of `lines` is what its owner has said; otherwise each may be its L1."""
    metered: bool
    """What it draws is measured."""
    shows_lines: bool = True
    """It is measured by CTs, which show on which lines it draws; otherwise its power is only spread over its lines."""
    min_a: float = LEAST_CURRENT_A
    max_a: float = 16.0
    step_a: float = 1.0
    """The finest step it takes."""
    priority: int = 5
    """Of two, the one with the higher number is served first."""
    fallback_a: float = LEAST_CURRENT_A
    """What it is set to when nothing is known any more; below `least_a` it pauses."""
    write_interval_s: float = 5.0
    """The shortest time between two settings that are not urgent."""
    heartbeat_s: float | None = None
    """It falls back by itself when it was not set for that long; None = it does not."""
    beats_by_button: bool = False
    """What keeps it from that is a command of its own, and not that its current is set again."""
    response_s: float = 10.0
    """It draws no more than it may after that long: its own delay, and the 5 s that a car has (IEC 61851-1)."""
    ramp_a_per_s: float = 1.0
    """How fast its current is raised."""
    can_pause: bool = True
    """It has a switch for charging; otherwise it can only be lowered to `least_a`."""
    can_switch_phases: bool = False
    """It can be told to use one line or three."""

    def __post_init__(self) -> None:
        """Raise ValueError for currents that no charger has."""
        _require(0.0 < self.min_a <= self.max_a < inf, self.id, "min_a and max_a", (self.min_a, self.max_a))
        _require(0.0 < self.step_a < inf, self.id, "step_a", self.step_a)
        _require(0.0 <= self.fallback_a < inf, self.id, "fallback_a", self.fallback_a)

    @property
    def least_a(self) -> float:
        """The least that it can be set to while it charges: a whole number of steps."""
        return first_step(self.min_a, self.step_a)

    @property
    def is_slow(self) -> bool:
        """It refuses to be set as often as an overload needs, as those do that are reached through a cloud."""
        return self.write_interval_s >= SLOW_S


class ShedLoad(msgspec.Struct, frozen=True, kw_only=True):
    """A load that may be switched off when there is too little room, and on again when there is enough."""

    id: str
    circuit: str
    lines: tuple[Phase, ...]
    rated_a: float
    """What it draws on each of its lines."""
    metered: bool
    priority: int = 5
    """Of two, the one with the higher number is served first."""
    min_off_s: float = 180.0
    """How long it stays off at least. How long it was on does not matter when there is no room."""
    on_stale: OnStale = OnStale.HOLD

    def __post_init__(self) -> None:
        """Raise ValueError for a current that no load has."""
        _require(0.0 < self.rated_a < inf, self.id, "rated_a", self.rated_a)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Of one house."""

    circuits: tuple[Circuit, ...] = ()
    chargers: tuple[Charger, ...] = ()
    loads: tuple[ShedLoad, ...] = ()
    produces: bool = True
    """Something in the house may feed in: solar panels, a battery."""
    has_directions: bool = True
    """Measured currents say which way they flow; those of a delta supply do not."""
    voltage_v: float = 230.0
    """Between a line and neutral, where none is measured."""
    stale_grace_s: float = 30.0
    """Without measurements nothing is raised; after that long, chargers fall back."""
    raise_after_s: float = 15.0
    """How long there must have been room before it is given."""
    cut_after_s: float = 30.0
    """How long a fuse may be used up to its rating before something is paused or switched off for it."""
    least_pause_s: float = 60.0
    """How long a charger that had to pause does so at least."""
    phase_rest_s: float = 600.0
    """How long a charger keeps the number of its lines at least."""


def first_step(least_a: float, step_a: float) -> float:
    """Return the first whole number of steps that is not below a current."""
    return round(ceil(least_a / step_a - NOISE) * step_a, 3)


def _require(holds: bool, id_: str, name: str, value: object) -> None:  # noqa: FBT001 - it reads like an assertion
    if not holds:
        raise ValueError(f"{id_}: {name} cannot be {value}")
