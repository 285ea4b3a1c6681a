"""What the entities of the balancing share: they show the last answer, at once when a decision is another."""

from abc import abstractmethod
from collections.abc import Callable, Iterable
from typing import override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ..coordinator import SmappeeConfigEntry, SmappeeCoordinator
from . import devices
from .declared import of_kind


class BalancingEntity(CoordinatorEntity[SmappeeCoordinator]):
    """Something about a circuit, a charger or a load. It is there as long as that is declared."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: SmappeeCoordinator, id_: str, key: str, part: str = "") -> None:
        """`id_` is what it belongs to, `key` names it for ever, `part` is one of several (a line)."""
        super().__init__(coordinator)
        self.balancing = coordinator.balancing
        self.id = id_
        self._attr_unique_id = "_".join(word for word in (coordinator.serial, key, id_, part) if word)
        self._attr_translation_key = key
        self._attr_device_info = DeviceInfo(identifiers={devices.identifier(coordinator.serial, id_)})
        self._refresh()

    @property
    @override
    def available(self) -> bool:
        """It is shown whether the gateway answers or not: what is decided then is worth knowing most."""
        return self._attr_available

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the decisions, beside what the gateway sends."""
        await super().async_added_to_hass()
        self.async_on_remove(self.balancing.listen(self._handle_coordinator_update))

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write a state when, and only when, it differs from the one that was written."""
        changed = self._refresh()
        if changed or self._attr_available is not self.balancing.works:
            self._attr_available = self.balancing.works
            self.async_write_ha_state()

    @abstractmethod
    def _refresh(self) -> bool:
        """Take what is shown; tells whether it differs from the last."""


type Make = Callable[[SmappeeCoordinator, str], Iterable[BalancingEntity]]


@callback
def add(entry: SmappeeConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback, kind: str, make: Make) -> None:
    """Add the entities of everything that is declared of one kind."""
    for id_ in of_kind(entry, kind):
        async_add_entities(make(entry.runtime_data, id_), config_subentry_id=id_)
