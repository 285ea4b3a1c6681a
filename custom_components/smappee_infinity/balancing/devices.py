"""The devices of what owners declare for the balancing: a circuit, a charger and a load each have one."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from ..const import DOMAIN
from .declared import names

type Identifier = tuple[str, str]


def identifier(serial: str, id_: str) -> Identifier:
    """Return the identifier of the device of something that is declared."""
    return (DOMAIN, f"{serial}_{id_}")


def identifiers(entry: ConfigEntry) -> set[Identifier]:
    """Return the identifiers of all of them."""
    return {identifier(str(entry.unique_id), id_) for id_ in names(entry)}


@callback
def register(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Add the devices, or rename them; the gateway's own is there."""
    registry, serial = dr.async_get(hass), str(entry.unique_id)
    gateway = registry.async_get_or_create(config_entry_id=entry.entry_id, identifiers={(DOMAIN, serial)})
    for id_, name in names(entry).items():
        registry.async_get_or_create(
            config_entry_id=entry.entry_id,
            config_subentry_id=id_,
            identifiers={identifier(serial, id_)},
            via_device_id=gateway.id,
            name=name,
        )
