"""What all entities share: one data point of the table, shown while its gateway can be trusted."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final, override

from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback, async_get_current_platform
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from . import devices
from ._vendor.energy_control.data_points import DataPoint
from ._vendor.mqtt_schema.points import Point, Scope, Value
from ._vendor.mqtt_schema.quantities import Category, Nature
from ._vendor.smappee_gateway.changes import Changes
from .coordinator import SmappeeConfigEntry, SmappeeCoordinator
from .naming import naming

CATEGORIES: Final[Mapping[Category, EntityCategory]] = {Category.DIAGNOSTIC: EntityCategory.DIAGNOSTIC}


@callback
def add_points(
    entry: SmappeeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    natures: AbstractSet[Nature],
    make: Callable[[SmappeeCoordinator, DataPoint], SmappeeEntity],
) -> None:
    """Add an entity for every data point of some natures, and for those that come with a later change."""
    coordinator = entry.runtime_data
    entities = async_get_current_platform().entities
    known: set[tuple[str, Scope]] = set()

    @callback
    def add_new() -> None:
        """Add what was not there before; of what returns, only that which the user has deleted meanwhile."""
        new = [data for data in coordinator.data_points() if data.key not in known]
        known.clear()
        known.update(coordinator.points)
        shown = {entity.unique_id for entity in entities.values()}
        made = [make(coordinator, data) for data in new if data.point.nature in natures]
        for subentry, of_subentry in _by_subentry(entity for entity in made if entity.unique_id not in shown).items():
            async_add_entities(of_subentry, config_subentry_id=subentry)

    @callback
    def follow() -> None:
        if coordinator.data.installation:
            add_new()

    add_new()
    entry.async_on_unload(coordinator.async_add_listener(follow))


def _by_subentry(entities: Iterable[SmappeeEntity]) -> Mapping[str | None, list[SmappeeEntity]]:
    groups = defaultdict[str | None, list[SmappeeEntity]](list)
    for entity in entities:
        groups[entity.subentry].append(entity)
    return groups


class SmappeeEntity(CoordinatorEntity[SmappeeCoordinator]):
    """A data point of one part of the site. The unique id never changes, whatever is renamed."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: SmappeeCoordinator, data: DataPoint) -> None:
        """Take the first value."""
        super().__init__(coordinator)
        self._data = data
        self._exists = True
        """Whether the installation still has this data point."""
        point, scope, site = data.point, data.scope, coordinator.session.site
        self._attr_unique_id = "_".join(part for part in (coordinator.serial, point.key, scope.id) if part)
        part = devices.part_of(site, scope)
        self.subentry = devices.subentry(part, coordinator.subentries)
        self._attr_device_info = DeviceInfo(identifiers={devices.identifier(coordinator.serial, part)})
        self._attr_translation_key, self._attr_translation_placeholders = naming(site, point, scope)
        self._refresh()

    @property
    @override
    def available(self) -> bool:
        """Tell whether the value can be trusted; a missing value is unknown, not unavailable."""
        return self._attr_available

    @property
    def _is_trusted(self) -> bool:
        """Whether what it shows can be trusted now."""
        return self.coordinator.gateway.available

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write a state when, and only when, it differs from the one that was written."""
        changes = self.coordinator.data
        if changes.installation:
            self._exists = self._data.key in self.coordinator.points
        if self._is_touched(changes) and self._refresh():
            self.async_write_ha_state()

    def _is_touched(self, changes: Changes) -> bool:
        if changes.installation or changes.freshness:
            return True
        return self._exists and changes.touches(self.coordinator.session.site, self._data.scope)

    def _refresh(self) -> bool:
        """Read the data point; tells whether anything visible has changed."""
        changed = self._exists and self._show(self._data.read())
        available = self._exists and self._is_trusted
        if available is not self._attr_available:  # to set it, even to what it is, costs as much as to read a value
            self._attr_available = available
            changed = True
        return changed

    @abstractmethod
    def _show(self, value: Value) -> bool:
        """Take a value in the terms of the platform; tells whether it differs from the last one."""


def category_of(point: Point) -> EntityCategory | None:
    """Return the category of a data point's entity; None for daily use."""
    return None if point.category is None else CATEGORIES[point.category]
