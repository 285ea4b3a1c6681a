"""What a gateway has to tell, grouped as every way of publishing needs it. A projection of the data-point tables."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from energy_control.data_points import DataPoint
from mqtt_schema.points import Point, Scope, Value
from mqtt_schema.quantities import Nature, Phase, Role

NOT_IN_IDS: Final = re.compile(r"[^a-z0-9]+")
PREFIXES: Final = ("load_", "channel_", "storage_", "meter_")
"""What a key begins with only to differ from that of another scope."""
WORDS: Final = {"ev": "EV", "Ev": "EV"}


class Property(DataPoint):
    """One data point of one part of a house, as others are told of it."""

    __slots__ = ()

    @property
    def id(self) -> str:
        """Return its id within its node, of a to z, 0 to 9 and dashes."""
        return identifier(self.point.key)

    @property
    def name(self) -> str:
        """Return what people call it, beside the name of its node."""
        key = self.point.key
        for prefix in PREFIXES:
            key = key.removeprefix(prefix)
        return " ".join(WORDS.get(word, word) for word in key.replace("_", " ").capitalize().split(" "))

    @property
    def settable(self) -> bool:
        """Whether it can be commanded."""
        return self.point.nature is Nature.SETTING


class Part(NamedTuple):
    """What is known of a part of a house."""

    name: str
    """As its owner calls it."""
    role: Role | None = None
    """What a load, or a CT, is to the house; None for other parts."""
    lines: tuple[Phase, ...] = ()
    """On which lines a CT or a load is, or which ones the whole site has; empty unless all are known for certain."""
    within: str = ""
    """Identifier of the load that a load is contained in, or that a CT belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One part of a house with its properties. The id follows from what the part is, never from its name."""

    scope: Scope
    part: Part
    properties: tuple[Property, ...]

    @property
    def name(self) -> str:
        """Return what it is called."""
        return self.part.name

    @property
    def id(self) -> str:
        """Return its id within its gateway, of a to z, 0 to 9 and dashes."""
        return node_id(self.scope)


def node_id(scope: Scope) -> str:
    """Return the id of a part: its kind and its identifier; the whole site has no identifier."""
    return identifier("-".join(part for part in (scope.kind.value, scope.id) if part))


def identifier(text: str) -> str:
    """Return a text as an id: a to z, 0 to 9, single dashes, none at the ends (Homie 4, topic ids)."""
    return NOT_IN_IDS.sub("-", text.lower()).strip("-")


def nodes(properties: Iterable[Property], part_of: Callable[[Scope], Part]) -> Iterator[Node]:
    """Group properties by the part they belong to, in their order."""
    by_scope = defaultdict[Scope, list[Property]](list)
    for item in properties:
        by_scope[item.scope].append(item)
    for scope, items in by_scope.items():
        yield Node(scope=scope, part=part_of(scope), properties=tuple(items))


def text_of(point: Point, value: Value) -> str | None:
    """Return a value as text, with the decimals that are worth showing; None = nothing to say."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case _:
            rounded = round(value, point.precision)
            return f"{rounded or 0.0:.{point.precision}f}"  # never "-0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One gateway and everything it has now."""

    serial: str
    name: str
    """What people call the gateway, for example `Smappee Genius`."""
    model: str
    firmware: str
    nodes: tuple[Node, ...]

    @property
    def outline(self) -> tuple[object, ...]:
        """Return everything of it but the values: two installations with one outline look the same."""
        parts = ((node.scope, node.part, tuple(item.key for item in node.properties)) for node in self.nodes)
        return self.name, self.model, self.firmware, tuple(parts)
