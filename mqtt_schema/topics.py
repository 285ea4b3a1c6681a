"""The MQTT topics of a gateway, below `servicelocation/<uuid>/`.

The table is the single place that says which topics exist, who publishes them, whether they are retained and how
sure that is (source: protocol facts §3.3). `parse` splits a received topic; `set_plug_state` builds the one we publish.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from mqtt_schema.quantities import Confidence

PREFIX = "servicelocation"
SUBSCRIPTION = f"{PREFIX}/+/#"
"""Everything of every service location on the broker; the uuid is learned from `config`."""


class Kind(StrEnum):
    """A topic of the table, named by its last words."""

    CONFIG = "config"
    SENSOR_CONFIG = "sensorConfig"
    HOME_CONTROL_CONFIG = "homeControlConfig"
    CHANNEL_CONFIG_V2 = "channelConfigV2"
    REALTIME = "realtime"
    AGGREGATED = "aggregated"
    PRESENCE = "presence"
    PLUG_STATE = "plug/+/state"
    PLUG_CONNECTION_STATE = "plug/+/connectionState"
    PLUG_SET_STATE = "plug/+/setstate"


class Direction(StrEnum):
    """Who publishes a topic."""

    FROM_GATEWAY = "from gateway"
    TO_GATEWAY = "to gateway"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRow:
    """What is known of one topic; `retained_confidence` is apart because retain flags are the least certain part."""

    kind: Kind
    retained: bool
    cadence: str
    confidence: Confidence
    retained_confidence: Confidence
    direction: Direction = Direction.FROM_GATEWAY


_DOCUMENTED, _CAPTURED, _CODE, _INFERRED = Confidence

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
    TopicRow(kind=Kind.REALTIME, retained=False, cadence="1 s", confidence=_CAPTURED, retained_confidence=_INFERRED),
    TopicRow(kind=Kind.AGGREGATED, retained=False, cadence="5 min", confidence=_CODE, retained_confidence=_INFERRED),
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
)


class ParsedTopic(NamedTuple):
    """A received topic, taken apart. `kind` is None for a topic that is not in the table."""

    location: str
    kind: Kind | None
    node: str


_KINDS = {row.kind.value: row.kind for row in TOPICS}
_PLUG_LEVELS = 3


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
    levels = name.split("/")
    if len(levels) == _PLUG_LEVELS and levels[0] == "plug":
        return ParsedTopic(location, _KINDS.get(f"plug/+/{levels[2]}"), levels[1])
    return ParsedTopic(location, None, "")


def set_plug_state(location: str, node: str) -> str:
    """Build the topic that switches a plug (seen in every client)."""
    return f"{PREFIX}/{location}/plug/{node}/setstate"
