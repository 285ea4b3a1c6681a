"""Textual Things of openHAB: `conf/things/smappee.things`."""

from collections.abc import Iterator, Mapping, Sequence

from openhab_bridge.files import broker
from openhab_bridge.files.heading import heading
from openhab_bridge.files.outline import BROKER, Channel, House, Kind, Part, houses
from openhab_bridge.files.words import quoted
from openhab_bridge.model import Installation
from openhab_bridge.settings import Settings
from openhab_bridge.topics import OFFLINE, ONLINE

NEEDS = "Needs the MQTT binding."

type Parameters = Mapping[str, str | int | bool]


def text(installations: Sequence[Installation], settings: Settings) -> str:
    """Write the broker and everything that hangs on it."""
    needs = (NEEDS, *broker.advice(settings.target))
    lines = [
        *heading("//", "things", settings, *needs),
        f"Bridge {BROKER} {quoted(broker.LABEL)} {_brackets(broker.configuration(settings.target))}",
        *(line for house in houses(installations, settings) for line in _house(house)),
    ]
    return "\n".join(lines) + "\n"


def availability(house: House) -> Mapping[str, str]:
    """Return what makes a Thing online only while its values can be trusted."""
    return {
        "availabilityTopic": house.status_topic,
        "payloadAvailable": ONLINE,
        "payloadNotAvailable": OFFLINE,
    }


def parameters(channel: Channel) -> Mapping[str, str]:
    """Return what a channel is configured with."""
    found = {"stateTopic": channel.topic}
    if channel.command_topic:
        found["commandTopic"] = channel.command_topic
    if channel.kind is Kind.SWITCH:
        found |= {"on": "true", "off": "false"}
    if channel.unit:
        found["unit"] = channel.unit
    return found


def _house(house: House) -> Iterator[str]:
    for part in (house.itself, *house.parts):
        yield ""
        yield from _thing(part, availability(house))


def _thing(part: Part, available: Parameters) -> Iterator[str]:
    yield f"Thing {part.uid} {quoted(part.label)} ({BROKER}) {_brackets(available)} {{"
    yield "    Channels:"
    for channel in part.channels:
        yield f"        Type {channel.kind} : {channel.id} {quoted(channel.label)} {_brackets(parameters(channel))}"
    yield "}"


def _brackets(values: Parameters) -> str:
    return f"[ {', '.join(f'{key}={_value(value)}' for key, value in values.items())} ]"


def _value(value: str | int | bool) -> str:  # noqa: FBT001 - a value, no switch
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return quoted(value)
