"""Sensors: the data-point table, seen by Home Assistant, and when a switch will be switched off."""

from collections.abc import Mapping
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    PERCENTAGE,
    UnitOfApparentPower,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfFrequency,
    UnitOfMass,
    UnitOfPower,
    UnitOfReactivePower,
    UnitOfTemperature,
    UnitOfVolume,
    UnitOfVolumeFlowRate,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.energy_control.data_points import DataPoint
from ._vendor.mqtt_schema.points import Point, Value
from ._vendor.mqtt_schema.quantities import Nature, Quantity, Unit
from .balancing.sensors import add_sensors
from .coordinator import SmappeeConfigEntry, SmappeeCoordinator
from .entity import SmappeeEntity, add_points, category_of
from .host_entity import HostEntity

PARALLEL_UPDATES = 0

DEVICE_CLASSES: Final[Mapping[Quantity, SensorDeviceClass]] = {  # a share has none
    Quantity.POWER: SensorDeviceClass.POWER,
    Quantity.APPARENT_POWER: SensorDeviceClass.APPARENT_POWER,
    Quantity.REACTIVE_POWER: SensorDeviceClass.REACTIVE_POWER,
    Quantity.POWER_FACTOR: SensorDeviceClass.POWER_FACTOR,
    Quantity.ENERGY: SensorDeviceClass.ENERGY,
    Quantity.CURRENT: SensorDeviceClass.CURRENT,
    Quantity.VOLTAGE: SensorDeviceClass.VOLTAGE,
    Quantity.FREQUENCY: SensorDeviceClass.FREQUENCY,
    Quantity.GAS: SensorDeviceClass.GAS,
    Quantity.WATER: SensorDeviceClass.WATER,
    Quantity.VOLUME: SensorDeviceClass.VOLUME,
    Quantity.VOLUME_FLOW: SensorDeviceClass.VOLUME_FLOW_RATE,
    Quantity.MASS: SensorDeviceClass.WEIGHT,
    Quantity.TEMPERATURE: SensorDeviceClass.TEMPERATURE,
    Quantity.HUMIDITY: SensorDeviceClass.HUMIDITY,
    Quantity.BATTERY_LEVEL: SensorDeviceClass.BATTERY,
}
STATE_CLASSES: Final[Mapping[Nature, SensorStateClass | None]] = {
    Nature.INSTANT: SensorStateClass.MEASUREMENT,
    Nature.COUNTER: SensorStateClass.TOTAL_INCREASING,
    Nature.READING: None,  # statistics would take a correction for consumption
}
UNITS: Final[Mapping[Unit, str]] = {
    Unit.WATT: UnitOfPower.WATT,
    Unit.VOLT_AMPERE: UnitOfApparentPower.VOLT_AMPERE,
    Unit.VAR: UnitOfReactivePower.VOLT_AMPERE_REACTIVE,
    Unit.PERCENT: PERCENTAGE,
    Unit.KILOWATT_HOUR: UnitOfEnergy.KILO_WATT_HOUR,
    Unit.AMPERE: UnitOfElectricCurrent.AMPERE,
    Unit.VOLT: UnitOfElectricPotential.VOLT,
    Unit.HERTZ: UnitOfFrequency.HERTZ,
    Unit.CUBIC_METRE: UnitOfVolume.CUBIC_METERS,
    Unit.KILOGRAM: UnitOfMass.KILOGRAMS,
    Unit.CUBIC_METRE_PER_HOUR: UnitOfVolumeFlowRate.CUBIC_METERS_PER_HOUR,
    Unit.LITRE_PER_MINUTE: UnitOfVolumeFlowRate.LITERS_PER_MINUTE,
    Unit.CELSIUS: UnitOfTemperature.CELSIUS,
}


async def async_setup_entry(
    _hass: HomeAssistant, entry: SmappeeConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add a sensor for every number of the table, one for every switch, and those of the balancing."""
    add_points(entry, async_add_entities, STATE_CLASSES.keys(), SmappeeSensor)
    add_points(entry, async_add_entities, {Nature.SETTING}, SwitchesOffAt)
    add_sensors(entry, async_add_entities)


def describe(point: Point) -> SensorEntityDescription:
    """Translate a data point."""
    return SensorEntityDescription(
        key=point.key,
        device_class=DEVICE_CLASSES.get(point.quantity),
        state_class=STATE_CLASSES[point.nature],
        native_unit_of_measurement=None if point.unit is None else UNITS[point.unit],
        suggested_display_precision=point.precision,
        entity_registry_enabled_default=point.enabled,
        entity_category=category_of(point),
    )


class SmappeeSensor(SmappeeEntity, SensorEntity):
    """A number of the table."""

    def __init__(self, coordinator: SmappeeCoordinator, data: DataPoint) -> None:
        """Describe it, then take the first value."""
        self.entity_description = describe(data.point)
        super().__init__(coordinator, data)

    @override
    def _show(self, value: Value) -> bool:
        """Round to what is worth showing, so that trembling digits do not fill the database."""
        number = round(value, self._data.point.precision or None) if isinstance(value, float | int) else None
        if number == self._attr_native_value:
            return False
        self._attr_native_value = number
        return True


class SwitchesOffAt(HostEntity, SensorEntity):
    """When Home Assistant will switch something off; unknown while no timer runs."""

    _attr_device_class = SensorDeviceClass.TIMESTAMP

    def __init__(self, coordinator: SmappeeCoordinator, data: DataPoint) -> None:
        """Show the timer of before the restart."""
        super().__init__(coordinator, data, "switches_off_at")

    @override
    def _show(self, _value: Value) -> bool:
        off_at = self.coordinator.switching.off_at(self._data.scope)
        if off_at == self._attr_native_value:
            return False
        self._attr_native_value = off_at
        return True
