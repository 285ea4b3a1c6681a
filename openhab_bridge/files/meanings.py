"""What data points are in openHAB: dimensions and semantic tags. The one table of all its files.

The dimensions are those of openHAB's list of units; the tags are those of its semantic model
(5.x). A version that does not know a tag keeps it as an ordinary one.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from mqtt_schema.points import Point
from mqtt_schema.quantities import Nature, Quantity


class Meaning(NamedTuple):
    """What a quantity is in openHAB; empty = there is nothing that fits."""

    dimension: str = ""
    property: str = ""
    """Semantic tag of the kind Property."""
    icon: str = ""
    """Of openHAB's classic icons."""


_POWER: Final = Meaning("Power", "Power", "energy")

MEANINGS: Final[Mapping[Quantity, Meaning]] = MappingProxyType(
    {
        Quantity.POWER: _POWER,
        Quantity.APPARENT_POWER: _POWER,
        Quantity.REACTIVE_POWER: _POWER,
        Quantity.POWER_FACTOR: Meaning("Dimensionless", icon="energy"),
        Quantity.ENERGY: Meaning("Energy", "Energy", "energy"),
        Quantity.CURRENT: Meaning("ElectricCurrent", "Current", "energy"),
        Quantity.VOLTAGE: Meaning("ElectricPotential", "Voltage", "energy"),
        Quantity.FREQUENCY: Meaning("Frequency", "Frequency", "energy"),
        Quantity.SHARE: Meaning("Dimensionless", icon="energy"),
        Quantity.GAS: Meaning("Volume", "Gas", "gas"),
        Quantity.WATER: Meaning("Volume", "Water", "water"),
        Quantity.VOLUME: Meaning("Volume", icon="flow"),
        Quantity.VOLUME_FLOW: Meaning("VolumetricFlowRate", icon="flow"),
        Quantity.MASS: Meaning("Mass", icon="flow"),
        Quantity.COUNT: Meaning(icon="line"),
        Quantity.TEMPERATURE: Meaning("Temperature", "Temperature", "temperature"),
        Quantity.HUMIDITY: Meaning("Dimensionless", "Humidity", "humidity"),
        Quantity.BATTERY_LEVEL: Meaning("Dimensionless", "Level", "batterylevel"),
        Quantity.PRESENCE: Meaning(property="Presence", icon="presence"),
        Quantity.CONNECTION: Meaning(icon="network"),
        Quantity.RELAY: Meaning(property="Power", icon="switch"),
        Quantity.CONTACT: Meaning(property="OpenState", icon="contact"),
        Quantity.RUNNING: Meaning(icon="switch"),
        Quantity.LEAK: Meaning(property="Water", icon="alarm"),
    }
)


def tags_of(point: Point) -> tuple[str, ...]:
    """Return the semantic tags of a point: what is done with it, and what it is about."""
    about = MEANINGS[point.quantity].property
    return (_point_tag(point), *([about] if about else []))


def _point_tag(point: Point) -> str:
    if point.quantity is Quantity.LEAK:
        return "Alarm"
    match point.nature:
        case Nature.SETTING:
            return "Switch"
        case Nature.STATE:
            return "Status"
        case _:
            return "Measurement"
