"""A transport and a decoder whose every step a test decides."""

import asyncio
from collections.abc import Callable

from smappee_gateway.commands import Command
from smappee_gateway.errors import CannotConnectError, NotConnectedError
from smappee_gateway.transport import Capabilities, OnConnection
from smappee_gateway.updates import SiteUpdate


class PassingDecoder:
    """Its raw messages are updates already."""

    def decode(self, raw: SiteUpdate) -> list[SiteUpdate]:
        return [raw]


class HandTransport:
    """Connects, receives and loses the connection when told to."""

    capabilities = Capabilities(commands=True, push=True, expected_interval_s=1.0, stale_after_s=15.0)

    def __init__(self) -> None:
        self.sent: list[Command] = []
        self.locations: list[str] = []
        self.up = False
        self.running = asyncio.Event()
        self.broken = asyncio.Event()
        self._on_message: Callable[[SiteUpdate], None]
        self._on_connection: OnConnection

    async def run(self, on_message: Callable[[SiteUpdate], None], on_connection: OnConnection) -> None:
        self._on_message, self._on_connection = on_message, on_connection
        self.running.set()
        await self.broken.wait()
        raise RuntimeError("the transport broke")

    def focus(self, location: str) -> None:
        self.locations.append(location)

    async def send(self, command: Command) -> None:
        if not self.up:
            raise NotConnectedError("nowhere")
        self.sent.append(command)

    def connect(self) -> None:
        self.up = True
        self._on_connection(None)

    def lose(self, reason: str, kind: type[CannotConnectError] = CannotConnectError) -> None:
        self.up = False
        self._on_connection(kind(reason))

    def receive(self, update: SiteUpdate) -> None:
        self._on_message(update)
