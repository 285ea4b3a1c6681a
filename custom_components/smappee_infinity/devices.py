"""The devices of a gateway: itself, and below it everything the user gave a name."""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from yarl import URL

from ._vendor.mqtt_schema.model import Identity, Load, Plug, Site
from ._vendor.mqtt_schema.quantities import Role
from .const import DOMAIN, MANUFACTURER

MODELS_WITH_PORTAL: Final = ("Genius", "Plus", "Energy", "Solar")
"""The gateways that serve the expert portal (protocol facts §2.9 and §6); a Connect has no web page."""
SWITCH_MODEL: Final = "Smappee Switch"
PLUG_MODEL: Final = "Comfort plug"

type Identifier = tuple[str, str]

type Part = Load | Plug | None
"""What has a device of its own; None = the gateway itself."""


def gateway_name(identity: Identity) -> str:
    """Return what a gateway is called."""
    return f"{MANUFACTURER} {identity.model}".strip()


def identifier(serial: str, part: Part) -> Identifier:
    """Return the identifier of a device; a plug is numbered, a load is known by where its CT is plugged in."""
    match part:
        case Load():
            return (DOMAIN, f"{serial}_{part.id}")
        case Plug():
            return (DOMAIN, f"{serial}_plug_{part.id}")
        case None:
            return (DOMAIN, serial)


def metered_loads(site: Site) -> tuple[Load, ...]:
    """Return the loads with a device of their own; the grid connection belongs to the gateway."""
    return tuple(load for load in site.loads if load.role is not Role.GRID)


def identifiers(serial: str, site: Site) -> set[Identifier]:
    """Return the identifiers of all devices that exist now."""
    return {identifier(serial, part) for part in (None, *metered_loads(site), *site.plugs)}


@callback
def register(hass: HomeAssistant, entry: ConfigEntry, serial: str, site: Site) -> None:
    """Create the devices of a site, and follow what the user changed in the Smappee app: names, firmware."""
    registry = dr.async_get(hass)
    if site.identity is None:
        return
    gateway = registry.async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={identifier(serial, None)},
        manufacturer=MANUFACTURER,
        name=gateway_name(site.identity),
        model=site.identity.model or None,
        serial_number=serial,
        sw_version=site.identity.firmware or None,
        configuration_url=_portal(site.identity, entry.data[CONF_HOST]),
    )
    for load in metered_loads(site):
        registry.async_get_or_create(
            config_entry_id=entry.entry_id,
            identifiers={identifier(serial, load)},
            name=load.name,
            model=_ct_types(load) or None,
            hw_version=", ".join(channel.place for channel in load.channels if channel.place) or None,
            via_device_id=gateway.id,
        )
    for plug in site.plugs:
        registry.async_get_or_create(
            config_entry_id=entry.entry_id,
            identifiers={identifier(serial, plug)},
            name=plug.name,
            manufacturer=MANUFACTURER if plug.measures else None,
            model=SWITCH_MODEL if plug.measures else PLUG_MODEL,
            serial_number=plug.serial or None,
            via_device_id=gateway.id,
        )


def _ct_types(load: Load) -> str:
    """Return the models of its CTs; the same one is named once."""
    return ", ".join(dict.fromkeys(channel.ct_type for channel in load.channels if channel.ct_type))


def _portal(identity: Identity, host: str) -> URL | None:
    if identity.model not in MODELS_WITH_PORTAL:
        return None
    return URL.build(scheme="http", host=host, path="/smappee.html")
