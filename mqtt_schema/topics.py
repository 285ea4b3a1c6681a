"""The MQTT topics of a gateway, below `servicelocation/<uuid>/`.

The table is the single place that says which topics exist, who publishes them, whether they are retained and how
sure that is (source: protocol facts §3.3). `parse` splits a received topic; `set_plug_state` builds the one we publish.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from mqtt_schema.quantities import Confidence

PREFIX = "servicelocation"
SUBSCRIPTION = f"{PREFIX}/+/#"
"""Everything of every service location on the broker; the uuid is learned from `config`."""


class Kind(StrEnum):
    """A topic of the table, named by its last words.

    `+` stands for one level, a final `#` for all that follow and a first `…` for any that lead there, or none.
    """

    CONFIG = "config"
    SENSOR_CONFIG = "sensorConfig"
    HOME_CONTROL_CONFIG = "homeControlConfig"
    CHANNEL_CONFIG_V2 = "channelConfigV2"
    CHANNEL_CONFIG = "channelConfig"
    REALTIME = "realtime"
    AGGREGATED = "aggregated"
    AGGREGATED_GW = "aggregatedGW"
    AGGREGATED_SWITCH = "aggregatedSwitch"
    PRESENCE = "presence"
    PLUG_STATE = "plug/+/state"
    PLUG_CONNECTION_STATE = "plug/+/connectionState"
    PLUG_SET_STATE = "plug/+/setstate"
    SCHEDULER = "scheduler"
    NETWORK_STATISTICS = "networkstatistics"
    MEASURED_VALUES = "etc/measuredvalues"
    DEVICES = "…/devices"
    SET_CURRENT = "…/action/setcurrent"
    TRIGGER = "trigger"
    OUTPUT_MODULE_STATE = "outputmodule/+/state"
    OUTPUT_MODULE_SET_STATE = "outputmodule/+/setstate"
    OUTPUT_MODULE = "outputmodule/#"
    INPUT_MODULE_STATE = "inputmodule/+/state"


class Direction(StrEnum):
    """Who publishes a topic."""

    FROM_GATEWAY = "from gateway"
    TO_GATEWAY = "to gateway"
    BOTH = "both ways"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRow:
    """What is known of one topic; `retained_confidence` is apart because retain flags are the least certain part."""

    kind: Kind
    retained: bool | None
    """None = unknown, and so is its confidence."""
    cadence: str
    confidence: Confidence
    retained_confidence: Confidence | None
    direction: Direction = Direction.FROM_GATEWAY


_DOCUMENTED, _CAPTURED, _CODE, _INFERRED = Confidence


def _name_only(kind: Kind, cadence: str = "unknown", direction: Direction = Direction.FROM_GATEWAY) -> TopicRow:
    """Return the row of a topic of which only the name is known, from a client's code."""
    return TopicRow(
        kind=kind,
        retained=None,
        cadence=cadence,
        confidence=_CODE,
        retained_confidence=None,
        direction=direction,
    )


