"""What both versions of the Homie convention share."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from mqtt_schema.quantities import Nature
from openhab_bridge.feed import Feed
from openhab_bridge.model import Installation, Node, Property

SET: Final = "set"
INIT: Final = "init"
LOST: Final = "lost"
DISCONNECTED: Final = "disconnected"


@dataclass(frozen=True, slots=True, kw_only=True)
class HomieDevice:
    """Some nodes of a gateway, with a state of their own."""

    id: str
    name: str
    nodes: tuple[Node, ...]


class HomieWriter(Protocol):
    """One version of the convention. `root` is the topic of a device."""

    def device_ids(self, serial: str) -> tuple[str, ...]:
        """Return the ids that devices of a gateway can have."""

    def devices(self, installation: Installation) -> Iterator[HomieDevice]:
        """Split an installation into devices; where a node belongs follows from what it is, so it never moves."""

    def root(self, device_id: str) -> str:
        """Return what all topics of a device begin with."""

    def documents(self, device: HomieDevice) -> dict[str, str]:
        """Return what describes a device, by topic; all of it is retained."""

    def state(self, feed: Feed) -> str:
        """Return the `$state` of a device."""

    def alerts(self, device_id: str, feed: Feed) -> dict[str, str]:
        """Return what else tells how a device is, by topic; an empty text takes a topic away."""


def state_topic(root: str) -> str:
    """Return the topic of a device's state."""
    return f"{root}/$state"


def value_topic(root: str, node: Node, item: Property) -> str:
    """Return the topic of a value."""
    return f"{root}/{node.id}/{item.id}"


def names(device: HomieDevice) -> dict[str, str]:
    """Return what each node is called, by its id: a plug and the meter in it may have one name, and show two things."""
    count = Counter(node.name.casefold() for node in device.nodes)
    told = {node.id: _name(node, alone=count[node.name.casefold()] == 1) for node in device.nodes}
    again = Counter(name.casefold() for name in told.values())
    return {node: name if again[name.casefold()] == 1 else f"{name} {node}" for node, name in told.items()}


def _name(node: Node, *, alone: bool) -> str:
    kind = node.scope.kind.value.replace("_", " ")
    if not node.name:
        return node.id
    return node.name if alone else f"{node.name} ({kind})"


def datatype(item: Property) -> str:
    """Return the Homie datatype of a property."""
    if item.point.nature in {Nature.STATE, Nature.SETTING}:
        return "boolean"
    return "float" if item.point.precision else "integer"
