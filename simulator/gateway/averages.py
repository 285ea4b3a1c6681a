"""Five-minute averages of a service location, and its always-on power."""

from collections import deque
from collections.abc import Sequence
from typing import Final

from simulator.gateway.reading import ChannelAverage, SiteAverage

ALWAYS_ON_PERIODS: Final = 288
"""A day of five-minute periods. The vendor does not publish its method; this is the least load of the last day."""


class Averages:
    """Collects what is measured until the period is closed, weighted by time."""

    def __init__(self, channel_count: int, voltage_count: int) -> None:
        self._loads_w: deque[float] = deque(maxlen=ALWAYS_ON_PERIODS)
        self._count = channel_count
        self._voltage_count = voltage_count
        self._begin()

    def _begin(self) -> None:
        self._seconds = 0.0
        self._energies_j = [0j] * self._count
        self._imports_j = [0.0] * self._count
        self._volt_seconds = [0.0] * self._count
        self._ampere_seconds = [0.0] * self._count
        self._site_volt_seconds = [0.0] * self._voltage_count
        self._production_j = self._import_j = self._export_j = 0.0

    def add_channels(
        self, powers_va: Sequence[complex], voltages_v: Sequence[float], currents_a: Sequence[float], seconds: float
    ) -> None:
        """Weigh in the CTs, in the order of publishIndex; powers are P + jQ."""
        self._energies_j = _added(self._energies_j, powers_va, seconds)
        imports_w = [max(0.0, power.real) for power in powers_va]
        self._imports_j = _added(self._imports_j, imports_w, seconds)
        self._volt_seconds = _added(self._volt_seconds, voltages_v, seconds)
        self._ampere_seconds = _added(self._ampere_seconds, currents_a, seconds)

    def add_site(self, grid_w: float, production_w: float, voltages_v: Sequence[float], seconds: float) -> None:
        """Weigh in the sums over the grid CTs and over the solar CTs, and the supply's voltages by phaseId."""
        self._seconds += seconds
        self._site_volt_seconds = _added(self._site_volt_seconds, voltages_v, seconds)
        self._production_j += production_w * seconds
        self._import_j += max(grid_w, 0.0) * seconds
        self._export_j += max(-grid_w, 0.0) * seconds

    def close(self, end_ms: int) -> SiteAverage | None:
        """Finish the period and begin the next; None when nothing was measured in it."""
        if not self._seconds:
            return None
        load_w = (self._import_j - self._export_j + self._production_j) / self._seconds
        self._loads_w.append(load_w)
        average = SiteAverage(
            end_ms=end_ms,
            channels=tuple(map(self._channel, range(self._count))),
            voltages_v=tuple(volt_seconds / self._seconds for volt_seconds in self._site_volt_seconds),
            always_on_w=max(0.0, min(self._loads_w)),
            load_w=load_w,
            production_w=self._production_j / self._seconds,
            import_w=self._import_j / self._seconds,
            export_w=self._export_j / self._seconds,
        )
        self._begin()
        return average

    def _channel(self, index: int) -> ChannelAverage:
        power = self._energies_j[index] / self._seconds
        import_w = self._imports_j[index] / self._seconds
        return ChannelAverage(
            active_power_w=power.real,
            reactive_power_var=power.imag,
            voltage_v=self._volt_seconds[index] / self._seconds,
            current_a=self._ampere_seconds[index] / self._seconds,
            import_w=import_w,
            export_w=max(0.0, import_w - power.real),
        )


def _added[Value: (float, complex)](sums: Sequence[Value], values: Sequence[Value], seconds: float) -> list[Value]:
    return [total + value * seconds for total, value in zip(sums, values, strict=True)]
