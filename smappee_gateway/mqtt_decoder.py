"""MQTT messages of a Genius to site updates. Nothing in a message stops it: bad ones are counted and named once."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec

from mqtt_schema.model import Identity, Plug
from mqtt_schema.quantities import Phase
from mqtt_schema.topics import Kind, ParsedTopic, parse
from mqtt_schema.wire.aggregated import ALWAYS_ON, Aggregated
from mqtt_schema.wire.channels import ChannelConfigV2, DataProcessing, DataSource, Measurement, RawChannelConfigV2
from mqtt_schema.wire.config import Config, NestedConfig
from mqtt_schema.wire.control import HomeControlConfig, PlugConnectionState, PlugState, Presence
from mqtt_schema.wire.realtime import ChannelPower, RawRealtime, Realtime, RealtimeHead
from smappee_gateway.installation import channels_of, topology_of
from smappee_gateway.salvage import decode_each
from smappee_gateway.updates import (
    AlwaysOnUpdate,
    IdentityUpdate,
    PlugConnectionUpdate,
    PlugStateUpdate,
    PlugsUpdate,
    PresenceUpdate,
    ReadingsUpdate,
    SiteUpdate,
    TopologyUpdate,
)

_LOGGER = logging.getLogger(__name__)

LATEST_TIME_MS = 4_102_444_800_000
"""The year 2100: a later time stamp is nonsense, and would spoil the steady clock for ever."""
UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError, OverflowError, KeyError)
"""Everything decoding or converting a hostile payload can raise."""


class MqttMessage(NamedTuple):
    """A message as it came from a broker."""

    topic: str
    payload: bytes
    retained: bool = False


class MqttDecoder:
    """Decodes the messages of any number of locations. Its counters go to the diagnostics."""

    def __init__(self) -> None:
        """Start with all counters at zero."""
        self.messages = 0
        self.unknown_topics = 0
        self.unreadable: Counter[str] = Counter()
        """Messages, and single channels of messages, that could not be read, by kind."""
        self._handlers: dict[Kind, Callable[[ParsedTopic, MqttMessage], list[SiteUpdate]]] = {
            Kind.CONFIG: self._config,
            Kind.CHANNEL_CONFIG_V2: self._channel_config,
            Kind.HOME_CONTROL_CONFIG: self._home_control,
            Kind.REALTIME: self._realtime,
            Kind.AGGREGATED: self._aggregated,
            Kind.PRESENCE: self._presence,
            Kind.PLUG_STATE: self._plug_state,
            Kind.PLUG_CONNECTION_STATE: self._plug_connection,
        }
        self._config_decoder = msgspec.json.Decoder(Config)
        self._realtime_decoder = msgspec.json.Decoder(Realtime)

    def decode(self, raw: MqttMessage) -> list[SiteUpdate]:
        """Return what a message says; empty when it says nothing that is understood."""
        self.messages += 1
        topic = parse(raw.topic)
        if topic is None or topic.kind is None:
            self.unknown_topics += 1
            return []
        handler = self._handlers.get(topic.kind)
        if handler is None or not raw.payload:
            return []
        try:
            return handler(topic, raw)
        except UNREADABLE as error:
            self._report(topic.kind, error)
            return []

    def _report(self, kind: str, error: Exception) -> None:
        """Count something unreadable; log it once per kind, without its content."""
        self.unreadable[kind] += 1
        if self.unreadable[kind] == 1:
            _LOGGER.warning("Part of a '%s' message is unreadable and ignored, as will be others: %s", kind, error)

    def _config(self, _topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        try:
            config = self._config_decoder.decode(message.payload)
        except msgspec.ValidationError:
            config = msgspec.json.decode(message.payload, type=NestedConfig).config
        number = config.service_location_id
        identity = Identity(
            serial=config.serial_number,
            location=config.service_location_uuid,
            location_number=None if number is None else int(number),
            firmware=config.firmware_version,
            time_zone=config.time_zone,
            booted_at=_seconds(config.utc_time_stamp),
        )
        return [IdentityUpdate(identity=identity)]

    def _channel_config(self, topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        specification = self._data_processing(message.payload)
        return [
            TopologyUpdate(
                location=topic.location,
                topology=topology_of(specification.phase_type),
                channels=channels_of(specification),
            )
        ]

    def _data_processing(self, payload: bytes) -> DataProcessing:
        """Decode in one go; when that fails, CT by CT."""
        try:
            return msgspec.json.decode(payload, type=ChannelConfigV2).data_processing_specification
        except msgspec.ValidationError:
            raw = msgspec.json.decode(payload, type=RawChannelConfigV2).data_processing_specification
            return DataProcessing(
                phase_type=raw.phase_type,
                data_sources=tuple(decode_each(raw.data_sources, DataSource, self._report_channel_config)),
                measurements=tuple(decode_each(raw.measurements, Measurement, self._report_channel_config)),
            )

    def _report_channel_config(self, error: Exception) -> None:
        self._report(Kind.CHANNEL_CONFIG_V2, error)

    def _home_control(self, topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        config = msgspec.json.decode(message.payload, type=HomeControlConfig)
        plugs = (
            Plug(id=str(actuator.node_id), name=actuator.name.strip() or f"Plug {actuator.node_id}")
            for actuator in (*config.smartplug_actuators, *config.switch_actuators)
        )
        return [PlugsUpdate(location=topic.location, plugs=tuple(plugs))]

    def _realtime(self, topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        """Read the live values. A retained one is a memory of the broker, not a measurement."""
        if message.retained:
            return []
        head, powers = self._channel_powers(message.payload)
        frequency_uhz = head.measured_frequency
        update = ReadingsUpdate(
            location=topic.location,
            measured_at=_seconds(head.utc_time_stamp),
            channels={channel.index: channel for channel in powers},
            voltage_v={
                _PHASES[line.phase_id]: line.voltage
                for line in head.voltages
                if line.voltage and line.phase_id in _PHASES
            },
            frequency_hz=None if frequency_uhz is None else frequency_uhz / 1e6,
        )
        return [update]

    def _channel_powers(self, payload: bytes) -> tuple[RealtimeHead, list[ChannelPower]]:
        """Decode in one go; when that fails, channel by channel, so that only the bad one is lost."""
        try:
            message = self._realtime_decoder.decode(payload)
        except msgspec.ValidationError:
            raw = msgspec.json.decode(payload, type=RawRealtime)
            return raw, decode_each(raw.channel_powers, ChannelPower, lambda error: self._report(Kind.REALTIME, error))
        return message, message.channel_powers

    def _aggregated(self, topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        intervals = msgspec.json.decode(message.payload, type=Aggregated).interval_datas
        site_intervals = [data for data in intervals if data.publish_index is None and data.utc_endtime is not None]
        return [
            AlwaysOnUpdate(location=topic.location, always_on_w=measurement.value / 1000)
            for interval in sorted(site_intervals, key=lambda data: data.utc_endtime or 0)
            for measurement in interval.measurements
            if measurement.type.measurement_kind == ALWAYS_ON and measurement.value is not None
        ]

    def _presence(self, topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        present = msgspec.json.decode(message.payload, type=Presence).value
        return [PresenceUpdate(location=topic.location, present=present)]

    def _plug_state(self, topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        value = msgspec.json.decode(message.payload, type=PlugState).value.upper()
        return [PlugStateUpdate(location=topic.location, plug=topic.node, on=_RELAY[value], retained=message.retained)]

    def _plug_connection(self, topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        value = msgspec.json.decode(message.payload, type=PlugConnectionState).value
        return [PlugConnectionUpdate(location=topic.location, plug=topic.node, connected=value.upper() == "CONNECTED")]


_RELAY = {"ON": True, "OFF": False}
_PHASES: Mapping[float | None, Phase] = {phase.value: phase for phase in Phase}


def _seconds(milliseconds: float | None) -> float | None:
    """Read a time stamp; one that no clock shows is none."""
    return milliseconds / 1000 if milliseconds is not None and 0 <= milliseconds <= LATEST_TIME_MS else None
