"""The Solar profile: a gateway of series 11 with late firmware, which pushes to a broker of its user.

Captured are one ``realtime`` and what it tells: ct 1 is the sun, ct 2 the load, one voltage, counters of signed 32 bits
beside healthy totals, stamps at arbitrary ms (protocol facts 3.7, 7, 8). It has no grid CT to tell of. That it tells
``config`` and ``channelConfig`` too, and their form, is inferred from the Plus; no source knows anything more of it, so
it sends nothing more.
"""

from typing import Final

from simulator.gateway.ct_inputs import CtInputWire, Totals
from simulator.gateway.profile import BootDocument
from simulator.gateway.provider import Entries, Publication
from simulator.gateway.reading import SiteAverage, SiteReading
from simulator.sites.site import Role, Site

CONFIG_MS: Final = 469
CHANNEL_CONFIG_MS: Final = 1500

_INT32: Final = 2**31


class SolarMonitor(CtInputWire):
    """Writes the documents of `site`. Times are ms UTC."""

    firmware = "V3125"
    """Invented: a Plus of the time had it."""

    def __init__(self, site: Site, _: Entries) -> None:
        super().__init__(site)
        self._house = next(index for index, ct in enumerate(site.transformers) if ct.role is Role.HOUSE)

    def boot_documents(self) -> tuple[BootDocument, ...]:
        """Both retained, as on a Plus (inferred)."""
        return (
            BootDocument(CONFIG_MS, Publication("config", self.config)),
            BootDocument(CHANNEL_CONFIG_MS, Publication("channelConfig", self.channel_config)),
        )

    def realtime(self, reading: SiteReading) -> bytes:
        """What is measured now. Totals are those of the load channel, and wider than its counters."""
        house = reading.channels[self._house]
        totals = Totals(
            power=round(house.active_power_w),
            reactive_power=round(house.reactive_power_var),
            import_energy=int(house.import_energy_j),
            export_energy=int(house.export_energy_j),
        )
        energies = (
            (signed_32_bit(int(channel.import_energy_j)), signed_32_bit(int(channel.export_energy_j)))
            for channel in reading.channels
        )
        return self.realtime_document(reading.at_ms, totals, reading.channels, energies, reading.voltages_v)

    def aggregated(self, _: SiteAverage) -> None:
        """Not known of a Solar."""


def signed_32_bit(value: int) -> int:
    """What is left of `value` in a signed integer of 32 bits."""
    return (value + _INT32) % 2**32 - _INT32
