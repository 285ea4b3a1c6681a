"""Figures that a gateway does not send and that follow from what it sends."""

from dataclasses import dataclass

from mqtt_schema.electrical import between_lines_v, power_factor, reactive_var
from mqtt_schema.model import Channel
from mqtt_schema.quantities import Phase, Topology
from mqtt_schema.readings import Readings

SPLIT_PHASE_LINES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFigures:
    """One channel as it is shown; None = unknown."""

    power_w: float | None = None
    reactive_var: float | None = None
    """Derived: only its size can be known."""
    power_factor: float | None = None
    current_a: float | None = None
    line_to_neutral_v: float | None = None
    line_to_line_v: float | None = None
    """Derived, except on a delta supply, where the lines' voltages are sent."""


def figures(channel: Channel, readings: Readings, topology: Topology) -> ChannelFigures:
    """Collect what is known of a channel."""
    reading = readings.channels.get(channel.index)
    to_line_v = line_to_line_v(channel.phase, readings, topology)
    to_neutral_v = None if topology is Topology.DELTA else _voltage(readings, channel.phase)
    if reading is None:
        return ChannelFigures(line_to_neutral_v=to_neutral_v, line_to_line_v=to_line_v)
    return ChannelFigures(
        power_w=reading.power_w,
        reactive_var=reactive_var(reading),
        power_factor=power_factor(reading),
        current_a=reading.current_a,
        line_to_neutral_v=to_neutral_v,
        line_to_line_v=to_line_v,
    )


def line_to_line_v(phase: Phase | None, readings: Readings, topology: Topology) -> float | None:
    """Voltage between a line and the next (L1-L2, L2-L3, L3-L1) in V; on a delta supply the gateway sends it."""
    if phase is None or topology is Topology.DELTA:
        return _voltage(readings, phase)
    lines = len(Phase) if topology is Topology.STAR else SPLIT_PHASE_LINES
    return between_lines_v(phase, Phase((phase + 1) % lines), readings, topology)


def _voltage(readings: Readings, phase: Phase | None) -> float | None:
    return None if phase is None else readings.voltage_v.get(phase)
