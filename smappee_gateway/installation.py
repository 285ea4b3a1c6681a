"""From `channelConfigV2` or `channelConfig` to the channels of a site: names, roles, phases, and where each CT is."""

import re
from collections.abc import Iterable, Mapping

from mqtt_schema.model import Channel
from mqtt_schema.quantities import Phase, Role, Topology
from mqtt_schema.wire.channels import DataProcessing, DataSource, Measurement
from mqtt_schema.wire.ct_channels import UNUSED, InputChannel

_TOPOLOGIES = {
    "ONE": Topology.SINGLE_PHASE,
    "TWO": Topology.SPLIT_PHASE,
    "THREE_STAR": Topology.STAR,
    "THREE_DELTA": Topology.DELTA,
}
_PHASES = {"PHASEA": Phase.L1, "PHASEB": Phase.L2, "PHASEC": Phase.L3}
_PHASES_BY_NUMBER: Mapping[float | None, Phase] = {phase.value: phase for phase in Phase}
_FORMULA = re.compile(r"\$(?P<hub>[^$/]+)/(?P<input>\d{1,4})\$")


def topology_of(phase_type: str) -> Topology:
    """Translate `phaseType`; an unknown word is an unknown topology."""
    return _TOPOLOGIES.get(phase_type, Topology.UNKNOWN)


def channels_of(specification: DataProcessing) -> tuple[Channel, ...]:
    """Return the CTs; the service location itself is not one. Of two with one index the first counts."""
    sources = {_source_key(source): source for source in specification.data_sources}
    channels: dict[int, Channel] = {}
    for measurement in specification.measurements:
        index = measurement.publish_index
        if index is not None and index >= 0 and index == int(index):
            channels.setdefault(int(index), _channel(int(index), measurement, sources))
    return _with_distinct_keys(channels)


def channels_of_inputs(inputs: Iterable[InputChannel]) -> tuple[Channel, ...]:
    """Return the CTs of inputs that are in use. Of two with one number the first counts."""
    channels: dict[int, Channel] = {}
    for wire in inputs:
        if wire.ct_input >= 0 and wire.input_channel_type != UNUSED:
            channels.setdefault(wire.ct_input, _input_channel(wire))
    return tuple(channels.values())


def _input_channel(wire: InputChannel) -> Channel:
    return Channel(
        index=wire.ct_input,
        key=f"ct_{wire.ct_input}",
        name=wire.name.strip() or f"CT {wire.ct_input}",
        role=_role(wire.input_channel_type, wire.input_channel_connection),
        phase=_PHASES_BY_NUMBER.get(wire.phase),
        ct_type=wire.ct_type,
        reversed=wire.reversed,
        balanced=wire.balanced,
        input=wire.ct_input,
    )


def _channel(index: int, measurement: Measurement, sources: dict[str, DataSource]) -> Channel:
    hub, input_ = _plugged(measurement.formula)
    key = f"channel_{index}" if input_ is None else f"{hub}_{input_}"
    source = sources.get(key, DataSource())
    return Channel(
        index=index,
        key=key,
        name=measurement.name.strip() or f"CT {key}",
        role=_role(measurement.flow, measurement.connection_type),
        phase=next(
            (_PHASES[kind.phase] for kind in measurement.published_measurement_types if kind.phase in _PHASES), None
        ),
        ct_type=source.type,
        reversed=source.reversed,
        hub=hub,
        input=input_,
        sends_apparent=True,
    )


def _plugged(formula: str) -> tuple[str, int | None]:
    """Return the hub and the input that a CT is plugged in; a formula that is not one input tells neither."""
    match = _FORMULA.fullmatch(formula)
    return ("", None) if match is None else (match["hub"], int(match["input"]))


def _source_key(source: DataSource) -> str:
    address = source.bus_address
    return f"{address.serial_number}_{address.input_index}"


def _role(flow: str, connection: str) -> Role:
    """Classify flow × connection. Production behind a submeter is taken as solar too (inferred)."""
    if flow == "PRODUCTION":
        return Role.SOLAR
    if (flow, connection) == ("CONSUMPTION", "GRID"):
        return Role.GRID
    return Role.LOAD


def _with_distinct_keys(channels: dict[int, Channel]) -> tuple[Channel, ...]:
    """Drop a second channel of the same CT input: it is the same energy again."""
    by_key: dict[str, Channel] = {}
    for channel in channels.values():
        by_key.setdefault(channel.key, channel)
    return tuple(by_key.values())
