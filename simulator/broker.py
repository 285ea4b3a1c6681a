"""A broker of our own inside this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus
from typing import Final

# It tells no types.
from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter  # type: ignore[import-untyped]
from amqtt.broker import Broker  # type: ignore[import-untyped]
from amqtt.contexts import BrokerConfig, ListenerConfig, ListenerType  # type: ignore[import-untyped]
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from simulator.endpoint import Endpoint

WEBSOCKET_PATH: Final = "/mqtt"
_LISTENER: Final = "default"
_WEBSOCKET_LISTENER: Final = "websocket"
_ANYBODY: Final = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}


@asynccontextmanager
async def embedded_broker(endpoint: Endpoint, *, websocket_port: int | None = None) -> AsyncIterator[Endpoint]:
    """Run a broker (MQTT 3.1.1, anonymous) as long as the context lasts; port 0 takes a free one.

    With `websocket_port` it also speaks MQTT over WebSocket there, path ``/mqtt``, on the same address. Yields the
    endpoint it listens on. Raises OSError when an address cannot be taken.
    """
    listeners = {name: ListenerConfig(type=ListenerType.EXTERNAL) for name in (_LISTENER, _WEBSOCKET_LISTENER)}
    broker = Broker(BrokerConfig(listeners=listeners, plugins=_ANYBODY))

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await broker.external_connected(StreamReaderAdapter(reader), StreamWriterAdapter(writer), _LISTENER)

    async with AsyncExitStack() as stack:
        server = await asyncio.start_server(connected, endpoint.host, endpoint.port)
        stack.callback(server.close)
        if websocket_port is not None:
            await stack.enter_async_context(_websocket(broker, endpoint.host, websocket_port))
        await broker.start()
        try:
            yield Endpoint(endpoint.host, server.sockets[0].getsockname()[1])
        finally:
            server.close()
            await broker.shutdown()
            server.close_clients()
            await server.wait_closed()


def _websocket(broker: Broker, host: str, port: int) -> serve:
    async def connected(connection: ServerConnection) -> None:
        await broker.ws_connected(connection, _WEBSOCKET_LISTENER)

    return serve(connected, host, port, subprotocols=[Subprotocol("mqtt")], process_request=_refuse_other_paths)


def _refuse_other_paths(connection: ServerConnection, request: Request) -> Response | None:
    if request.path == WEBSOCKET_PATH:
        return None
    return connection.respond(HTTPStatus.NOT_FOUND, f"MQTT is at {WEBSOCKET_PATH}\n")
