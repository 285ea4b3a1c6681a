"""One connection to the target broker, with a last will of its own."""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass

from openhab_bridge.echo import Echo
from openhab_bridge.explanations import forbidden, of_silence
from openhab_bridge.faults import first
from openhab_bridge.outage import Outage
from openhab_bridge.outbox import Outbox
from openhab_bridge.status import ConnectionStatus
from smappee_gateway.backoff import Backoff
from smappee_gateway.broker import Broker
from smappee_gateway.errors import CannotConnectError, CannotPublishError, InvalidAuthError
from smappee_gateway.mqtt_client import Link, connected, new_client_id
from smappee_gateway.mqtt_decoder import MqttMessage

_LOGGER = logging.getLogger(__name__)

MOST_AT_ONCE = 10
"""Messages on their way at the same time: brokers take twenty (Mosquitto's default), the client warns above ten."""
LOOK_S = 5.0
"""How often a connection looks whether the broker keeps what it has published."""
FORBIDDEN_S = 60.0
"""After this time something that may not be read is tried again."""


def ignore(_message: MqttMessage) -> None:
    """Take a message, and do nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What a connection is for."""

    name: str
    will: MqttMessage | None = None
    """What the broker publishes when it loses us."""
    opening: MqttMessage | None = None
    """What is published before anything else, at every new connection and before what is described changes."""
    subscriptions: tuple[str, ...] = ()
    """What is listened to."""
    on_live: Callable[[MqttMessage], None] = ignore
    """Is told what somebody sends now."""
    on_retained: Callable[[MqttMessage], None] = ignore
    """Is told what the broker had kept: what an earlier run, or somebody else, has left there."""


class Connection:
    """Stays connected, and brings the outbox there, until it is cancelled."""

    def __init__(self, broker: Broker, purpose: Purpose, outage: Outage, rng: random.Random | None = None) -> None:
        """Connect nothing yet; `outage` is told of failures, `rng` spreads the pauses between attempts."""
        self.purpose = purpose
        self.outbox = Outbox()
        self.connected = False
        self.failure = ""
        self.published = 0
        self.connects = 0
        """How often there was a connection."""
        self._broker = broker
        self._outage = outage
        outage.awaits(purpose.name)
        self._echo = Echo()
        self._backoff = Backoff(rng or random.Random())  # noqa: S311 - spreads retries, guards nothing
        self._filled = asyncio.Event()
        self._empty = asyncio.Event()
        self._opens_again = False
        self._forbidden: set[str] = set()
        """What may not be read; said once."""

    @property
    def status(self) -> ConnectionStatus:
        """How it is now."""
        return ConnectionStatus(
            name=self.purpose.name,
            connected=self.connected,
            failure=self.failure,
            published=self.published,
            waiting=len(self.outbox),
        )

    def wake(self, *, opens_again: bool = False) -> None:
        """Look into the outbox: something has been put in. `opens_again`: say first that more is about to change."""
        self._opens_again |= opens_again
        self._empty.clear()
        self._filled.set()

    async def drained(self, timeout_s: float) -> bool:
        """Wait until the broker has everything; tells whether it has."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._empty.wait()
        except TimeoutError:
            return False
        return True

    async def run(self) -> None:
        """Stay connected until cancelled; never raises because of the network."""
        client_id = new_client_id()
        while True:
            try:
                async with connected(self._broker, client_id, self.purpose.will) as link:
                    self._backoff.reset()
                    await self._serve(link)
            except* CannotConnectError as lost:
                self._lost(first(lost))
            await asyncio.sleep(self._backoff.pause_s())

    async def _serve(self, link: Link) -> None:
        """Use a connection until it is lost."""
        self._opens_again = True
        self.outbox.renew()
        self._found()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._receive(link))
            tasks.create_task(self._send(link))
            if self.purpose.will is not None:
                tasks.create_task(self._listen_to_itself(link, self.purpose.will.topic))
            for topics in self.purpose.subscriptions:
                tasks.create_task(self._subscribe(link, topics))

    async def _subscribe(self, link: Link, topics: str) -> None:
        """Listen as soon as that is allowed; what is published does not depend on it."""
        while not await self._may_read(link, topics):
            if topics not in self._forbidden:
                self._forbidden.add(topics)
                _LOGGER.warning("%s", forbidden(topics, self._broker))
            await asyncio.sleep(FORBIDDEN_S)
        if topics in self._forbidden:
            self._forbidden.discard(topics)
            _LOGGER.info("'%s' may be read now", topics)

    async def _may_read(self, link: Link, topics: str) -> bool:
        try:
            await link.subscribe(topics)
        except InvalidAuthError:
            return False
        return True

    async def _listen_to_itself(self, link: Link, state: str) -> None:
        """Look now and then whether the state that is published arrives; where it may not be read, nobody can tell."""
        if not await self._may_read(link, state):
            return
        while True:
            await asyncio.sleep(LOOK_S)
            was_missing = self._echo.is_missing
            if not len(self.outbox):
                self._echo.look(self.outbox.text(state))
            if self._echo.misses:
                self.outbox.repeat(state)
                self.wake()
            if self._echo.is_missing is not was_missing:
                self._tell_silence()

    def _tell_silence(self) -> None:
        """Say that nothing arrives at the broker, or send everything again because it does."""
        name = self.purpose.name
        if self._echo.is_missing:
            self.failure = of_silence(name, self._broker)
            _LOGGER.warning("%s", self.failure)
        else:
            self.failure = ""
            _LOGGER.info("What is published below %s/ arrives at %s now", name, self._broker.address)
            self.outbox.renew()
            self.wake(opens_again=True)

    async def _receive(self, link: Link) -> None:
        state = None if self.purpose.will is None else self.purpose.will.topic
        async for message in link.messages():
            if message.topic == state:
                self._echo.hear(message.payload)
            else:
                (self.purpose.on_retained if message.retained else self.purpose.on_live)(message)

    async def _send(self, link: Link) -> None:
        while True:
            while self._opens_again:  # also when it has become so meanwhile: the state comes after the last opening
                await self._open(link)
            publications = self.outbox.take(MOST_AT_ONCE)
            if not publications:
                await self._wait()
                continue
            try:
                async with asyncio.TaskGroup() as tasks:
                    for topic, payload in publications:
                        tasks.create_task(self._publish(link, topic, payload))
            except BaseException:  # also when others end the connection: nobody knows what got through
                self.outbox.give_back(topic for topic, _ in publications)
                raise

    async def _open(self, link: Link) -> None:
        self._opens_again = False
        if self.purpose.opening is not None:
            await link.publish(self.purpose.opening)

    async def _wait(self) -> None:
        self._empty.set()
        self._filled.clear()
        await self._filled.wait()

    async def _publish(self, link: Link, topic: str, payload: bytes) -> None:
        try:
            await link.publish(MqttMessage(topic, payload, retained=True))
            self.published += 1
        except CannotPublishError as error:
            _LOGGER.warning("%s: a topic that MQTT does not allow is left out: %s", self.purpose.name, error)

    def _found(self) -> None:
        self.connected, self.failure = True, ""
        self.connects += 1
        self._echo = Echo()
        self._outage.ends(self.purpose.name)

    def _lost(self, error: CannotConnectError) -> None:
        self.connected = False
        self.failure = self._outage.begins(self.purpose.name, error)
        self._empty.clear()
