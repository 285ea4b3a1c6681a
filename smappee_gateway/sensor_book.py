"""The totals of pulse meters and switches: each interval counts once, however late and however often it comes.

The pulses of Input modules come in such intervals, or as counts that run on.
"""

from bisect import bisect_left

import msgspec

from mqtt_schema.accessories import Meter, Sensor
from mqtt_schema.metering import pulse_size, unit_of
from mqtt_schema.model import Site
from mqtt_schema.quantities import Unit
from mqtt_schema.readings import Readings, SensorReading
from smappee_gateway.changes import Changes
from smappee_gateway.newest import Newest
from smappee_gateway.pulse_counter import PulseCounter
from smappee_gateway.updates import (
    ModuleInputsUpdate,
    SensorInterval,
    SensorIntervalsUpdate,
    SwitchEnergy,
    SwitchEnergyUpdate,
)

REMEMBERED_INTERVALS = 576
"""Two days of five minutes: what is older than all of them has been counted, or is lost."""
INTERVAL_S = 300.0
"""Length of an interval (captured: aggregationPeriodSeconds is 300 everywhere)."""
REPEATED_S = 60.0
"""The same message without an end time, so soon after, is a repetition: intervals take five minutes."""

type IntervalsUpdate = SensorIntervalsUpdate | SwitchEnergyUpdate


class CountedTotal(msgspec.Struct):
    """What a meter has counted. A corrected setting makes the next pulses larger or smaller; what was counted stays."""

    unit: Unit | None
    """That the meter is shown in."""
    pulse: float
    """How much the next pulse is."""
    amount: float


class SensorMemory(msgspec.Struct):
    """What survives a restart of the host. Meters that are gone are kept: they may return."""

    pulses: dict[str, float] = {}
    """By meter identifier."""
    totals: dict[str, CountedTotal] = {}
    """By meter identifier; none for meters whose pulses per unit were never known."""
    switch_energy_j: dict[str, float] = {}
    """By switch meter identifier."""
    counted: dict[str, list[float]] = {}
    """End times of the intervals that have been counted, ascending, by identifier of the sensor or switch meter."""
    running: dict[str, PulseCounter] = {}
    """The running counts of Input modules, by meter identifier."""


