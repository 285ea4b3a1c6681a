"""What the balancing answers: what is decided and why, and what is to be commanded."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from mqtt_schema.quantities import Phase


class Reason(StrEnum):
    """Why a charger or a load is as it is; each is explained to users (`docs/balancing.md`)."""

    WAITING = "waiting"
    """Nothing fresh has been measured yet, so nothing is commanded."""
    UNCONTROLLED = "uncontrolled"
    """Its user wants it left alone."""
    STOPPED = "stopped"
    """Its user wants it not to charge."""
    NO_CAR = "no_car"
    UNREACHABLE = "unreachable"
    """Its entities are not there."""
    STALE = "stale"
    """Measurements are missing: nothing is raised."""
    FALLBACK = "fallback"
    """Measurements have been missing for too long."""
    FULL_SPEED = "full_speed"
    """Nothing but the charger's own maximum limits."""
    USER_LIMIT = "user_limit"
    """What its user allows limits."""
    CAR_LIMIT = "car_limit"
    """The car takes less than it may."""
    CIRCUIT_LIMIT = "circuit_limit"
    """The breaker of a circuit limits."""
    POWER_LIMIT = "power_limit"
    """The power limit of a circuit limits."""
    EXTERNAL_LIMIT = "external_limit"
    """A grid operator or a demand-response signal limits."""
    RAISING = "raising"
    """There is room; it is given when it has lasted."""
    NO_ROOM = "no_room"
    """Less than the least current is left."""
    RESTING = "resting"
    """There is room again, but the shortest pause has not passed."""
    NOT_OBEYING = "not_obeying"
    """It draws more than it may; a load stays on, or off, although it was switched."""
    SWITCHING_PHASES = "switching_phases"
    RUNNING = "running"
    """A load that may be on."""
    SHED = "shed"
    """A load that was switched off because there is no room."""


class ChargerDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided of a charger."""

    current_a: float | None
    """What it may draw on each line; 0 = it pauses; None = nothing is decided."""
    phases: int
    """On how many lines it is counted."""
    reason: Reason
    limited_by: str = ""
    """Identifier of the circuit that limits."""
    next_at: float | None = None
    """When that may change by the passing of time alone; None = it will not."""


class LoadDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided of a load."""

    on: bool | None
    """None = nothing is decided."""
    reason: Reason
    limited_by: str = ""
    next_at: float | None = None


class CircuitAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How a circuit is."""

    headroom_a: Mapping[Phase, float | None] = {}
    """What may still be drawn on each line before its limit, margin taken off; None = not measured now."""
    headroom_w: float | None = None
    """Before its power limit; None = it has none, or it is not measured now."""
    trip_risk: float = 0.0
    """How near its breaker is to tripping, at the most sensitive that IEC 60898 allows: 0 to 1."""
    overloaded: bool = False
    """More is imported than its limit allows."""
    export_overloaded: bool = False
    """More is exported than its rating; nothing is switched off for that."""
    backwards: tuple[Phase, ...] = ()
    """Lines whose CT seems to be the wrong way round: all that flows there is taken for drawn."""


class SetCurrent(msgspec.Struct, frozen=True, tag=True):
    """Set what a charger may draw on each line, in A; also repeated, where that keeps it from falling back."""

    charger: str
    current_a: float


class AllowCharging(msgspec.Struct, frozen=True, tag=True):
    """Switch charging on or off."""

    charger: str
    on: bool


class SetPhases(msgspec.Struct, frozen=True, tag=True):
    """Tell a charger to use one line or three."""

    charger: str
    phases: int


class Heartbeat(msgspec.Struct, frozen=True, tag=True):
    """Tell a charger that somebody watches, so that it does not fall back; it changes nothing else."""

    charger: str


class SwitchLoad(msgspec.Struct, frozen=True, tag=True):
    """Switch a load."""

    load: str
    on: bool


type Command = SetCurrent | AllowCharging | SetPhases | Heartbeat | SwitchLoad


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Of one moment. Commands are to be sent in their order."""

    circuits: Mapping[str, CircuitAnswer] = {}
    chargers: Mapping[str, ChargerDecision] = {}
    loads: Mapping[str, LoadDecision] = {}
    commands: tuple[Command, ...] = ()
