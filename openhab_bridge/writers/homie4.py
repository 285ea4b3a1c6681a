"""Homie 4.0: what openHAB and most other consumers read.

An empty payload cannot be retained, so `$extensions`, of which there are none, is not published. Attributes that have
their default (`$settable` false, `$retained` true) are left out: large devices stay small.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mqtt_schema.points import ScopeKind
from mqtt_schema.quantities import Nature, Unit
from openhab_bridge.model import Installation, Node, Property

VERSION: Final = "4.0.0"
LOADS: Final = "loads"
CTS: Final = "cts"
MODULES: Final = "modules"
PARTS: Final[Mapping[ScopeKind, str]] = {
    ScopeKind.SITE: "",
    ScopeKind.PHASE: "",
    ScopeKind.LINES: "",
    ScopeKind.LOAD: LOADS,
    ScopeKind.CHANNEL: CTS,
}
"""Which device a node is in: consumers lose attributes of devices with more than about 800 topics. What is not named
here hangs on modules and on the radio."""
PART_NAMES: Final[Mapping[str, str]] = {"": "", LOADS: " loads", CTS: " CTs", MODULES: " modules and plugs"}
UNITS: Final[Mapping[Unit, str]] = {Unit.LITRE_PER_MINUTE: "L/min"}
"""Spelled otherwise than in the table of data points."""
SET: Final = "set"


@dataclass(frozen=True, slots=True, kw_only=True)
class HomieDevice:
    """Some nodes of a gateway, with a state of their own."""

    id: str
    name: str
    nodes: tuple[Node, ...]


def device_ids(serial: str) -> tuple[str, ...]:
    """Return the ids that devices of a gateway can have."""
    return tuple(_device_id(serial, part) for part in PART_NAMES)


def devices(installation: Installation) -> Iterator[HomieDevice]:
    """Split an installation. Where a node belongs follows from what it is, so it never moves."""
    nodes = defaultdict[str, list[Node]](list)
    for node in installation.nodes:
        nodes[PARTS.get(node.scope.kind, MODULES)].append(node)
    for part, name in PART_NAMES.items():
        if part in nodes:
            yield HomieDevice(
                id=_device_id(installation.serial, part),
                name=f"{installation.name} {installation.serial}{name}",
                nodes=tuple(nodes[part]),
            )


def documents(prefix: str, device: HomieDevice) -> dict[str, str]:
    """Return what describes a device, by topic; all of it is retained."""
    root = f"{prefix}/{device.id}"
    described = {
        f"{root}/$homie": VERSION,
        f"{root}/$name": device.name,
        f"{root}/$nodes": ",".join(node.id for node in device.nodes),
    }
    for node in device.nodes:
        described |= _of_node(f"{root}/{node.id}", node)
    return described


def state_topic(prefix: str, device_id: str) -> str:
    """Return the topic of a device's state."""
    return f"{prefix}/{device_id}/$state"


def value_topic(prefix: str, device: HomieDevice, item: Property, node: Node) -> str:
    """Return the topic of a value."""
    return f"{prefix}/{device.id}/{node.id}/{item.id}"


def set_topics(prefix: str, device: HomieDevice) -> dict[str, Property]:
    """Return where commands come in, and what each of them commands."""
    return {
        f"{value_topic(prefix, device, item, node)}/{SET}": item
        for node in device.nodes
        for item in node.properties
        if item.settable
    }


def _device_id(serial: str, part: str) -> str:
    return "-".join(word for word in ("smappee", serial.lower(), part) if word)


def _of_node(root: str, node: Node) -> dict[str, str]:
    described = {
        f"{root}/$name": node.name or node.id,
        f"{root}/$type": node.scope.kind.value,
        f"{root}/$properties": ",".join(item.id for item in node.properties),
    }
    for item in node.properties:
        described |= _of_property(f"{root}/{item.id}", item)
    return described


def _of_property(root: str, item: Property) -> dict[str, str]:
    described = {f"{root}/$name": item.name, f"{root}/$datatype": _datatype(item)}
    unit = item.point.unit
    if unit is not None:
        described[f"{root}/$unit"] = UNITS.get(unit, unit.value)
    if item.settable:
        described[f"{root}/$settable"] = "true"
    return described


def _datatype(item: Property) -> str:
    if item.point.nature in {Nature.STATE, Nature.SETTING}:
        return "boolean"
    return "float" if item.point.precision else "integer"
