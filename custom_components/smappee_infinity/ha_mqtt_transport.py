"""A gateway by way of Home Assistant's own MQTT: for those whose gateway sends to the broker that it uses already."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

from homeassistant.components import mqtt
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from ._vendor.mqtt_schema.topics import SUBSCRIPTION
from ._vendor.smappee_gateway.commands import Command
from ._vendor.smappee_gateway.errors import CannotConnectError, NotConnectedError
from ._vendor.smappee_gateway.modules import NO_MODULES, Modules
from ._vendor.smappee_gateway.mqtt_client import QOS
from ._vendor.smappee_gateway.mqtt_commands import publication
from ._vendor.smappee_gateway.mqtt_decoder import MqttMessage
from ._vendor.smappee_gateway.mqtt_transport import CAPABILITIES
from ._vendor.smappee_gateway.transport import Capabilities, OnConnection

FIRST_STATUS_TIMEOUT_S = 5.0
"""At the start of Home Assistant its client may be set up and not connected yet."""

NOT_CONNECTED = "not connected"


class MqttNotConnectedError(CannotConnectError):
    """Home Assistant's MQTT is not set up, or has no connection with its broker."""


def is_set_up(hass: HomeAssistant) -> bool:
    """Tell whether Home Assistant's MQTT can be used."""
    return bool(hass.config_entries.async_loaded_entries(mqtt.DOMAIN))


class HaMqttTransport:
    """Home Assistant's client connects, comes back and subscribes anew by itself; this only follows it."""

    def __init__(self, hass: HomeAssistant, modules: Modules = NO_MODULES) -> None:
        """Nothing is subscribed to yet; `modules` can be commanded."""
        self._hass = hass
        self._modules = modules

    @property
    def capabilities(self) -> Capabilities:
        """What it can do: the same messages arrive as from a broker of one's own."""
        return CAPABILITIES

    async def run(self, on_message: Callable[[MqttMessage], None], on_connection: OnConnection) -> None:
        """Follow the client until cancelled; it is subscribed to when it is connected for the first time."""
        statuses = asyncio.Queue[bool]()
        subscribed = False
        async with AsyncExitStack() as stack:
            stack.enter_context(_followed(self._hass, statuses.put_nowait))
            connected = await _first_status(self._hass, statuses)
            while True:
                if connected and not subscribed:
                    await stack.enter_async_context(_subscribed(self._hass, on_message))
                    subscribed = True
                on_connection(None if connected else MqttNotConnectedError(NOT_CONNECTED, lost=subscribed))
                connected = await statuses.get()

    def focus(self, location: str) -> None:
        """Keep the subscription: Home Assistant's client sorts by topic, and a house has one gateway or two."""

    @asynccontextmanager
    async def messages(self) -> AsyncIterator[AsyncIterator[MqttMessage]]:
        """Subscribe, and give the messages until the connection ends; raises MqttNotConnectedError."""
        statuses = asyncio.Queue[bool]()
        received = asyncio.Queue[MqttMessage | None]()
        with _followed(self._hass, statuses.put_nowait):
            if not await _first_status(self._hass, statuses):
                raise MqttNotConnectedError(NOT_CONNECTED)
            async with _subscribed(self._hass, received.put_nowait):
                with _followed(self._hass, lambda _connected: received.put_nowait(None)):
                    yield _until_none(received)

    async def send(self, command: Command) -> None:
        """Publish a command; raises NotConnectedError, or UnknownTargetError for an undeclared module."""
        topic, payload = publication(command, self._modules.outputs)
        if not _is_connected(self._hass):
            raise NotConnectedError(mqtt.DOMAIN)
        try:
            await mqtt.async_publish(self._hass, topic, payload)
        except HomeAssistantError as error:
            raise NotConnectedError(mqtt.DOMAIN) from error


def _is_connected(hass: HomeAssistant) -> bool:
    return is_set_up(hass) and mqtt.is_connected(hass)


async def _first_status(hass: HomeAssistant, statuses: asyncio.Queue[bool]) -> bool:
    if _is_connected(hass) or not is_set_up(hass):
        return _is_connected(hass)
    try:
        async with asyncio.timeout(FIRST_STATUS_TIMEOUT_S):
            return await statuses.get()
    except TimeoutError:
        return False


@contextmanager
def _followed(hass: HomeAssistant, on_status: Callable[[bool], None]) -> Iterator[None]:
    """Tell `on_status` whether the client is connected, whenever that changes."""

    @callback
    def follow(connected: bool) -> None:  # noqa: FBT001 - Home Assistant calls it so
        on_status(connected)

    leave = mqtt.async_subscribe_connection_status(hass, follow)
    try:
        yield
    finally:
        leave()


@asynccontextmanager
async def _subscribed(hass: HomeAssistant, on_message: Callable[[MqttMessage], None]) -> AsyncIterator[None]:
    """Hear every service location."""
    ended = False

    @callback
    def take(message: mqtt.ReceiveMessage) -> None:
        # A client that was set up anew meanwhile has this subscription, too, and nobody can take it from it.
        if not ended and isinstance(message.payload, bytes | bytearray):
            on_message(MqttMessage(message.topic, bytes(message.payload), message.retain, message.qos))

    leave = await mqtt.async_subscribe(hass, SUBSCRIPTION, take, qos=QOS, encoding=None)
    try:
        yield
    finally:
        ended = True
        leave()


async def _until_none(received: asyncio.Queue[MqttMessage | None]) -> AsyncIterator[MqttMessage]:
    while (message := await received.get()) is not None:
        yield message
    raise MqttNotConnectedError(NOT_CONNECTED, lost=True)
