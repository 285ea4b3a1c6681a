"""What else is known of a gateway that was discovered: whether it has moved, and who else offers it."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_REAUTH, ConfigEntry
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant

from ._vendor.smappee_gateway.errors import GatewayError
from ._vendor.smappee_gateway.probe import PROBE_TIMEOUT_S, identify
from .const import CORE_DOMAIN
from .transports import Way, is_by_home_assistant, transport_of


async def has_moved(hass: HomeAssistant, entry: ConfigEntry, way: Way) -> bool:
    """Tell whether a gateway answers at the discovered address and no longer at the saved one.

    One that sends to the user's own broker is announced with its own address, too: then the broker's stays.
    """
    if entry.source == SOURCE_IGNORE or is_by_home_assistant(entry.data) or entry.data[CONF_HOST] == way[CONF_HOST]:
        return False
    if any(entry.async_get_active_flows(hass, {SOURCE_REAUTH})):
        return False  # who is behind a broker that lets nobody in, nobody can tell
    serial = str(entry.unique_id)
    return not await _is_at(hass, serial, entry.data) and await _is_at(hass, serial, way)


def core_has_it(hass: HomeAssistant, serial: str) -> bool:
    """Tell whether Home Assistant's own integration offers this gateway, or has it."""
    manager = hass.config_entries
    entry = manager.async_entry_for_domain_unique_id(CORE_DOMAIN, serial)
    flows = manager.flow.async_progress_by_handler(
        CORE_DOMAIN, include_uninitialized=True, match_context={"unique_id": serial}
    )
    return bool(flows) or (entry is not None and entry.source != SOURCE_IGNORE)


async def _is_at(hass: HomeAssistant, serial: str, way: Mapping[str, Any]) -> bool:
    try:
        found = await identify(transport_of(hass, way), PROBE_TIMEOUT_S)
    except GatewayError:
        return False
    return serial in (identity.serial for identity in found)
