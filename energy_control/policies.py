"""Feeds the policies with every measurement of a gateway, and keeps what they say. Both hosts use it."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple, Protocol

import msgspec

from energy_control import demand, leak, running, today
from energy_control.demand import State as DemandState
from energy_control.leak import State as LeakState
from energy_control.points import Answers
from energy_control.running import State as RunningState
from energy_control.today import State as TodayState
from mqtt_schema.accessories import Meter
from mqtt_schema.accessors import load_power
from mqtt_schema.model import Site
from mqtt_schema.quantities import CONSUMING, Medium
from mqtt_schema.readings import Readings


class Memory(msgspec.Struct):
    """What a host keeps over its restarts, beside what else it keeps."""

    demand: DemandState = msgspec.field(default_factory=DemandState)
    today: TodayState = msgspec.field(default_factory=TodayState)
    running: RunningState = msgspec.field(default_factory=RunningState)
    leaks: dict[str, LeakState] = msgspec.field(default_factory=dict)
    """By water meter."""


class Moment(NamedTuple):
    """A site as it is now."""

    site: Site
    readings: Readings
    at: float | None
    """The gateway's time of the measurement, seconds since the epoch; None before the first."""
    clock: float
    """Seconds on a clock that only ever grows, over restarts, too."""


class Changed(Protocol):
    """What is new in it."""

    @property
    def site(self) -> bool:
        """Site-wide values."""

    @property
    def channels(self) -> AbstractSet[int]:
        """Indexes of channels with a new reading."""

    @property
    def meters(self) -> AbstractSet[str]:
        """Identifiers of pulse meters with a new total."""

    @property
    def sensors(self) -> AbstractSet[str]:
        """Identifiers of sensors with a new reading."""


class Turned(NamedTuple):
    """Of which parts the policies now say something else."""

    loads: AbstractSet[str] = frozenset()
    meters: AbstractSet[str] = frozenset()


class Policies:
    """The policies of one gateway. Days and months begin in the gateway's time zone, else in its host's."""

    def __init__(
        self,
        memory: Memory,
        time_zone: str,
        settings: Mapping[str, running.Settings],
        registers: Callable[[], demand.Registers],
    ) -> None:
        """Continue from memory; `time_zone` is the host's (IANA).

        `settings`: by load, when it counts as running. `registers` reads what the digital meter itself tells.
        """
        self.answers = Answers()
        self._memory = memory
        self._time_zone = time_zone
        self._settings = settings
        self._registers = registers
        self._site: Site | None = None
        self._load_by_channel: dict[int, str] = {}

    def advance(self, moment: Moment, changed: Changed) -> Turned:
        """Take what has changed; returns what else has changed thereby. What was taken already changes nothing."""
        if moment.at is None:
            return Turned()
        demand_now, today_now = self.answers.demand, self.answers.today
        loads: AbstractSet[str] = frozenset()
        if changed.site:
            demand_now, today_now = self._demand(moment, moment.at), self._today(moment, moment.at)
            loads = self._run(moment, changed)
        leaks = self._leaks(moment, changed, moment.at)
        meters = {meter for meter, hint in leaks.items() if hint is not self.answers.leaks.get(meter)}
        self.answers = Answers(demand_now, today_now, self._memory.running, leaks)
        return Turned(loads, meters)

    def _demand(self, moment: Moment, at: float) -> demand.Demand:
        import_j, grid_w = moment.readings.site_energy.import_j, moment.readings.site_power.grid_w
        settings, registers = demand.Settings(time_zone=self._zone(moment)), self._registers()
        if import_j is None or grid_w is None:
            return demand.answer(self._memory.demand, settings, registers)
        reading = demand.Reading(at=at, import_j=import_j, grid_w=grid_w)
        self._memory.demand, answer = demand.step(self._memory.demand, reading, settings, registers)
        return answer

    def _today(self, moment: Moment, at: float) -> today.Shares:
        energy = moment.readings.site_energy
        if energy.export_j is None or energy.solar_j is None or energy.house_j is None:
            return self.answers.today
        totals = today.Totals(at=at, export_j=energy.export_j, solar_j=energy.solar_j, house_j=energy.house_j)
        self._memory.today, answer = today.step(self._memory.today, totals, self._zone(moment))
        return answer

    def _run(self, moment: Moment, changed: Changed) -> AbstractSet[str]:
        """Look at the loads whose power has changed; returns those that began or ceased to run."""
        site, readings = moment.site, moment.readings
        power_w = {load: load_power(site, readings, load) for load in self._changed_loads(site, changed)}
        reading = running.Reading(at=moment.clock, power_w=power_w)
        self._memory.running, turned = running.step(self._memory.running, reading, self._settings)
        return turned

    def _changed_loads(self, site: Site, changed: Changed) -> AbstractSet[str]:
        """Return the loads with a new reading; at first, and when anything else is installed, all of them."""
        if site is not self._site:
            self._site = site
            loads = [load for load in site.loads if load.role in CONSUMING]
            self._load_by_channel = {channel.index: load.id for load in loads for channel in load.channels}
            return {load.id for load in loads}
        return {self._load_by_channel[index] for index in changed.channels if index in self._load_by_channel}

    def _leaks(self, moment: Moment, changed: Changed, at: float) -> dict[str, bool | None]:
        """Take what water meters report, and return what is suspected now."""
        states, zone = self._memory.leaks, self._zone(moment)
        meters = [meter for meter in moment.site.meters if meter.medium is Medium.WATER]
        for meter in meters:
            state = states.setdefault(meter.id, leak.State())
            if _has_reported(moment, meter, changed):
                reading = leak.Reading(at=at, pulses=moment.readings.meter_pulses[meter.id])
                states[meter.id], _ = leak.step(state, reading, zone)
        return {meter.id: leak.hint(states[meter.id], at) for meter in meters}

    def _zone(self, moment: Moment) -> str:
        identity = moment.site.identity
        return identity.time_zone if identity and identity.time_zone else self._time_zone


def _has_reported(moment: Moment, meter: Meter, changed: Changed) -> bool:
    """Tell whether a meter has been read, also when it has counted nothing; of running counts only steps are told."""
    is_told = moment.readings.meter_pulses_per_s.get(meter.id) is not None
    return meter.id in changed.meters or (meter.sensor in changed.sensors and is_told)
