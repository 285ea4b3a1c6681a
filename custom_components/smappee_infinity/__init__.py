"""Smappee Infinity energy monitors in Home Assistant, local and without the cloud."""

from typing import Final

import probatio
from homeassistant.components.switch.const import DOMAIN as SWITCH_DOMAIN
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import service
from homeassistant.helpers.typing import ConfigType

from . import capture, devices, doubling, errors, mistakes, texts
from ._vendor.smappee_gateway.errors import ModuleSettingsError
from .balancing import devices as balancing_devices
from .balancing.declared import declared as declared_for_balancing
from .capture_view import CaptureView
from .const import ACTION_TURN_ON_FOR, ATTR_DURATION, DOMAIN, LONGEST_TIMER, SHORTEST_TIMER
from .coordinator import SmappeeConfigEntry, SmappeeCoordinator
from .declared import modules_of_entry, tables
from .memory import MemoryStore
from .told import told

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = [Platform.BINARY_SENSOR, Platform.NUMBER, Platform.SELECT, Platform.SENSOR, Platform.SWITCH]
DURATION: Final = probatio.All(cv.time_period, probatio.Range(min=SHORTEST_TIMER, max=LONGEST_TIMER))


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Register the actions and the download; they are there whether a gateway answers or not."""
    hass.http.register_view(CaptureView)
    service.async_register_platform_entity_service(
        hass,
        DOMAIN,
        ACTION_TURN_ON_FOR,
        entity_domain=SWITCH_DOMAIN,
        schema={probatio.Required(ATTR_DURATION): DURATION},
        func="async_turn_on_for",
    )
    return True


async def async_setup_entry(hass: HomeAssistant, entry: SmappeeConfigEntry) -> bool:
    """Set up a gateway; raises ConfigEntryNotReady until it sends live values, ConfigEntryError for bad subentries."""
    await texts.load(hass)
    store = MemoryStore(hass, entry.entry_id)
    try:
        modules = modules_of_entry(entry)
    except ModuleSettingsError as error:
        raise errors.not_declarable(mistakes.explained(hass, error.problems, tables(entry))) from error
    coordinator = SmappeeCoordinator(hass, entry, store, await store.async_load(), modules)
    entry.runtime_data = coordinator  # even when it fails: then the diagnostics are wanted most
    await coordinator.async_config_entry_first_refresh()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    entry.async_on_unload(entry.add_update_listener(_follow_options))
    doubling.watch(hass, entry, coordinator.serial)
    return True


async def _follow_options(hass: HomeAssistant, entry: SmappeeConfigEntry) -> None:
    """Set up anew when the way to the gateway, or what the owner has told or declared, is another."""
    coordinator = entry.runtime_data
    now = (entry.data, told(entry.options), modules_of_entry(entry), declared_for_balancing(entry))
    if (coordinator.way, coordinator.told, coordinator.modules, coordinator.balancing.declared) != now:
        await hass.config_entries.async_reload(entry.entry_id)


async def async_unload_entry(hass: HomeAssistant, entry: SmappeeConfigEntry) -> bool:
    """Unload a gateway, after the last words to chargers; the connection ends with the entry's background task."""
    await entry.runtime_data.balancing.farewell()
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: SmappeeConfigEntry) -> None:
    """Forget the totals, the repairs and the recording of a gateway."""
    capture.discard(hass, entry.entry_id)
    errors.clear(hass, entry.entry_id)
    errors.clear_doubled(hass, entry.entry_id)
    await MemoryStore(hass, entry.entry_id).async_remove()


async def async_remove_config_entry_device(
    _hass: HomeAssistant, entry: SmappeeConfigEntry, device_entry: dr.AnyDeviceEntry
) -> bool:
    """Let the user delete the device of a load that the gateway no longer has; what is declared has its own way."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    coordinator = entry.runtime_data
    present = devices.identifiers(coordinator.serial, coordinator.session.site) | balancing_devices.identifiers(entry)
    return present.isdisjoint(device_entry.identifiers)
