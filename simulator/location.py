"""A service location: what one uuid of a gateway measures, remembers and reports."""

from random import Random

from simulator.averages import Averages
from simulator.counters import Counters
from simulator.genius import Genius
from simulator.house import House
from simulator.reading import ChannelReading, SiteReading
from simulator.site import CurrentTransformer, Role, Site
from simulator.topology import Terminal


class ServiceLocation:
    """The CTs of `site` on the wires of `house`; `seed` sets what its counters have counted before."""

    def __init__(self, site: Site, house: House, *, seed: int) -> None:
        cts = site.transformers
        self.site = site
        self.wire = Genius(site)
        self.counters = Counters(cts, Random(f"{seed}/{site.identity.location_uuid}"))
        self.averages = Averages(len(cts))
        self._house = house
        self._clamps = [(ct, site.topology.sensing[ct.phase]) for ct in cts]
        self._grid = [index for index, ct in enumerate(cts) if ct.role is Role.GRID]
        self._solar = [index for index, ct in enumerate(cts) if ct.role is Role.SOLAR]
        self._powers_va = [0j] * len(cts)
        self._currents_a = [0.0] * len(cts)

    def topic(self, name: str) -> str:
        """The full topic of `name` in this location."""
        return f"servicelocation/{self.site.identity.location_uuid}/{name}"

    def measure(self, seconds: float) -> None:
        """Take in the house's last step, `seconds` long."""
        currents = [self._clamp_a(ct, pair[0]) for ct, pair in self._clamps]
        voltages = [self._house.voltage_v(pair) for _, pair in self._clamps]
        powers = [volt * current.conjugate() for volt, current in zip(voltages, currents, strict=True)]
        self._powers_va = powers
        self._currents_a = list(map(abs, currents))
        self.counters.add(powers, seconds)
        self.averages.add_channels(powers, list(map(abs, voltages)), self._currents_a, seconds)
        grid_w = sum(powers[index].real for index in self._grid)
        self.averages.add_site(grid_w, sum(powers[index].real for index in self._solar), seconds)

    def _clamp_a(self, ct: CurrentTransformer, conductor: Terminal) -> complex:
        """The phasor through a CT: towards the loads, but out of an inverter."""
        if ct.role is Role.GRID:
            return self._house.incomer_a[conductor]
        current = self._house.circuits[ct.circuit].currents_a[conductor]
        return -current if ct.role is Role.SOLAR else current

    def reading(self, at_ms: int) -> SiteReading:
        """The last measurement."""
        return SiteReading(
            at_ms=at_ms,
            frequency_hz=self._house.mains.frequency_hz,
            voltages_v=tuple(abs(self._house.voltage_v(pair)) for pair in self.site.topology.reported),
            channels=tuple(
                map(_channel, self._powers_va, self._currents_a, self.counters.import_j, self.counters.export_j)
            ),
        )


def _channel(power: complex, current_a: float, import_j: float, export_j: float) -> ChannelReading:
    apparent = abs(power)
    return ChannelReading(
        active_power_w=power.real,
        reactive_power_var=power.imag,
        apparent_power_va=apparent,
        current_a=current_a,
        power_factor=power.real / apparent if apparent else 0.0,
        import_energy_j=import_j,
        export_energy_j=export_j,
    )
