"""MQTT to a gateway's own broker, or to the broker a gateway pushes to."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from mqtt_schema.topics import SUBSCRIPTION, subscriptions
from smappee_gateway.backoff import Backoff
from smappee_gateway.broker import Broker
from smappee_gateway.commands import Command
from smappee_gateway.errors import CannotConnectError, NotConnectedError
from smappee_gateway.modules import NO_MODULES, Modules
from smappee_gateway.mqtt_client import Link, connected, new_client_id
from smappee_gateway.mqtt_commands import publication
from smappee_gateway.mqtt_decoder import MqttMessage
from smappee_gateway.transport import Capabilities, OnConnection

CAPABILITIES = Capabilities(commands=True, push=True, expected_interval_s=1.0, stale_after_s=15.0)
"""A Genius sends `realtime` once a second (captured) and needs no handshake; fifteen missed ones are a fault."""


class MqttTransport:
    """One connection. Every instance has its own client id: two clients with one id evict each other for ever."""

    def __init__(
        self,
        broker: Broker,
        rng: random.Random | None = None,
        modules: Modules = NO_MODULES,
    ) -> None:
        """Nothing is connected yet; `rng` spreads the pauses between attempts, `modules` can be commanded."""
        self.broker = broker
        self._modules = modules
        self._client_id = new_client_id()
        self._backoff = Backoff(rng or random.Random())  # noqa: S311 - spreads retries, guards nothing
        self._link: Link | None = None
        self._wanted = subscriptions(None)
        self._subscribed = frozenset[str]()

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        return CAPABILITIES

    async def run(self, on_message: Callable[[MqttMessage], None], on_connection: OnConnection) -> None:
        """Stay connected and subscribed until cancelled; never raises because of the network.

        Until it is known where the gateway is, only introductions are heard. They are retained, and what the gateway
        tells at its start comes after its own.
        """
        while True:
            try:
                async with self._connected(self._wanted) as messages:
                    self._backoff.reset()
                    on_connection(None)
                    async for message in messages:
                        on_message(message)
                        await self._subscribe()
            except CannotConnectError as error:
                on_connection(error)
            await asyncio.sleep(self._backoff.pause_s())

    @asynccontextmanager
    async def messages(self) -> AsyncIterator[AsyncIterator[MqttMessage]]:
        """Connect once, and give the messages of all until the connection ends; raises CannotConnectError."""
        async with self._connected(frozenset({SUBSCRIPTION})) as messages:
            yield messages

    def focus(self, location: str) -> None:
        """Hear this service location: of a broker that many gateways share, each reader gets its own part."""
        self._wanted = subscriptions(location)

    @asynccontextmanager
    async def _connected(self, topics: frozenset[str]) -> AsyncIterator[AsyncIterator[MqttMessage]]:
        async with connected(self.broker, self._client_id) as link:
            for each in topics:
                await link.subscribe(each)
            self._link, self._subscribed = link, topics
            try:
                yield link.messages()
            finally:
                self._link = None

    async def _subscribe(self) -> None:
        """Subscribe to what is wanted, then leave the rest: nothing is missed in between, and twice does no harm."""
        if self._link is None or self._subscribed == self._wanted:
            return
        wanted, left = self._wanted, self._subscribed - self._wanted
        for topics in wanted - self._subscribed:
            await self._link.subscribe(topics)
        for topics in left:
            await self._link.unsubscribe(topics)
        self._subscribed = wanted

    async def send(self, command: Command) -> None:
        """Publish a command; raises NotConnectedError, or UnknownTargetError for an undeclared module."""
        if self._link is None:
            raise NotConnectedError(self.broker.address)
        topic, payload = publication(command, self._modules.outputs)
        try:
            await self._link.publish(MqttMessage(topic, payload, retained=False, qos=0))
        except CannotConnectError as error:
            raise NotConnectedError(self.broker.address) from error
