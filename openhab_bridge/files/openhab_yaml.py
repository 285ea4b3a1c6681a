"""Things and Items in the YAML of openHAB 5: `conf/yaml/smappee.yaml`."""

from collections.abc import Iterator, Mapping, Sequence

import yaml

from openhab_bridge.files import broker
from openhab_bridge.files.heading import heading
from openhab_bridge.files.items import groups_of
from openhab_bridge.files.outline import BROKER, Channel, House, Part, houses
from openhab_bridge.files.things import NEEDS, availability, parameters
from openhab_bridge.model import Installation
from openhab_bridge.settings import Settings

VERSION = 1
"""Of the format; openHAB ignores a file without it."""
WIDTH = 1000
"""Wider than any line: no value is folded."""

type Tree = str | int | bool | Sequence["Tree"] | Mapping[str, "Tree"]


def text(installations: Sequence[Installation], settings: Settings) -> str:
    """Write the broker, the Things and the Items."""
    found = tuple(houses(installations, settings))
    document: Tree = {
        "version": VERSION,
        "things": {
            BROKER: {"isBridge": True, "label": broker.LABEL, "config": broker.configuration(settings.target)},
            **{part.uid: _thing(part, house) for house in found for part in _parts(house)},
        },
        "items": {name: item for house in found for name, item in _items(house)},
    }
    above = heading("#", "yaml", settings, NEEDS, *broker.advice(settings.target))
    return "\n".join([*above, as_yaml(document)])


def as_yaml(tree: Tree) -> str:
    """Write a tree in the order it has."""
    written: str = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=WIDTH)
    return written


def _parts(house: House) -> Iterator[Part]:
    yield house.itself
    yield from house.parts


def _thing(part: Part, house: House) -> Tree:
    channels = {
        channel.id: {"type": channel.kind.value, "label": channel.label, "config": parameters(channel)}
        for channel in part.channels
    }
    return {"bridge": BROKER, "label": part.label, "config": availability(house), "channels": channels}


def _items(house: House) -> Iterator[tuple[str, Tree]]:
    for listing, name in house.lists.items():
        yield name, {"type": "Group", "label": listing.label, "icon": listing.icon}
    for part in _parts(house):
        groups = groups_of(part, house)
        member: Mapping[str, Tree] = {"groups": groups} if groups else {}
        yield part.name, {"type": "Group", "label": part.label, **member, "tags": [part.equipment]}
        for channel in part.channels:
            yield channel.item, _item(channel, part)


def _item(channel: Channel, part: Part) -> Tree:
    optional = {"dimension": channel.dimension, "unit": channel.unit, "format": channel.pattern}
    return {
        "type": channel.item_type,
        **{key: value for key, value in optional.items() if value},
        "label": channel.label,
        "icon": channel.icon,
        "groups": [part.name],
        "tags": list(channel.tags),
        "channel": part.link(channel),
    }
