"""Runs a gateway against a real broker, in real time or faster."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import aiomqtt

from simulator.charger_topics import ChargerTopics
from simulator.endpoint import Endpoint
from simulator.gateway.gateway import Gateway
from simulator.gateway.message import Message
from simulator.pace import Pace

RECONNECT_S: Final = 2.0
KEEPALIVE_S: Final = 60

_LOGGER: Final = logging.getLogger(__name__)


class BrokerUnreachableError(Exception):
    """There is no broker at the address, or it turned us away."""


def _ignore(_: Gateway) -> None:
    """Watch nothing."""


async def run(
    gateway: Gateway,
    endpoint: Endpoint,
    *,
    speed: float = 1.0,
    watch: Callable[[Gateway], None] = _ignore,
    chargers: ChargerTopics | None = None,
) -> None:
    """Publish to the broker at `endpoint` and obey its clients until cancelled.

    `chargers` are those of the same house, on the same connection. `watch` is called after each simulated second. A
    connection that is lost is made again: what would have been published meanwhile is lost, except retained documents.
    Raises BrokerUnreachableError when the first attempt fails.
    """
    session = _Session(gateway, chargers, endpoint, Pace(gateway.house.now_ms, speed), watch)
    while True:
        try:
            await session.serve()
        except aiomqtt.MqttError as error:
            if not session.connected_before:
                reason = f"no MQTT broker answers at {endpoint}; start it, or use --broker embedded"
                raise BrokerUnreachableError(reason) from error
        await asyncio.sleep(RECONNECT_S)
        session.catch_up()


class _Session:
    """A gateway, its broker, and the retained messages the broker should hold."""

    def __init__(
        self,
        gateway: Gateway,
        chargers: ChargerTopics | None,
        endpoint: Endpoint,
        pace: Pace,
        watch: Callable[[Gateway], None],
    ) -> None:
        self.connected_before = False
        self._gateway = gateway
        self._chargers = chargers
        self._endpoint = endpoint
        self._pace = pace
        self._watch = watch
        self._retained: dict[str, Message] = {}

    async def serve(self) -> None:
        """Serve until the connection is lost. Raises MqttError when it cannot be made."""
        async with self._client() as client:
            self.connected_before = True
            for topic in [*self._gateway.commands, *(self._chargers.commands if self._chargers else ())]:
                await client.subscribe(topic)
            for message in list(self._retained.values()):
                await self._publish(client, message)
            try:
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._live(client))
                    both.create_task(self._obey(client))
            except* aiomqtt.MqttError:
                _LOGGER.warning("connection to %s lost, trying again", self._endpoint)
            finally:
                await self._take_leave(client)

    def _client(self) -> aiomqtt.Client:
        return aiomqtt.Client(
            self._endpoint.host,
            self._endpoint.port,
            username=self._endpoint.username,
            password=self._endpoint.password,
            protocol=aiomqtt.ProtocolVersion.V311,
            identifier=f"Smappee{self._gateway.house.site.identity.serial_number}",
            keepalive=KEEPALIVE_S,
            will=self._will,
        )

    @property
    def _will(self) -> aiomqtt.Will | None:
        if self._chargers is None:
            return None
        will = self._chargers.will
        return aiomqtt.Will(will.topic, will.payload, will.qos, will.retain)

    async def _take_leave(self, client: aiomqtt.Client) -> None:
        """Say what the broker would say if we were gone without a word; where the connection is lost it does."""
        if self._chargers:
            with suppress(aiomqtt.MqttError):
                will = self._chargers.will
                await client.publish(will.topic, will.payload, qos=will.qos, retain=will.retain)

    def _step(self) -> list[Message]:
        messages = self._gateway.step()
        return messages + self._chargers.every_second() if self._chargers else messages

    def _handle(self, topic: str, payload: bytes) -> list[Message]:
        answers = self._gateway.handle(topic, payload)
        return answers + self._chargers.handle(topic, payload) if self._chargers else answers

    def catch_up(self) -> None:
        """Live through the time without a connection; only retained documents are kept."""
        while self._gateway.house.now_ms < self._pace.now_ms():
            self._remember(self._step())

    async def _live(self, client: aiomqtt.Client) -> None:
        while True:
            for message in self._step():
                await self._pace.until(message.at_ms)
                await self._publish(client, message)
            await self._pace.until(self._gateway.house.now_ms)
            self._watch(self._gateway)

    async def _obey(self, client: aiomqtt.Client) -> None:
        async for command in client.messages:
            for message in self._handle(command.topic.value, command.payload):
                await self._publish(client, message)

    async def _publish(self, client: aiomqtt.Client, message: Message) -> None:
        self._remember([message])
        await client.publish(message.topic, message.payload, qos=message.qos, retain=message.retain)

    def _remember(self, messages: list[Message]) -> None:
        self._retained.update({message.topic: message for message in messages if message.retain})
