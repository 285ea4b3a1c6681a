"""Homie 4.0: what openHAB and most other consumers read.

An empty payload cannot be retained, so `$extensions`, of which there are none, is not published. Attributes that have
their default (`$settable` false, `$retained` true) are left out: large devices stay small.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from mqtt_schema.points import ScopeKind
from openhab_bridge.feed import Feed
from openhab_bridge.model import Installation, Node, Property
from openhab_bridge.units import unit_of
from openhab_bridge.writers.homie import DISCONNECTED, HomieDevice, datatype, names, value_topic

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
STATES: Final[Mapping[Feed, str]] = {Feed.FRESH: "ready", Feed.STALE: "alert", Feed.ENDED: DISCONNECTED}


class Homie4:
    """Writes below `<prefix>/<device>`: every attribute a topic of its own."""

    def __init__(self, prefix: str) -> None:
        """`prefix` is usually `homie`."""
        self._prefix = prefix

    def device_ids(self, serial: str) -> tuple[str, ...]:
        """Return the ids that devices of a gateway can have."""
        return tuple(_device_id(serial, part) for part in PART_NAMES)

    def devices(self, installation: Installation) -> Iterator[HomieDevice]:
        """Split an installation by kind of part."""
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

    def root(self, device_id: str) -> str:
        """Return what all topics of a device begin with."""
        return f"{self._prefix}/{device_id}"

    def documents(self, device: HomieDevice) -> dict[str, str]:
        """Return the attributes of a device, its nodes and their properties."""
        root = self.root(device.id)
        described = {
            f"{root}/$homie": VERSION,
            f"{root}/$name": device.name,
            f"{root}/$nodes": ",".join(node.id for node in device.nodes),
        }
        called = names(device)
        for node in device.nodes:
            described |= _of_node(root, node, called[node.id])
        return described

    def state(self, feed: Feed) -> str:
        """Return the `$state`: a silent gateway is an alert."""
        return STATES[feed]

    def alerts(self, _device_id: str, _feed: Feed) -> dict[str, str]:
        """Return nothing: the state says it all."""
        return {}


def _device_id(serial: str, part: str) -> str:
    return "-".join(word for word in ("smappee", serial.lower(), part) if word)


def _of_node(root: str, node: Node, name: str) -> dict[str, str]:
    described = {
        f"{root}/{node.id}/$name": name,
        f"{root}/{node.id}/$type": node.scope.kind.value,
        f"{root}/{node.id}/$properties": ",".join(item.id for item in node.properties),
    }
    for item in node.properties:
        described |= _of_property(value_topic(root, node, item), item)
    return described


def _of_property(topic: str, item: Property) -> dict[str, str]:
    described = {f"{topic}/$name": item.name, f"{topic}/$datatype": datatype(item)}
    unit = unit_of(item.point)
    if unit:
        described[f"{topic}/$unit"] = unit
    if item.settable:
        described[f"{topic}/$settable"] = "true"
    return described
