"""What counts the pulses of water and gas meters: Gas & Water sensors, and Input modules in the same form.

``sensorConfig.gwSensors`` and ``aggregatedGW`` follow a client's parser (protocol facts 3.9, seen in code). The end of
each interval is written as ``aggregated`` does (inferred). That an Input module appears here, with four channels and
without a climate of its own, is INVENTED: its local form is unknown (3.12).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, override

from simulator.gateway.interval_log import Counts, Interval
from simulator.gateway.message import Json, compact
from simulator.gateway.provider import Entries, Provider, Publication
from simulator.house.house import House
from simulator.house.meter import Medium
from simulator.sites.accessories import GasWaterSensor, InputModule, PulseInput

UNIT: Final = "m3"
TYPES: Final = {Medium.WATER: "water", Medium.RAINWATER: "water", Medium.GAS: "gas"}
BATTERY_PERCENT: Final = 92
CELLAR_C: Final = 14.0

type PulseSensor = GasWaterSensor | InputModule


class PulseSensors(Provider):
    """All pulse counters of a house. Each remembers its intervals while the gateway has no power."""

    def __init__(self, house: House) -> None:
        sensors: tuple[PulseSensor, ...] = (*house.site.sensors, *house.site.input_modules)
        self._logs = [(sensor, house.log(counter(house, _inputs(sensor)))) for sensor in sensors]

    @override
    def entries(self) -> Entries:
        return {"gwSensors": [_entry(sensor) for sensor, _ in self._logs]}

    @override
    def every_period(self, end_ms: int) -> list[Publication]:
        intervals = [_interval(sensor, interval) for sensor, log in self._logs for interval in log.take()]
        if not intervals:
            return []
        document = compact({"gwIntervalDatas": intervals})
        return [Publication("aggregatedGW", lambda _: document, retain=False)]


def counter(house: House, inputs: Sequence[PulseInput | None]) -> Callable[[], Counts]:
    """Return what tells the pulses given so far on each of `inputs`; one that is not used stays at 0."""

    def read() -> Counts:
        return tuple(house.meter.pulses(each.medium, each.pulses_per_m3) if each else 0 for each in inputs)

    return read


def _inputs(sensor: PulseSensor) -> Sequence[PulseInput | None]:
    return sensor.channels if isinstance(sensor, GasWaterSensor) else sensor.pulse_inputs


def _entry(sensor: PulseSensor) -> Mapping[str, Json]:
    return {
        "sensorId": sensor.sensor_id,
        "serialNumber": sensor.serial_number,
        "gwSensorChannelsConfig": [_channel(each) for each in _inputs(sensor)],
    }


def _channel(pulse_input: PulseInput | None) -> Mapping[str, Json]:
    medium = pulse_input.medium if pulse_input else Medium.WATER
    return {
        "enabled": pulse_input is not None,
        "type": TYPES[medium],
        "uom": UNIT,
        "ppu": pulse_input.pulses_per_m3 if pulse_input else 1,
    }


def _interval(sensor: PulseSensor, interval: Interval) -> Mapping[str, Json]:
    climate = _climate(interval.outdoor_c) if isinstance(sensor, GasWaterSensor) else {}
    deltas = {f"index{index}Delta": count for index, count in enumerate(interval.counts)}
    return {"utcEndtime": interval.end_ms, "sensorId": sensor.sensor_id, **climate, **deltas}


def _climate(outdoor_c: float) -> Mapping[str, Json]:
    """The cellar where the meters are: 0.1 °C, percent, percent."""
    return {
        "temperature": round(10.0 * (CELLAR_C + 0.15 * (outdoor_c - CELLAR_C))),
        "humidity": round(62.0 - 0.4 * outdoor_c),
        "battLevel": BATTERY_PERCENT,
    }
