"""The retained payloads: one for each entity, or one for each device."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from openhab_bridge.model import Installation
from openhab_bridge.settings import Settings
from openhab_bridge.topics import OFFLINE, ONLINE, status_topic
from openhab_bridge.version import own_version
from openhab_bridge.writers.discovery.classes import COMPONENTS
from openhab_bridge.writers.discovery.entities import entity, name_of_topic
from openhab_bridge.writers.discovery.parts import Part, parts
from openhab_bridge.writers.discovery.places import DEVICE, config_topic

ORIGIN: Final[Mapping[str, str]] = {
    "name": "Smappee Infinity bridge",
    "support_url": "https://github.com/smappee-infinity/smappee-infinity",
}


def documents(installation: Installation, settings: Settings) -> dict[str, str]:
    """Return everything that is retained below the discovery prefix for this gateway, by topic.

    A parent comes before the devices below it. Home Assistant takes the second form of an entity only when the first
    one is gone: empty what `tree` finds, and is not here, before these are published.
    """
    make = _of_device if settings.discovery.per_device else _of_each_entity
    return {
        topic: json.dumps(payload, ensure_ascii=False)
        for part in parts(installation)
        for topic, payload in make(installation, settings, part)
    }


def _of_device(
    installation: Installation, settings: Settings, part: Part
) -> Iterator[tuple[str, Mapping[str, object]]]:
    components = {
        name_of_topic(node, item): {
            "platform": COMPONENTS[item.point.nature],
            **entity(installation, settings, node, item),
        }
        for node in part.nodes
        for item in node.properties
    }
    topic = config_topic(settings, installation.serial, DEVICE, f"{part.name}-{_digest(components)}")
    yield topic, {**_common(installation, settings, part), "components": components}


def _digest(names: Iterable[str]) -> str:
    """Tell sets of components apart. Home Assistant keeps what a payload no longer names, so such a one is another."""
    return format(zlib.crc32("\n".join(names).encode()), "08x")


def _of_each_entity(
    installation: Installation, settings: Settings, part: Part
) -> Iterator[tuple[str, Mapping[str, object]]]:
    common = _common(installation, settings, part)
    for node in part.nodes:
        for item in node.properties:
            component, name = COMPONENTS[item.point.nature], name_of_topic(node, item)
            topic = config_topic(settings, installation.serial, component, name)
            yield topic, {**entity(installation, settings, node, item), **common}


def _common(installation: Installation, settings: Settings, part: Part) -> dict[str, object]:
    status = {
        "topic": status_topic(settings.topics.prefix, installation.serial),
        "payload_available": ONLINE,
        "payload_not_available": OFFLINE,
    }
    return {"device": part.device, "origin": _origin(), "availability": [status]}


def _origin() -> Mapping[str, str]:
    version = own_version()
    return {**ORIGIN, "sw_version": version} if version else ORIGIN
