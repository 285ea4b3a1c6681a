"""The house: its circuits live on a common supply, its people use water, and true meters count what they do."""

import math
from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from simulator.gateway.interval_log import INTERVAL_MS, Counts, IntervalLog
from simulator.house.breaker import LiveBreaker
from simulator.house.charging.charger import LiveCharger
from simulator.house.circuits import LiveCircuit, brought_to_life
from simulator.house.heaters import LiveBoiler, LiveGasBoiler
from simulator.house.mains import Mains
from simulator.house.meter import Medium, TrueMeter
from simulator.house.moment import Moment, outdoor_c, sun_height
from simulator.house.storage import LiveBattery
from simulator.house.water import Heater, Plumbing
from simulator.sites.site import Site
from simulator.sites.topology import TERMINALS, Pair

PRESENCE_S: Final = 900.0
STANDBY_W: Final = 30.0


class House:
    """A house in simulated time, from the whole second of `start` on.

    ``now_ms`` (ms UTC) is the end of the last step and all figures hold for that step: grid + solar + battery = load, a
    battery's power being above 0 while it discharges. ``cloud`` (0 to 1, None as chance has it) is the weather.
    """

    def __init__(self, site: Site, *, seed: int = 1, start: datetime) -> None:
        self.site = site
        self.now_ms = int(start.timestamp()) * 1000
        self.meter = TrueMeter()
        self.charge_limit_a = 32.0
        self.cloud: float | None = None
        self.grid_power_w = 0.0
        self.solar_power_w = 0.0
        self.load_power_w = 0.0
        self.battery_power_w = 0.0
        self.incomer_a = [0j] * TERMINALS
        self.mains = Mains(site.topology, Random(f"{seed}/mains"))
        self.lines = len(site.topology.emf_v)
        self.breakers = {breaker.name: LiveBreaker(breaker, self.lines) for breaker in site.breakers}
        self.circuits = {circuit.name: brought_to_life(circuit, seed) for circuit in site.circuits}
        self.plumbing = Plumbing(site.water_uses, seed)
        self._gas_boiler = site.gas_boiler and LiveGasBoiler(site.gas_boiler, Random(f"{seed}/gas boiler"))
        self._contacts = {contact.name: contact.run(Random(f"{seed}/{contact.name}")) for contact in site.contacts}
        self.contacts = {name: next(life) for name, life in self._contacts.items()}
        self._logs: list[IntervalLog] = []
        self._zone = ZoneInfo(site.identity.time_zone)
        self._attended = frozenset(circuit.name for circuit in site.circuits if circuit.attended)
        self._running: frozenset[str] = frozenset()
        self._last_attended_ms = -1
        self.meter.loads_j.update(
            {circuit.name: 0.0 for circuit in site.circuits if not (circuit.produces or circuit.stores)}
        )
        behind_relays = [name for module in site.output_modules for name in module.circuits if name]
        for name in [*(plug.name for plug in site.plugs), *behind_relays]:
            self.connect(name, on=False)

    def step(self, seconds: float = 1.0) -> None:
        """Live on for `seconds` (whole milliseconds) with constant demands."""
        moment = self._moment(seconds)
        self._flow(moment)
        self.contacts = {name: life.send(moment) for name, life in self._contacts.items()}
        voltages = self.mains.step(seconds, self.incomer_a)
        for live in self.circuits.values():
            live.step(moment, voltages)
        self.incomer_a = [sum(line) for line in zip(*(live.currents_a for live in self.circuits.values()), strict=True)]
        interval = self.now_ms // INTERVAL_MS
        self.now_ms += round(seconds * 1000)
        self._count(seconds)
        for breaker in self.breakers.values():
            breaker.carry(self._line_currents_a(breaker.breaker.circuits), seconds)
        if self.now_ms // INTERVAL_MS != interval:
            for log in self._logs:
                log.close(self.now_ms // INTERVAL_MS * INTERVAL_MS, moment.outdoor_c)

    def log(self, read: Callable[[], Counts]) -> IntervalLog:
        """A memory of what `read` counts in each five minutes, kept by a sensor in the house."""
        self._logs.append(IntervalLog(read))
        return self._logs[-1]

    def switch(self, plug_id: int, *, on: bool) -> None:
        """Switch the circuit behind a plug or Switch. Raises KeyError for one that is not there."""
        names = {plug.node_id: plug.name for plug in self.site.plugs}
        names |= {switch.node_id: switch.name for switch in self.site.switches}
        self.connect(names[plug_id], on=on)

    def connect(self, circuit: str, *, on: bool) -> None:
        """Connect a circuit to the supply or cut it off. Raises KeyError for one that is not there."""
        self.circuits[circuit].closed = on

    def start(self, circuit: str) -> None:
        """Start an appliance by hand in the next step: a programme begins, a heat pump runs, a car comes home.

        Whatever has no programme, or is in the middle of one, goes on as it was. Raises KeyError for a circuit that is
        not there.
        """
        self.circuits[circuit].called = True

    def voltage_v(self, pair: Pair) -> complex:
        """The phasor between two terminals."""
        return self.mains.voltages_v[pair[0]] - self.mains.voltages_v[pair[1]]

    @property
    def batteries(self) -> dict[str, LiveBattery]:
        """The batteries at work, by the name of their circuits."""
        return {name: live.life for name, live in self.circuits.items() if isinstance(live.life, LiveBattery)}

    @property
    def boilers(self) -> dict[str, LiveBoiler]:
        """The electric boilers at work, by the name of their circuits."""
        return {name: live.life for name, live in self.circuits.items() if isinstance(live.life, LiveBoiler)}

    @property
    def chargers(self) -> dict[str, LiveCharger]:
        """The chargers that take commands, by the name of their circuits."""
        return {name: live.life for name, live in self.circuits.items() if isinstance(live.life, LiveCharger)}

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
            weekday=local.weekday(),
            outdoor_c=outdoor_c(day, hour),
            sun_height=sun_height(day, utc_hour, self.site.latitude_deg, self.site.longitude_deg),
            voltage_v=sum(abs(self.voltage_v(pair)) for pair in pairs) / len(pairs),
            charge_limit_a=self.charge_limit_a,
            cloud=self.cloud,
            grid_power_w=self.grid_power_w,
            running=self._running,
        )

    def _flow(self, moment: Moment) -> None:
        """Let water and gas flow, and count them."""
        self.plumbing.step(moment)
        moment.hot_water_l = self.plumbing.hot_l[Heater.TANK]
        for medium, litres in self.plumbing.drawn_l.items():
            self.meter.volumes_m3[medium] += litres / 1000.0
        if self._gas_boiler:
            gas_m3 = self._gas_boiler.burn(moment, self.plumbing.hot_l[Heater.GAS])
            self.meter.volumes_m3[Medium.GAS] += gas_m3

    def _count(self, seconds: float) -> None:
        # The grid's power comes from the phasors at the incomer, the circuits' from their own demands: that the two
        # agree is a law of nature, not of this program, and the tests hold it.
        flows = zip(self.mains.voltages_v, self.incomer_a, strict=True)
        powers_w = [(volt * current.conjugate()).real for volt, current in flows]
        self.grid_power_w = sum(powers_w)
        self.meter.line_powers_w = powers_w[: self.lines]
        self.meter.line_currents_a = signed(self.incomer_a, self.meter.line_powers_w)
        self.meter.add_grid(self.grid_power_w, seconds)
        self.solar_power_w = self.load_power_w = self.battery_power_w = 0.0
        for live in self.circuits.values():
            self._count_circuit(live, live.demand.real, seconds)
        self._running = frozenset(name for name, live in self.circuits.items() if live.demand.real > STANDBY_W)
        if not self._running.isdisjoint(self._attended):
            self._last_attended_ms = self.now_ms

    def _line_currents_a(self, circuits: Sequence[str]) -> list[float]:
        """What flows in each line to `circuits`, or into the house when there are none; with the sign of the power."""
        if not circuits:
            return self.meter.line_currents_a
        sums = [sum(line) for line in zip(*(self.circuits[name].currents_a for name in circuits), strict=True)]
        flows = zip(self.mains.voltages_v[: self.lines], sums, strict=False)
        return signed(sums, [(volt * current.conjugate()).real for volt, current in flows])

    def _count_circuit(self, live: LiveCircuit, watts: float, seconds: float) -> None:
        if live.circuit.produces:
            self.solar_power_w -= watts
            self.meter.add_solar(-watts, seconds)
        elif live.circuit.stores:
            self.battery_power_w -= watts
            self.meter.add_battery(watts, seconds)
        else:
            self.load_power_w += watts
            self.meter.add_load(live.circuit.name, watts, seconds)


def signed(currents_a: Sequence[complex], powers_w: Sequence[float]) -> list[float]:
    """The effective values of the first currents, with the signs of the powers that they carry."""
    return [math.copysign(abs(current), power) for current, power in zip(currents_a, powers_w, strict=False)]
