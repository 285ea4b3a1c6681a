"""Meters of evcc, which manages the charging of cars, over MQTT: for `evcc.yaml`.

A value is published when it changes, and an inverter has the same power all night: a time-out for each value would
make evcc doubt it. So every value is bound to the status, which says whether values can be trusted. Only the power of
the grid, which never rests, has a time-out: it tells that evcc itself has lost the broker.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from mqtt_schema.points import ScopeKind
from mqtt_schema.quantities import Phase, Quantity, Role
from openhab_bridge.files.heading import heading
from openhab_bridge.files.openhab_yaml import Tree, as_yaml
from openhab_bridge.files.outline import consumes, in_order
from openhab_bridge.files.words import Names, label
from openhab_bridge.model import Installation, Node, identifier
from openhab_bridge.settings import Settings, TrafficSettings
from openhab_bridge.topics import ONLINE, status_topic, value_topic
from smappee_gateway.broker import Broker

NEEDS: Final = (
    "Needs an evcc that has the `valid` plugin. Powers and energies are signed as evcc wants them.",
    "Copy what you need into evcc.yaml, or a meter without its name into a user-defined device of evcc's interface.",
)
SHORTEST_TIMEOUT_S: Final = 30.0

NOT_EVERY_LINE: Final = "No currents and powers of the lines: there is not one CT for each of them."
NO_DIRECTION: Final = "No currents of the lines: they have no direction where no line has a power of its own."
NO_CURRENTS: Final = "No currents: it is not certain that each of its lines has a CT."
NO_SOC: Final = "Its state of charge is not measured: add `soc` if you have it."


class Meter(NamedTuple):
    """One meter. `use` is the key of `site.meters` that it is named under."""

    name: str
    use: str
    title: str
    values: Mapping[str, Tree]
    missing: str = ""
    """What evcc would take, too, and why it is not there; empty = nothing."""


def text(installations: Sequence[Installation], settings: Settings) -> str:
    """Write the meters, and as comments how they are used."""
    names = Names()
    ordered = sorted(installations, key=lambda one: one.serial)
    meters = [meter for one in ordered for meter in _Meters(one, settings, names).all()]
    lines = [
        *heading("#", "evcc", settings, *NEEDS),
        *_broker(settings.target),
        "",
        "meters:" if meters else "meters: []",
        *(line for meter in meters for line in _meter(meter)),
        "",
        *_site(meters),
    ]
    return "\n".join(lines) + "\n"


class _Meters:
    """Makes the meters of one house."""

    def __init__(self, installation: Installation, settings: Settings, names: Names) -> None:
        self._installation = installation
        self._prefix = settings.topics.prefix
        self._timeout = timeout(settings.traffic)
        self._names = names
        self._nodes = in_order(installation)
        self._topics = {
            (node.scope, item.point.key): value_topic(self._prefix, installation.serial, item)
            for node in self._nodes
            for item in node.properties
        }

    def all(self) -> Iterator[Meter]:
        """Make the grid's meter first."""
        for node in self._of(ScopeKind.SITE):
            yield from self._of_site(node)
        for node in self._of(ScopeKind.LOAD):
            if consumes(node):
                yield from self._of_load(node)

    def _of_site(self, node: Node) -> Iterator[Meter]:
        if grid := self._values(node, power="grid_power", energy="grid_import_energy"):
            power = self._value(node, "grid_power", timeout=self._timeout)
            lines, missing = self._lines(node)
            values = {**grid, "power": power, **lines}
            yield self._named("grid", "grid", "Grid: + import, − export", values, missing)
        if solar := self._values(node, power="solar_power", energy="solar_energy"):
            yield self._named("pv", "pv", "Solar: + producing", solar)
        if battery := self._values(node, power="battery_power", energy="battery_discharge_energy"):
            yield self._named("battery", "battery", "Battery: + discharging, − charging", battery, NO_SOC)

    def _of_load(self, node: Node) -> Iterator[Meter]:
        if values := self._values(node, power="load_power", energy="load_import_energy"):
            currents = self._currents(node)
            use = "charger" if node.part.role is Role.EV else "consumer"
            missing = "" if currents else NO_CURRENTS
            yield self._named(node.id, use, self._title(node), {**values, **currents}, missing)

    def _values(self, node: Node, *, power: str, energy: str) -> Mapping[str, Tree]:
        """Return what is there; nothing without the power, which evcc must have."""
        wanted = {"power": power, "energy": energy}
        there = {name: self._value(node, key) for name, key in wanted.items() if (node.scope, key) in self._topics}
        return there if "power" in there else {}

    def _lines(self, site: Node) -> tuple[Mapping[str, Tree], str]:
        """Return currents and powers of the lines, or nothing and why; a delta supply may have two CTs."""
        cts = [node for node in self._of(ScopeKind.CHANNEL) if (node.scope, "grid_current") in self._topics]
        by_line = {line.name: node for node in cts for line in node.part.lines}
        connected = {line.name for line in site.part.lines}
        if not cts or len(cts) != len(by_line) or by_line.keys() != connected:
            return {}, NOT_EVERY_LINE
        powers = self._line_powers(site, by_line)
        if not powers:
            return {}, NO_DIRECTION
        currents = {line: self._value(node, "grid_current") for line, node in by_line.items()}
        return {"currents": _each_line(currents), "powers": _each_line(powers)}, ""

    def _line_powers(self, site: Node, by_line: Mapping[str, Node]) -> Mapping[str, Tree]:
        """Return what gives the currents, which have no sign, theirs; nothing where a line has no power of its own."""
        if len(by_line) == 1:
            return {line: self._value(site, "grid_power") for line in by_line}
        measured = {line: node for line, node in by_line.items() if (node.scope, "grid_channel_power") in self._topics}
        return {line: self._value(node, "grid_channel_power") for line, node in measured.items()}

    def _currents(self, load: Node) -> Mapping[str, Tree]:
        """Return the currents of a load, by line of the house; nothing unless each of its lines has one CT."""
        cts = [node for node in self._of(ScopeKind.CHANNEL) if node.part.within == load.scope.id]
        there = {
            line.name: self._value(node, "channel_current")
            for node in cts
            for line in node.part.lines
            if (node.scope, "channel_current") in self._topics
        }
        complete = len(there) == len(cts) == len(load.part.lines)
        return {"currents": _each_line(there)} if there and complete else {}

    def _title(self, load: Node) -> str:
        """Name a load, and what measures it once more."""
        name = f"{'Charger: ' if load.part.role is Role.EV else ''}{label(load.name, load.id)}"
        outer = next((node for node in self._of(ScopeKind.LOAD) if node.scope.id == load.part.within), None)
        return name if outer is None else f"{name}, which is part of {label(outer.name, outer.id)}"

    def _value(self, node: Node, key: str, *, timeout: str = "") -> Tree:
        online: Tree = {
            "source": "mqtt",
            "topic": status_topic(self._prefix, self._installation.serial),
            "quote": True,
            "jq": f'. == "{ONLINE}"',
        }
        value: dict[str, Tree] = {"source": "mqtt", "topic": self._topics[node.scope, key]}
        if timeout:
            value["timeout"] = timeout
        return {"source": "valid", "valid": online, "value": value}

    def _of(self, kind: ScopeKind) -> Sequence[Node]:
        return [node for node in self._nodes if node.scope.kind is kind]

    def _named(self, what: str, use: str, title: str, values: Mapping[str, Tree], missing: str = "") -> Meter:
        name = f"smappee-{identifier(self._installation.serial)}-{what}".replace("-", "_")
        return Meter(self._names.take(name), use, title, values, missing)


