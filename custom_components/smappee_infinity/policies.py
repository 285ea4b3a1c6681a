"""Feeds the policies with every measurement of a gateway, and keeps what they say."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet

from ._vendor.energy_control import demand, leak, running, today
from ._vendor.energy_control.points import Answers
from ._vendor.mqtt_schema.accessories import Meter
from ._vendor.mqtt_schema.accessors import load_power
from ._vendor.mqtt_schema.model import Site
from ._vendor.mqtt_schema.quantities import CONSUMING, Medium
from ._vendor.smappee_gateway.changes import Changes
from ._vendor.smappee_gateway.session import Session
from .memory import EntryMemory


class Policies:
    """The policies of one gateway. Days and months begin in the gateway's time zone, else in Home Assistant's."""

    def __init__(
        self,
        memory: EntryMemory,
        time_zone: str,
        settings: Mapping[str, running.Settings],
        registers: Callable[[], demand.Registers],
    ) -> None:
        """Continue from memory; `time_zone` is Home Assistant's (IANA).

        `settings`: by load, when it counts as running. `registers` reads what the digital meter itself tells.
        """
        self.answers = Answers()
        self._memory = memory
        self._time_zone = time_zone
        self._settings = settings
        self._registers = registers
        self._site: Site | None = None
        self._load_by_channel: dict[int, str] = {}

    def advance(self, session: Session, changes: Changes) -> Changes:
        """Take what has changed; returns what else has changed thereby. What was taken already changes nothing."""
        at = session.memory.measured_at
        if at is None:
            return Changes()
        demand_now, today_now = self.answers.demand, self.answers.today
        loads: AbstractSet[str] = frozenset()
        if changes.site:
            demand_now, today_now = self._demand(session, at), self._today(session, at)
            loads = self._run(session, changes)
        leaks = self._leaks(session, changes, at)
        meters = {meter for meter, hint in leaks.items() if hint is not self.answers.leaks.get(meter)}
        self.answers = Answers(demand_now, today_now, self._memory.running, leaks)
        return Changes(loads=loads, meters=meters)

    def _demand(self, session: Session, at: float) -> demand.Demand:
        import_j, grid_w = session.readings.site_energy.import_j, session.readings.site_power.grid_w
        settings, registers = demand.Settings(time_zone=self._zone(session)), self._registers()
        if import_j is None or grid_w is None:
            return demand.answer(self._memory.demand, settings, registers)
        reading = demand.Reading(at=at, import_j=import_j, grid_w=grid_w)
        self._memory.demand, answer = demand.step(self._memory.demand, reading, settings, registers)
        return answer

    def _today(self, session: Session, at: float) -> today.Shares:
        energy = session.readings.site_energy
        if energy.export_j is None or energy.solar_j is None or energy.house_j is None:
            return self.answers.today
        totals = today.Totals(at=at, export_j=energy.export_j, solar_j=energy.solar_j, house_j=energy.house_j)
        self._memory.today, answer = today.step(self._memory.today, totals, self._zone(session))
        return answer

    def _run(self, session: Session, changes: Changes) -> AbstractSet[str]:
        """Look at the loads whose power has changed; returns those that began or ceased to run."""
        site, readings = session.site, session.readings
        power_w = {load: load_power(site, readings, load) for load in self._changed_loads(site, changes)}
        reading = running.Reading(at=session.memory.clock, power_w=power_w)
        self._memory.running, turned = running.step(self._memory.running, reading, self._settings)
        return turned

    def _changed_loads(self, site: Site, changes: Changes) -> AbstractSet[str]:
        """Return the loads with a new reading; at first, and when anything else is installed, all of them."""
        if site is not self._site:
            self._site = site
            loads = [load for load in site.loads if load.role in CONSUMING]
            self._load_by_channel = {channel.index: load.id for load in loads for channel in load.channels}
            return {load.id for load in loads}
        return {self._load_by_channel[index] for index in changes.channels if index in self._load_by_channel}

    def _leaks(self, session: Session, changes: Changes, at: float) -> dict[str, bool | None]:
        """Take what water meters report, and return what is suspected now."""
        states, zone = self._memory.leaks, self._zone(session)
        meters = [meter for meter in session.site.meters if meter.medium is Medium.WATER]
        for meter in meters:
            state = states.setdefault(meter.id, leak.State())
            if _has_reported(session, meter, changes):
                reading = leak.Reading(at=at, pulses=session.readings.meter_pulses[meter.id])
                states[meter.id], _ = leak.step(state, reading, zone)
        return {meter.id: leak.hint(states[meter.id], at) for meter in meters}

    def _zone(self, session: Session) -> str:
        identity = session.site.identity
        return identity.time_zone if identity and identity.time_zone else self._time_zone


def _has_reported(session: Session, meter: Meter, changes: Changes) -> bool:
    """Tell whether a meter has been read, also when it has counted nothing; of running counts only steps are told."""
    is_told = session.readings.meter_pulses_per_s.get(meter.id) is not None
    return meter.id in changes.meters or (meter.sensor in changes.sensors and is_told)
