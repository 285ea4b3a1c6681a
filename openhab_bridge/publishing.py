"""Shows one house at the target broker, on all faces that are wanted, until it is told to stop."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from energy_control.data_points import Key
from mqtt_schema.points import Scope
from openhab_bridge.commands import Commands
from openhab_bridge.connection import Connection, Purpose
from openhab_bridge.faces.discovery import DiscoveryFace
from openhab_bridge.faces.face import Face
from openhab_bridge.faces.homie import HomieFace
from openhab_bridge.faces.plain import STATES as PLAIN_STATES
from openhab_bridge.faces.plain import PlainFace
from openhab_bridge.feed import Feed
from openhab_bridge.floors import Floors
from openhab_bridge.house import House
from openhab_bridge.model import Installation, Node, Property, text_of
from openhab_bridge.rivals import Rivals
from openhab_bridge.settings import HomieVersion, Settings
from openhab_bridge.sweep import retained, roots
from openhab_bridge.topics import SET, bridge_topic, status_topic
from openhab_bridge.topics import root as topic_root
from openhab_bridge.traffic import Traffic
from openhab_bridge.writers.discovery import BIRTH, birth_topic
from openhab_bridge.writers.homie import LOST, HomieWriter
from openhab_bridge.writers.homie4 import Homie4
from openhab_bridge.writers.homie5 import Homie5
from smappee_gateway.changes import Changes
from smappee_gateway.errors import CannotConnectError
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

    def __init__(self, house: House, settings: Settings) -> None:
        """Nothing is connected yet."""
        self.house = house
        self._settings = settings
        self._gateway = Connection(settings.target, self._gateway_purpose())
        self._plain = (
            PlainFace(settings.topics.prefix, house.serial, self._gateway) if settings.topics.enabled else None
        )
        self._discovery = DiscoveryFace(settings, self._gateway) if settings.discovery.enabled else None
        self._faces = tuple(self._wanted_faces())
        self._traffic = Traffic(settings.traffic)
        self._floors = Floors()
        self._commands = Commands(house, self._repeat, _now)
        self._rivals = Rivals(house.serial, time.time())
        self._installation: Installation | None = None
        self._nodes: dict[Scope, Node] = {}
        self._changed: dict[Key, Property] = {}
        self._unseen: set[Scope] = set()
        """Parts with values that their snapshot does not show yet."""
        self._snapshots_at = 0.0
        self._swept = (0, False)
        self._stopping = asyncio.Event()
        self._tasks: asyncio.TaskGroup
        self._jobs: dict[Connection, asyncio.Task[None]] = {}

    def connections(self) -> Iterator[Connection]:
        """Return every connection there is now."""
        yield self._gateway
        for face in self._faces:
            yield from face.connections()

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
        connection = Connection(self._settings.target, purpose)
        self._start(connection)
        return connection

    def retire(self, connection: Connection) -> None:
        """End a connection, and take away what it held."""
        self._jobs.pop(connection).cancel()
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
        if self._discovery is not None:
            yield self._discovery
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
        """Take what has changed."""
        if changes.installation:
            self._install()
        if changes.freshness and not self._stopping.is_set():  # the farewell is the last word
            self._tell(Feed.FRESH if self.house.gateway.available else Feed.STALE)
        site = self.house.session.site
        for scope, node in self._nodes.items():
            if changes.touches(site, scope):
                self._changed |= {item.key: item for item in node.properties}
        self._flush()

    def _install(self) -> None:
        """Describe the house anew, when there is anything new about it."""
        installation = self.house.installation()
        if installation is None or (self._installation and installation.outline == self._installation.outline):
            return
        self._installation = installation
        self._nodes = {node.scope: node for node in installation.nodes}
        self._changed = {item.key: item for node in installation.nodes for item in node.properties}
        self._traffic.forget()
        for face in self._faces:
            face.install(installation)
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

    def _flush(self) -> None:
        """Show what has changed, as far as it is worth a message now."""
        now = _now()
        for key, item in tuple(self._changed.items()):
            if self._floors.must_wait(item):
                continue
            value = self._floors.raised(item, item.read())
            text = text_of(item.point, value)
            if self._traffic.admits(item, text, value, now):
                self._show(item, text or "")
                del self._changed[key]
            elif self._traffic.is_settled(item, text):
                del self._changed[key]

    def _show(self, item: Property, text: str) -> None:
        for face in self._faces:
            face.show(item, text)
        self._unseen.add(item.scope)

    def _repeat(self, item: Property) -> None:
        for face in self._faces:
            face.repeat(item)

    async def _tick(self) -> None:
        """Show later what was not worth a message at once."""
        while True:
            await asyncio.sleep(TICK_S)
            self._flush()
            if self._plain is not None and _now() >= self._snapshots_at:
                self._snapshots_at = _now() + SNAPSHOT_EVERY_S
                for scope in self._unseen & self._nodes.keys():
                    self._plain.show_snapshot(self._nodes[scope])
                self._unseen.clear()

    async def _keep_clean(self) -> None:
        """After every new connection, and once the installation is known, look for what others have left."""
        while True:
            state = (self._gateway.connects, self._installation is not None)
            if self._gateway.connected and state != self._swept:
                with contextlib.suppress(CannotConnectError):
                    await self._sweep()
                    self._swept = state
            await asyncio.sleep(TICK_S)

    async def _sweep(self) -> None:
        """Take away what nobody holds. Before the installation is known, only say that nobody runs what is there."""
        found = await retained(self._settings.target, roots(self._settings, self.house.serial))
        if self._installation is not None and not self._floors.known:
            self._learn(found)
        held = {topic for connection in self.connections() for topic in connection.outbox.topics()}
        for face in self._faces:
            held |= set(face.topic_of_each_value().values())
        if self._discovery is not None:
            held |= self._discovery.topics()
        for topic, payload in found.items():
            if topic in held:
                continue
            if self._installation is not None:
                self._gateway.outbox.remove(topic)
            elif topic.endswith("/$state") and payload in ALIVE:
                self._gateway.outbox.put(topic, LOST)
        self._gateway.wake()
        if self._installation is not None and self._discovery is not None:
            self._discovery.clean()

    def _learn(self, found: Mapping[str, bytes]) -> None:
        """Read from what is retained how far each total had come, and show totals from now on."""
        self._floors.learn(
            {
                key: found[topic]
                for face in self._faces
                for key, topic in face.topic_of_each_value().items()
                if topic in found
            }
        )
        self._flush()


def _now() -> float:
    return asyncio.get_running_loop().time()
