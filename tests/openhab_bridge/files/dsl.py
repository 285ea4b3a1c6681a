"""Reads textual Things and Items as openHAB does, and refuses what it refuses.

Beyond its grammars: names and types of Items, dimensions, and the channels that generic MQTT Things can have.
"""

import re
from dataclasses import dataclass, field

from tests.openhab_bridge.files.reader import NotUnderstoodError, Reader, Value

DIMENSIONS = frozenset(
    {
        "Dimensionless",
        "ElectricCurrent",
        "ElectricPotential",
        "Energy",
        "Frequency",
        "Length",
        "Mass",
        "Power",
        "Pressure",
        "Speed",
        "Temperature",
        "Time",
        "Volume",
        "VolumetricFlowRate",
    }
)
ITEM_TYPES = frozenset({"Contact", "DateTime", "Dimmer", "Group", "Number", "String", "Switch"})
GENERIC_CHANNELS = frozenset({"string", "number", "dimmer", "contact", "switch", "color", "datetime", "trigger"})
ITEM_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")


@dataclass
class Channel:
    type: str
    id: str
    label: str
    properties: dict[str, list[Value]]


@dataclass
class Thing:
    uid: str
    is_bridge: bool
    label: str = ""
    bridge: str = ""
    properties: dict[str, list[Value]] = field(default_factory=dict)
    channels: list[Channel] = field(default_factory=list)


@dataclass
class Item:
    type: str
    name: str
    label: str = ""
    pattern: str = ""
    icon: str = ""
    groups: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    bindings: dict[str, str] = field(default_factory=dict)


def things(text: str) -> list[Thing]:
    return _ThingReader(text).all()


def items(text: str) -> list[Item]:
    found = _ItemReader(text).all()
    names = [item.name for item in found]
    if len(set(names)) != len(names):
        raise NotUnderstoodError("two Items have one name")
    return found


class _ThingReader(Reader):
    def all(self) -> list[Thing]:
        found = []
        while not self.ended:
            found.append(self._thing())
        return found

    def _thing(self) -> Thing:
        is_bridge = self.maybe("Bridge")
        if not is_bridge:
            self.maybe("Thing")
        thing = Thing(uid=self._uid(), is_bridge=is_bridge, label=self.maybe_string())
        if not is_bridge and self.maybe("("):
            thing.bridge = self._uid()
            self.next(text=")")
        if self.maybe("@"):
            self.string()
        thing.properties = self.properties()
        if self.maybe("{"):
            thing.channels = self._channels()
        return thing

    def _channels(self) -> list[Channel]:
        if self.maybe("Channels"):
            self.next(text=":")
        found = []
        while not self.maybe("}"):
            self.next(text="Type")
            kind = self.id()
            self.next(text=":")
            channel_id = self.id()
            if self.maybe("#"):
                channel_id += f"#{self.id()}"
            found.append(Channel(kind, channel_id, self.maybe_string(), self.properties()))
            if kind not in GENERIC_CHANNELS:
                raise NotUnderstoodError(f"generic MQTT Things have no {kind} channels")
        return found

    def _uid(self) -> str:
        segments = [self.id()]
        while self.maybe(":"):
            segments.append(self.id())
        if len(segments) < 3:
            raise NotUnderstoodError(f"{':'.join(segments)} is no UID of a Thing")
        return ":".join(segments)


class _ItemReader(Reader):
    def all(self) -> list[Item]:
        found = []
        while not self.ended:
            found.append(self._item())
        return found

    def _item(self) -> Item:
        kind = self._type()
        item = Item(type=kind, name=self.id())
        if not ITEM_NAME.fullmatch(item.name):
            raise NotUnderstoodError(f"{item.name} is no name of an Item")
        item.label, item.pattern = _split_label(self.maybe_string())
        if self.maybe("<"):
            item.icon = self.id()
            while self.maybe(":"):
                item.icon += f":{self.id()}"
            self.next(text=">")
        item.groups = self.list_of(self.id, ")") if self.maybe("(") else []
        item.tags = self.list_of(self.id_or_string, "]") if self.maybe("[") else []
        item.bindings = dict(self.list_of(self._binding, "}")) if self.maybe("{") else {}
        return item

    def _type(self) -> str:
        segments = [self.id()]
        while self.maybe(":"):
            segments.append(self.id())
        if segments[0] not in ITEM_TYPES or (segments[1:] and segments[0] != "Number"):
            raise NotUnderstoodError(f"{':'.join(segments)} is no type of an Item that is written here")
        if len(segments) > 2 or not DIMENSIONS.issuperset(segments[1:]):
            raise NotUnderstoodError(f"{':'.join(segments)} has no known dimension")
        return ":".join(segments)

    def _binding(self) -> tuple[str, str]:
        kind = self.id()
        self.next(text="=")
        configuration = self.string()
        self.properties()
        return kind, configuration


def _split_label(label: str) -> tuple[str, str]:
    """As openHAB takes the pattern out of a label: from the first opening to the last closing bracket."""
    if "[" not in label or "]" not in label:
        return label, ""
    return label[: label.index("[")].strip(), label[label.index("[") + 1 : label.rindex("]")]
