"""The vendor's names and CIM code numbers for what a channel measures (protocol facts 3.5, captured)."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from simulator.gateway.message import Json
from simulator.sites.site import Role
from simulator.sites.topology import Phase

FLOWS: Final = {
    Role.GRID: ("CONSUMPTION", "GRID"),
    Role.SOLAR: ("PRODUCTION", "GRID"),
    Role.LOAD: ("CONSUMPTION", "SUBMETER"),
}
"""``flow`` and ``connectionType`` of each role."""

ELECTRICITY: Final = "ELECTRICITY"
CIM_PHASES: Final = {Phase.A: 128, Phase.B: 64, Phase.C: 32}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit by name and CIM number."""

    name: str
    code: int


WATT: Final = Unit("WATT", 38)
VAR: Final = Unit("VOLTAMPEREREACTIVE", 63)
VOLT: Final = Unit("VOLT", 29)
AMPERE: Final = Unit("AMPERE", 5)


class Kind(Enum):
    """A measurement kind: CIM number and unit; the name is the wire's."""

    ACTIVE_POWER = (37, WATT)
    REACTIVE_POWER = (1003, VAR)
    VOLTAGE = (158, VOLT)
    CURRENT = (4, AMPERE)
    ALWAYS_ON = (1008, WATT)
    LOADTOTAL_ACTIVE_POWER = (1009, WATT)
    PRODUCTIONTOTAL_ACTIVE_POWER = (1010, WATT)
    IMPORTTOTAL_ACTIVE_POWER = (1011, WATT)
    EXPORTTOTAL_ACTIVE_POWER = (1012, WATT)


CHANNEL_KINDS: Final = (Kind.ACTIVE_POWER, Kind.REACTIVE_POWER, Kind.VOLTAGE, Kind.CURRENT)
LOCATION_KINDS: Final = (
    Kind.ALWAYS_ON,
    Kind.LOADTOTAL_ACTIVE_POWER,
    Kind.PRODUCTIONTOTAL_ACTIVE_POWER,
    Kind.IMPORTTOTAL_ACTIVE_POWER,
    Kind.EXPORTTOTAL_ACTIVE_POWER,
)


def published_type(kind: Kind, phase: Phase | None) -> dict[str, Json]:
    """A type as channelConfigV2 lists it; without a phase it belongs to the service location."""
    return {
        "commodity": ELECTRICITY,
        "measurementKind": kind.name,
        "unit": kind.value[1].name,
        "index": 0,
        "phase": f"PHASE{phase.name}" if phase else "NOTAPPLICABLE",
        "channel": 0,
        "mRID": _mrid(kind, phase),
    }


def aggregated_type(kind: Kind, phase: Phase | None) -> dict[str, Json]:
    """A type as ``aggregated`` repeats it: the same without ``index`` (protocol facts 3.8, seen in a client)."""
    return {key: value for key, value in published_type(kind, phase).items() if key != "index"}


def _mrid(kind: Kind, phase: Phase | None) -> str:
    number, unit = kind.value
    return f"1.{number}.{CIM_PHASES[phase] if phase else 0}.{unit.code}"
