"""Which payload belongs to which topic, and what of it is not read. The generated documents are made from this table.

A gateway sends more than the structs in `wire` name: what is left out, and why, stands here, so that the documents tell
everything that is known of the wire.
"""

from dataclasses import dataclass

import msgspec

from mqtt_schema.quantities import Confidence
from mqtt_schema.topics import Kind
from mqtt_schema.wire.aggregated import Aggregated
from mqtt_schema.wire.channels import ChannelConfigV2
from mqtt_schema.wire.config import Config, NestedConfig
from mqtt_schema.wire.control import HomeControlConfig, PlugConnectionState, PlugState, Presence
from mqtt_schema.wire.ct_aggregated import CtAggregated
from mqtt_schema.wire.ct_channels import ChannelConfig
from mqtt_schema.wire.modules import InputModuleState, OutputModuleState
from mqtt_schema.wire.realtime import CtRealtime, Realtime
from mqtt_schema.wire.sensors import AggregatedGw, AggregatedSwitch, SensorConfig

_DOCUMENTED, _CAPTURED, _CODE, _INFERRED = Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadField:
    """A field that is sent and not used; `path` leads to it from the root of the payload."""

    path: str
    meaning: str
    confidence: Confidence
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadRow:
    """What a topic carries."""

    kind: Kind
    forms: tuple[type[msgspec.Struct], ...]
    """Models and firmware differ; the form of a Genius first."""
    unread: tuple[UnreadField, ...] = ()


def _unread(path: str, meaning: str, confidence: Confidence, unit: str = "") -> UnreadField:
    return UnreadField(path=path, meaning=meaning, confidence=confidence, unit=unit)


PAYLOADS: tuple[PayloadRow, ...] = (
    PayloadRow(kind=Kind.CONFIG, forms=(Config, NestedConfig)),
    PayloadRow(
        kind=Kind.SENSOR_CONFIG,
        forms=(SensorConfig,),
        unread=(
            _unread("leakIntervals", "of a gas & water sensor, 2; where it stands is unknown", _DOCUMENTED),
            _unread("maxPulses", "of a gas & water sensor; where it stands is unknown", _DOCUMENTED),
        ),
    ),
    PayloadRow(
        kind=Kind.HOME_CONTROL_CONFIG,
        forms=(HomeControlConfig,),
        unread=(_unread("maximumAmpere", "unknown, 0 in the capture; Genius only", _CAPTURED),),
    ),
    PayloadRow(
        kind=Kind.CHANNEL_CONFIG_V2,
        forms=(ChannelConfigV2,),
        unread=(
            _unread("dataProcessingSpecification.serviceLocationId", "number of the service location", _CAPTURED),
            _unread("dataProcessingSpecification.dataSources[].nilm", "the CT of appliance detection", _CAPTURED),
            _unread("dataProcessingSpecification.dataSources[].name", "CTHub-<hub serial>", _CAPTURED),
            _unread("dataProcessingSpecification.dataSources[].version", "4, meaning unknown", _CAPTURED),
            _unread("dataProcessingSpecification.measurements[].version", "2, meaning unknown", _CAPTURED),
            _unread("….measurementType.mRID", "1.<kind>.<phase>.<unit> in IEC 61968-9 codes", _INFERRED),
        ),
    ),
    PayloadRow(
        kind=Kind.CHANNEL_CONFIG,
        forms=(ChannelConfig,),
        unread=(_unread("inputChannels[].nilm", "the CT of appliance detection", _CAPTURED),),
    ),
    PayloadRow(
        kind=Kind.REALTIME,
        forms=(Realtime, CtRealtime),
        unread=(
            _unread("totalPower", "sums other channels on each model: computed from the channels", _CAPTURED, "W"),
            _unread("totalReactivePower", "sum over grid and solar channels on a Genius", _INFERRED, "var"),
            _unread("totalImportEnergy", "sums other channels on each model", _CAPTURED, "J"),
            _unread("totalExportEnergy", "sums other channels on each model", _CAPTURED, "J"),
            _unread("monitorStatus", "0 in every capture", _CAPTURED),
            _unread("channelPowers[].formula", "$<hub serial>/<input>$; Genius only", _CAPTURED),
        ),
    ),
    PayloadRow(kind=Kind.AGGREGATED, forms=(Aggregated, CtAggregated)),
    PayloadRow(kind=Kind.AGGREGATED_GW, forms=(AggregatedGw,)),
    PayloadRow(kind=Kind.AGGREGATED_SWITCH, forms=(AggregatedSwitch,)),
    PayloadRow(kind=Kind.PRESENCE, forms=(Presence,)),
    PayloadRow(kind=Kind.PLUG_STATE, forms=(PlugState,)),
    PayloadRow(kind=Kind.PLUG_CONNECTION_STATE, forms=(PlugConnectionState,)),
    PayloadRow(
        kind=Kind.PLUG_SET_STATE,
        forms=(PlugState,),
        unread=(_unread("nodeId", "the <id> of the topic once more, in one client", _CODE),),
    ),
)

INFERRED_PAYLOADS: tuple[PayloadRow, ...] = (
    PayloadRow(kind=Kind.OUTPUT_MODULE_STATE, forms=(OutputModuleState,)),
    PayloadRow(kind=Kind.OUTPUT_MODULE_SET_STATE, forms=(OutputModuleState,)),
    PayloadRow(kind=Kind.INPUT_MODULE_STATE, forms=(InputModuleState,)),
)
"""What Input and Output modules may say. Apart, because a real message may look quite different: a program that must
know what it handles, as the anonymiser, takes these topics for undescribed ones."""
