"""What is said of one entity. Identifiers follow from what it is, so they stay when it is renamed."""

from typing import Final

from openhab_bridge.model import Installation, Node, Property
from openhab_bridge.settings import Settings
from openhab_bridge.topics import set_topic, value_topic
from openhab_bridge.writers.discovery.classes import (
    CATEGORIES,
    COMPONENTS,
    SENSOR,
    STATE_CLASSES,
    SWITCH,
    device_class,
)
from openhab_bridge.writers.discovery.parts import entity_name
from openhab_bridge.writers.discovery.places import gateway_id

ON_AND_OFF: Final = {"payload_on": "true", "payload_off": "false"}
UNKNOWN_WHEN_EMPTY: Final = "{{ value if value else 'None' }}"
"""A value that is not known any more leaves an empty topic, which Home Assistant would ignore; `None` is its word."""


def name_of_topic(node: Node, item: Property) -> str:
    """Return the id of an entity within its gateway, for topics: a to z, 0 to 9, `_` and `-`."""
    return f"{node.id}-{item.point.key}"


def entity(installation: Installation, settings: Settings, node: Node, item: Property) -> dict[str, object]:
    """Describe an entity, without its device. There is no `default_entity_id`: it would undo what users rename."""
    prefix, serial, point = settings.topics.prefix, installation.serial, item.point
    described: dict[str, object] = {
        "name": entity_name(node, item),
        "unique_id": f"{gateway_id(serial)}-{name_of_topic(node, item)}",
        "state_topic": value_topic(prefix, serial, item),
        "value_template": UNKNOWN_WHEN_EMPTY,
    }
    component, of_class = COMPONENTS[point.nature], device_class(point)
    if of_class is not None:
        described["device_class"] = of_class
    if component == SENSOR:
        described |= _number(item)
    else:
        described |= ON_AND_OFF
    if component == SWITCH:
        described["command_topic"] = set_topic(prefix, serial, item)
    if point.category is not None:
        described["entity_category"] = CATEGORIES[point.category]
    if not point.enabled:
        described["enabled_by_default"] = False
    return described


def _number(item: Property) -> dict[str, object]:
    point = item.point
    described: dict[str, object] = {"suggested_display_precision": point.precision}
    if point.unit is not None:
        described["unit_of_measurement"] = point.unit.value
    if point.nature in STATE_CLASSES:
        described["state_class"] = STATE_CLASSES[point.nature]
    return described
