"""What entities are called: by what they show, by which of several it is, or as their owner calls it."""

from typing import Final

from ._vendor.mqtt_schema.accessories import Meter
from ._vendor.mqtt_schema.electrical import companions, line_pairs
from ._vendor.mqtt_schema.model import Channel, Site
from ._vendor.mqtt_schema.points import Point, Scope, ScopeKind
from ._vendor.mqtt_schema.quantities import Quantity

SAID_OF_A_PART: Final = frozenset({Quantity.LEAK})
"""States that a part may be in; other states of named parts are those parts: a contact, a relay."""


def own_name(site: Site, scope: Scope) -> str:
    """Return what its owner calls a part that shares a device with others; empty when it has no such name."""
    match scope.kind:
        case ScopeKind.RELAY:
            relay = site.relay_by_id[scope.id]
            return relay.name if len(site.output_module_by_id[relay.module].relays) > 1 else ""
        case ScopeKind.CONTACT:
            return site.contact_by_id[scope.id].name
        case ScopeKind.METER:
            return site.meter_by_id[scope.id].name
        case _:
            return ""


def naming(site: Site, point: Point, scope: Scope) -> tuple[str, dict[str, str]]:
    """Return the translation key of a data point's name and its placeholders.

    Only where there are several, the name says which: "Current", but "Current L1" and "Current L2".
    """
    name = own_name(site, scope)
    if name:
        kind = point.key if point.quantity in SAID_OF_A_PART else point.nature
        return f"named_{kind}", {"name": name}
    match scope.kind:
        case ScopeKind.PHASE:
            labels = {phase.name: phase.name for phase in site.phases}
        case ScopeKind.LINES:
            labels = {pair: pair for pair in line_pairs(site)}
        case ScopeKind.CHANNEL:
            labels = _channel_labels(companions(site, site.channel_by_key[scope.id]))
        case ScopeKind.METER:
            labels = _meter_labels(site, site.meter_by_id[scope.id])
        case _:
            labels = {}
    if len(labels) > 1:
        return f"{point.key}_phase", {"phase": labels[scope.id]}
    return point.key, {}


def _meter_labels(site: Site, meter: Meter) -> dict[str, str]:
    """Label meters of one kind at one sensor by the number of the input."""
    others = (other for other in site.meters if (other.sensor, other.medium) == (meter.sensor, meter.medium))
    return {other.id: str(other.input + 1) for other in others}


def _channel_labels(channels: tuple[Channel, ...]) -> dict[str, str]:
    """Label CTs by their phase, or by number where the phases do not tell them apart."""
    phases = [channel.phase for channel in channels]
    return {
        channel.key: str(number) if channel.phase is None or phases.count(channel.phase) > 1 else channel.phase.name
        for number, channel in enumerate(channels, start=1)
    }
