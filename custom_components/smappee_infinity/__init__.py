"""Smappee Infinity energy monitors in Home Assistant, local and without the cloud."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from . import devices, errors
from .coordinator import SmappeeConfigEntry, SmappeeCoordinator
from .memory import MemoryStore

PLATFORMS = [Platform.BINARY_SENSOR, Platform.SENSOR, Platform.SWITCH]


async def async_setup_entry(hass: HomeAssistant, entry: SmappeeConfigEntry) -> bool:
    """Set up a gateway; raises ConfigEntryNotReady until it sends live values."""
    store = MemoryStore(hass, entry.entry_id)
    coordinator = SmappeeCoordinator(hass, entry, store, await store.async_load())
    entry.runtime_data = coordinator  # even when it fails: then the diagnostics are wanted most
    await coordinator.async_config_entry_first_refresh()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: SmappeeConfigEntry) -> bool:
    """Unload a gateway; the connection ends with the entry's background task."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: SmappeeConfigEntry) -> None:
    """Forget the totals and the repairs of a gateway."""
    errors.clear(hass, entry.entry_id)
    await MemoryStore(hass, entry.entry_id).async_remove()


async def async_remove_config_entry_device(
    _hass: HomeAssistant, entry: SmappeeConfigEntry, device_entry: dr.AnyDeviceEntry
) -> bool:
    """Let the user delete the device of a load that the gateway no longer has."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    coordinator = entry.runtime_data
    present = devices.identifiers(coordinator.serial, coordinator.session.site)
    return present.isdisjoint(device_entry.identifiers)
