"""Plain topics: one value a topic, and a JSON snapshot of each part, for everything that reads MQTT."""

import json
from collections.abc import Iterator

from openhab_bridge.model import Installation, Node, Property
from openhab_bridge.topics import node_topic, value_topic

NAME = "name"


def documents(prefix: str, installation: Installation) -> dict[str, str]:
    """Return what changes only with the installation: the names of the parts."""
    return {f"{node_topic(prefix, installation.serial, node.scope)}/{NAME}": node.name for node in installation.nodes}


def snapshot(node: Node) -> str:
    """Return everything a part tells now, as a JSON object; null = unknown."""
    values = {item.point.key: _rounded(item) for item in node.properties}
    return json.dumps({"name": node.name, **values}, ensure_ascii=False)


def topics(prefix: str, installation: Installation) -> Iterator[str]:
    """Return every topic that can be retained."""
    serial = installation.serial
    yield from documents(prefix, installation)
    for node in installation.nodes:
        yield node_topic(prefix, serial, node.scope)
        for item in node.properties:
            yield value_topic(prefix, serial, item)


def _rounded(item: Property) -> float | int | str | bool | None:
    value = item.read()
    if isinstance(value, float):
        return round(value, item.point.precision or None)
    return value
