"""The Homie face: one connection for each device, so that its last will is its `$state`."""

from energy_control.data_points import Key
from openhab_bridge.connection import Connection, Purpose
from openhab_bridge.faces.face import Host
from openhab_bridge.feed import Feed
from openhab_bridge.model import Installation, Property
from openhab_bridge.writers.homie import INIT, LOST, SET, HomieDevice, HomieWriter, state_topic, value_topic
from smappee_gateway.mqtt_decoder import MqttMessage


class HomieFace:
    """The Homie devices of a house. Devices come and go with what the gateway has."""

    def __init__(self, writer: HomieWriter, serial: str, host: Host) -> None:
        """Nothing is shown yet."""
        self._writer = writer
        self._serial = serial
        self._host = host
        self._feed = Feed.STALE
        self._devices: dict[str, HomieDevice] = {}
        self._connections: dict[str, Connection] = {}
        self._topics: dict[Key, tuple[Connection, str]] = {}

    def install(self, installation: Installation) -> None:
        """Describe the devices; those with nothing left are taken away."""
        self._devices = {device.id: device for device in self._writer.devices(installation)}
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
            connection.wake()

    def repeat(self, item: Property) -> None:
        """Send a value again."""
        connection, topic = self._topics[item.key]
        connection.outbox.repeat(topic)
        connection.wake()

    def topic_of_each_value(self) -> dict[Key, str]:
        """Return the topics of the properties."""
        return {key: topic for key, (_, topic) in self._topics.items()}

    def commands(self) -> dict[str, Property]:
        """Return the `/set` topics."""
        return {
            f"{value_topic(self._writer.root(device.id), node, item)}/{SET}": item
            for device in self._devices.values()
            for node in device.nodes
            for item in node.properties
            if item.settable
        }

    def _describe(self, device: HomieDevice) -> None:
        connection = self._connections.get(device.id) or self._start(device)
        root = self._writer.root(device.id)
        documents = self._writer.documents(device)
        values = {item.key: value_topic(root, node, item) for node in device.nodes for item in node.properties}
        alerts = self._writer.alerts(device.id, self._feed)
        connection.outbox.keep_only({*documents, *values.values(), *alerts, state_topic(root)})
        for topic, text in documents.items():
            connection.outbox.put(topic, text)
        self._topics |= {key: (connection, topic) for key, topic in values.items()}
        self._put_state(device.id, connection)
        connection.wake(opens_again=True)

    def _start(self, device: HomieDevice) -> Connection:
        root = self._writer.root(device.id)
        connection = self._connections[device.id] = self._host.connect(
            Purpose(
                name=root,
                will=_state(root, LOST),
                opening=_state(root, INIT),
                subscriptions=(f"{root}/+/+/{SET}",),
                on_live=self._host.on_live,
                on_retained=self._host.on_retained,
            )
        )
        return connection

    def _put_state(self, device_id: str, connection: Connection) -> None:
        for topic, text in self._writer.alerts(device_id, self._feed).items():
            connection.outbox.put(topic, text)
        connection.outbox.put_last(state_topic(self._writer.root(device_id)), self._writer.state(self._feed))


def _state(root: str, state: str) -> MqttMessage:
    return MqttMessage(state_topic(root), state.encode(), retained=True)
