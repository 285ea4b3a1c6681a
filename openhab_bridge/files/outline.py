"""What openHAB gets to see of a house: Things with channels, Items in groups. Every openHAB file is written from it.

A Thing is what its owner points at: the house, a load, a CT, a plug. Main UI makes one piece of equipment of a Thing;
one Thing for a whole gateway would be a list of hundreds of channels. Lines have no Thing of their own: their voltages
belong to the house.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from mqtt_schema.points import ScopeKind
from mqtt_schema.quantities import CONSUMING, Nature, Quantity, Role
from openhab_bridge.files.meanings import MEANINGS, tags_of
from openhab_bridge.files.words import Names, label
from openhab_bridge.model import Installation, Node, Property, identifier
from openhab_bridge.settings import Settings
from openhab_bridge.topics import set_topic, status_topic, value_topic
from openhab_bridge.units import unit_of

BROKER: Final = "mqtt:broker:smappee"


class Kind(StrEnum):
    """A channel type of openHAB's generic MQTT Things."""

    NUMBER = "number"
    SWITCH = "switch"
    STRING = "string"


class Listing(NamedTuple):
    """A list of parts of a house: a group of Items, and a page of the sitemap."""

    id: str
    label: str
    icon: str


LOADS: Final = Listing("loads", "Loads", "poweroutlet")
SWITCHES: Final = Listing("switches", "Switches", "switch")
METERS: Final = Listing("meters", "Meters and sensors", "flow")
CTS: Final = Listing("cts", "CTs", "energy")
LISTINGS: Final[Mapping[ScopeKind, Listing]] = {
    ScopeKind.LOAD: LOADS,
    ScopeKind.PLUG: SWITCHES,
    ScopeKind.RELAY: SWITCHES,
    ScopeKind.METER: METERS,
    ScopeKind.SWITCH_METER: METERS,
    ScopeKind.SENSOR: METERS,
    ScopeKind.CONTACT: METERS,
    ScopeKind.CHANNEL: CTS,
}
"""Which list a part is in. What is not named here belongs to the house itself."""

