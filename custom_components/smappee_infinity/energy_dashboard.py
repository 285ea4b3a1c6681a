"""Adds our sensors to Home Assistant's Energy dashboard. What is there already is never changed or removed."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from homeassistant.components.energy import data as energy
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from . import devices
from ._vendor.mqtt_schema.model import Load
from ._vendor.mqtt_schema.quantities import CONSUMING
from .const import DOMAIN
from .coordinator import SmappeeCoordinator

type Entry = dict[str, Any]
"""A source or a device of the dashboard, in the dashboard's own form."""


class Part(StrEnum):
    """What can be added, one by one."""

    GRID = "grid"
    SOLAR = "solar"
    BATTERY = "battery"
    GAS = "gas"
    WATER = "water"
    DEVICES = "devices"


SOURCES: Final = (Part.GRID, Part.SOLAR, Part.BATTERY, Part.GAS, Part.WATER)


class Offer:
    """What a gateway has for the dashboard and the dashboard does not have yet."""

    def __init__(self, hass: HomeAssistant, coordinator: SmappeeCoordinator, manager: energy.EnergyManager) -> None:
        """Look at both; `manager` keeps the dashboard's settings."""
        self._entity_ids = _entity_ids(hass, coordinator)
        self._manager = manager
        self._loads = devices.metered_loads(coordinator.session.site)
        preferences = manager.data or energy.EnergyManager.default_preferences()
        self._sources: list[Any] = list(preferences["energy_sources"])
        self._devices: list[Any] = list(preferences["device_consumption"])
        self._entries = {
            Part.GRID: list(self._grid()),
            Part.SOLAR: list(self._solar()),
            Part.BATTERY: list(self._battery()),
            Part.GAS: list(self._meters(Part.GAS)),
            Part.WATER: list(self._meters(Part.WATER)),
        }
        self._entries[Part.DEVICES] = [device for load in self._loads for device in self._device(load)]

    @property
    def parts(self) -> list[Part]:
        """Parts that have something new."""
        return [part for part in Part if self._entries[part]]

    @property
    def suggested(self) -> list[Part]:
        """Those of them that double nothing: a meter of somebody else's may measure the same grid, or the same roof."""
        kinds = {source["type"] for source in self._sources}
        return [part for part in self.parts if part.value not in kinds]

    async def add(self, parts: list[Part]) -> None:
        """Add parts behind what is there."""
        sources = [entry for part in SOURCES if part in parts for entry in self._entries[part]]
        added = self._entries[Part.DEVICES] if Part.DEVICES in parts else []
        energy.ENERGY_SOURCE_SCHEMA(sources)
        for device in added:
            energy.DEVICE_CONSUMPTION_SCHEMA(device)
        update: Any = {
            "energy_sources": [*self._sources, *sources],
            "device_consumption": [*self._devices, *added],
        }
        await self._manager.async_update(update)

    def _grid(self) -> Iterator[Entry]:
        imported = self._entity_ids.get("grid_import_energy")
        if imported is None or self._has(imported):
            return
        yield {
            "type": "grid",
            "stat_energy_from": imported,
            "stat_energy_to": self._entity_ids.get("grid_export_energy"),
            "stat_cost": None,
            "entity_energy_price": None,
            "number_energy_price": None,
            "stat_compensation": None,
            "entity_energy_price_export": None,
            "number_energy_price_export": None,
            "cost_adjustment_day": 0.0,
            **self._rate("grid_power"),
        }

    def _solar(self) -> Iterator[Entry]:
        produced = self._entity_ids.get("solar_energy")
        if produced is not None and not self._has(produced):
            yield {
                "type": "solar",
                "stat_energy_from": produced,
                "config_entry_solar_forecast": None,
                **self._rate("solar_power"),
            }

    def _battery(self) -> Iterator[Entry]:
        given, taken = (self._entity_ids.get(f"battery_{way}_energy") for way in ("discharge", "charge"))
        if given is None or taken is None or self._has(given):
            return
        yield {
            "type": "battery",
            "stat_energy_from": given,
            "stat_energy_to": taken,
            **self._rate("battery_power"),
        }

    def _meters(self, kind: Part) -> Iterator[Entry]:
        """Return the meters of gas or of water."""
        prefix = f"{kind}_volume_"
        for key, counted in self._entity_ids.items():
            if key.startswith(prefix) and not self._has(counted):
                yield {
                    "type": kind.value,
                    "stat_energy_from": counted,
                    "stat_cost": None,
                    "entity_energy_price": None,
                    "number_energy_price": None,
                    **self._rate(f"{kind}_flow_{key.removeprefix(prefix)}"),
                }

    def _has(self, statistic: str) -> bool:
        return any(source.get("stat_energy_from") == statistic for source in self._sources)

    def _device(self, load: Load) -> Iterator[Entry]:
        used = self._entity_ids.get(f"load_import_energy_{load.id}")
        known = {device["stat_consumption"] for device in self._devices}
        if load.role in CONSUMING and used is not None and used not in known:
            yield {
                "stat_consumption": used,
                "name": load.name,
                **self._rate(f"load_power_{load.id}"),
                **self._container(load),
            }

    def _container(self, load: Load) -> Entry:
        """Return the device that contains this one, which the dashboard then counts once."""
        containing = self._entity_ids.get(f"load_import_energy_{load.parent}")
        return {} if containing is None else {"included_in_stat": containing}

    def _rate(self, key: str) -> Entry:
        return {"stat_rate": self._entity_ids[key]} if key in self._entity_ids else {}


def _entity_ids(hass: HomeAssistant, coordinator: SmappeeCoordinator) -> Mapping[str, str]:
    """Return the sensors that are enabled, by what follows the serial number in their unique ids."""
    entries = er.async_entries_for_config_entry(er.async_get(hass), coordinator.config_entry.entry_id)
    return {
        entry.unique_id.removeprefix(f"{coordinator.serial}_"): entry.entity_id
        for entry in entries
        if entry.domain == "sensor" and entry.platform == DOMAIN and entry.disabled_by is None
    }
