"""The Plus profile (and Pro, which is not told apart): every document of a gateway of series 20.

Names, units, key order and signs are those of the vendor's captures (protocol facts 3.4 to 3.10).
"""

import math
from collections.abc import Mapping
from typing import Final

from simulator.gateway.ct_inputs import CtInputWire, Totals
from simulator.gateway.message import Json, compact
from simulator.gateway.profile import BootDocument
from simulator.gateway.provider import Entries, Publication
from simulator.gateway.reading import ChannelAverage, SiteAverage, SiteReading
from simulator.sites.site import Role, Site

# When each document follows the start, ms after a whole second, as the time stamps inside the captured ones tell
# (protocol facts 3.3). That of channelConfig was cut off by its publisher: its place here is invented.
CONFIG_MS: Final = 469
SENSOR_CONFIG_MS: Final = 944
HOME_CONTROL_CONFIG_MS: Final = 1304
CHANNEL_CONFIG_MS: Final = 1500


class Plus(CtInputWire):
    """Writes the documents of `site`, with `entries` in their lists. Times are ms UTC."""

    firmware = "V3106"

    def __init__(self, site: Site, entries: Entries) -> None:
        super().__init__(site)
        self._entries = entries
        self._grid = tuple(index for index, ct in enumerate(site.transformers) if ct.role is Role.GRID)

    def boot_documents(self) -> tuple[BootDocument, ...]:
        """All retained (protocol facts 3.3)."""
        return (
            BootDocument(CONFIG_MS, Publication("config", self.config)),
            BootDocument(SENSOR_CONFIG_MS, Publication("sensorConfig", self.sensor_config)),
            BootDocument(HOME_CONTROL_CONFIG_MS, Publication("homeControlConfig", self.home_control_config)),
            BootDocument(CHANNEL_CONFIG_MS, Publication("channelConfig", self.channel_config)),
        )

    def sensor_config(self, at_ms: int) -> bytes:
        """Gas, water and switch sensors."""
        return compact({"utcTimeStamp": at_ms, **self._lists("gwSensors", "switchSensors")})

    def home_control_config(self, at_ms: int) -> bytes:
        """Switches and comfort plugs."""
        return compact({"utcTimeStamp": at_ms, **self._lists("switchActuators", "smartplugActuators")})

    def _lists(self, *keys: str) -> Mapping[str, Json]:
        return {key: self._entries.get(key, ()) for key in keys}

    def realtime(self, reading: SiteReading) -> bytes:
        """What is measured now. Totals sum the grid's CTs only: the house without its sun (protocol facts 8)."""
        grid = [reading.channels[index] for index in self._grid]
        totals = Totals(
            power=round(sum(channel.active_power_w for channel in grid)),
            reactive_power=round(sum(channel.reactive_power_var for channel in grid)),
            import_energy=sum(int(channel.import_energy_j) for channel in grid),
            export_energy=sum(int(channel.export_energy_j) for channel in grid),
        )
        energies = ((int(channel.import_energy_j), int(channel.export_energy_j)) for channel in reading.channels)
        return self.realtime_document(reading.at_ms, totals, reading.channels, energies, reading.voltages_v)

    def aggregated(self, average: SiteAverage) -> bytes:
        """Five minutes' averages, version 2."""
        interval: Mapping[str, Json] = {
            "utcEndtime": average.end_ms,
            "averageRMSVoltages": [round(volt * 10) for volt in average.voltages_v],
            "alwaysOn": _milli(average.always_on_w),
            "channelIntervalDatas": [
                _channel_interval(ct.hub_input, channel)
                for ct, channel in zip(self.site.transformers, average.channels, strict=True)
            ],
            "version": 2,
        }
        return compact({"intervalDatas": [interval]})


def _channel_interval(ct_input: int, average: ChannelAverage) -> Mapping[str, Json]:
    active_w = average.import_w - average.export_w
    apparent_va = math.hypot(active_w, average.reactive_power_var)
    return {
        "averageRMSCurrent": _milli(average.current_a),
        "averageImportRMSActivePower": _milli(average.import_w),
        "averageExportRMSActivePower": _milli(average.export_w),
        "averageRMSApparentPower": _milli(apparent_va),
        "averageRMSReactivePower": _milli(abs(average.reactive_power_var)),
        # The captured ones are one to six below this: a mean of what was cut off each second, perhaps (inferred).
        "averagePowerfactor": int(100 * abs(active_w) / apparent_va) if apparent_va else 0,
        "ctInput": ct_input,
    }


def _milli(value: float) -> int:
    """The wire's aggregates are thousandths of the SI unit, but for the voltages (protocol facts 3.8)."""
    return round(value * 1000)
