"""Switches: plugs, and relays of Output modules. What is shown is what the gateway says, never what was asked for."""

from abc import abstractmethod
from datetime import timedelta
from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.components.switch.const import SwitchDeviceClass
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.energy_control.data_points import DataPoint
from ._vendor.mqtt_schema.points import Point, ScopeKind, Value
from ._vendor.mqtt_schema.quantities import Nature
from .balancing.controls import add_switches
from .coordinator import SmappeeConfigEntry, SmappeeCoordinator
from .entity import SmappeeEntity, add_points, category_of
from .naming import own_name

PARALLEL_UPDATES = 0
"""The gateway takes commands at any time, and each waits for its own answer."""


async def async_setup_entry(
    _hass: HomeAssistant, entry: SmappeeConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add a switch for every setting of the table, and the one of the balancing."""
    add_points(entry, async_add_entities, {Nature.SETTING}, _make)
    add_switches(entry, async_add_entities)


def _make(coordinator: SmappeeCoordinator, data: DataPoint) -> SmappeeSwitch:
    return SmappeePlug(coordinator, data) if data.scope.kind is ScopeKind.PLUG else SmappeeRelay(coordinator, data)


def describe(point: Point) -> SwitchEntityDescription:
    """Translate a data point."""
    return SwitchEntityDescription(
        key=point.key,
        device_class=SwitchDeviceClass.OUTLET if point.scope is ScopeKind.PLUG else SwitchDeviceClass.SWITCH,
        entity_registry_enabled_default=point.enabled,
        entity_category=category_of(point),
    )


class SmappeeSwitch(SmappeeEntity, SwitchEntity):
    """Something that can be switched. Nothing is commanded but by an action."""

    def __init__(self, coordinator: SmappeeCoordinator, data: DataPoint) -> None:
        """Describe it, then take the first value."""
        self.entity_description = describe(data.point)
        if not own_name(coordinator.session.site, data.scope):
            self._attr_name = None  # it is the main thing of its device
        super().__init__(coordinator, data)

    @override
    async def async_turn_on(self, **_kwargs: Any) -> None:
        """Switch on, for as long as "Switch off after" says; raises HomeAssistantError when it is not confirmed."""
        await self.coordinator.switching.turn_on(self._data.scope)

    async def async_turn_on_for(self, duration: timedelta) -> None:
        """Switch on and, after `duration`, off again; raises HomeAssistantError when it is not confirmed."""
        await self.coordinator.switching.turn_on(self._data.scope, duration)

    @override
    async def async_turn_off(self, **_kwargs: Any) -> None:
        """Switch off; raises HomeAssistantError when the gateway does not confirm it."""
        await self.coordinator.switching.turn_off(self._data.scope)

    @property
    @abstractmethod
    def _is_assumed(self) -> bool:
        """Whether nobody can be sure of its state."""

    @override
    def _show(self, value: Value) -> bool:
        shown = self._attr_is_on, self._attr_assumed_state
        self._attr_is_on = value if isinstance(value, bool) else None
        self._attr_assumed_state = self._is_assumed
        return (self._attr_is_on, self._attr_assumed_state) != shown


class SmappeePlug(SmappeeSwitch):
    """A comfort plug or a Smappee Switch."""

    @property
    @override
    def _is_trusted(self) -> bool:
        """Whether the gateway is there, and has not lost the plug."""
        plug = self.coordinator.session.readings.plugs.get(self._data.scope.id)
        return super()._is_trusted and (plug is None or plug.connected is not False)

    @property
    @override
    def _is_assumed(self) -> bool:
        """A comfort plug cannot tell whether it has heard."""
        return not self.coordinator.session.site.plug_by_id[self._data.scope.id].measures


class SmappeeRelay(SmappeeSwitch):
    """A relay of an Output module, or both when they act as one."""

    @property
    @override
    def _is_assumed(self) -> bool:
        """Its module has not answered a command yet, or not the latest."""
        return self.coordinator.session.readings.relays[self._data.scope.id].assumed
