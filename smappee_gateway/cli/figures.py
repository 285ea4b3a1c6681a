"""Figures that a gateway does not send and that follow from what it sends."""

import math
from dataclasses import dataclass

from mqtt_schema.model import Channel, ChannelReading, Readings
from mqtt_schema.quantities import Phase, Topology
from mqtt_schema.wire.realtime import ChannelPower

LARGEST_POWER_FACTOR_PERCENT = 100


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


def reactive_var(reading: ChannelReading) -> float | None:
    """Size of the reactive power √(S² − P²) in var; rounding may make P larger than S."""
    if not isinstance(reading, ChannelPower) or reading.apparent_va is None or reading.power_w is None:
        return None
    return math.sqrt(max(reading.apparent_va**2 - reading.power_w**2, 0.0))


def power_factor(reading: ChannelReading) -> float | None:
    """Power factor as sent. Without any power a gateway still sends one, made of noise (captured): unknown."""
    if not isinstance(reading, ChannelPower) or reading.power_factor_percent is None or not reading.apparent_va:
        return None
    return reading.power_factor_percent / LARGEST_POWER_FACTOR_PERCENT


def line_to_line_v(phase: Phase | None, readings: Readings, topology: Topology) -> float | None:
    """Voltage between a line and the next (L1-L2, L2-L3, L3-L1) in V; on a delta supply the gateway sends it."""
    voltage = _voltage(readings, phase)
    if phase is None or voltage is None or topology is Topology.DELTA:
        return voltage
    match topology:
        case Topology.STAR:
            following = _voltage(readings, Phase((phase + 1) % len(Phase)))
            return None if following is None else math.sqrt(voltage**2 + following**2 + voltage * following)
        case Topology.SPLIT_PHASE:
            other = _voltage(readings, Phase.L2 if phase is Phase.L1 else Phase.L1)
            return None if other is None else voltage + other
        case _:
            return None


def _voltage(readings: Readings, phase: Phase | None) -> float | None:
    return None if phase is None else readings.voltage_v.get(phase)
