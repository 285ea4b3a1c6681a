"""Shows one house at the target broker, on all faces that are wanted, until it is told to stop."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from openhab_bridge.commands import Commands
from openhab_bridge.connection import Connection, Purpose
from openhab_bridge.faces.discovery import DiscoveryFace
from openhab_bridge.faces.face import Face
from openhab_bridge.faces.homie import HomieFace
from openhab_bridge.faces.plain import STATES as PLAIN_STATES
from openhab_bridge.faces.plain import PlainFace
from openhab_bridge.feed import Feed
from openhab_bridge.house import House
from openhab_bridge.model import Installation, Property
from openhab_bridge.outage import Outage
from openhab_bridge.rivals import Rivals
from openhab_bridge.settings import HomieVersion, Settings
from openhab_bridge.sweep import retained, roots
from openhab_bridge.topics import SET, bridge_topic, status_topic
from openhab_bridge.topics import root as topic_root
from openhab_bridge.values import Values
from openhab_bridge.writers.discovery import BIRTH, birth_topic
from openhab_bridge.writers.homie import LOST, HomieWriter
from openhab_bridge.writers.homie4 import Homie4
from openhab_bridge.writers.homie5 import Homie5
from smappee_gateway.changes import Changes
from smappee_gateway.errors import CannotConnectError, InvalidAuthError
from smappee_gateway.mqtt_decoder import MqttMessage

_LOGGER = logging.getLogger(__name__)

TICK_S = 1.0
SNAPSHOT_EVERY_S = 10.0
FAREWELL_S = 3.0
"""How long a broker may take to hear that we go."""
ALIVE = frozenset({b"init", b"ready", b"alert", b"sleeping"})
"""Homie states of a device that somebody runs."""
HOMIE: Final[Mapping[HomieVersion, Callable[[str], HomieWriter]]] = {HomieVersion.V4: Homie4, HomieVersion.V5: Homie5}


class Publishing:
    """Runs a house and everything that shows it. All of it happens in one event loop."""

    def __init__(self, house: House, settings: Settings, outage: Outage) -> None:
        """Nothing is connected yet; `outage` is that of the target broker."""
        self.house = house
        self._settings = settings
        self._outage = outage
        self._gateway = Connection(settings.target, self._gateway_purpose(), outage)
        self._plain = (
            PlainFace(settings.topics.prefix, house.serial, self._gateway) if settings.topics.enabled else None
        )
        self._discovery = DiscoveryFace(settings, self._gateway) if settings.discovery.enabled else None
        self._faces = tuple(self._wanted_faces())
        self._values = Values(settings.traffic, self._show)
        self._commands = Commands(house, self._repeat, _now)
        self._rivals = Rivals(house.serial, time.time())
        self._installation: Installation | None = None
        self._swept = (0, False)
        self._stopping = asyncio.Event()
        self._tasks: asyncio.TaskGroup
        self._jobs: dict[Connection, asyncio.Task[None]] = {}

    def connections(self) -> Iterable[Connection]:
        """Return every connection there is now."""
        return self._jobs.keys()

    async def run(self) -> None:
        """Run until `stop` is called; then take leave."""
        async with asyncio.TaskGroup() as self._tasks:
            jobs = [self._tasks.create_task(work) for work in (self.house.run(), self._tick(), self._keep_clean())]
            self.house.listen(self._follow)
            self._start(self._gateway)
            self._tell(Feed.STALE)
            if self._plain is not None:
                self._plain.introduce(self._rivals.introduction())
            await self._stopping.wait()
            self._tell(Feed.ENDED)
            await asyncio.gather(*(connection.drained(FAREWELL_S) for connection in self.connections()))
            for job in (*jobs, *self._jobs.values()):
                job.cancel()

    def stop(self) -> None:
        """Let `run` come to its end."""
        self._stopping.set()

    def connect(self, purpose: Purpose) -> Connection:
        """Make a connection for a face, and start it."""
        connection = Connection(self._settings.target, purpose, self._outage)
        self._start(connection)
        return connection

    def retire(self, connection: Connection) -> None:
        """End a connection, and take away what it held."""
        self._jobs.pop(connection).cancel()
        self._outage.ends(connection.purpose.name)
        for topic in connection.outbox.topics():
            self._gateway.outbox.remove(topic)
        self._gateway.wake()

    def on_live(self, message: MqttMessage) -> None:
        """Take a command."""
        self._commands.take(message)

    def on_retained(self, message: MqttMessage) -> None:
        """Never act on a command that the broker had kept: nobody gives it now. Take it away."""
        if message.payload and message.topic.endswith(f"/{SET}"):
            _LOGGER.info("'%s' was retained; it is not obeyed, and taken away", message.topic)
            self._gateway.outbox.remove(message.topic)
            self._gateway.wake()

    def _wanted_faces(self) -> Iterator[Face]:
        if self._plain is not None:
            yield self._plain
        homie = self._settings.homie
        if homie.enabled:
            for version in sorted(homie.versions, key=lambda version: version.value):
                yield HomieFace(HOMIE[version](homie.prefix), self.house.serial, self)

    def _gateway_purpose(self) -> Purpose:
        topics, serial = self._settings.topics, self.house.serial
        name = topic_root(topics.prefix, serial)
        if not topics.enabled:
            return Purpose(name=name)
        status = status_topic(topics.prefix, serial)
        return Purpose(
            name=name,
            will=MqttMessage(status, PLAIN_STATES[Feed.ENDED].encode(), retained=True),
            subscriptions=(
                f"{topics.prefix}/{serial}/+/+/+/{SET}",
                bridge_topic(topics.prefix, serial),
                *((birth_topic(self._settings),) if self._settings.discovery.enabled else ()),
            ),
            on_live=self._on_live_at_the_gateway,
            on_retained=self.on_retained,
        )

    def _on_live_at_the_gateway(self, message: MqttMessage) -> None:
        if message.topic == birth_topic(self._settings):
            if message.payload.decode(errors="replace") == BIRTH and self._discovery is not None:
                self._discovery.announce_again()
        elif message.topic != bridge_topic(self._settings.topics.prefix, self.house.serial):
            self.on_live(message)
        elif self._rivals.hear(message.payload) and self._plain is not None:
            self._plain.introduce(self._rivals.introduction())

    def _start(self, connection: Connection) -> None:
        self._jobs[connection] = self._tasks.create_task(connection.run())

    def _follow(self, changes: Changes) -> None:
        """Take what has changed, until the farewell, which is the last word."""
        if self._stopping.is_set():
            return
        if changes.installation:
            self._install()
        if changes.freshness:
            self._tell(Feed.FRESH if self.house.gateway.available else Feed.STALE)
        self._values.follow(changes, self.house.session.site, _now())

    def _install(self) -> None:
        """Describe the house anew, when there is anything new about it."""
        installation = self.house.installation()
        if installation is None or (self._installation and installation.outline == self._installation.outline):
            return
        self._installation = installation
        self._values.describe(installation)
        for face in self._faces:
            face.install(installation)
        if self._discovery is not None:
            self._discovery.install(installation)
        self._commands.targets = {topic: item for face in self._faces for topic, item in face.commands().items()}
        of_the_gateway = (face for face in (self._plain, self._discovery) if face is not None)
        self._gateway.outbox.keep_only({topic for face in of_the_gateway for topic in face.topics()})
        for connection in self.connections():
            if connection is not self._gateway:
                for topic in connection.outbox.topics():
                    self._gateway.outbox.forget(topic)

    def _tell(self, feed: Feed) -> None:
        for face in self._faces:
            face.tell(feed)

    def _show(self, item: Property, text: str) -> None:
        for face in self._faces:
            face.show(item, text)

    def _repeat(self, item: Property) -> None:
        for face in self._faces:
            face.repeat(item)

    async def _tick(self) -> None:
        """Show later what was not worth a message at once."""
        snapshots_at = 0.0
        while True:
            await asyncio.sleep(TICK_S)
            self._values.flush(_now())
            if self._plain is not None and _now() >= snapshots_at:
                snapshots_at = _now() + SNAPSHOT_EVERY_S
                self._plain.show_snapshots()

    async def _keep_clean(self) -> None:
        """After every new connection, and once the installation is known, look for what others have left."""
        while True:
            state = (self._gateway.connects, self._installation is not None)
            if self._gateway.connected and state != self._swept:
                with contextlib.suppress(CannotConnectError):
                    self._tidy(await self._found())
                    self._swept = state
            await asyncio.sleep(TICK_S)

    async def _found(self) -> Mapping[str, bytes]:
        """Return what is retained; nothing where that may not be read. Raises CannotConnectError."""
        try:
            return await retained(self._settings.target, roots(self._settings, self.house.serial))
        except InvalidAuthError as error:
            if not self._swept[0]:
                _LOGGER.warning("What an earlier run has left at %s stays: %s", self._settings.target.address, error)
            return {}

    def _tidy(self, found: Mapping[str, bytes]) -> None:
        """Take away what nobody holds. Before the installation is known, only say that nobody runs what is there."""
        if self._installation is None:
            for topic, payload in found.items():
                if topic.endswith("/$state") and payload in ALIVE:
                    self._gateway.outbox.put(topic, LOST)
        else:
            if self._values.must_learn:
                published = (pair for face in self._faces for pair in face.topic_of_each_value().items())
                self._values.learn({key: found[topic] for key, topic in published if topic in found}, _now())
            for topic in found.keys() - self._ours():
                self._gateway.outbox.remove(topic)
            if self._discovery is not None:
                self._discovery.clean()
        self._gateway.wake()

    def _ours(self) -> set[str]:
        """Return every topic that is held, or will be."""
        held = {topic for connection in self.connections() for topic in connection.outbox.topics()}
        values = {topic for face in self._faces for topic in face.topic_of_each_value().values()}
        return held | values | (set() if self._discovery is None else self._discovery.topics())


def _now() -> float:
    return asyncio.get_running_loop().time()
