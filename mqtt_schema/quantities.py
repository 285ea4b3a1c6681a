"""Quantities, units and signs: the words every other module uses.

Signs, written once for the whole project:

* grid power: **+ import, − export**
* solar power: **+ producing** (small negative values at night are real)
* load power: **+ consuming**
* battery power: **+ discharging, − charging**
* current carries no sign on the wire; its direction is that of the power.

Powers are in watt, energies inside the project in joule (as on the wire), energies shown to people in kilowatt-hour.
"""

from enum import IntEnum, StrEnum

JOULE_PER_WATT_HOUR = 3600
JOULE_PER_KILOWATT_HOUR = 3_600_000


class Quantity(StrEnum):
    """The physical quantity of a data point."""

    POWER = "power"
    APPARENT_POWER = "apparent_power"
    REACTIVE_POWER = "reactive_power"
    POWER_FACTOR = "power_factor"
    ENERGY = "energy"
    CURRENT = "current"
    VOLTAGE = "voltage"
    FREQUENCY = "frequency"
    SHARE = "share"
    GAS = "gas"
    WATER = "water"
    VOLUME = "volume"
    VOLUME_FLOW = "volume_flow"
    MASS = "mass"
    COUNT = "count"
    TEMPERATURE = "temperature"
    HUMIDITY = "humidity"
    BATTERY_LEVEL = "battery_level"
    PRESENCE = "presence"
    CONNECTION = "connection"
    RELAY = "relay"
    CONTACT = "contact"
    RUNNING = "running"
    LEAK = "leak"


class Unit(StrEnum):
    """The unit a data point is given in, spelled as Home Assistant, Homie and openHAB spell it."""

    WATT = "W"
    VOLT_AMPERE = "VA"
    VAR = "var"
    PERCENT = "%"
    KILOWATT_HOUR = "kWh"
    AMPERE = "A"
    VOLT = "V"
    HERTZ = "Hz"
    CUBIC_METRE = "m³"
    KILOGRAM = "kg"
    CUBIC_METRE_PER_HOUR = "m³/h"
    LITRE_PER_MINUTE = "L/min"
    CELSIUS = "°C"


class Nature(StrEnum):
    """How a data point behaves over time."""

    INSTANT = "instant"
    """A momentary value."""
    COUNTER = "counter"
    """A total that never goes backwards."""
    READING = "reading"
    """What a meter of somebody else's shows: a total that its owner may correct, either way."""
    STATE = "state"
    """Something is so, or is not."""
    SETTING = "setting"
    """A state that can be commanded."""


class Category(StrEnum):
    """What a data point is for when it is not part of daily use."""

    DIAGNOSTIC = "diagnostic"


class Confidence(StrEnum):
    """How sure it is that a topic or a field means what we say (strongest first)."""

    DOCUMENTED = "documented"
    """The vendor says so."""
    CAPTURED = "captured"
    """Seen in a message of a real gateway."""
    SEEN_IN_CODE = "seen in code"
    """A working client relies on it; no capture is known."""
    INFERRED = "inferred"
    """Worked out from captures or from several clients agreeing."""


class Phase(IntEnum):
    """A line of the supply, numbered as `phaseId` on the wire (captured: 0 = A = L1)."""

    L1 = 0
    L2 = 1
    L3 = 2


class Role(StrEnum):
    """What a measured circuit is to the house."""

    GRID = "grid"
    SOLAR = "solar"
    BATTERY = "battery"
    """No gateway is known to say so: its owner does. Its CTs measure as those of a load, + charging."""
    EV = "ev"
    """The charging point of an electric car: a load like others, but its owner has said what it is."""
    LOAD = "load"


CONSUMING = frozenset({Role.EV, Role.LOAD})
"""What the house uses."""


class Medium(StrEnum):
    """What a pulse meter counts."""

    GAS = "gas"
    WATER = "water"
    ELECTRICITY = "electricity"
    HEAT = "heat"
    STEAM = "steam"
    AIR = "air"
    OTHER = "other"


class Topology(StrEnum):
    """How the house is supplied (`phaseType` of the wire)."""

    SINGLE_PHASE = "single_phase"
    SPLIT_PHASE = "split_phase"
    STAR = "star"
    DELTA = "delta"
    UNKNOWN = "unknown"
