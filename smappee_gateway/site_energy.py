"""The energies of the whole house, as its meter would count them.

A CT counts gross on its own phase; the meter nets the phases at each instant. With 4 kW of sun on one phase and
600 W of load on each of three, summed CT counters say 36/24 kWh where the meter says 25/12. So import and export are
integrated from the sum of the grid channels at every message. Only where messages are missing do counters fill in.
"""

import msgspec

from mqtt_schema.quantities import Role
from mqtt_schema.readings import SiteEnergy, SitePower
from smappee_gateway.energy_book import EnergyBook

LONGEST_STEP_S = 10.0
"""Between two measurements this far apart the power is taken as constant; a longer hole is a gap."""
LONGEST_BRIDGE_S = 60.0
"""A gap this long is bridged by the mean of the powers at both ends. That also covers a gateway that restarts, and so
counts nothing; counters of whole watt-hours would be no better for so short a time."""
PATIENCE = 10
"""After a gap so many messages may pass until doubtful counters are clear; then those that are must do."""


class NetEnergyIntegral(msgspec.Struct):
    """The net energy of the grid, of all inverters, batteries or cars, in joule; survives a restart."""

    net_j: float = 0.0
    good_at: float | None = None
    """When the power was last known, on the session's steady clock in seconds."""
    power_w: float = 0.0
    """The power at that time."""
    counters_j: float = 0.0
    """The net of the CT counters at that time."""
    waited: int = 0
    """Messages since the end of a gap that counters have not yet filled."""
    approximated: bool = False
    """A gap has been bridged, or filled by counters."""

    def advance(self, power_w: float, clock: float, book: EnergyBook, role: Role) -> float | None:
        """Take the power of one message; returns the energy since the last one, None while it is not known."""
        elapsed_s = 0.0 if self.good_at is None else clock - self.good_at
        if elapsed_s <= LONGEST_STEP_S:
            energy_j = power_w * elapsed_s
        elif elapsed_s <= LONGEST_BRIDGE_S:
            energy_j = (self.power_w + power_w) / 2 * elapsed_s
        elif self.waited < PATIENCE and not book.settled(role):
            self.waited += 1
            return None
        else:
            energy_j = book.net_j(role) - self.counters_j
        self.approximated |= elapsed_s > LONGEST_STEP_S
        self.net_j += energy_j
        self.good_at, self.power_w, self.counters_j, self.waited = clock, power_w, book.net_j(role), 0
        return energy_j


class SiteEnergyMeter(msgspec.Struct):
    """Grid, solar, batteries, cars and house. The fields are its memory and survive a restart of the host.

    A power that is not known is skipped; the next one that is covers its time.
    """

    totals: SiteEnergy = msgspec.field(default_factory=SiteEnergy)
    grid: NetEnergyIntegral = msgspec.field(default_factory=NetEnergyIntegral)
    solar: NetEnergyIntegral = msgspec.field(default_factory=NetEnergyIntegral)
    battery: NetEnergyIntegral = msgspec.field(default_factory=NetEnergyIntegral)
    """As its CTs count: + charging."""
    ev: NetEnergyIntegral = msgspec.field(default_factory=NetEnergyIntegral)

    def measure(self, power: SitePower, clock: float, book: EnergyBook) -> None:
        """Take the powers of one message."""
        totals = self.totals
        grid_j = solar_j = None
        if power.grid_w is not None:
            grid_j = self.grid.advance(power.grid_w, clock, book, Role.GRID)
        if power.solar_w is not None:
            solar_j = self.solar.advance(power.solar_w, clock, book, Role.SOLAR)
        if grid_j is not None:
            totals.import_j = (totals.import_j or 0.0) + max(grid_j, 0.0)
            totals.export_j = (totals.export_j or 0.0) - min(grid_j, 0.0)
        if solar_j is not None:
            totals.solar_j = (totals.solar_j or 0.0) + max(solar_j, 0.0)
        self._store(power, clock, book)
        self._charge_cars(power, clock, book)
        if power.house_w is not None and self._is_complete(power, clock):
            # Measuring noise around 0 W must not turn the total back.
            net_j = self.grid.net_j + self.solar.net_j - self.battery.net_j
            totals.house_j = max(totals.house_j or 0.0, net_j)
        totals.approximated = (
            self.grid.approximated or self.solar.approximated or self.battery.approximated or self.ev.approximated
        )

    def _store(self, power: SitePower, clock: float, book: EnergyBook) -> None:
        """Count what batteries take and give."""
        if power.battery_w is None:
            return
        stored_j = self.battery.advance(-power.battery_w, clock, book, Role.BATTERY)
        if stored_j is not None:
            self.totals.charged_j = (self.totals.charged_j or 0.0) + max(stored_j, 0.0)
            self.totals.discharged_j = (self.totals.discharged_j or 0.0) - min(stored_j, 0.0)

    def _charge_cars(self, power: SitePower, clock: float, book: EnergyBook) -> None:
        """Count what cars take; what one gives back is not counted, since the total is of what was charged."""
        taken_j = None if power.ev_w is None else self.ev.advance(power.ev_w, clock, book, Role.EV)
        if taken_j is not None:
            self.totals.ev_j = (self.totals.ev_j or 0.0) + max(taken_j, 0.0)

    def _is_complete(self, power: SitePower, clock: float) -> bool:
        """Tell whether everything that makes up the house is counted up to now."""
        parts = ((power.grid_w, self.grid), (power.solar_w, self.solar), (power.battery_w, self.battery))
        return all(integral.good_at == clock for power_w, integral in parts if power_w is not None)
