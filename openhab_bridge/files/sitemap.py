"""A sitemap of openHAB: `conf/sitemaps/smappee.sitemap`, for its apps and Basic UI."""

from collections.abc import Iterator, Sequence

from mqtt_schema.quantities import Quantity
from openhab_bridge.files.heading import heading
from openhab_bridge.files.outline import Channel, House, Part, houses
from openhab_bridge.files.words import quoted
from openhab_bridge.model import Installation
from openhab_bridge.settings import Settings

NAME = "smappee"
NEEDS = "Shows the Items that `export items` or `export yaml` writes. The file must be called `smappee.sitemap`."
SHOWN = ("grid_power", "solar_power", "battery_power", "house_power", "ev_power")
"""What is looked at every day, by channel of the house; everything else of it is behind `Details`."""
STEP = "    "


def text(installations: Sequence[Installation], settings: Settings) -> str:
    """Write a frame for every house, and a page for each of its lists."""
    lines = [
        *heading("//", "sitemap", settings, NEEDS),
        f"sitemap {NAME} label={quoted('Smappee')} {{",
        *(f"{STEP}{line}" for house in houses(installations, settings) for line in _house(house)),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _house(house: House) -> Iterator[str]:
    yield f"Frame label={quoted(house.itself.label)} {{"
    channels = {channel.id: channel for channel in house.itself.channels}
    shown = [channels.pop(key) for key in SHOWN if key in channels]
    yield from (f"{STEP}{_widget(channel)}" for channel in shown)
    yield from _page(STEP, "Details", "line", map(_widget, channels.values()))
    for listing in house.lists:
        lines = (line for part in house.parts if part.listing == listing for line in _part(part))
        yield from _page(STEP, listing.label, listing.icon, lines)
    yield "}"


def _part(part: Part) -> Iterator[str]:
    """Show a part by its switch, its power or what it has first; more behind that on a page of its own."""
    first, *others = sorted(part.channels, key=_weight)
    if not others or first.command_topic:
        yield from map(_widget, (first, *others))
        return
    yield f"{_widget(first)} {{"
    yield from (f"{STEP}{_widget(channel)}" for channel in others)
    yield "}"


def _weight(channel: Channel) -> tuple[bool, bool]:
    return not channel.command_topic, channel.quantity is not Quantity.POWER


def _page(indent: str, name: str, icon: str, lines: Iterator[str]) -> Iterator[str]:
    yield f"{indent}Text label={quoted(name)} icon={quoted(icon)} {{"
    yield from (f"{indent}{STEP}{line}" for line in lines)
    yield f"{indent}}}"


def _widget(channel: Channel) -> str:
    # What cannot be commanded must not look as if it could: a text shows its state.
    return f"{'Switch' if channel.command_topic else 'Text'} item={channel.item}"
