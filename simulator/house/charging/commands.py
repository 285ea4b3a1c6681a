"""What a charger can be told, and what it answers."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

MINIMUM_A: Final = 6.0
"""IEC 61851-1: a charger cannot offer less, it can only pause."""


@dataclass(frozen=True, slots=True)
class SetCurrent:
    """Offer the car at most this, A per phase."""

    ampere: float


@dataclass(frozen=True, slots=True)
class SetEnabled:
    """Allow charging, or pause it."""

    on: bool


@dataclass(frozen=True, slots=True)
class SetPhases:
    """Charge on one phase or on three; only while the contactor is open."""

    phases: int


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Whoever controls the charger is alive."""


type Command = SetCurrent | SetEnabled | SetPhases | Heartbeat


class Refusal(Enum):
    """Why a charger refuses."""

    OUT_OF_RANGE = "out of range"
    TOO_SOON = "too soon after the last write"
    CONTACTOR_CLOSED = "the contactor is closed"
    FIXED_PHASES = "it cannot switch to that number of phases"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The charger has understood; whether it obeys is a question of its character."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The charger returns an error."""

    reason: Refusal


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The charger does not answer at all."""


type Answer = Accepted | Refused | NoAnswer