EQUIPMENT: Final[Mapping[ScopeKind, str]] = {
    ScopeKind.CHANNEL: "ElectricMeter",
    ScopeKind.PLUG: "PowerOutlet",
    ScopeKind.RELAY: "ControlDevice",
    ScopeKind.SWITCH_METER: "ElectricMeter",
    ScopeKind.SENSOR: "Sensor",
    ScopeKind.CONTACT: "ContactSensor",
}
LOAD_EQUIPMENT: Final[Mapping[Role | None, str]] = {
    Role.SOLAR: "Inverter",
    Role.BATTERY: "Battery",
    Role.EV: "EVSE",
}
METER_EQUIPMENT: Final[Mapping[Quantity, str]] = {
    Quantity.GAS: "GasMeter",
    Quantity.WATER: "WaterMeter",
    Quantity.ENERGY: "ElectricMeter",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel of a Thing, and the Item that is linked to it."""

    id: str
    item: str
    """Name of the Item."""
    label: str
    kind: Kind
    topic: str
    command_topic: str = ""
    """Empty = it can only be read."""
    quantity: Quantity | None = None
    """None for what is not a data point."""
    dimension: str = ""
    unit: str = ""
    pattern: str = ""
    """How the Item is shown; empty = as it is."""
    icon: str = ""
    tags: tuple[str, ...]

    @property
    def item_type(self) -> str:
        """Return the type of the Item, without its dimension."""
        return self.kind.value.capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A Thing, and the equipment that its Items make up."""

    name: str
    """Of the group of its Items; also the last segment of the UID of the Thing."""
    label: str
    equipment: str
    """Semantic tag."""
    listing: Listing | None
    channels: tuple[Channel, ...]

    @property
    def uid(self) -> str:
        """Return the UID of the Thing."""
        return f"mqtt:topic:{self.name}"

    def link(self, channel: Channel) -> str:
        """Return the UID of one of its channels."""
        return f"{self.uid}:{channel.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One gateway."""

    status_topic: str
    itself: Part
    parts: tuple[Part, ...]
    lists: Mapping[Listing, str]
    """Names of the groups, of those lists that are not empty."""


def houses(installations: Sequence[Installation], settings: Settings) -> Iterator[House]:
    """Outline every house, in an order that does not depend on theirs."""
    names = Names()
    for installation in sorted(installations, key=lambda one: one.serial):
        yield _Outline(installation, settings.topics.prefix, names).house()


def in_order(installation: Installation) -> Sequence[Node]:
    """Return the parts of a house in the order of every file: kind by kind, then by identifier."""
    kinds = list(ScopeKind)
    return sorted(installation.nodes, key=lambda node: (kinds.index(node.scope.kind), node.scope.id))


def consumes(node: Node) -> bool:
    """Tell whether a load uses energy. Inverters and batteries are loads, too."""
    return node.part.role in CONSUMING


class _Outline:
    """Outlines one house. Names are taken in an order that follows from what is installed."""

    def __init__(self, installation: Installation, prefix: str, names: Names) -> None:
        self._installation = installation
        self._prefix = prefix
        self._names = names
        self._serial = installation.serial
        self._name = names.take(f"Smappee_{_word(installation.serial)}")

    def house(self) -> House:
        nodes = in_order(self._installation)
        listed = {LISTINGS[node.scope.kind] for node in nodes if node.scope.kind in LISTINGS}
        lists = {
            one: self._names.take(f"{self._name}_{one.id}") for one in (LOADS, SWITCHES, METERS, CTS) if one in listed
        }
        return House(
            status_topic=status_topic(self._prefix, self._serial),
            itself=self._itself(tuple(node for node in nodes if node.scope.kind not in LISTINGS)),
            parts=tuple(self._part(node) for node in nodes if node.scope.kind in LISTINGS),
            lists=lists,
        )

    def _itself(self, nodes: Sequence[Node]) -> Part:
        ids = Names()
        status = Channel(
            id=ids.take("status"),
            item=self._names.take(f"{self._name}_status"),
            label="Status",
            kind=Kind.STRING,
            topic=status_topic(self._prefix, self._serial),
            icon="network",
            tags=("Status",),
        )
        channels = (self._channel(self._name, node, item, ids) for node in nodes for item in _sorted(node))
        return Part(
            name=self._name,
            label=label(f"{self._installation.name} {self._serial}", self._name),
            equipment="ElectricMeter",
            listing=None,
            channels=(status, *channels),
        )

    def _part(self, node: Node) -> Part:
        name = self._names.take(f"{self._name}_{_word(node.id)}")
        ids = Names()
        return Part(
            name=name,
            label=label(node.name, node.id),
            equipment=_equipment(node),
            listing=LISTINGS[node.scope.kind],
            channels=tuple(self._channel(name, node, item, ids) for item in _sorted(node)),
        )

    def _channel(self, part: str, node: Node, item: Property, ids: Names) -> Channel:
        point, kind = item.point, _kind(item)
        own = node.scope.kind in LISTINGS or node.scope.kind is ScopeKind.SITE
        channel_id = ids.take(point.key if own else f"{_word(node.id)}_{point.key}")
        meaning, unit = MEANINGS[point.quantity], unit_of(point)
        decimals = f"%.{point.precision}f"
        return Channel(
            id=channel_id,
            item=self._names.take(f"{part}_{channel_id}"),
            label=_label(node, item),
            kind=kind,
            topic=value_topic(self._prefix, self._serial, item),
            command_topic=set_topic(self._prefix, self._serial, item) if item.settable else "",
            quantity=point.quantity,
            dimension=meaning.dimension,
            unit=unit,
            pattern="" if kind is not Kind.NUMBER else f"{decimals} %unit%" if unit else decimals,
            icon=meaning.icon,
            tags=tags_of(point),
        )


def _sorted(node: Node) -> Sequence[Property]:
    return sorted(node.properties, key=lambda item: item.point.key)


def _word(text: str) -> str:
    """Return an id as part of a name: openHAB's Items know no dashes."""
    return identifier(text).replace("-", "_")


def _kind(item: Property) -> Kind:
    # An active contact is one that is not as at rest: closed, or open. So it is a Switch; a Contact would say `OPEN`.
    return Kind.SWITCH if item.point.nature in {Nature.STATE, Nature.SETTING} else Kind.NUMBER


def _label(node: Node, item: Property) -> str:
    """Return what people call a value: `Boiler power`. What the house tells has no name before it."""
    if node.scope.kind is ScopeKind.SITE:
        return item.name
    name, what = label(node.name, node.id), item.name.lower().replace("channel ", "")
    first, _, rest = what.partition(" ")
    says_so_already = rest and name.lower().startswith(f"{first} ")
    return f"{name} {rest if says_so_already else what}"


def _equipment(node: Node) -> str:
    quantities = {item.point.quantity for item in node.properties}
    match node.scope.kind:
        case ScopeKind.LOAD:
            return _load_equipment(node)
        case ScopeKind.METER:
            return next((tag for quantity, tag in METER_EQUIPMENT.items() if quantity in quantities), "Sensor")
        case kind:
            return EQUIPMENT[kind]


def _load_equipment(node: Node) -> str:
    return LOAD_EQUIPMENT.get(node.part.role, "ElectricMeter")
