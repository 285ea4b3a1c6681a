"""The devices of a gateway: itself, and below it everything the user gave a name."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypedDict

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from yarl import URL

from ._vendor.mqtt_schema.accessories import InputModule, OutputModule, Plug, Sensor, SwitchMeter
from ._vendor.mqtt_schema.model import Identity, Load, Site
from ._vendor.mqtt_schema.points import Scope, ScopeKind
from ._vendor.mqtt_schema.quantities import Role
from .const import DOMAIN, MANUFACTURER

MODELS_WITH_PORTAL: Final = ("Genius", "Plus", "Energy", "Solar")
"""The gateways that serve the expert portal (protocol facts §2.9 and §6); a Connect has no web page."""
SWITCH_MODEL: Final = "Smappee Switch"
PLUG_MODEL: Final = "Comfort plug"
SENSOR_MODEL: Final = "Gas & Water"
OUTPUT_MODEL: Final = "Output module"
INPUT_MODEL: Final = "Input module"

type Identifier = tuple[str, str]

type DevicePart = Load | Plug | Sensor | SwitchMeter | OutputModule | InputModule
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
        case OutputModule() | InputModule():
            return (DOMAIN, f"{serial}_module_{part.id}")
        case None:
            return (DOMAIN, serial)


def metered_loads(site: Site) -> tuple[Load, ...]:
    """Return the loads with a device of their own; the grid connection belongs to the gateway."""
    return tuple(load for load in site.loads if load.role is not Role.GRID)


def identifiers(serial: str, site: Site) -> set[Identifier]:
    """Return the identifiers of all devices that exist now."""
    return {identifier(serial, part) for part in (None, *_parts(site))}


def subentry(part: Part, subentries: Mapping[str, str]) -> str | None:
    """Return the subentry that a part was declared in; `subentries`: that of each module."""
    return subentries.get(part.id) if isinstance(part, OutputModule | InputModule) else None


@callback
def register(hass: HomeAssistant, entry: ConfigEntry, serial: str, site: Site, subentries: Mapping[str, str]) -> None:
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
        configuration_url=_portal(site.identity, entry.data.get(CONF_HOST)),
    )
    for part in _parts(site):
        registry.async_get_or_create(
            config_entry_id=entry.entry_id,
            config_subentry_id=subentry(part, subentries),
            identifiers={identifier(serial, part)},
            via_device_id=gateway.id,
            **_details(part),
        )


def part_of(site: Site, scope: Scope) -> Part:
    """Return the part of the site whose device a data point belongs to."""
    find = _FINDERS.get(scope.kind)
    return None if find is None else find(site, scope.id)


def home_of(site: Site, meter: SwitchMeter) -> Plug | SwitchMeter:
    """Return the plug that a meter is part of, by its serial number; a meter without one is a device of its own."""
    return next((plug for plug in site.plugs if plug.serial and plug.serial == meter.serial), meter)


def _load_of_channel(site: Site, key: str) -> Load | None:
    channel = site.channel_by_key[key]
    return next((load for load in metered_loads(site) if channel in load.channels), None)


def _counter_of_meter(site: Site, meter: str) -> InputModule | Sensor | None:
    counter = site.meter_by_id[meter].sensor
    return site.input_module_by_id.get(counter) or site.sensor_by_id.get(counter)


_FINDERS: Final[Mapping[ScopeKind, Callable[[Site, str], Part]]] = {
    ScopeKind.LOAD: lambda site, load: site.load_by_id[load],
    ScopeKind.CHANNEL: _load_of_channel,
    ScopeKind.PLUG: lambda site, plug: site.plug_by_id[plug],
    ScopeKind.SENSOR: lambda site, sensor: site.sensor_by_id[sensor],
    ScopeKind.METER: _counter_of_meter,
    ScopeKind.SWITCH_METER: lambda site, meter: home_of(site, site.switch_meter_by_id[meter]),
    ScopeKind.RELAY: lambda site, relay: site.output_module_by_id[site.relay_by_id[relay].module],
    ScopeKind.CONTACT: lambda site, contact: site.input_module_by_id[site.contact_by_id[contact].module],
}
"""Of what is not on the gateway's own device, by kind: `(site, scope id) -> part`."""


def _parts(site: Site) -> Iterator[DevicePart]:
    """Every part of a site that has a device below that of the gateway."""
    yield from metered_loads(site)
    yield from site.plugs
    yield from (sensor for sensor in site.sensors if sensor.id not in site.input_module_by_id)
    yield from site.input_modules
    yield from (module for module in site.output_modules if module.tried)
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
        case OutputModule():
            return _of_smappee(part.name, OUTPUT_MODEL, "")
        case InputModule():
            return _of_smappee(part.name, INPUT_MODEL, "")


def _of_smappee(name: str, model: str, serial: str) -> DeviceDetails:
    return {"name": name, "manufacturer": MANUFACTURER, "model": model, "serial_number": serial or None}


def _ct_types(load: Load) -> str:
    """Return the models of its CTs; the same one is named once."""
    return ", ".join(dict.fromkeys(channel.ct_type for channel in load.channels if channel.ct_type))


def _portal(identity: Identity, host: str | None) -> URL | None:
    """Return where the gateway may be set up; who listens by Home Assistant's MQTT need not know its address."""
    if host is None or identity.model not in MODELS_WITH_PORTAL:
        return None
    return URL.build(scheme="http", host=host, path="/smappee.html")
