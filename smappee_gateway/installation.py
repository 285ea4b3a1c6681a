"""From `channelConfigV2` to the channels of a site: names, roles, phases, and where each CT is plugged in."""

import re

from mqtt_schema.model import Channel
from mqtt_schema.quantities import Phase, Role, Topology
from mqtt_schema.wire.channels import DataProcessing, DataSource, Measurement

_TOPOLOGIES = {
    "ONE": Topology.SINGLE_PHASE,
    "TWO": Topology.SPLIT_PHASE,
    "THREE_STAR": Topology.STAR,
    "THREE_DELTA": Topology.DELTA,
}
_PHASES = {"PHASEA": Phase.L1, "PHASEB": Phase.L2, "PHASEC": Phase.L3}
_FORMULA = re.compile(r"\$(?P<hub>[^$/]+)/(?P<input>\d+)\$")


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


def _channel(index: int, measurement: Measurement, sources: dict[str, DataSource]) -> Channel:
    key = _key(index, measurement.formula)
    source = sources.get(key, DataSource())
    return Channel(
        index=index,
        key=key,
        name=measurement.name.strip() or f"CT {key}",
        role=_role(measurement),
        phase=next(
            (_PHASES[kind.phase] for kind in measurement.published_measurement_types if kind.phase in _PHASES), None
        ),
        ct_type=source.type,
        reversed=source.reversed,
    )


def _key(index: int, formula: str) -> str:
    """Where the CT is plugged in; a formula that is not one input gets its index."""
    match = _FORMULA.fullmatch(formula)
    return f"channel_{index}" if match is None else f"{match['hub']}_{match['input']}"


def _source_key(source: DataSource) -> str:
    address = source.bus_address
    return f"{address.serial_number}_{address.input_index}"


def _role(measurement: Measurement) -> Role:
    """Classify flow × connectionType. Production behind a submeter is taken as solar too (inferred)."""
    if measurement.flow == "PRODUCTION":
        return Role.SOLAR
    if (measurement.flow, measurement.connection_type) == ("CONSUMPTION", "GRID"):
        return Role.GRID
    return Role.LOAD


def _with_distinct_keys(channels: dict[int, Channel]) -> tuple[Channel, ...]:
    """Drop a second channel of the same CT input: it is the same energy again."""
    by_key: dict[str, Channel] = {}
    for channel in channels.values():
        by_key.setdefault(channel.key, channel)
    return tuple(by_key.values())
