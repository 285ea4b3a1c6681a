"""One MQTT message in simulated time, and the JSON a gateway writes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

type Json = bool | int | str | Sequence[Json] | Mapping[str, Json]
"""What a gateway puts on the wire: whole numbers only, no null (protocol facts 3.7, captured)."""

_ENCODER: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False)


def compact(document: Json) -> bytes:
    """One line of UTF-8 without white space, keys in the order given (captured)."""
    return _ENCODER.encode(document).encode()


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it goes to the broker. ``at_ms`` is the simulated time of publication, ms UTC.

    QoS 1 was seen on ``realtime`` and is assumed for the rest (protocol facts 3.3, inferred).
    """

    topic: str
    payload: bytes
    at_ms: int
    retain: bool = False
    qos: int = 1
