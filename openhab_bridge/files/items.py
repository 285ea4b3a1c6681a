"""Textual Items of openHAB: `conf/items/smappee.items`."""

from collections.abc import Iterator, Sequence

from openhab_bridge.files.heading import heading
from openhab_bridge.files.outline import Channel, House, Part, houses
from openhab_bridge.files.words import quoted
from openhab_bridge.model import Installation
from openhab_bridge.settings import Settings

NEEDS = "Items for the Things that `export things` writes."


def text(installations: Sequence[Installation], settings: Settings) -> str:
    """Write a group for every part, with its Items, their links and units."""
    lines = [
        *heading("//", "items", settings, NEEDS),
        *(line for house in houses(installations, settings) for line in _house(house)),
    ]
    return "\n".join(lines) + "\n"


def groups_of(part: Part, house: House) -> Sequence[str]:
    """Return the groups that the group of a part is in: its house, and its list."""
    return [] if part.listing is None else [house.itself.name, house.lists[part.listing]]


def _house(house: House) -> Iterator[str]:
    for listing, name in house.lists.items():
        yield f"Group {name} {quoted(listing.label)} <{listing.icon}>"
    for part in (house.itself, *house.parts):
        yield ""
        groups = groups_of(part, house)
        yield " ".join(
            [
                f"Group {part.name} {quoted(part.label)}",
                *([f"({', '.join(groups)})"] if groups else []),
                f"[{quoted(part.equipment)}]",
            ]
        )
        for channel in part.channels:
            yield _item(channel, part)
    yield ""


def _item(channel: Channel, part: Part) -> str:
    kind = f"{channel.item_type}:{channel.dimension}" if channel.dimension else channel.item_type
    shown = f"{channel.label} [{channel.pattern}]" if channel.pattern else channel.label
    tags = ", ".join(quoted(tag) for tag in channel.tags)
    unit = f"unit={quoted(channel.unit)}, " if channel.unit else ""
    bindings = f"{{ {unit}channel={quoted(part.link(channel))} }}"
    return f"{kind} {channel.item} {quoted(shown)} <{channel.icon}> ({part.name}) [{tags}] {bindings}"
