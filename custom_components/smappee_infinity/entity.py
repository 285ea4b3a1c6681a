"""What all entities share: one data point of the table, shown while its gateway can be trusted."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final, override

from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback, async_get_current_platform
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from . import devices
from ._vendor.mqtt_schema.accessories import Meter
from ._vendor.mqtt_schema.electrical import companions, line_pairs
from ._vendor.mqtt_schema.model import Channel, Site
from ._vendor.mqtt_schema.points import Point, Scope, ScopeKind, Value
from ._vendor.mqtt_schema.quantities import Category, Nature
from .coordinator import SmappeeConfigEntry, SmappeeCoordinator
from .data_points import DataPoint

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
        async_add_entities(entity for entity in made if entity.unique_id not in shown)

    @callback
    def follow() -> None:
        if coordinator.data.installation:
            add_new()

    add_new()
    entry.async_on_unload(coordinator.async_add_listener(follow))


class SmappeeEntity(CoordinatorEntity[SmappeeCoordinator]):
    """A data point of one part of the site. The unique id never changes, whatever is renamed."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: SmappeeCoordinator, data: DataPoint) -> None:
        """Take the first value."""
        super().__init__(coordinator)
        self._data = data
        point, scope, site = data.point, data.scope, coordinator.session.site
        self._attr_unique_id = "_".join(part for part in (coordinator.serial, point.key, scope.id) if part)
        self._attr_device_info = DeviceInfo(identifiers={devices.identifier(coordinator.serial, part_of(site, scope))})
        self._attr_translation_key, self._attr_translation_placeholders = naming(site, point, scope)
        self._refresh()

    @property
    @override
    def available(self) -> bool:
        """Tell whether the value can be trusted; a missing value is unknown, not unavailable."""
        return self._attr_available

    @property
    def _exists(self) -> bool:
        """Whether the installation still has this data point."""
        return self._data.key in self.coordinator.points

    @property
    def _is_trusted(self) -> bool:
        """Whether what it shows can be trusted now."""
        return self.coordinator.gateway.available

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write a state when, and only when, it differs from the one that was written."""
        changes, site = self.coordinator.data, self.coordinator.session.site
        concerned = (
            changes.installation or changes.freshness or (self._exists and changes.touches(site, self._data.scope))
        )
        if concerned and self._refresh():
            self.async_write_ha_state()

    def _refresh(self) -> bool:
        """Read the data point; tells whether anything visible has changed."""
        was_available = self._attr_available
        self._attr_available = self._exists and self._is_trusted
        changed = self._exists and self._show(self._data.read())
        return changed or self._attr_available is not was_available

    @abstractmethod
    def _show(self, value: Value) -> bool:
        """Take a value in the terms of the platform; tells whether it differs from the last one."""


def category_of(point: Point) -> EntityCategory | None:
    """Return the category of a data point's entity; None for daily use."""
    return None if point.category is None else CATEGORIES[point.category]


def part_of(site: Site, scope: Scope) -> devices.Part:
    """Return the part of the site whose device a data point belongs to."""
    match scope.kind:
        case ScopeKind.LOAD:
            return site.load_by_id[scope.id]
        case ScopeKind.CHANNEL:
            channel = site.channel_by_key[scope.id]
            return next((load for load in devices.metered_loads(site) if channel in load.channels), None)
        case ScopeKind.PLUG:
            return site.plug_by_id[scope.id]
        case ScopeKind.SENSOR | ScopeKind.METER:
            sensor = scope.id if scope.kind is ScopeKind.SENSOR else site.meter_by_id[scope.id].sensor
            return site.sensor_by_id.get(sensor)
        case ScopeKind.SWITCH_METER:
            return devices.home_of(site, site.switch_meter_by_id[scope.id])
        case _:
            return None


def naming(site: Site, point: Point, scope: Scope) -> tuple[str, dict[str, str]]:
    """Return the translation key of a data point's name and its placeholders.

    Only where there are several, the name says which: "Current", but "Current L1" and "Current L2".
    """
    match scope.kind:
        case ScopeKind.PHASE:
            labels = {phase.name: phase.name for phase in site.phases}
        case ScopeKind.LINES:
            labels = {pair: pair for pair in line_pairs(site)}
        case ScopeKind.CHANNEL:
            labels = _channel_labels(companions(site, site.channel_by_key[scope.id]))
        case ScopeKind.METER:
            labels = _meter_labels(site, site.meter_by_id[scope.id])
        case _:
            labels = {}
    if len(labels) > 1:
        return f"{point.key}_phase", {"phase": labels[scope.id]}
    return point.key, {}


def _meter_labels(site: Site, meter: Meter) -> dict[str, str]:
    """Label meters of one kind at one sensor by the number of the input."""
    others = (other for other in site.meters if (other.sensor, other.medium) == (meter.sensor, meter.medium))
    return {other.id: str(other.input + 1) for other in others}


def _channel_labels(channels: tuple[Channel, ...]) -> dict[str, str]:
    """Label CTs by their phase, or by number where the phases do not tell them apart."""
    phases = [channel.phase for channel in channels]
    return {
        channel.key: str(number) if channel.phase is None or phases.count(channel.phase) > 1 else channel.phase.name
        for number, channel in enumerate(channels, start=1)
    }
