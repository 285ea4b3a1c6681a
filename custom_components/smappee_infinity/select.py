"""Selects: how long a switch stays on when nobody says how long."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, override

from homeassistant.components.select import SelectEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.energy_control.data_points import DataPoint
from ._vendor.mqtt_schema.points import Value
from ._vendor.mqtt_schema.quantities import Nature
from .balancing.controls import add_selects
from .coordinator import SmappeeConfigEntry, SmappeeCoordinator
from .entity import add_points
from .host_entity import HostEntity

PARALLEL_UPDATES = 0

DURATIONS: Final[Mapping[str, timedelta | None]] = {
    "off": None,
    "5_min": timedelta(minutes=5),
    "15_min": timedelta(minutes=15),
    "30_min": timedelta(minutes=30),
    "60_min": timedelta(minutes=60),
}


async def async_setup_entry(
    _hass: HomeAssistant, entry: SmappeeConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add a select for every switch, and one for every charger."""
    add_points(entry, async_add_entities, {Nature.SETTING}, SwitchOffAfter)
    add_selects(entry, async_add_entities)


class SwitchOffAfter(HostEntity, SelectEntity):
    """How long a plain turn-on by Home Assistant lasts. What others switch on is not touched."""

    _attr_entity_category = EntityCategory.CONFIG

    def __init__(self, coordinator: SmappeeCoordinator, data: DataPoint) -> None:
        """Show what was chosen before the restart."""
        self._attr_options = list(DURATIONS)
        super().__init__(coordinator, data, "switch_off_after")

    @override
    async def async_select_option(self, option: str) -> None:
        """Choose, from the next turn-on on; a timer that runs goes on."""
        await self.coordinator.switching.set_off_after(self._data.scope, DURATIONS[option])
        self._refresh()
        self.async_write_ha_state()

    @override
    def _show(self, _value: Value) -> bool:
        duration = self.coordinator.switching.off_after(self._data.scope)
        option = next((option for option, after in DURATIONS.items() if after == duration), None)
        if option == self._attr_current_option:
            return False
        self._attr_current_option = option
        return True
