"""What follows from power, current and voltage: derived figures of CTs and lines, and when they mean anything."""

import math

from mqtt_schema.model import Channel, Site
from mqtt_schema.quantities import Phase, Role, Topology
from mqtt_schema.readings import ChannelReading, Readings

_PERCENT = 100
_BETWEEN = "-"


def has_power_of_its_own(site: Site, scope: str) -> bool:
    """It is not one of several CTs on a delta supply: of those only the sum of the powers is a power."""
    return site.topology is not Topology.DELTA or len(companions(site, site.channel_by_key[scope])) == 1


def is_one_of_several(site: Site, scope: str) -> bool:
    """It has a power of its own, and others measure the same load or the grid, too."""
    return len(companions(site, site.channel_by_key[scope])) > 1 and has_power_of_its_own(site, scope)


def has_apparent_power(site: Site, scope: str) -> bool:
    """The gateway sends its apparent power, and it has a power of its own."""
    return site.channel_by_key[scope].sends_apparent and has_power_of_its_own(site, scope)


def sends_frequency(site: Site, _scope: str) -> bool:
    """The gateway sends it (Genius)."""
    return any(channel.sends_apparent for channel in site.channels)


def companions(site: Site, channel: Channel) -> tuple[Channel, ...]:
    """Return the CTs, itself included, that together measure one load, or the grid."""
    if channel.role is Role.GRID:
        return tuple(other for other in site.channels if other.role is Role.GRID)
    return next(load.channels for load in site.loads if channel in load.channels)


def line_pairs(site: Site) -> tuple[str, ...]:
    """Return the pairs of lines, such as `L1-L2`, whose voltage can be derived; of a delta supply it is sent."""
    lines = [Phase(phase).name for phase in site.phases]
    match site.topology, lines:
        case (Topology.STAR | Topology.SPLIT_PHASE, [first, second]):
            return (f"{first}{_BETWEEN}{second}",)
        case Topology.STAR, [first, second, third]:
            return tuple(f"{a}{_BETWEEN}{b}" for a, b in ((first, second), (second, third), (third, first)))
        case _:
            return ()


def channel_power(site: Site, readings: Readings, scope: str) -> float | None:
    """Power of a CT in W; sign as for its load, for the grid, or for a battery."""
    reading = _reading(site, readings, scope)
    if reading is None or reading.power_w is None:
        return None
    return -reading.power_w if site.channel_by_key[scope].role is Role.BATTERY else reading.power_w


def channel_apparent_power(site: Site, readings: Readings, scope: str) -> float | None:
    """Apparent power of a CT in VA, as sent."""
    reading = _reading(site, readings, scope)
    return None if reading is None else reading.apparent_va


def channel_reactive_power(site: Site, readings: Readings, scope: str) -> float | None:
    """Reactive power of a CT in var, derived: √(S² − P²), its size only."""
    reading = _reading(site, readings, scope)
    return None if reading is None else reactive_var(reading)


def channel_power_factor(site: Site, readings: Readings, scope: str) -> float | None:
    """Power factor of a CT in %, as sent; unknown without any apparent power, where it is made of noise (captured)."""
    reading = _reading(site, readings, scope)
    return None if reading is None or not reading.apparent_va else reading.power_factor_percent


def line_voltage(site: Site, readings: Readings, scope: str) -> float | None:
    """Voltage between two lines in V, derived from their voltages to the neutral."""
    first, second = scope.split(_BETWEEN)
    return between_lines_v(Phase[first], Phase[second], readings, site.topology)


def between_lines_v(first: Phase, second: Phase, readings: Readings, topology: Topology) -> float | None:
    """Voltage between two lines in V, from the angle between them; None without a neutral, or while one is unknown."""
    first_v, second_v = readings.voltage_v.get(first), readings.voltage_v.get(second)
    if first_v is None or second_v is None:
        return None
    match topology:
        case Topology.STAR:
            return math.sqrt(first_v**2 + second_v**2 + first_v * second_v)
        case Topology.SPLIT_PHASE:
            return first_v + second_v
        case _:
            return None


def reactive_var(reading: ChannelReading) -> float | None:
    """Size of the reactive power √(S² − P²) in var; rounding may make P larger than S."""
    if reading.apparent_va is None or reading.power_w is None:
        return None
    return math.sqrt(max(reading.apparent_va**2 - reading.power_w**2, 0.0))


def power_factor(reading: ChannelReading) -> float | None:
    """Power factor as sent, between −1 and 1; unknown without any apparent power, where it is made of noise."""
    percent = reading.power_factor_percent
    return None if percent is None or not reading.apparent_va else percent / _PERCENT


def _reading(site: Site, readings: Readings, scope: str) -> ChannelReading | None:
    return readings.channels.get(site.channel_by_key[scope].index)
