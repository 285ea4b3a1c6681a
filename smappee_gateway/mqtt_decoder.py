"""MQTT messages to site updates. Nothing in a message stops it: bad ones are counted and named once."""

import logging
from collections import Counter
from collections.abc import Callable

import msgspec

from mqtt_schema.topics import Kind, ParsedTopic, parse
from smappee_gateway.decoders.aggregates import AggregatesDecoder
from smappee_gateway.decoders.channels import ChannelsDecoder
from smappee_gateway.decoders.config import decode_config
from smappee_gateway.decoders.control import (
    decode_home_control,
    decode_plug_connection,
    decode_plug_state,
    decode_presence,
)
from smappee_gateway.decoders.message import MqttMessage
from smappee_gateway.decoders.modules import ModulesDecoder
from smappee_gateway.decoders.realtime import RealtimeDecoder
from smappee_gateway.decoders.sensors import SensorsDecoder
from smappee_gateway.modules import NO_MODULES, Modules
from smappee_gateway.seen_modules import SeenModule
from smappee_gateway.unknown_topics import UnknownTopics
from smappee_gateway.updates import SiteUpdate

__all__ = ["MqttDecoder", "MqttMessage"]

_LOGGER = logging.getLogger(__name__)

UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError, OverflowError, KeyError)
"""Everything decoding or converting a hostile payload can raise."""

type Handler = Callable[[ParsedTopic, MqttMessage], list[SiteUpdate]]


class MqttDecoder:
    """Decodes the messages of any number of locations. Its counters go to the diagnostics."""

    def __init__(self, modules: Modules = NO_MODULES) -> None:
        """Start with all counters at zero. `modules` are those that their owner has declared."""
        self.messages = 0
        self.unreadable: Counter[str] = Counter()
        """Messages, and single parts of messages, that could not be read, by kind."""
        self._unknown = UnknownTopics()
        self._channels = ChannelsDecoder(self._report)
        self._realtime = RealtimeDecoder(self._report)
        self._modules = ModulesDecoder(modules, self._report)
        self._handlers = self._handlers_by_kind()

    @property
    def unknown_topics(self) -> int:
        """How many messages came on topics that are not in the table."""
        return self._unknown.count

    @property
    def unknown_topic_names(self) -> Counter[str]:
        """The names of those below a service location, with their number of messages."""
        return self._unknown.names

    @property
    def seen_modules(self) -> Counter[SeenModule]:
        """Modules that speak where nobody has declared them to, with their number of messages."""
        return self._modules.seen.messages

    def decode(self, raw: MqttMessage) -> list[SiteUpdate]:
        """Return what a message says; empty when it says nothing that is understood."""
        self.messages += 1
        topic = parse(raw.topic)
        if topic is None or topic.kind is None:
            return self._undescribed(topic, raw)
        handler = self._handlers.get(topic.kind)
        if handler is None or not raw.payload:
            return []
        try:
            return handler(topic, raw)
        except UNREADABLE as error:
            self._report(topic.kind, error)
            return []

    def _handlers_by_kind(self) -> dict[Kind, Handler]:
        """Topics that are missing here carry nothing for us; a command of somebody else shows in the plug's state."""
        sensors = SensorsDecoder(self._report)
        return {
            Kind.CONFIG: decode_config,
            Kind.SENSOR_CONFIG: sensors.decode_config,
            Kind.HOME_CONTROL_CONFIG: self._home_control,
            Kind.CHANNEL_CONFIG_V2: self._channel_config_v2,
            Kind.CHANNEL_CONFIG: self._channel_config,
            Kind.REALTIME: self._realtime.decode,
            Kind.AGGREGATED: AggregatesDecoder(self._report).decode,
            Kind.AGGREGATED_GW: sensors.decode_gas_water,
            Kind.AGGREGATED_SWITCH: sensors.decode_switches,
            Kind.PRESENCE: decode_presence,
            Kind.PLUG_STATE: self._plug_state,
            Kind.PLUG_CONNECTION_STATE: decode_plug_connection,
            Kind.OUTPUT_MODULE_STATE: self._modules.decode,
            Kind.OUTPUT_MODULE: self._undescribed,
            Kind.INPUT_MODULE_STATE: self._modules.decode,
        }

    def _undescribed(self, topic: ParsedTopic | None, message: MqttMessage) -> list[SiteUpdate]:
        """Read what a declared module says on a topic of its own; count the rest."""
        if topic is not None and message.payload and self._modules.speaks(message):
            return self._modules.decode(topic, message)
        self._unknown.note(message.topic, topic)
        return []

    def _home_control(self, topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        return [self._modules.without_modules(update) for update in decode_home_control(topic, message)]

    def _plug_state(self, topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        """Read a plug, or a declared module in the space of the plugs; note a module that nobody has declared."""
        if self._modules.speaks(message):
            return self._modules.decode(topic, message)
        try:
            return decode_plug_state(topic, message)
        except KeyError:
            if not self._modules.note(topic, message):
                raise
            return []

    def _channel_config_v2(self, topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        updates = self._channels.decode_v2(topic, message)
        self._realtime.expect_index(topic.location)
        return updates

    def _channel_config(self, topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        updates = self._channels.decode(topic, message)
        self._realtime.expect_ct(topic.location)
        return updates

    def _report(self, kind: str, error: Exception) -> None:
        """Count something unreadable; log it once per kind, without its content."""
        self.unreadable[kind] += 1
        if self.unreadable[kind] == 1:
            _LOGGER.warning("Part of a '%s' message is unreadable and ignored, as will be others: %s", kind, error)
