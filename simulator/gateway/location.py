"""A service location: what one uuid of a gateway measures, remembers and reports."""

import cmath
from random import Random
from typing import Final

from simulator.gateway.averages import Averages
from simulator.gateway.message import Message
from simulator.gateway.profile import Profile
from simulator.gateway.provider import Entries
from simulator.gateway.reading import ChannelReading, SiteReading
from simulator.house.house import House
from simulator.sites.site import CurrentTransformer, Role, Site
from simulator.sites.topology import Terminal

PICK_UP_A: Final = 0.02
"""What an open input picks up: the vendor's capture shows 17 to 32 mA on the inputs of a Plus that idle (invented)."""


class ServiceLocation:
    """The CTs of `site` on the wires of `house`, told in the form of `profile` with `entries` in its lists.

    `seed` sets what its counters have counted before and where its time stamps lie.
    """

    def __init__(self, site: Site, house: House, profile: Profile, entries: Entries, *, seed: int) -> None:
        cts = site.transformers
        self.site = site
        self.wire = profile.wire(site, entries)
        self.counters = profile.counters(cts, Random(f"{seed}/{site.identity.location_uuid}"))
        self._stamp_ms = profile.stamps(Random(f"{seed}/{site.identity.location_uuid}/stamps"))
        self.averages = Averages(len(cts), len(site.topology.reported))
        self._house = house
        self._clamps = [(ct, site.topology.sensing[ct.phase]) for ct in cts]
        self._grid = [index for index, ct in enumerate(cts) if ct.role is Role.GRID]
        self._solar = [index for index, ct in enumerate(cts) if ct.role is Role.SOLAR]
        self._powers_va = [0j] * len(cts)
        self._currents_a = [0.0] * len(cts)

    def topic(self, name: str) -> str:
        """The full topic of `name` in this location."""
        return self.site.identity.topic(name)

    def boot(self) -> None:
        """The gateway starts (again)."""
        self.counters.boot()

    def realtime(self) -> Message:
        """The message of the last second."""
        at_ms = self._stamp_ms(self._house.now_ms)
        return Message(self.topic("realtime"), self.wire.realtime(self.reading(at_ms)), at_ms)

    def aggregated(self, end_ms: int) -> list[Message]:
        """Close the period that ended at `end_ms` and tell its averages, if something was measured in it."""
        average = self.averages.close(end_ms)
        payload = self.wire.aggregated(average) if average else None
        return [Message(self.topic("aggregated"), payload, self._house.now_ms)] if payload else []

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
        solar_w = sum(powers[index].real for index in self._solar)
        self.averages.add_site(grid_w, solar_w, self._voltages_v(), seconds)

    def _clamp_a(self, ct: CurrentTransformer, conductor: Terminal) -> complex:
        """The phasor through a CT: towards the loads, but out of an inverter."""
        match ct.role:
            case Role.GRID:
                return self._house.incomer_a[conductor]
            case Role.HOUSE:
                return sum(
                    live.currents_a[conductor] for live in self._house.circuits.values() if not live.circuit.produces
                )
            case Role.UNUSED:
                return cmath.rect(PICK_UP_A, ct.hub_input)
        current = self._house.circuits[ct.circuit].currents_a[conductor]
        return -current if ct.role is Role.SOLAR else current

    def _voltages_v(self) -> tuple[float, ...]:
        return tuple(abs(self._house.voltage_v(pair)) for pair in self.site.topology.reported)

    def reading(self, at_ms: int) -> SiteReading:
        """The last measurement."""
        return SiteReading(
            at_ms=at_ms,
            frequency_hz=self._house.mains.frequency_hz,
            voltages_v=self._voltages_v(),
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
