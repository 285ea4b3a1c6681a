"""The house: its circuits live on a common supply, and a true meter counts what they do."""

from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from simulator.mains import Mains
from simulator.meter import TrueMeter
from simulator.moment import Moment, outdoor_c, sun_height
from simulator.site import Circuit, Site
from simulator.topology import TERMINALS, Pair

PRESENCE_S: Final = 900.0
ATTENDED_W: Final = 30.0


class LiveCircuit:
    """A circuit at work: its demand (P + jQ) and the currents it draws from each terminal (A, phasors)."""

    def __init__(self, circuit: Circuit, seed: int) -> None:
        self.circuit = circuit
        self.closed = True
        self.demand = 0j
        self.currents_a = [0j] * TERMINALS
        self._life = circuit.appliance.run(Random(f"{seed}/{circuit.name}"))
        next(self._life)

    def step(self, moment: Moment, voltages_v: Sequence[complex]) -> None:
        """Move on by one moment at `voltages_v`. Behind an open switch time passes, but nothing flows."""
        demand = self._life.send(moment)
        self.demand = demand if self.closed else 0j
        self.currents_a = currents = [0j] * TERMINALS
        branches = self.circuit.branches
        share = self.demand / len(branches)
        for inward, outward in branches:
            current = (share / (voltages_v[inward] - voltages_v[outward])).conjugate()
            currents[inward] += current
            currents[outward] -= current


class House:
    """A house in simulated time, from the whole second of `start` on.

    ``now_ms`` (ms UTC) is the end of the last step and all figures hold for that step.
    """

    def __init__(self, site: Site, *, seed: int = 1, start: datetime) -> None:
        self.site = site
        self.now_ms = int(start.timestamp()) * 1000
        self.meter = TrueMeter()
        self.charge_limit_a = 32.0
        self.grid_power_w = 0.0
        self.solar_power_w = 0.0
        self.load_power_w = 0.0
        self.incomer_a = [0j] * TERMINALS
        self.mains = Mains(site.topology, Random(f"{seed}/mains"))
        self.circuits = {circuit.name: LiveCircuit(circuit, seed) for circuit in site.circuits}
        self._zone = ZoneInfo(site.identity.time_zone)
        self._last_attended_ms = -1
        self.meter.loads_j.update({circuit.name: 0.0 for circuit in site.circuits if not circuit.produces})
        for plug in site.plugs:
            self.switch(plug.node_id, on=False)

    def step(self, seconds: float = 1.0) -> None:
        """Live on for `seconds` (whole milliseconds) with constant demands."""
        moment = self._moment(seconds)
        voltages = self.mains.step(seconds, self.incomer_a)
        for live in self.circuits.values():
            live.step(moment, voltages)
        self.incomer_a = [sum(line) for line in zip(*(live.currents_a for live in self.circuits.values()), strict=True)]
        self.now_ms += round(seconds * 1000)
        self._count(seconds)

    def switch(self, plug_id: int, *, on: bool) -> None:
        """Switch the circuit behind a comfort plug. Raises KeyError for a plug that is not there."""
        names = {plug.node_id: plug.name for plug in self.site.plugs}
        self.circuits[names[plug_id]].closed = on

    def voltage_v(self, pair: Pair) -> complex:
        """The phasor between two terminals."""
        return self.mains.voltages_v[pair[0]] - self.mains.voltages_v[pair[1]]

    @property
    def somebody_is_home(self) -> bool:
        """Whether an attended appliance was in use in the last quarter of an hour."""
        return self._last_attended_ms >= 0 and self.now_ms - self._last_attended_ms < PRESENCE_S * 1000

    def _moment(self, seconds: float) -> Moment:
        local = datetime.fromtimestamp(self.now_ms / 1000, self._zone)
        hour = local.hour + local.minute / 60.0 + local.second / 3600.0
        utc_hour = self.now_ms / 3.6e6 % 24.0
        day = local.timetuple().tm_yday
        pairs = [pair for pair in self.site.topology.reported if pair[0] != pair[1]]
        return Moment(
            step_s=seconds,
            hour=hour,
            outdoor_c=outdoor_c(day, hour),
            sun_height=sun_height(day, utc_hour, self.site.latitude_deg, self.site.longitude_deg),
            voltage_v=sum(abs(self.voltage_v(pair)) for pair in pairs) / len(pairs),
            charge_limit_a=self.charge_limit_a,
        )

    def _count(self, seconds: float) -> None:
        # The grid's power comes from the phasors at the incomer, the circuits' from their own demands: that the two
        # agree is a law of nature, not of this program, and the tests hold it.
        flows = zip(self.mains.voltages_v, self.incomer_a, strict=True)
        self.grid_power_w = sum((volt * current.conjugate()).real for volt, current in flows)
        self.meter.add_grid(self.grid_power_w, seconds)
        self.solar_power_w = self.load_power_w = 0.0
        for name, live in self.circuits.items():
            watts = live.demand.real
            if live.circuit.produces:
                self.solar_power_w -= watts
                self.meter.add_solar(-watts, seconds)
            else:
                self.load_power_w += watts
                self.meter.add_load(name, watts, seconds)
                if live.circuit.attended and watts > ATTENDED_W:
                    self._last_attended_ms = self.now_ms
