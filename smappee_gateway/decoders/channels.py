"""What is measured: `channelConfigV2` of a Genius and `channelConfig` of the others."""

import msgspec

from mqtt_schema.quantities import Topology
from mqtt_schema.topics import Kind, ParsedTopic
from mqtt_schema.wire.channels import ChannelConfigV2, DataProcessing, DataSource, Measurement, RawChannelConfigV2
from mqtt_schema.wire.ct_channels import ChannelConfig, InputChannel, RawChannelConfig
from smappee_gateway.decoders.message import MqttMessage, Report
from smappee_gateway.installation import channels_of, channels_of_inputs, topology_of
from smappee_gateway.salvage import decode_each
from smappee_gateway.updates import SiteUpdate, TopologyUpdate


class ChannelsDecoder:
    """Decodes in one go; when that fails, CT by CT, so that only the broken one is lost."""

    def __init__(self, report: Report) -> None:
        """Tell faults to `report`."""
        self._report = report

    def decode_v2(self, topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        """Read the CTs of a Genius and its kind of supply."""
        specification = self._data_processing(message.payload)
        topology, channels = topology_of(specification.phase_type), channels_of(specification)
        return [TopologyUpdate(location=topic.location, topology=topology, channels=channels)]

    def decode(self, topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        """Read the CTs of a Plus, Pro or Solar, which do not tell the kind of supply."""
        channels = channels_of_inputs(self._input_channels(message.payload))
        return [TopologyUpdate(location=topic.location, topology=Topology.UNKNOWN, channels=channels)]

    def _data_processing(self, payload: bytes) -> DataProcessing:
        try:
            return msgspec.json.decode(payload, type=ChannelConfigV2).data_processing_specification
        except msgspec.ValidationError:
            raw = msgspec.json.decode(payload, type=RawChannelConfigV2).data_processing_specification
            return DataProcessing(
                phase_type=raw.phase_type,
                data_sources=tuple(decode_each(raw.data_sources, DataSource, self._broken_v2)),
                measurements=tuple(decode_each(raw.measurements, Measurement, self._broken_v2)),
            )

    def _input_channels(self, payload: bytes) -> tuple[InputChannel, ...]:
        try:
            return msgspec.json.decode(payload, type=ChannelConfig).input_channels
        except msgspec.ValidationError:
            raw = msgspec.json.decode(payload, type=RawChannelConfig)
            return tuple(decode_each(raw.input_channels, InputChannel, self._broken))

    def _broken_v2(self, error: Exception) -> None:
        self._report(Kind.CHANNEL_CONFIG_V2, error)

    def _broken(self, error: Exception) -> None:
        self._report(Kind.CHANNEL_CONFIG, error)
