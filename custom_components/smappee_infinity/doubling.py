"""Notices that Home Assistant's MQTT has the same gateway: the bridge announces it there by discovery."""

from homeassistant.components import mqtt
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from . import errors


@callback
def watch(hass: HomeAssistant, entry: ConfigEntry, serial: str) -> None:
    """Show a repair while a gateway is there twice; follow the device registry until the entry is unloaded."""

    @callback
    def look(_event: Event[dr.EventDeviceRegistryUpdatedData] | None = None) -> None:
        if _is_announced(hass, serial):
            errors.report_doubled(hass, entry.entry_id, serial)
        else:
            errors.clear_doubled(hass, entry.entry_id)

    entry.async_on_unload(hass.bus.async_listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, look))
    look()


def _is_announced(hass: HomeAssistant, serial: str) -> bool:
    """Tell whether MQTT has the device that the bridge announces for a gateway."""
    registry, identifier = dr.async_get(hass), (mqtt.DOMAIN, f"smappee-{serial}")
    return any(
        registry.async_get_device_by_identifier(identifier, entry.entry_id)
        for entry in hass.config_entries.async_entries(mqtt.DOMAIN)
    )
