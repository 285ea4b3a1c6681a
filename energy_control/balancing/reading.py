"""One moment of a house, as its balancing sees it. What is not known is left out, never zero."""

from collections.abc import Mapping

import msgspec

from energy_control.balancing.settings import Mode
from mqtt_schema.quantities import Phase

type Lines = Mapping[Phase, float]
"""A current in A for each line of the house that is known."""

NO_LINES: Lines = {}


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody else allows now: a grid operator, a demand-response signal. None = no limit of this kind."""

    current_a: float | None = None
    power_w: float | None = None


class CircuitReading(msgspec.Struct, frozen=True, kw_only=True):
    """Of a measured circuit."""

    current_a: Lines = NO_LINES
    """With the sign of the power: + towards the house."""
    power_w: float | None = None
    """Of all lines; + towards the house."""
    limit: Limit | None = None
    """What is allowed beside its own limits; None = nobody says anything, so the last word of that stands."""


class ChargerReading(msgspec.Struct, frozen=True, kw_only=True):
    """A charger, as it is measured and as it tells of itself. None = it does not tell."""

    mode: Mode
    reachable: bool
    """Its entities are there."""
    current_a: Lines = NO_LINES
    """What is measured of it, by line of the house; nothing when its measurement is missing."""
    set_a: float | None = None
    """The current that it says it is set to."""
    allowed: bool | None = None
    """Charging is switched on."""
    connected: bool | None = None
    """A car is plugged in."""
    phases: int | None = None
    """How many lines it uses."""
    wish_a: float | None = None
    """The most that its user wants now."""


class LoadReading(msgspec.Struct, frozen=True, kw_only=True):
    """A load that may be switched off."""

    on: bool | None
    """None = not known, or not reachable."""
    current_a: Lines = NO_LINES
    """What is measured of it, by line."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One moment."""

    at: float
    """Seconds on a clock that only grows, over restarts, too."""
    fresh: bool
    """The measurements are new; otherwise they are only repeated so that time passes."""
    circuits: Mapping[str, CircuitReading] = {}
    """By circuit; those that are not measured may be left out."""
    chargers: Mapping[str, ChargerReading] = {}
    loads: Mapping[str, LoadReading] = {}
    voltage_v: Lines = NO_LINES
    """Between each line and neutral."""
