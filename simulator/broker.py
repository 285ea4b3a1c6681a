"""Where the messages go: a broker of our own inside this process, or the address of another one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Self, override
from urllib.parse import urlsplit

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter  # type: ignore[import-untyped]
from amqtt.broker import Broker  # type: ignore[import-untyped]
from amqtt.contexts import BrokerConfig, ListenerConfig, ListenerType  # type: ignore[import-untyped]

DEFAULT_PORT: Final = 1883
_LISTENER: Final = "default"
_ANYBODY: Final = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A broker's address, with credentials where it wants them."""

    host: str
    port: int = DEFAULT_PORT
    username: str | None = None
    password: str | None = None

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Read ``mqtt://[user:password@]host[:port]``. Raises ValueError for anything else."""
        parts = urlsplit(url)
        if parts.scheme != "mqtt" or not parts.hostname:
            raise ValueError(f"not an address like mqtt://host:{DEFAULT_PORT}: {url}")
        return cls(parts.hostname, parts.port or DEFAULT_PORT, parts.username, parts.password)

    @override
    def __str__(self) -> str:
        return f"mqtt://{self.host}:{self.port}"


@asynccontextmanager
async def embedded_broker(endpoint: Endpoint) -> AsyncIterator[Endpoint]:
    """Run a broker (MQTT 3.1.1, anonymous) as long as the context lasts; port 0 takes a free one.

    Yields the endpoint it listens on. Raises OSError when the address cannot be taken.
    """
    broker = Broker(BrokerConfig(listeners={_LISTENER: ListenerConfig(type=ListenerType.EXTERNAL)}, plugins=_ANYBODY))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await broker.external_connected(StreamReaderAdapter(reader), StreamWriterAdapter(writer), _LISTENER)

    server = await asyncio.start_server(serve, endpoint.host, endpoint.port)
    await broker.start()
    try:
        yield Endpoint(endpoint.host, server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await broker.shutdown()
        server.close_clients()
        await server.wait_closed()
