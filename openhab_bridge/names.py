"""What the parts of a house are, and what they are called: as their owner calls them, where they have a name."""

from collections.abc import Callable, Mapping
from typing import Final

from mqtt_schema.model import Channel, Load, Site
from mqtt_schema.points import Scope, ScopeKind
from mqtt_schema.quantities import Phase, Role, Topology
from openhab_bridge.model import Part

UNKNOWN_GATEWAY = "Smappee gateway"
WITH_NEUTRAL: Final = frozenset({Topology.SINGLE_PHASE, Topology.SPLIT_PHASE, Topology.STAR})
"""Supplies on which all lines of a circuit have a CT. Without a neutral, one CT less than lines is enough."""


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
        case ScopeKind.SITE:
            return Part(name, lines=site.phases if _are_all(site, site.phases) else ())
        case ScopeKind.LOAD:
            load = site.load_by_id[scope.id]
            return Part(name, load.role, _lines_of_load(site, load), load.parent)
        case ScopeKind.CHANNEL:
            channel = site.channel_by_key[scope.id]
            load_id = next(load.id for load in site.loads if channel in load.channels)
            return Part(name, channel.role, _lines((channel,)), load_id)
        case _:
            return Part(name)


def _lines_of_load(site: Site, load: Load) -> tuple[Phase, ...]:
    """Return the lines a load is on; none where it may be on more than its CTs are."""
    lines = _lines(load.channels)
    return lines if _are_all(site, lines) and not any(channel.balanced for channel in load.channels) else ()


def _are_all(site: Site, measured: tuple[Phase, ...]) -> bool:
    """Tell whether there are no other lines than those that are measured."""
    one_line = site.topology is Topology.UNKNOWN and len(site.phases) == 1
    return site.topology in WITH_NEUTRAL or one_line or len(measured) == len(Phase)


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
