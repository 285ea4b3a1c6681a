"""The devices of a gateway: itself, and below it everything the user gave a name."""

from collections.abc import Iterator
from typing import Final, TypedDict

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from yarl import URL

from ._vendor.mqtt_schema.accessories import Plug, Sensor, SwitchMeter
from ._vendor.mqtt_schema.model import Identity, Load, Site
from ._vendor.mqtt_schema.quantities import Role
from .const import DOMAIN, MANUFACTURER

MODELS_WITH_PORTAL: Final = ("Genius", "Plus", "Energy", "Solar")
"""The gateways that serve the expert portal (protocol facts §2.9 and §6); a Connect has no web page."""
SWITCH_MODEL: Final = "Smappee Switch"
PLUG_MODEL: Final = "Comfort plug"
SENSOR_MODEL: Final = "Gas & Water"

type Identifier = tuple[str, str]

type DevicePart = Load | Plug | Sensor | SwitchMeter
"""What has a device of its own below that of the gateway."""
type Part = DevicePart | None
"""None = the gateway itself."""


class DeviceDetails(TypedDict, total=False):
    """What the device registry is told of a part."""

    name: str
    manufacturer: str | None
    model: str | None
    hw_version: str | None
    serial_number: str | None


def gateway_name(identity: Identity) -> str:
    """Return what a gateway is called."""
    return f"{MANUFACTURER} {identity.model}".strip()


def identifier(serial: str, part: Part) -> Identifier:
    """Return the identifier of a device: a plug is numbered, a load is known by where its CT is plugged in."""
    match part:
        case Load():
            return (DOMAIN, f"{serial}_{part.id}")
        case Plug():
            return (DOMAIN, f"{serial}_plug_{part.id}")
        case Sensor() | SwitchMeter():
            return (DOMAIN, f"{serial}_sensor_{part.id}")
        case None:
            return (DOMAIN, serial)


def metered_loads(site: Site) -> tuple[Load, ...]:
    """Return the loads with a device of their own; the grid connection belongs to the gateway."""
    return tuple(load for load in site.loads if load.role is not Role.GRID)


def identifiers(serial: str, site: Site) -> set[Identifier]:
    """Return the identifiers of all devices that exist now."""
    return {identifier(serial, part) for part in (None, *_parts(site))}


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
    for part in _parts(site):
        registry.async_get_or_create(
            config_entry_id=entry.entry_id,
            identifiers={identifier(serial, part)},
            via_device_id=gateway.id,
            **_details(part),
        )


def home_of(site: Site, meter: SwitchMeter) -> Plug | SwitchMeter:
    """Return the plug that a meter is part of, by its serial number; a meter without one is a device of its own."""
    return next((plug for plug in site.plugs if plug.serial and plug.serial == meter.serial), meter)


def _parts(site: Site) -> Iterator[DevicePart]:
    """Every part of a site that has a device below that of the gateway."""
    yield from metered_loads(site)
    yield from site.plugs
    yield from site.sensors
    yield from (meter for meter in site.switch_meters if home_of(site, meter) is meter)


def _details(part: DevicePart) -> DeviceDetails:
    match part:
        case Load():
            places = ", ".join(channel.place for channel in part.channels if channel.place)
            return {"name": part.name, "model": _ct_types(part) or None, "hw_version": places or None}
        case Plug():
            return {
                "name": part.name,
                "manufacturer": MANUFACTURER if part.measures else None,
                "model": SWITCH_MODEL if part.measures else PLUG_MODEL,
                "serial_number": part.serial or None,
            }
        case Sensor():
            return _of_smappee(f"{SENSOR_MODEL} {part.id}", SENSOR_MODEL, part.serial)
        case SwitchMeter():
            return _of_smappee(part.name, SWITCH_MODEL, part.serial)


def _of_smappee(name: str, model: str, serial: str) -> DeviceDetails:
    return {"name": name, "manufacturer": MANUFACTURER, "model": model, "serial_number": serial or None}


def _ct_types(load: Load) -> str:
    """Return the models of its CTs; the same one is named once."""
    return ", ".join(dict.fromkeys(channel.ct_type for channel in load.channels if channel.ct_type))


def _portal(identity: Identity, host: str) -> URL | None:
    if identity.model not in MODELS_WITH_PORTAL:
        return None
    return URL.build(scheme="http", host=host, path="/smappee.html")
