"""What a simulated gateway of 28 channels (the most there can be) sends: its documents and its live seconds."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from simulator import SITES, Gateway, House, Message

START = datetime(2026, 6, 21, 10, tzinfo=UTC)
SETTLING_S = 10
"""So many seconds are for the clients to settle: energy counters must prove themselves before they count."""
SECONDS = 300
COUNTER_STEP_J = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Messages in the order of their time."""

    serial: str
    documents: tuple[Message, ...]
    """What the broker gives to every new subscriber."""
    settling: tuple[Message, ...]
    """The first live seconds."""
    seconds: tuple[Message, ...]
    """The live seconds that follow, each a second later than the one before."""


def record(seconds: int = SECONDS) -> Recording:
    """Let a house live on a summer's noon. Powers change as appliances do, counters step now and then (whole Wh)."""
    gateway = Gateway(House(SITES["full"], start=START))
    documents: list[Message] = []
    live: list[Message] = []
    while len(live) < SETTLING_S + seconds:
        for message in gateway.step():
            if message.retain:
                documents.append(message)
            elif message.topic == gateway.topic("realtime"):
                live.append(message)
    return Recording(
        serial=gateway.house.site.identity.serial_number,
        documents=tuple(documents),
        settling=tuple(live[:SETTLING_S]),
        seconds=tuple(live[SETTLING_S:]),
    )


def with_every_counter_moving(recording: Recording) -> Recording:
    """Return the same seconds, but all energy counters of all channels have stepped since the second before."""
    return replace(
        recording, seconds=tuple(_counted(message, second) for second, message in enumerate(recording.seconds, 1))
    )


def _counted(message: Message, steps: int) -> Message:
    document = json.loads(message.payload)
    for channel in document["channelPowers"]:
        for counter in ("importEnergy", "exportEnergy"):
            channel[counter] += steps * COUNTER_STEP_J
    return replace(message, payload=json.dumps(document, separators=(",", ":")).encode())
