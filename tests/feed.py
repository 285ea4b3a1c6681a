"""Feeds MQTT messages through a decoder into a session, as a gateway at work does, with time passed in."""

from smappee_gateway.changes import Changes
from smappee_gateway.modules import NO_MODULES, Modules
from smappee_gateway.mqtt_decoder import MqttDecoder, MqttMessage
from smappee_gateway.session import Session, SessionMemory
from tests import genius

STALE_AFTER_S = 15.0


class Feed:
    """A session and its decoder; `now` follows the messages unless it is set."""

    def __init__(
        self, serial: str = genius.SERIAL, memory: SessionMemory | None = None, modules: Modules = NO_MODULES
    ) -> None:
        self.decoder = MqttDecoder(modules)
        self.session = Session(serial, STALE_AFTER_S, memory, modules)
        self.now = 1000.0

    def message(self, topic: str, payload: bytes, *, retained: bool = False) -> Changes:
        changes = Changes()
        for update in self.decoder.decode(MqttMessage(topic, payload, retained)):
            changes.merge(self.session.apply(update, self.now))
        return changes

    def send(self, name: str, document: object, location: str = genius.LOCATION, *, retained: bool = False) -> Changes:
        return self.message(genius.topic(name, location), genius.encode(document), retained=retained)

    def introduce(self, document: object | None = None) -> None:
        """What the broker gives to a new subscriber."""
        self.send("config", genius.config(), retained=True)
        self.send("channelConfigV2", document or genius.channel_config(), retained=True)

    def second(self, document: object) -> Changes:
        """One live message, one second later."""
        self.now += 1
        return self.send("realtime", document)