class SensorBook:
    """Counts the intervals of a site's sensors and switches."""

    def __init__(self, memory: SensorMemory) -> None:
        """Continue from memory; `open` says what is installed."""
        self.memory = memory
        self._site = Site()
        self._newest = Newest()
        self._last: dict[type[IntervalsUpdate], tuple[IntervalsUpdate, float]] = {}

    def open(self, site: Site) -> None:
        """Take over what is installed; a meter that is new starts at 0."""
        self._site = site
        for meter in site.meters:
            self._open_meter(meter)
        for switch in site.switch_meters:
            self.memory.switch_energy_j.setdefault(switch.id, 0.0)

    def _open_meter(self, meter: Meter) -> None:
        """Take over what a meter counts. While its pulses per unit are not told, those that were known hold."""
        pulses = self.memory.pulses.setdefault(meter.id, 0.0)
        unit, size, total = unit_of(meter), pulse_size(meter), self.memory.totals.get(meter.id)
        if size is None:
            return
        if total is None or total.unit is not unit:
            self.memory.totals[meter.id] = CountedTotal(unit, size, pulses * size)
        else:
            total.pulse = size

    def read_sensors(self, update: SensorIntervalsUpdate, readings: Readings, now: float) -> Changes:
        """Take intervals of gas & water sensors; those of unknown sensors are left alone."""
        repeated = self._is_repeated(update, now)
        sensors = {sensor.number: sensor for sensor in reversed(self._site.sensors)}
        changes = Changes()
        for interval in update.intervals:
            sensor = sensors.get(interval.number)
            if sensor is None or (interval.ended_at is None and repeated):
                continue
            if self._newest.takes(sensor.id, interval.ended_at):
                readings.sensors[sensor.id] = _felt(interval)
                changes.sensors |= {sensor.id}
                changes.meters |= self._note_flow(sensor, interval, readings)
            if self._is_new(sensor.id, interval.ended_at):
                changes.meters |= self._count_pulses(sensor, interval)
        return changes

    def read_switches(self, update: SwitchEnergyUpdate, now: float) -> Changes:
        """Take intervals of switches; those of unknown switches are left alone."""
        repeated = self._is_repeated(update, now)
        switches = {switch.number: switch.id for switch in reversed(self._site.switch_meters)}
        counted = {
            switches[energy.number]
            for energy in update.energies
            if energy.number in switches
            and not (energy.ended_at is None and repeated)
            and self._count_energy(switches[energy.number], energy)
        }
        return Changes(switch_meters=counted)

    def read_counts(self, update: ModuleInputsUpdate, clock: float) -> set[str]:
        """Take running counts of an Input module; returns the meters with a new total."""
        meters = self._site.input_module_by_id[update.module].meters
        return {
            meter.id
            for meter in meters
            if meter.input in update.counts and self._count_on(meter.id, update.counts[meter.input], clock)
        }

    def expect_restart(self) -> None:
        """Note that the gateway has restarted: running counts may begin again."""
        for counter in self.memory.running.values():
            counter.expect_restart()

    def _count_on(self, meter: str, count: float, clock: float) -> bool:
        step = self.memory.running.setdefault(meter, PulseCounter()).count(count, clock)
        self._add(meter, step)
        return step > 0

    def _add(self, meter: str, pulses: float) -> None:
        self.memory.pulses[meter] += pulses
        if meter in self.memory.totals:
            total = self.memory.totals[meter]
            total.amount += pulses * total.pulse

    def _note_flow(self, sensor: Sensor, interval: SensorInterval, readings: Readings) -> set[str]:
        """Take the mean flow of an interval; returns the meters where it differs from the one before."""
        flows = {
            meter: None if count is None else count / INTERVAL_S
            for meter, count in self._pulses(sensor, interval).items()
        }
        changed = {meter for meter, flow in flows.items() if flow != readings.meter_pulses_per_s.get(meter)}
        readings.meter_pulses_per_s |= flows
        return changed

    def _pulses(self, sensor: Sensor, interval: SensorInterval) -> dict[str, float | None]:
        """Return the pulses of an interval by meter; None = not told."""
        return {
            meter.id: interval.pulses[meter.input]
            for meter in self._site.meters
            if meter.sensor == sensor.id and meter.input < len(interval.pulses)
        }

    def _count_pulses(self, sensor: Sensor, interval: SensorInterval) -> set[str]:
        counted = {meter: count for meter, count in self._pulses(sensor, interval).items() if count}
        for meter, count in counted.items():
            self._add(meter, count)
        return set(counted)

    def _count_energy(self, switch: str, energy: SwitchEnergy) -> bool:
        if energy.energy_j is None or not self._is_new(switch, energy.ended_at):
            return False
        self.memory.switch_energy_j[switch] += energy.energy_j
        return energy.energy_j > 0

    def _is_new(self, owner: str, ended_at: float | None) -> bool:
        """Note an interval; False when it has been counted. One without an end time is taken at its word."""
        if ended_at is None:
            return True
        counted = self.memory.counted.setdefault(owner, [])
        place = bisect_left(counted, ended_at)
        if counted[place : place + 1] == [ended_at] or (place == 0 and len(counted) >= REMEMBERED_INTERVALS):
            return False
        counted.insert(place, ended_at)
        del counted[:-REMEMBERED_INTERVALS]
        return True

    def _is_repeated(self, update: IntervalsUpdate, now: float) -> bool:
        last, at = self._last.get(type(update), (None, now))
        self._last[type(update)] = (update, now)
        return update == last and now - at <= REPEATED_S


def _felt(interval: SensorInterval) -> SensorReading:
    return SensorReading(
        temperature_c=interval.temperature_c,
        humidity_percent=interval.humidity_percent,
        battery_percent=interval.battery_percent,
    )
