"""What all decoders share: the message, where faults are told, and how times are read."""

from collections.abc import Callable
from typing import NamedTuple

from mqtt_schema.topics import Kind

type Report = Callable[[Kind, Exception], None]
"""Counts a part of a message that is unreadable."""

LATEST_TIME_MS = 4_102_444_800_000
"""The year 2100: a later time stamp is nonsense, and would spoil the steady clock for ever."""


class MqttMessage(NamedTuple):
    """A message as it came from a broker."""

    topic: str
    payload: bytes
    retained: bool = False
    qos: int | None = None
    """At which quality of service it came; None when nobody told."""


def seconds(milliseconds: float | None) -> float | None:
    """Read a time stamp; one that no clock shows is none."""
    return milliseconds / 1000 if milliseconds is not None and 0 <= milliseconds <= LATEST_TIME_MS else None
