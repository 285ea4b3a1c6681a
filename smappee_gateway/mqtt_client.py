"""One connection to an MQTT broker. The only file that knows the MQTT client."""

import asyncio
import logging
import secrets
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Protocol

import aiomqtt

from smappee_gateway.broker import Broker, client_context, speaks_tls
from smappee_gateway.errors import (
    CannotConnectError,
    CannotPublishError,
    InvalidAuthError,
    NoTlsError,
    TlsRequiredError,
    UntrustedCertificateError,
)
from smappee_gateway.mqtt_decoder import MqttMessage

CONNECT_TIMEOUT_S = 10.0
GIVE_UP_TIMEOUT_S = 1.0
"""For a connection that nobody waits for any more, to be made, and to be left."""
KEEPALIVE_S = 60
QOS = 1
"""What is subscribed to: messages come at the quality of service of their publisher, up to this. Gateways use 1 (seen
for `realtime`, inferred for the rest)."""

REFUSED_LOGINS = frozenset({134, 135})
"""Bad user name or password; not authorised: codes 4 and 5 of MQTT 3.1.1, which the client numbers as MQTT 5 does."""
REFUSED = 128
"""A granted quality of service from here on is none (MQTT 3.1.1, 3.9.3)."""


_CLIENT_LOG = logging.getLogger("mqtt.smappee")
"""The client's own log, below its usual name. What it complains about we tell ourselves, once and in better words."""
_CLIENT_LOG.addFilter(lambda record: record.levelno < logging.WARNING)


class _ReasonCode(Protocol):
    """What a broker answers; the client does not export its type."""

    value: int


class Link:
    """A connection that stands until it is lost or left."""

    def __init__(self, client: aiomqtt.Client) -> None:
        """`client` is connected."""
        self._client = client
        self._subscribed: set[str] = set()

    async def subscribe(self, topics: str) -> None:
        """Receive what is sent on these topics; raises CannotConnectError, or InvalidAuthError when it is forbidden."""
        self._subscribed.add(topics)  # from now on: the answer may not be waited for
        try:
            granted = await self._client.subscribe(topics, qos=QOS)
        except aiomqtt.MqttError as error:
            raise CannotConnectError(str(error)) from error
        if any(_number(code) >= REFUSED for code in granted):
            raise InvalidAuthError(f"may not read {topics}")

    async def unsubscribe(self, topics: str) -> None:
        """Receive these topics no more; raises CannotConnectError."""
        try:
            await self._client.unsubscribe(topics)
        except aiomqtt.MqttError as error:
            raise CannotConnectError(str(error), lost=True) from error
        self._subscribed.discard(topics)

    async def fall_silent(self) -> None:
        """Receive nothing more, when the broker still answers.

        A broker that still delivers while we close may take us for lost before it reads that we leave; Mosquitto 2.0.11
        does.
        """
        if self._subscribed:
            with suppress(aiomqtt.MqttError):
                await self._client.unsubscribe(list(self._subscribed), timeout=GIVE_UP_TIMEOUT_S)

    async def publish(self, message: MqttMessage) -> None:
        """Publish with topic, payload, retain flag and quality of service, and wait until the broker has it.

        Raises CannotConnectError, or CannotPublishError for a topic that MQTT does not allow.
        """
        qos = QOS if message.qos is None else message.qos
        try:
            await self._client.publish(message.topic, message.payload, qos=qos, retain=message.retained)
        except aiomqtt.MqttError as error:
            raise CannotConnectError(str(error), lost=True) from error
        except ValueError as error:
            raise CannotPublishError(f"'{message.topic}': {error}") from error

    async def messages(self) -> AsyncIterator[MqttMessage]:
        """Give what arrives; raises CannotConnectError when the connection ends."""
        try:
            async for message in self._client.messages:
                if isinstance(message.payload, bytes | bytearray):
                    yield MqttMessage(message.topic.value, bytes(message.payload), message.retain, message.qos)
        except aiomqtt.MqttError as error:
            raise CannotConnectError(str(error), lost=True) from error


@asynccontextmanager
async def connected(broker: Broker, client_id: str, will: MqttMessage | None = None) -> AsyncIterator[Link]:
    """Connect once; raises CannotConnectError or the kind of it that says what to mend.

    `will`: what the broker publishes when it loses us; not when we leave. Only what goes wrong in connecting is told
    as such: faults of who uses the link are theirs.
    """
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
                logger=_CLIENT_LOG,
                will=None if will is None else _will(will),
            )
            await _enter(client)
            stack.push_async_exit(client)
        except (aiomqtt.MqttError, OSError, ValueError) as error:
            raise await _reason(error, broker) from error
        link = Link(client)
        if will is not None:
            stack.push_async_callback(link.fall_silent)
        yield link


async def _enter(client: aiomqtt.Client) -> None:
    """Connect. Left to itself the client keeps its socket when no answer comes, or when it is cancelled meanwhile."""
    entering = asyncio.ensure_future(client.__aenter__())
    try:
        await asyncio.wait([entering])
        entering.result()
    except BaseException:
        # Its thread cannot be cancelled, and what that opens afterwards nobody would close.
        await asyncio.wait([entering], timeout=GIVE_UP_TIMEOUT_S)
        with suppress(aiomqtt.MqttError, TimeoutError):
            async with asyncio.timeout(GIVE_UP_TIMEOUT_S):
                await client.__aexit__(None, None, None)
        entering.cancel()
        await asyncio.gather(entering, return_exceptions=True)
        raise


def new_client_id() -> str:
    """Return a name of our own, of 22 letters: every broker takes up to 23 (MQTT 3.1.1)."""
    return f"smappee-{secrets.token_hex(7)}"


def _will(message: MqttMessage) -> aiomqtt.Will:
    return aiomqtt.Will(message.topic, message.payload, qos=QOS, retain=message.retained)


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


def _number(code: int | _ReasonCode | None) -> int:
    """Return a reason code as a number; those that the client gives itself are no answers of a broker."""
    return 0 if code is None or isinstance(code, int) else code.value
