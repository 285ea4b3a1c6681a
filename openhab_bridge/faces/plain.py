"""The face of plain topics. It has the connection of the gateway, whose last will is `offline`."""

from collections.abc import Iterator

from energy_control.data_points import Key
from openhab_bridge.connection import Connection
from openhab_bridge.feed import Feed
from openhab_bridge.model import Installation, Node, Property
from openhab_bridge.topics import OFFLINE, ONLINE, STALE, bridge_topic, node_topic, set_topic, status_topic, value_topic
from openhab_bridge.writers import plain

STATES = {Feed.FRESH: ONLINE, Feed.STALE: STALE, Feed.ENDED: OFFLINE}


class PlainFace:
    """Every value on a topic of its own."""

    def __init__(self, prefix: str, serial: str, connection: Connection) -> None:
        """Nothing is shown yet."""
        self._prefix = prefix
        self._serial = serial
        self._connection = connection
        self._installation: Installation | None = None

    def install(self, installation: Installation) -> None:
        """Name the parts."""
        self._installation = installation
        for topic, text in plain.documents(self._prefix, installation).items():
            self._connection.outbox.put(topic, text)
        self._connection.wake()

    def topics(self) -> set[str]:
        """Return every topic that can be held."""
        described = set() if self._installation is None else set(plain.topics(self._prefix, self._installation))
        return described | {status_topic(self._prefix, self._serial), bridge_topic(self._prefix, self._serial)}

    def show(self, item: Property, text: str) -> None:
        """Put a value into the outbox."""
        self._connection.outbox.put(value_topic(self._prefix, self._serial, item), text)
        self._connection.wake()

    def show_snapshot(self, node: Node) -> None:
        """Put everything of a part into the outbox, as JSON."""
        self._connection.outbox.put(node_topic(self._prefix, self._serial, node.scope), plain.snapshot(node))
        self._connection.wake()

    def tell(self, feed: Feed) -> None:
        """Put the status behind everything else."""
        self._connection.outbox.put_last(status_topic(self._prefix, self._serial), STATES[feed])
        self._connection.wake()

    def introduce(self, text: str) -> None:
        """Put into the outbox who publishes here."""
        self._connection.outbox.put(bridge_topic(self._prefix, self._serial), text)
        self._connection.outbox.repeat(bridge_topic(self._prefix, self._serial))
        self._connection.wake()

    def repeat(self, item: Property) -> None:
        """Send a value again."""
        self._connection.outbox.repeat(value_topic(self._prefix, self._serial, item))
        self._connection.wake()

    def topic_of_each_value(self) -> dict[Key, str]:
        """Return the topics of the values."""
        if self._installation is None:
            return {}
        return {
            item.key: value_topic(self._prefix, self._serial, item)
            for node in self._installation.nodes
            for item in node.properties
        }

    def commands(self) -> dict[str, Property]:
        """Return the `/set` topics."""
        if self._installation is None:
            return {}
        return {
            set_topic(self._prefix, self._serial, item): item
            for node in self._installation.nodes
            for item in node.properties
            if item.settable
        }

    def connections(self) -> Iterator[Connection]:
        """Return none: the gateway's belongs to all faces."""
        yield from ()
