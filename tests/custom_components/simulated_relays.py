"""A simulated house with every kind of relay, and the recorder of what its gateway is told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import aiomqtt
import pytest

from simulator import SITES, Gateway, House
from simulator.endpoint import Endpoint
from simulator.runner import run
from tests.custom_components.sender import connected, in_background
from tests.mosquitto import Mosquitto
from tests.waiting import until

SERIAL = "5010009999"
MODULE = "5800009901"
SPEED = 5.0
SECONDS = 2
"""How many seconds of the house a load may take to follow."""


@dataclass(frozen=True)
class Relay:
    """What switches a load: `key` ends its entity's unique id, `topic` is where it is commanded and answers."""

    load: str
    watts: float
    key: str
    topic: str
    on: str = "ON"
    off: str = "OFF"
    begins: bool = False


RELAYS = (
    Relay("Fan heater", 1500.0, "plug_2", "plug/2"),
    Relay("Aquarium", 90.0, "plug_3", "plug/3", begins=True),
    Relay("Boiler", 2400.0, f"relay_{MODULE}_0", f"outputmodule/{MODULE}", "ON_OFF", "OFF_OFF"),
    Relay("Towel heater", 600.0, f"relay_{MODULE}_1", f"outputmodule/{MODULE}", "OFF_ON", "OFF_OFF"),
)
EVERY_RELAY = pytest.mark.parametrize("relay", RELAYS, ids=lambda relay: relay.load)


class Simulated:
    """The house at work, and every command that its gateway is given."""

    def __init__(self) -> None:
        self.loads: list[dict[str, float]] = []
        """The power of each load behind a relay in W, second by second."""
        self.commands: list[tuple[str, str]] = []

    def note(self, gateway: Gateway) -> None:
        self.loads.append({relay.load: gateway.house.circuits[relay.load].demand.real for relay in RELAYS})

    async def power(self, relay: Relay) -> float:
        """The power behind a relay in W when the time in which it must follow is over."""
        end = len(self.loads) + SECONDS
        await until(lambda: len(self.loads) >= end)
        return self.loads[end - 1][relay.load]

    async def listen(self, broker: Mosquitto, ready: asyncio.Event) -> None:
        async with connected(broker.host, broker.port) as client:
            await client.subscribe("servicelocation/+/+/+/setstate")
            ready.set()
            async for message in client.messages:
                name = message.topic.value.split("/", 2)[-1]
                assert isinstance(message.payload, bytes)
                self.commands.append((name.removesuffix("/setstate"), json.loads(message.payload)["value"]))


@asynccontextmanager
async def living(broker: Mosquitto) -> AsyncIterator[Simulated]:
    """The house at work."""
    gateway = Gateway(House(SITES["everything"], seed=1, start=datetime(2026, 6, 21, 10, tzinfo=UTC)), seed=1)
    house = Simulated()
    async with in_background(partial(house.listen, broker)):
        running = asyncio.create_task(run(gateway, Endpoint(broker.host, broker.port), speed=SPEED, watch=house.note))
        yield house
        running.cancel()
        with suppress(asyncio.CancelledError, aiomqtt.MqttError):
            await running
