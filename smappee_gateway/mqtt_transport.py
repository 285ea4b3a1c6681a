"""MQTT to a gateway's own broker, or to the broker a gateway pushes to. The only file that knows the MQTT client."""

import asyncio
import random
import secrets
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol

import aiomqtt

from mqtt_schema.topics import SUBSCRIPTION
from smappee_gateway.backoff import Backoff
from smappee_gateway.broker import Broker, client_context, speaks_tls
from smappee_gateway.commands import Command
from smappee_gateway.errors import (
    CannotConnectError,
    CannotPublishError,
    InvalidAuthError,
    NotConnectedError,
    NoTlsError,
    TlsRequiredError,
    UntrustedCertificateError,
)
from smappee_gateway.modules import NO_MODULES, Modules
from smappee_gateway.mqtt_commands import publication
from smappee_gateway.mqtt_decoder import MqttMessage
from smappee_gateway.transport import Capabilities, OnConnection

CONNECT_TIMEOUT_S = 10.0
KEEPALIVE_S = 60
QOS = 1
"""What is subscribed to: messages come at the quality of service of their publisher, up to this. Gateways use 1 (seen
for `realtime`, inferred for the rest)."""

REFUSED_LOGINS = frozenset({134, 135})
"""Bad user name or password; not authorised: codes 4 and 5 of MQTT 3.1.1, which the client numbers as MQTT 5 does."""
REFUSED = 128
"""A granted quality of service from here on is none (MQTT 3.1.1, 3.9.3)."""

type Publish = Callable[[MqttMessage], Awaitable[None]]
"""Publishes a message with topic, payload, retain flag and quality of service; waits until the broker has it."""

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
        self._client_id = _client_id()
        self._backoff = Backoff(rng or random.Random())  # noqa: S311 - spreads retries, guards nothing
        self._client: aiomqtt.Client | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        return CAPABILITIES

    async def run(self, on_message: Callable[[MqttMessage], None], on_connection: OnConnection) -> None:
        """Stay connected and subscribed until cancelled; never raises because of the network."""
        while True:
            try:
                async with self.messages() as messages:
                    self._backoff.reset()
                    on_connection(None)
                    async for message in messages:
                        on_message(message)
            except CannotConnectError as error:
                on_connection(error)
            await asyncio.sleep(self._backoff.pause_s())

    @asynccontextmanager
    async def messages(self) -> AsyncIterator[AsyncIterator[MqttMessage]]:
        """Connect once, subscribe, and give the messages until the connection ends; raises CannotConnectError."""
        async with _connected(self.broker, self._client_id) as client:
            await _subscribe(client)
            self._client = client
            try:
                yield _received(client)
            finally:
                self._client = None

    async def send(self, command: Command) -> None:
        """Publish a command; raises NotConnectedError, or UnknownTargetError for an undeclared module."""
        if self._client is None:
            raise NotConnectedError(self.broker.address)
        topic, payload = publication(command, self._modules.outputs)
        try:
            await self._client.publish(topic, payload)
        except aiomqtt.MqttError as error:
            raise NotConnectedError(self.broker.address) from error


@asynccontextmanager
async def publisher(broker: Broker) -> AsyncIterator[Publish]:
    """Connect to a broker and give what publishes there; both raise CannotConnectError, or CannotPublishError."""
    async with _connected(broker, _client_id()) as client:

        async def publish(message: MqttMessage) -> None:
            qos = QOS if message.qos is None else message.qos
            try:
                await client.publish(message.topic, message.payload, qos=qos, retain=message.retained)
            except aiomqtt.MqttError as error:
                raise CannotConnectError(str(error), lost=True) from error
            except ValueError as error:
                raise CannotPublishError(f"'{message.topic}': {error}") from error

        yield publish


class _ReasonCode(Protocol):
    """What a broker answers; the client does not export its type."""

    value: int


@asynccontextmanager
async def _connected(broker: Broker, client_id: str) -> AsyncIterator[aiomqtt.Client]:
    """Connect once. Only what goes wrong in connecting is told as such: faults of who uses the client are theirs."""
    context = None if broker.tls is None else await client_context(broker.tls)
    async with AsyncExitStack() as stack:
        try:
            client = aiomqtt.Client(
                broker.host,
                broker.port,
                username=broker.user,
                password=broker.password,
                identifier=client_id,
                keepalive=KEEPALIVE_S,
                timeout=CONNECT_TIMEOUT_S,
                tls_context=context,
            )
            await stack.enter_async_context(client)
        except (aiomqtt.MqttError, OSError, ValueError) as error:
            raise await _reason(error, broker) from error
        yield client


async def _reason(error: Exception, broker: Broker) -> CannotConnectError:
    """Tell apart what a user mends in different places. The client keeps what was wrong below MQTT as the context."""
    match error, error.__context__:
        case aiomqtt.MqttCodeError(rc=code), _ if _number(code) in REFUSED_LOGINS:
            return InvalidAuthError(str(error))
        case _, ssl.SSLCertVerificationError() as cause:
            return UntrustedCertificateError(cause.verify_message)
        case _, ssl.SSLError() | ConnectionResetError() if broker.tls is not None:
            return NoTlsError(str(error))
        case _, TimeoutError() if broker.tls is None and await speaks_tls(broker):
            return TlsRequiredError(str(error))
        case _:
            return CannotConnectError(str(error))


async def _subscribe(client: aiomqtt.Client) -> None:
    try:
        granted = await client.subscribe(SUBSCRIPTION, qos=QOS)
    except aiomqtt.MqttError as error:
        raise CannotConnectError(str(error)) from error
    if any(_number(code) >= REFUSED for code in granted):
        raise InvalidAuthError(f"may not read {SUBSCRIPTION}")


async def _received(client: aiomqtt.Client) -> AsyncIterator[MqttMessage]:
    try:
        async for message in client.messages:
            if isinstance(message.payload, bytes | bytearray):
                yield MqttMessage(message.topic.value, bytes(message.payload), message.retain, message.qos)
    except aiomqtt.MqttError as error:
        raise CannotConnectError(str(error), lost=True) from error


def _number(code: int | _ReasonCode | None) -> int:
    """Return a reason code as a number; those that the client gives itself are no answers of a broker."""
    return 0 if code is None or isinstance(code, int) else code.value


def _client_id() -> str:
    """Return a name of our own, of 22 letters: every broker takes up to 23 (MQTT 3.1.1)."""
    return f"smappee-{secrets.token_hex(7)}"
