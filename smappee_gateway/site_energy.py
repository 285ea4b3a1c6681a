"""The energies of the whole house, as its meter would count them.

A CT counts gross on its own phase; the meter nets the phases at each instant. With 4 kW of sun on one phase and
600 W of load on each of three, summed CT counters say 36/24 kWh where the meter says 25/12. So import and export are
integrated from the sum of the grid channels at every message. Only where messages are missing do counters fill in.
"""

import msgspec

from mqtt_schema.model import SiteEnergy, SitePower
from mqtt_schema.quantities import Role
from smappee_gateway.energy_book import EnergyBook

LONGEST_STEP_S = 10.0
"""Between two measurements this far apart the power is taken as constant; a longer hole is a gap."""


class SiteEnergyMeter(msgspec.Struct):
    """Integrates the site's energies. The fields are its memory and survive a restart of the host."""

    totals: SiteEnergy = msgspec.field(default_factory=SiteEnergy)
    net_house_j: float = 0.0
    """Grid plus solar. The total is its highest value: measuring noise around 0 W must not turn a total back."""
    good_at: float | None = None
    """When the last usable measurement was taken, on the session's steady clock in seconds."""
    grid_net_j: float = 0.0
    """The net of the grid counters at that time."""
    solar_net_j: float = 0.0

    def measure(self, power: SitePower, clock: float, book: EnergyBook, highest_power_w: float) -> bool:
        """Take the powers of one message; tells whether the energies are known up to it.

        A message without a usable grid power is skipped; the next usable one covers its time.
        """
        if power.grid_w is None or power.house_w is None or not _possible(power, highest_power_w):
            return False
        if self.good_at is not None:
            elapsed_s = clock - self.good_at
            if elapsed_s <= LONGEST_STEP_S:
                self._add(power.grid_w * elapsed_s, (power.solar_w or 0.0) * elapsed_s)
            elif book.settled():
                self.totals.approximated = True
                self._add(book.net_j(Role.GRID) - self.grid_net_j, book.net_j(Role.SOLAR) - self.solar_net_j)
            else:
                return False
        self.good_at = clock
        self.grid_net_j, self.solar_net_j = book.net_j(Role.GRID), book.net_j(Role.SOLAR)
        return True

    def _add(self, grid_j: float, solar_j: float) -> None:
        totals = self.totals
        if grid_j > 0:
            totals.import_j += grid_j
        else:
            totals.export_j -= grid_j
        if solar_j > 0:
            totals.solar_j += solar_j
        self.net_house_j += grid_j + solar_j
        totals.house_j = max(totals.house_j, self.net_house_j)


def _possible(power: SitePower, highest_power_w: float) -> bool:
    """Tell whether grid and house are physically possible."""
    return abs(power.grid_w or 0.0) <= highest_power_w and abs(power.house_w or 0.0) <= 2 * highest_power_w