def timeout(traffic: TrafficSettings) -> str:
    """Return how old the power of the grid may be: a few times as old as the bridge lets it get."""
    pace = traffic.paces.get(Quantity.POWER)
    slowest = max(traffic.settle_s, pace.min_interval_s if pace else 0.0)
    return f"{max(3 * slowest, SHORTEST_TIMEOUT_S):.0f}s"


def _each_line(values: Mapping[str, Tree]) -> Tree:
    """Return three values, as evcc wants them; a line that is not there carries nothing."""
    return [values.get(phase.name, {"source": "const", "value": 0}) for phase in Phase]


def _meter(meter: Meter) -> Iterator[str]:
    yield f"  # {meter.title}"
    if meter.missing:
        yield f"  # {meter.missing}"
    written = as_yaml([{"name": meter.name, "type": "custom", **meter.values}])
    yield from (f"  {line}" for line in written.splitlines())


def _broker(broker: Broker) -> Iterator[str]:
    yield "# mqtt:"
    yield f"#   broker: {'tls://' if broker.tls else ''}{broker.address}"
    yield "#   topic: evcc"
    if broker.user is not None:
        yield f"#   user: {label(broker.user, '')}"
        yield "#   password: (not written here)"


def _site(meters: Sequence[Meter]) -> Iterator[str]:
    """Say how the meters are used. evcc has one grid."""
    yield "# site:"
    yield "#   meters:"
    for use, hint in _USES.items():
        named = [meter for meter in meters if meter.use == use]
        if named:
            yield f"#     {use}:{hint}"
        yield from (f"#       - {meter.name} # {meter.title}" for meter in named)
    yield "# A load that follows the surplus by itself, as some heating rods do, belongs under `aux`, not `consumer`."
    yield from _loadpoints(meters)


def _loadpoints(meters: Sequence[Meter]) -> Iterator[str]:
    """Say where the meters of chargers belong. Which load is one, only its owner can say."""
    chargers = [meter for meter in meters if meter.use == "charger"]
    if not chargers:
        yield "# The meter of a charger belongs to neither: name it as `meter` of the charger's loadpoint. Nobody has"
        yield "# told the bridge which load is one: list it under `cars` of the gateway."
        return
    yield "# loadpoints:"
    yield from (f"#   - meter: {meter.name} # {meter.title}; the charger itself is yours to add" for meter in chargers)


_USES: Final[Mapping[str, str]] = {
    "grid": " # one of them, without the dash",
    "pv": "",
    "battery": "",
    "consumer": " # only recorded",
}
