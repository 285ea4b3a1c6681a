"""Home Assistant's words for quantities and natures, as its sensors, binary sensors and switches want them.

`homeassistant` is not imported: the bridge runs without it. A test holds these words against its enumerations, and
against those of the component.
"""

from collections.abc import Mapping
from typing import Final

from mqtt_schema.points import Point, ScopeKind
from mqtt_schema.quantities import Category, Nature, Quantity

SENSOR: Final = "sensor"
BINARY_SENSOR: Final = "binary_sensor"
SWITCH: Final = "switch"

COMPONENTS: Final[Mapping[Nature, str]] = {
    Nature.INSTANT: SENSOR,
    Nature.COUNTER: SENSOR,
    Nature.READING: SENSOR,
    Nature.STATE: BINARY_SENSOR,
    Nature.SETTING: SWITCH,
}
SENSOR_CLASSES: Final[Mapping[Quantity, str]] = {  # a share and a count have none
    Quantity.POWER: "power",
    Quantity.APPARENT_POWER: "apparent_power",
    Quantity.REACTIVE_POWER: "reactive_power",
    Quantity.POWER_FACTOR: "power_factor",
    Quantity.ENERGY: "energy",
    Quantity.CURRENT: "current",
    Quantity.VOLTAGE: "voltage",
    Quantity.FREQUENCY: "frequency",
    Quantity.GAS: "gas",
    Quantity.WATER: "water",
    Quantity.VOLUME: "volume",
    Quantity.VOLUME_FLOW: "volume_flow_rate",
    Quantity.MASS: "weight",
    Quantity.TEMPERATURE: "temperature",
    Quantity.HUMIDITY: "humidity",
    Quantity.BATTERY_LEVEL: "battery",
}
BINARY_SENSOR_CLASSES: Final[Mapping[Quantity, str]] = {  # what a contact means only its owner knows
    Quantity.PRESENCE: "occupancy",
    Quantity.CONNECTION: "connectivity",
    Quantity.RUNNING: "running",
    Quantity.LEAK: "problem",  # nothing has felt moisture: it is a hint
}
STATE_CLASSES: Final[Mapping[Nature, str]] = {  # a reading has none: statistics would take a correction for consumption
    Nature.INSTANT: "measurement",
    Nature.COUNTER: "total_increasing",
}
CATEGORIES: Final[Mapping[Category, str]] = {Category.DIAGNOSTIC: "diagnostic"}


def device_class(point: Point) -> str | None:
    """Return the class of an entity; None where Home Assistant has none."""
    component = COMPONENTS[point.nature]
    if component == SWITCH:
        return "outlet" if point.scope is ScopeKind.PLUG else "switch"
    classes = SENSOR_CLASSES if component == SENSOR else BINARY_SENSOR_CLASSES
    return classes.get(point.quantity)
