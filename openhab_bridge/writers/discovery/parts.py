"""The devices of a gateway in Home Assistant, and what their entities are called."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from mqtt_schema.points import ScopeKind
from openhab_bridge.model import Installation, Node, Property
from openhab_bridge.writers.discovery.places import gateway_id

MANUFACTURER: Final = "Smappee"
CTS: Final = "cts"
SHARED: Final[Mapping[ScopeKind, str]] = {
    ScopeKind.SITE: "",
    ScopeKind.PHASE: "",
    ScopeKind.LINES: "",
    ScopeKind.CHANNEL: CTS,
}
"""Nodes that share a device, and its id within the gateway: empty is the gateway itself. All others have their own."""
MODELS: Final[Mapping[ScopeKind, str]] = {
    ScopeKind.CHANNEL: "Current transformers",
    ScopeKind.LOAD: "Load",
    ScopeKind.PLUG: "Plug",
    ScopeKind.SENSOR: "Gas & Water",
    ScopeKind.METER: "Meter",
    ScopeKind.SWITCH_METER: "Smappee Switch",
    ScopeKind.RELAY: "Relay of an Output module",
    ScopeKind.CONTACT: "Contact of an Input module",
}
MADE_BY_OTHERS: Final[AbstractSet[ScopeKind]] = {ScopeKind.LOAD, ScopeKind.PLUG, ScopeKind.METER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A device, and the nodes whose values are shown on it."""

    id: str
    """Within the gateway; empty for the gateway itself."""
    device: Mapping[str, object]
    """What Home Assistant's device registry is told of it."""
    nodes: tuple[Node, ...]

    @property
    def name(self) -> str:
        """Return its id, or a word for the gateway itself."""
        return self.id or "gateway"


def parts(installation: Installation) -> Iterator[Part]:
    """Split an installation into devices, the gateway first. Where a node belongs follows from what it is."""
    nodes = defaultdict[str, list[Node]](list)
    for node in installation.nodes:
        nodes[SHARED.get(node.scope.kind, node.id)].append(node)
    for part_id in sorted(nodes, key=bool):
        found = tuple(nodes[part_id])
        device = _below(installation, part_id, found[0]) if part_id else _gateway(installation)
        yield Part(id=part_id, device=device, nodes=found)


def entity_name(node: Node, item: Property) -> str | None:
    """Return what an entity is called beside its device; None = as the device, because it is the main thing there."""
    kind = node.scope.kind
    if kind is ScopeKind.SITE:
        return item.name
    if kind in SHARED:
        return f"{node.name} {item.point.quantity.value.replace('_', ' ')}"
    return None if item.point.key == kind.value else item.name


def _gateway(installation: Installation) -> dict[str, object]:
    told = {"model": installation.model, "sw_version": installation.firmware}
    return {
        "identifiers": [gateway_id(installation.serial)],
        "name": _gateway_name(installation),
        "manufacturer": MANUFACTURER,
        "serial_number": installation.serial,
        **{key: text for key, text in told.items() if text},
    }


def _below(installation: Installation, part_id: str, node: Node) -> dict[str, object]:
    gateway, kind = gateway_id(installation.serial), node.scope.kind
    device: dict[str, object] = {
        "identifiers": [f"{gateway}-{part_id}"],
        "name": f"{_gateway_name(installation)} CTs" if part_id == CTS else node.name or node.id,
        "model": MODELS[kind],
        "via_device": gateway,
    }
    if kind not in MADE_BY_OTHERS:
        device["manufacturer"] = MANUFACTURER
    return device


def _gateway_name(installation: Installation) -> str:
    """Return its name with its number: entity ids are made of it, and two gateways are told apart."""
    return f"{installation.name} {installation.serial}"
