"""`realtime`: the live values, once a second, in the form of a Genius or of the others."""

from collections.abc import Mapping, Sequence

import msgspec

from mqtt_schema.quantities import Phase
from mqtt_schema.readings import ChannelReading
from mqtt_schema.topics import Kind, ParsedTopic
from mqtt_schema.wire.realtime import (
    ChannelPower,
    CtPower,
    CtRealtime,
    RawChannelKey,
    RawRealtime,
    Realtime,
    RealtimeHead,
)
from smappee_gateway.decoders.message import MqttMessage, Report, seconds
from smappee_gateway.salvage import decode_each
from smappee_gateway.updates import ReadingsUpdate, SiteUpdate

_MOST_CT_LOCATIONS = 64
"""More locations than that are remembered by nobody: what is forgotten is found out again."""
_PHASES: Mapping[float | None, Phase] = {phase.value: phase for phase in Phase}


class RealtimeDecoder:
    """Chooses the form by the location's configuration; where that is wrong or missing, by what its channels say."""

    def __init__(self, report: Report) -> None:
        """Take every location for a Genius until it says otherwise."""
        self._report = report
        self._by_index = msgspec.json.Decoder(Realtime)
        self._by_ct = msgspec.json.Decoder(CtRealtime)
        self._key = msgspec.json.Decoder(RawChannelKey)
        self._ct_locations: set[str] = set()

    def expect_index(self, location: str) -> None:
        """Note that the channels of a location go by `publishIndex`."""
        self._ct_locations.discard(location)

    def expect_ct(self, location: str) -> None:
        """Note that the channels of a location go by `ctInput`."""
        if len(self._ct_locations) >= _MOST_CT_LOCATIONS:
            self._ct_locations.clear()
        self._ct_locations.add(location)

    def decode(self, topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        """Read the live values. A retained one is a memory of the broker, not a measurement."""
        if message.retained:
            return []
        head, channels = self._read(topic.location, message.payload)
        frequency_uhz = head.measured_frequency
        update = ReadingsUpdate(
            location=topic.location,
            measured_at=seconds(head.utc_time_stamp),
            channels=channels,
            voltage_v={
                _PHASES[line.phase_id]: line.voltage
                for line in head.voltages
                if line.voltage and line.phase_id in _PHASES
            },
            frequency_hz=None if frequency_uhz is None else frequency_uhz / 1e6,
        )
        return [update]

    def _read(self, location: str, payload: bytes) -> tuple[RealtimeHead, Mapping[int, ChannelReading]]:
        decoder = self._by_ct if location in self._ct_locations else self._by_index
        try:
            message = decoder.decode(payload)
        except msgspec.ValidationError:
            raw = msgspec.json.decode(payload, type=RawRealtime)
            return raw, self._salvage(location, raw.channel_powers)
        return message, {channel.index: channel for channel in message.channel_powers}

    def _salvage(self, location: str, channels: Sequence[msgspec.Raw]) -> Mapping[int, ChannelReading]:
        """Decode channel by channel, in the form that most of them have, so that only broken ones are lost."""
        self._learn(location, channels)
        if location in self._ct_locations:
            return {channel.index: channel for channel in decode_each(channels, CtPower, self._broken)}
        return {channel.index: channel for channel in decode_each(channels, ChannelPower, self._broken)}

    def _learn(self, location: str, channels: Sequence[msgspec.Raw]) -> None:
        keys = [key for key in map(self._key_of, channels) if key is not None]
        by_index = sum(key.publish_index is not msgspec.UNSET for key in keys)
        by_ct = sum(key.ct_input is not msgspec.UNSET for key in keys)
        if by_index > by_ct:
            self.expect_index(location)
        elif by_ct > by_index:
            self.expect_ct(location)

    def _key_of(self, channel: msgspec.Raw) -> RawChannelKey | None:
        try:
            return self._key.decode(channel)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return None

    def _broken(self, error: Exception) -> None:
        self._report(Kind.REALTIME, error)
