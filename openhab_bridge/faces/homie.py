"""The Homie face: one connection for each device, so that its last will is its `$state`."""

from collections.abc import Iterator

from openhab_bridge.connection import Connection, Purpose
from openhab_bridge.faces.face import Feed, Host
from openhab_bridge.model import Installation, Property
from openhab_bridge.traffic import Key
from openhab_bridge.writers import homie4
from openhab_bridge.writers.homie4 import HomieDevice
from smappee_gateway.mqtt_decoder import MqttMessage

INIT = "init"
LOST = "lost"
STATES = {Feed.FRESH: "ready", Feed.STALE: "alert", Feed.ENDED: "disconnected"}


class HomieFace:
    """The Homie devices of a house. Devices come and go with what the gateway has."""

    def __init__(self, prefix: str, serial: str, host: Host) -> None:
        """Nothing is shown yet."""
        self._prefix = prefix
        self._serial = serial
        self._host = host
        self._feed = Feed.STALE
        self._devices: dict[str, HomieDevice] = {}
        self._connections: dict[str, Connection] = {}
        self._topics: dict[Key, tuple[Connection, str]] = {}

    def install(self, installation: Installation) -> None:
        """Describe the devices; those with nothing left are taken away."""
        self._devices = {device.id: device for device in homie4.devices(installation)}
        for gone in self._connections.keys() - self._devices.keys():
            self._host.retire(self._connections.pop(gone))
        self._topics = {}
        for device in self._devices.values():
            self._describe(device)

    def show(self, item: Property, text: str) -> None:
        """Put a value into the outbox of its device."""
        connection, topic = self._topics[item.key]
        connection.outbox.put(topic, text)
        connection.wake()

    def tell(self, feed: Feed) -> None:
        """Put the state of every device behind everything else."""
        self._feed = feed
        for device_id, connection in self._connections.items():
            self._put_state(device_id, connection)

    def repeat(self, item: Property) -> None:
        """Send a value again."""
        connection, topic = self._topics[item.key]
        connection.outbox.repeat(topic)
        connection.wake()

    def commands(self) -> dict[str, Property]:
        """Return the `/set` topics."""
        found: dict[str, Property] = {}
        for device in self._devices.values():
            found |= homie4.set_topics(self._prefix, device)
        return found

    def connections(self) -> Iterator[Connection]:
        """Return one for each device."""
        yield from self._connections.values()

    def roots(self) -> Iterator[str]:
        """Return the trees of all devices that this house can have, present or not."""
        for device_id in homie4.device_ids(self._serial):
            yield f"{self._prefix}/{device_id}/#"

    def _describe(self, device: HomieDevice) -> None:
        connection = self._connections.get(device.id) or self._start(device)
        documents = homie4.documents(self._prefix, device)
        values = {
            item.key: homie4.value_topic(self._prefix, device, item, node)
            for node in device.nodes
            for item in node.properties
        }
        state = homie4.state_topic(self._prefix, device.id)
        connection.outbox.keep_only(documents.keys() | set(values.values()) | {state})
        for topic, text in documents.items():
            connection.outbox.put(topic, text)
        self._topics |= {key: (connection, topic) for key, topic in values.items()}
        self._put_state(device.id, connection)
        connection.wake(opens_again=True)

    def _start(self, device: HomieDevice) -> Connection:
        connection = self._connections[device.id] = self._host.connect(
            Purpose(
                name=f"Homie device {device.id}",
                will=self._state(device.id, LOST),
                opening=self._state(device.id, INIT),
                subscriptions=(f"{self._prefix}/{device.id}/+/+/{homie4.SET}",),
                on_live=self._host.on_live,
                on_retained=self._host.on_retained,
            )
        )
        return connection

    def _put_state(self, device_id: str, connection: Connection) -> None:
        connection.outbox.put_last(homie4.state_topic(self._prefix, device_id), STATES[self._feed])
        connection.wake()

    def _state(self, device_id: str, state: str) -> MqttMessage:
        return MqttMessage(homie4.state_topic(self._prefix, device_id), state.encode(), retained=True)
