"""What the parts of a house are, and what they are called: as their owner calls them, where they have a name."""

from collections.abc import Callable, Mapping
from typing import Final

from mqtt_schema.model import Channel, Site
from mqtt_schema.points import Scope, ScopeKind
from mqtt_schema.quantities import Phase, Role
from openhab_bridge.model import Part

UNKNOWN_GATEWAY = "Smappee gateway"


def gateway_name(site: Site) -> str:
    """Return what the gateway is called: Smappee and its product name."""
    model = site.identity.model if site.identity else ""
    return f"Smappee {model}" if model else UNKNOWN_GATEWAY


def name_of(site: Site, scope: Scope) -> str:
    """Return the name of a part of a site. It may change at any time; identifiers do not."""
    return _NAMES[scope.kind](site, scope.id)


def part_of(site: Site, scope: Scope) -> Part:
    """Return what is known of a part of a site."""
    name = name_of(site, scope)
    match scope.kind:
        case ScopeKind.LOAD:
            load = site.load_by_id[scope.id]
            return Part(name, load.role, _lines(load.channels), load.parent)
        case ScopeKind.CHANNEL:
            channel = site.channel_by_key[scope.id]
            load_id = next(load.id for load in site.loads if channel in load.channels)
            return Part(name, channel.role, _lines((channel,)), load_id)
        case _:
            return Part(name)


def _lines(channels: tuple[Channel, ...]) -> tuple[Phase, ...]:
    known = [channel.phase for channel in channels if channel.phase is not None]
    return tuple(sorted(set(known))) if len(known) == len(channels) else ()


def _ct(site: Site, key: str) -> str:
    """Name a CT by its load and by its line, where that is known."""
    channel = site.channel_by_key[key]
    name = "Grid" if channel.role is Role.GRID else channel.name
    return f"{name} CT" if channel.phase is None else f"{name} {channel.phase.name}"


def _meter(site: Site, meter_id: str) -> str:
    meter = site.meter_by_id[meter_id]
    return meter.name or f"{meter.medium.value.capitalize()} {meter.sensor} input {meter.input + 1}"


_NAMES: Final[Mapping[ScopeKind, Callable[[Site, str], str]]] = {
    ScopeKind.SITE: lambda site, _id: gateway_name(site),
    ScopeKind.PHASE: lambda _site, line: line,
    ScopeKind.LINES: lambda _site, pair: pair,
    ScopeKind.LOAD: lambda site, load: site.load_by_id[load].name,
    ScopeKind.CHANNEL: _ct,
    ScopeKind.PLUG: lambda site, plug: site.plug_by_id[plug].name,
    ScopeKind.SENSOR: lambda _site, sensor: f"Gas & Water {sensor}",
    ScopeKind.METER: _meter,
    ScopeKind.SWITCH_METER: lambda site, meter: site.switch_meter_by_id[meter].name,
    ScopeKind.RELAY: lambda site, relay: site.relay_by_id[relay].name,
    ScopeKind.CONTACT: lambda site, contact: site.contact_by_id[contact].name,
}
"""By kind: `(site, scope id) -> name`."""
