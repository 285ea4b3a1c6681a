"""The names of the plain topics: one value a topic, below `<prefix>/<serial>/`."""

from mqtt_schema.points import Scope, ScopeKind
from openhab_bridge.model import Property, identifier

SET = "set"
ONLINE, OFFLINE = "online", "offline"
"""What the status of a gateway can be: values can be trusted; they cannot, for whatever reason."""
FRESH, STALE = "fresh", "stale"
"""What is told of its measurements: they arrive; they do not."""


def root(prefix: str, serial: str) -> str:
    """Return what all topics of a gateway begin with."""
    return f"{prefix}/{serial}"


def status_topic(prefix: str, serial: str) -> str:
    """Return the topic that tells whether the values can be trusted."""
    return f"{root(prefix, serial)}/status"


def feed_topic(prefix: str, serial: str) -> str:
    """Return the topic that tells whether measurements arrive from the gateway; it counts while a bridge is there."""
    return f"{root(prefix, serial)}/feed"


def bridge_topic(prefix: str, serial: str) -> str:
    """Return the topic on which a bridge introduces itself to others of its kind."""
    return f"{root(prefix, serial)}/bridge"


def node_topic(prefix: str, serial: str, scope: Scope) -> str:
    """Return what the topics of one part begin with, and what its JSON snapshot is published on.

    `…/site` is the whole site, `…/load/5500001259-d` a load. Identifiers are written with a to z, 0 to 9 and dashes.
    """
    part = [] if scope.kind is ScopeKind.SITE else [identifier(scope.id)]
    return "/".join([root(prefix, serial), scope.kind.value, *part])


def value_topic(prefix: str, serial: str, item: Property) -> str:
    """Return the topic of one value; its last level is the key of the data point."""
    return f"{node_topic(prefix, serial, item.scope)}/{item.point.key}"


def set_topic(prefix: str, serial: str, item: Property) -> str:
    """Return the topic on which `true` or `false` commands a relay or a plug."""
    return f"{value_topic(prefix, serial, item)}/{SET}"
