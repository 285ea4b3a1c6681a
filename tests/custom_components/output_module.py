"""An Output module at a hand-written gateway: notes every command, and answers when it is told to."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from tests import genius, modules
from tests.custom_components.sender import Sender, connected, in_background
from tests.modules import OUTPUT
from tests.mosquitto import Mosquitto

FORM: dict[str, Any] = {
    "id": OUTPUT,
    "name": "Cellar",
    "dialect": "outputmodule",
    "combined": False,
    "relay_1": "Boiler",
    "relay_2": "Towels",
    "normally_closed_1": False,
    "normally_closed_2": False,
    "override": {},
}
TRIED = modules.output(dialect="outputmodule", combined=False, normally_closed=[], override={})
UNTRIED = {**TRIED, "tried": False}


class FakeModule:
    """Its side of the bus."""

    def __init__(self, gateway: Sender) -> None:
        self.gateway = gateway
        self.commands: list[str] = []
        self.answers = True

    async def tell(self, word: str) -> None:
        await self.gateway.send(f"outputmodule/{OUTPUT}/state", {"value": word}, retain=True)

    async def listen(self, broker: Mosquitto, ready: asyncio.Event) -> None:
        async with connected(broker.host, broker.port) as client:
            await client.subscribe(genius.topic("outputmodule/+/setstate"))
            ready.set()
            async for message in client.messages:
                assert isinstance(message.payload, bytes)
                word = json.loads(message.payload)["value"]
                self.commands.append(word)
                if self.answers:
                    await self.tell(word)


@asynccontextmanager
async def listening(broker: Mosquitto, gateway: Sender) -> AsyncIterator[FakeModule]:
    """Note and answer commands."""
    module = FakeModule(gateway)
    async with in_background(partial(module.listen, broker)):
        yield module
