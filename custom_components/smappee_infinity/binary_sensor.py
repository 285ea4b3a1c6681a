"""Binary sensors: the states of the data-point table."""

from collections.abc import Mapping
from typing import Final, override

from homeassistant.components.binary_sensor import BinarySensorEntity, BinarySensorEntityDescription
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.energy_control.data_points import DataPoint
from ._vendor.mqtt_schema.points import Point, Value
from ._vendor.mqtt_schema.quantities import Nature, Quantity
from .balancing.binary_sensors import add_binary_sensors
from .coordinator import SmappeeConfigEntry, SmappeeCoordinator
from .entity import SmappeeEntity, add_points, category_of

PARALLEL_UPDATES = 0

DEVICE_CLASSES: Final[Mapping[Quantity, BinarySensorDeviceClass]] = {  # what a contact means only its owner knows
    Quantity.PRESENCE: BinarySensorDeviceClass.OCCUPANCY,
    Quantity.CONNECTION: BinarySensorDeviceClass.CONNECTIVITY,
    Quantity.RUNNING: BinarySensorDeviceClass.RUNNING,
    Quantity.LEAK: BinarySensorDeviceClass.PROBLEM,  # nothing has felt moisture: it is a hint
}


async def async_setup_entry(
    _hass: HomeAssistant, entry: SmappeeConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add a binary sensor for every state of the table, and those of the balancing."""
    add_points(entry, async_add_entities, {Nature.STATE}, SmappeeBinarySensor)
    add_binary_sensors(entry, async_add_entities)


def describe(point: Point) -> BinarySensorEntityDescription:
    """Translate a data point."""
    return BinarySensorEntityDescription(
        key=point.key,
        device_class=DEVICE_CLASSES.get(point.quantity),
        entity_registry_enabled_default=point.enabled,
        entity_category=category_of(point),
    )


class SmappeeBinarySensor(SmappeeEntity, BinarySensorEntity):
    """A state of the table."""

    def __init__(self, coordinator: SmappeeCoordinator, data: DataPoint) -> None:
        """Describe it, then take the first value."""
        self.entity_description = describe(data.point)
        super().__init__(coordinator, data)

    @override
    def _show(self, value: Value) -> bool:
        if value == self._attr_is_on:
            return False
        self._attr_is_on = value if isinstance(value, bool) else None
        return True
