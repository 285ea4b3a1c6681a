"""Entities of what Home Assistant itself keeps about a switch; the gateway knows nothing of it."""

from typing import override

from ._vendor.energy_control.data_points import DataPoint
from .coordinator import SmappeeCoordinator
from .entity import SmappeeEntity
from .naming import own_name


class HostEntity(SmappeeEntity):
    """Something about a switch, on its device. It can be trusted whether the gateway answers or not."""

    def __init__(self, coordinator: SmappeeCoordinator, data: DataPoint, key: str) -> None:
        """`data` is the switch; `key` names this entity in unique ids and translations, and never changes."""
        super().__init__(coordinator, data)
        self._attr_unique_id = f"{self._attr_unique_id}_{key}"
        name = own_name(coordinator.session.site, data.scope)
        self._attr_translation_key = f"named_{key}" if name else key
        self._attr_translation_placeholders = {"name": name} if name else {}

    @property
    @override
    def _is_trusted(self) -> bool:
        return True