TOPICS: tuple[TopicRow, ...] = (
    TopicRow(kind=Kind.CONFIG, retained=True, cadence="at boot", confidence=_CAPTURED, retained_confidence=_DOCUMENTED),
    TopicRow(
        kind=Kind.SENSOR_CONFIG,
        retained=True,
        cadence="at boot, on change",
        confidence=_CAPTURED,
        retained_confidence=_DOCUMENTED,
    ),
    TopicRow(
        kind=Kind.HOME_CONTROL_CONFIG,
        retained=True,
        cadence="at boot, on change",
        confidence=_CAPTURED,
        retained_confidence=_CODE,
    ),
    TopicRow(
        kind=Kind.CHANNEL_CONFIG_V2,
        retained=True,
        cadence="at boot, on change",
        confidence=_CAPTURED,
        retained_confidence=_INFERRED,
    ),
    TopicRow(
        kind=Kind.CHANNEL_CONFIG,
        retained=True,
        cadence="at boot, on change",
        confidence=_CAPTURED,
        retained_confidence=_CODE,
    ),
    TopicRow(kind=Kind.REALTIME, retained=False, cadence="1 s", confidence=_CAPTURED, retained_confidence=_INFERRED),
    TopicRow(
        kind=Kind.AGGREGATED, retained=False, cadence="5 min", confidence=_CAPTURED, retained_confidence=_INFERRED
    ),
    TopicRow(kind=Kind.AGGREGATED_GW, retained=False, cadence="5 min", confidence=_CODE, retained_confidence=_INFERRED),
    TopicRow(
        kind=Kind.AGGREGATED_SWITCH, retained=False, cadence="5 min", confidence=_CODE, retained_confidence=_INFERRED
    ),
    TopicRow(
        kind=Kind.PRESENCE, retained=True, cadence="on change", confidence=_CAPTURED, retained_confidence=_INFERRED
    ),
    TopicRow(
        kind=Kind.PLUG_STATE, retained=True, cadence="on change", confidence=_CAPTURED, retained_confidence=_INFERRED
    ),
    TopicRow(
        kind=Kind.PLUG_CONNECTION_STATE,
        retained=True,
        cadence="on change",
        confidence=_CODE,
        retained_confidence=_INFERRED,
    ),
    TopicRow(
        kind=Kind.PLUG_SET_STATE,
        retained=False,
        cadence="on command",
        confidence=_CODE,
        retained_confidence=_CODE,
        direction=Direction.TO_GATEWAY,
    ),
    _name_only(Kind.SCHEDULER),
    _name_only(Kind.NETWORK_STATISTICS),
    _name_only(Kind.MEASURED_VALUES),
    _name_only(Kind.DEVICES),
    _name_only(Kind.SET_CURRENT, "on a command to an EV charger", Direction.BOTH),
    _name_only(Kind.TRIGGER, "on an automation"),
    # Of the tree only its name is known; what stands below it, and all of an Input module, follows `dialects`.
    TopicRow(
        kind=Kind.OUTPUT_MODULE_STATE,
        retained=True,
        cadence="on change",
        confidence=_INFERRED,
        retained_confidence=_INFERRED,
    ),
    TopicRow(
        kind=Kind.OUTPUT_MODULE_SET_STATE,
        retained=False,
        cadence="on command",
        confidence=_INFERRED,
        retained_confidence=_INFERRED,
        direction=Direction.TO_GATEWAY,
    ),
    _name_only(Kind.OUTPUT_MODULE, direction=Direction.UNKNOWN),
    TopicRow(
        kind=Kind.INPUT_MODULE_STATE,
        retained=True,
        cadence="on change",
        confidence=_INFERRED,
        retained_confidence=_INFERRED,
    ),
)


class ParsedTopic(NamedTuple):
    """A received topic, taken apart. `kind` is None for a topic that is not in the table; `node` is what `+` was."""

    location: str
    kind: Kind | None
    node: str


_LEVEL = re.compile(r"[^/+#\x00]+")
_WILDCARDS = {"+": "([^/]*)", "#": ".+", "…/": "(?:.*/)?"}


def _pattern(kind: Kind) -> re.Pattern[str]:
    parts = re.split(r"(\+|#|…/)", kind)
    return re.compile("".join(_WILDCARDS.get(part, re.escape(part)) for part in parts), re.DOTALL)


_KINDS = {row.kind.value: row.kind for row in TOPICS}
_PATTERNS = tuple((_pattern(kind), kind) for kind in Kind if any(wildcard in kind for wildcard in _WILDCARDS))


@lru_cache(maxsize=1024)
def parse(topic: str) -> ParsedTopic | None:
    """Split `servicelocation/<uuid>/<rest>`; None when the topic is not below a service location."""
    prefix, _, rest = topic.partition("/")
    location, _, name = rest.partition("/")
    if prefix != PREFIX or not location or not name:
        return None
    kind = _KINDS.get(name)
    if kind is not None:
        return ParsedTopic(location, kind, "")
    for pattern, kind_of_pattern in _PATTERNS:
        match = pattern.fullmatch(name)
        if match is not None:
            return ParsedTopic(location, kind_of_pattern, match[1] if pattern.groups else "")
    return ParsedTopic(location, None, "")


def subscriptions(location: str | None) -> frozenset[str]:
    """Return what to subscribe to: one service location, or none yet, and whoever introduces itself beside it.

    A location that cannot be one level of a topic, as nonsense on the wire may claim, is no reason to hear less.
    """
    introductions = f"{PREFIX}/+/{Kind.CONFIG}"
    if location is None:
        return frozenset({introductions})
    return frozenset({f"{PREFIX}/{location}/#", introductions} if _LEVEL.fullmatch(location) else {SUBSCRIPTION})


def set_plug_state(location: str, node: str) -> str:
    """Build the topic that switches a plug (seen in every client)."""
    return f"{PREFIX}/{location}/plug/{node}/setstate"
