"""The face of plain topics. It has the connection of the gateway, whose last will is `offline`."""

from energy_control.data_points import Key
from mqtt_schema.points import Scope
from openhab_bridge.connection import Connection
from openhab_bridge.feed import Feed
from openhab_bridge.model import Installation, Property
from openhab_bridge.topics import (
    FRESH,
    OFFLINE,
    ONLINE,
    STALE,
    bridge_topic,
    feed_topic,
    node_topic,
    set_topic,
    status_topic,
    value_topic,
)
from openhab_bridge.writers import plain

STATES = {Feed.FRESH: ONLINE, Feed.STALE: OFFLINE, Feed.ENDED: OFFLINE}
FEEDS = {Feed.FRESH: FRESH, Feed.STALE: STALE}


class PlainFace:
    """Every value on a topic of its own, and now and then a snapshot of each part."""

    def __init__(self, prefix: str, serial: str, connection: Connection) -> None:
        """Nothing is shown yet."""
        self._prefix = prefix
        self._serial = serial
        self._connection = connection
        self._installation: Installation | None = None
        self._changed: set[Scope] = set()
        """Parts with values that their snapshot does not show yet."""

    def install(self, installation: Installation) -> None:
        """Name the parts."""
        self._installation = installation
        for topic, text in plain.documents(self._prefix, installation).items():
            self._put(topic, text)

    def topics(self) -> set[str]:
        """Return every topic that can be held."""
        described = set() if self._installation is None else set(plain.topics(self._prefix, self._installation))
        return described | {name(self._prefix, self._serial) for name in (status_topic, feed_topic, bridge_topic)}

    def show(self, item: Property, text: str) -> None:
        """Put a value into the outbox."""
        self._put(self._topic(item), text)
        self._changed.add(item.scope)

    def show_snapshots(self) -> None:
        """Put what the topics of each changed part tell into the outbox, as JSON."""
        changed, self._changed = self._changed, set()
        for node in () if self._installation is None else self._installation.nodes:
            if node.scope in changed:
                text = plain.snapshot(node, lambda item: self._connection.outbox.text(self._topic(item)))
                self._put(node_topic(self._prefix, self._serial, node.scope), text)

    def tell(self, feed: Feed) -> None:
        """Put the status behind everything else. Of an end, nothing is told of the gateway."""
        if feed in FEEDS:
            self._put(feed_topic(self._prefix, self._serial), FEEDS[feed])
        self._connection.outbox.put_last(status_topic(self._prefix, self._serial), STATES[feed])
        self._connection.wake()

    def introduce(self, text: str) -> None:
        """Put into the outbox who publishes here, also when it is there already."""
        topic = bridge_topic(self._prefix, self._serial)
        self._put(topic, text)
        self._repeat(topic)

    def repeat(self, item: Property) -> None:
        """Send a value again."""
        self._repeat(self._topic(item))

    def topic_of_each_value(self) -> dict[Key, str]:
        """Return the topics of the values."""
        return {item.key: self._topic(item) for item in self._properties()}

    def commands(self) -> dict[str, Property]:
        """Return the `/set` topics."""
        return {set_topic(self._prefix, self._serial, item): item for item in self._properties() if item.settable}

    def _properties(self) -> list[Property]:
        nodes = () if self._installation is None else self._installation.nodes
        return [item for node in nodes for item in node.properties]

    def _topic(self, item: Property) -> str:
        return value_topic(self._prefix, self._serial, item)

    def _put(self, topic: str, text: str) -> None:
        self._connection.outbox.put(topic, text)
        self._connection.wake()

    def _repeat(self, topic: str) -> None:
        self._connection.outbox.repeat(topic)
        self._connection.wake()
