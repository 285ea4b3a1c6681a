"""MQTT to a gateway's own broker, or to the broker a gateway pushes to. The only file that knows the MQTT client."""

import asyncio
import json
import random
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiomqtt

from mqtt_schema.topics import SUBSCRIPTION, set_plug_state
from smappee_gateway.backoff import Backoff
from smappee_gateway.commands import Command
from smappee_gateway.errors import CannotConnectError, NotConnectedError
from smappee_gateway.mqtt_decoder import MqttMessage
from smappee_gateway.transport import Capabilities

DEFAULT_PORT = 1883
CONNECT_TIMEOUT_S = 10.0
KEEPALIVE_S = 60

CAPABILITIES = Capabilities(commands=True, push=True, expected_interval_s=1.0, stale_after_s=15.0)
"""A Genius sends `realtime` once a second (captured) and needs no handshake; fifteen missed ones are a fault."""


class MqttTransport:
    """One connection. Every instance has its own client id: two clients with one id evict each other for ever."""

    def __init__(self, host: str, port: int = DEFAULT_PORT, rng: random.Random | None = None) -> None:
        """Nothing is connected yet; `rng` spreads the pauses between attempts."""
        self.host = host
        self.port = port
        self._client_id = f"smappee-{secrets.token_hex(7)}"  # 22 letters: every broker takes up to 23 (MQTT 3.1.1)
        self._backoff = Backoff(rng or random.Random())  # noqa: S311 - spreads retries, guards nothing
        self._client: aiomqtt.Client | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        return CAPABILITIES

    async def run(self, on_message: Callable[[MqttMessage], None], on_connection: Callable[[str | None], None]) -> None:
        """Stay connected and subscribed until cancelled; never raises because of the network."""
        while True:
            try:
                async with self.messages() as messages:
                    self._backoff.reset()
                    on_connection(None)
                    async for message in messages:
                        on_message(message)
            except CannotConnectError as error:
                on_connection(str(error))
            await asyncio.sleep(self._backoff.pause_s())

    @asynccontextmanager
    async def messages(self) -> AsyncIterator[AsyncIterator[MqttMessage]]:
        """Connect once, subscribe, and give the messages until the connection ends; raises CannotConnectError."""
        client = aiomqtt.Client(
            self.host,
            self.port,
            identifier=self._client_id,
            keepalive=KEEPALIVE_S,
            timeout=CONNECT_TIMEOUT_S,
        )
        try:
            async with client:
                await client.subscribe(SUBSCRIPTION)
                self._client = client
                yield _received(client)
        except (aiomqtt.MqttError, OSError, ValueError) as error:
            raise CannotConnectError(str(error)) from error
        finally:
            self._client = None

    async def send(self, command: Command) -> None:
        """Publish a command in the form of the vendor's client; raises NotConnectedError."""
        if self._client is None:
            raise NotConnectedError(self.host)
        payload = json.dumps({"value": "ON" if command.on else "OFF"})
        try:
            await self._client.publish(set_plug_state(command.location, command.plug), payload)
        except aiomqtt.MqttError as error:
            raise NotConnectedError(self.host) from error


async def _received(client: aiomqtt.Client) -> AsyncIterator[MqttMessage]:
    async for message in client.messages:
        if isinstance(message.payload, bytes | bytearray):
            yield MqttMessage(message.topic.value, bytes(message.payload), message.retain)
