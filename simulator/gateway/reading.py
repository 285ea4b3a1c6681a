"""The physical state that a gateway reports: plain SI values, before any rounding."""

from typing import Final, NamedTuple

AGGREGATION_S: Final = 300
"""The aggregation period of every kind of gateway (protocol facts 3.4, captured)."""


class ChannelReading(NamedTuple):
    """One CT. Power and power factor carry the sign of the flow; energies are gross: positive power is import."""

    active_power_w: float
    reactive_power_var: float
    apparent_power_va: float
    current_a: float
    power_factor: float
    import_energy_j: float
    export_energy_j: float


class SiteReading(NamedTuple):
    """The whole site at ``at_ms`` (ms UTC): ``voltages_v`` in the order of phaseId, ``channels`` of publishIndex."""

    at_ms: int
    frequency_hz: float
    voltages_v: tuple[float, ...]
    channels: tuple[ChannelReading, ...]


class ChannelAverage(NamedTuple):
    """One CT over an aggregation period; import and export are the means of its power's two signs."""

    active_power_w: float
    reactive_power_var: float
    voltage_v: float
    current_a: float
    import_w: float
    export_w: float


class SiteAverage(NamedTuple):
    """The site over the aggregation period that ended at ``end_ms``; ``voltages_v`` in the order of phaseId.

    ``import_w`` and ``export_w`` are the averages of the grid power's positive and negative part, second by second
    (whether a real gateway does so is unknown, protocol facts 8).
    """

    end_ms: int
    channels: tuple[ChannelAverage, ...]
    voltages_v: tuple[float, ...]
    always_on_w: float
    load_w: float
    production_w: float
    import_w: float
    export_w: float
