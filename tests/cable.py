"""A TCP cable to a broker, which a test can cut while the broker and its other clients go on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.mosquitto import Mosquitto

CHUNK_BYTES = 65_536


class Cable:
    """Takes connections on a port of its own and carries them to a broker."""

    host = "127.0.0.1"

    def __init__(self, broker: Mosquitto) -> None:
        self.port = 0
        self._broker = broker
        self._ends: list[asyncio.StreamWriter] = []

    def cut(self) -> None:
        """End every connection; new ones can be made."""
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection in both directions until it ends."""
        there, back = await asyncio.open_connection(self._broker.host, self._broker.port)
        self._ends += [writer, back]
        await asyncio.gather(_pour(reader, back), _pour(there, writer))


@asynccontextmanager
async def cable_to(broker: Mosquitto) -> AsyncIterator[Cable]:
    """Lay a cable."""
    cable = Cable(broker)
    server = await asyncio.start_server(cable.carry, cable.host)
    cable.port = server.sockets[0].getsockname()[1]
    try:
        yield cable
    finally:
        server.close()
        cable.cut()


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(CHUNK_BYTES):
            sink.write(data)
            await sink.drain()
    sink.close()
