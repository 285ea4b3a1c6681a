"""Plain topics: one value a topic, and a JSON snapshot of each part, for everything that reads MQTT."""

import json
from collections.abc import Callable, Iterator

from openhab_bridge.model import Installation, Node, Property
from openhab_bridge.topics import node_topic, value_topic

NAME = "name"


def documents(prefix: str, installation: Installation) -> dict[str, str]:
    """Return what changes only with the installation: the names of the parts."""
    return {f"{node_topic(prefix, installation.serial, node.scope)}/{NAME}": node.name for node in installation.nodes}


def snapshot(node: Node, shown: Callable[[Property], str]) -> str:
    """Return everything a part tells, as a JSON object; null = unknown. `shown`: the text on a value's own topic.

    Numbers and truth values are written there as in JSON.
    """
    texts = {item.point.key: shown(item) for item in node.properties}
    values = {key: json.loads(text) if text else None for key, text in texts.items()}
    return json.dumps({"name": node.name, **values}, ensure_ascii=False)


def topics(prefix: str, installation: Installation) -> Iterator[str]:
    """Return every topic that can be retained."""
    serial = installation.serial
    yield from documents(prefix, installation)
    for node in installation.nodes:
        yield node_topic(prefix, serial, node.scope)
        for item in node.properties:
            yield value_topic(prefix, serial, item)
