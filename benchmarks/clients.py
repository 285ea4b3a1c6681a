"""Clients of a gateway without a network: ours, and the vendor's own `pysmappee`, unchanged."""

from collections.abc import Iterable

from paho.mqtt.client import MQTTMessage
from pysmappee.mqtt import SmappeeLocalMqtt
from pysmappee.smappee import Smappee

from benchmarks.recording import Recording
from simulator import Message
from smappee_gateway.mqtt_decoder import MqttDecoder, MqttMessage
from smappee_gateway.mqtt_transport import CAPABILITIES
from smappee_gateway.session import Session


class OurClient:
    """Decoder and session, joined as `Gateway` joins them: counters, site energies, freshness, set of changes."""

    def __init__(self, serial: str, documents: Iterable[MqttMessage]) -> None:
        """Get to know the gateway by its documents."""
        self.decoder = MqttDecoder()
        self.session = Session(serial, CAPABILITIES.stale_after_s)
        self._now = 0.0
        for document in documents:
            self.receive(document)

    def receive(self, message: MqttMessage) -> None:
        """Take a message, a second after the one before."""
        self._now += 1.0
        for update in self.decoder.decode(message):
            self.session.apply(update, self._now)
        self.session.tick(self._now)


class VendorClient:
    """`SmappeeLocalMqtt` with its service location: it keeps powers and currents, and no energies."""

    def __init__(self, serial: str, documents: Iterable[MQTTMessage]) -> None:
        """Get to know the gateway by its documents."""
        self._mqtt = SmappeeLocalMqtt(serial_number=serial)
        for document in documents:
            self.receive(document)
        Smappee(api=self._mqtt, serialnumber=serial).load_local_service_location()
        self.location = self._mqtt.service_location

    def receive(self, message: MQTTMessage) -> None:
        """Take a message as its MQTT library would bring it."""
        self._mqtt._on_message(None, None, message)  # noqa: SLF001 - its only entry without a connection


def our_messages(messages: Iterable[Message]) -> tuple[MqttMessage, ...]:
    """Return messages as our transport gives them."""
    return tuple(MqttMessage(message.topic, message.payload, message.retain) for message in messages)


def vendor_messages(messages: Iterable[Message]) -> tuple[MQTTMessage, ...]:
    """Return messages as the MQTT library of the vendor's client gives them."""
    return tuple(_paho_message(message) for message in messages)


def our_client(recording: Recording) -> OurClient:
    """Return our client, settled."""
    return OurClient(recording.serial, our_messages((*recording.documents, *recording.settling)))


def vendor_client(recording: Recording) -> VendorClient:
    """Return the vendor's client, settled."""
    return VendorClient(recording.serial, vendor_messages((*recording.documents, *recording.settling)))


def _paho_message(message: Message) -> MQTTMessage:
    received = MQTTMessage(topic=message.topic.encode())
    received.payload, received.retain = message.payload, message.retain
    return received
