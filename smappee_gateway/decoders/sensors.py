"""Gas & water sensors and the meters of switches. A broken sensor or interval is lost alone."""

from collections.abc import Sequence

import msgspec

from mqtt_schema.topics import Kind, ParsedTopic
from mqtt_schema.wire.sensors import (
    GwInterval,
    GwSensor,
    RawAggregatedGw,
    RawAggregatedSwitch,
    RawSensorConfig,
    SwitchInterval,
    SwitchSensor,
)
from smappee_gateway.decoders.message import MqttMessage, Report, seconds
from smappee_gateway.pulse_meters import meters_of, sensors_of, switch_meters_of
from smappee_gateway.salvage import decode_each
from smappee_gateway.updates import (
    SensorInterval,
    SensorIntervalsUpdate,
    SensorsUpdate,
    SiteUpdate,
    SwitchEnergy,
    SwitchEnergyUpdate,
)

HIGHEST_PULSES = 1_000_000
"""More in one interval than any meter gives: three thousand a second."""
HIGHEST_SWITCH_ENERGY_J = 100_000_000
"""More in one interval than any plug carries: 4 kW for seven hours."""
LOWEST_TEMPERATURE_DC, HIGHEST_TEMPERATURE_DC = -600, 1200
"""In 0.1 °C, as sent."""


class SensorsDecoder:
    """Decodes what sensors are and what they have counted."""

    def __init__(self, report: Report) -> None:
        """Tell faults to `report`."""
        self._report = report

    def decode_config(self, topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        """List the sensors, the meters at them, and the switches that measure."""
        raw = msgspec.json.decode(message.payload, type=RawSensorConfig)
        sensors = self._each(raw.gw_sensors, GwSensor, Kind.SENSOR_CONFIG)
        switches = self._each(raw.switch_sensors, SwitchSensor, Kind.SENSOR_CONFIG)
        return [
            SensorsUpdate(
                location=topic.location,
                sensors=sensors_of(sensors),
                meters=meters_of(sensors),
                switch_meters=switch_meters_of(switches),
            )
        ]

    def decode_gas_water(self, topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        """Read the pulses, and what the sensors feel."""
        raw = msgspec.json.decode(message.payload, type=RawAggregatedGw)
        wire = self._each(raw.gw_interval_datas, GwInterval, Kind.AGGREGATED_GW)
        intervals = tuple(_sensor_interval(interval, raw.utc_endtime) for interval in wire)
        return [
            SensorIntervalsUpdate(
                location=topic.location,
                intervals=tuple(interval for interval in intervals if _is_news(interval.ended_at, message)),
            )
        ]

    def decode_switches(self, topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        """Read the energies."""
        raw = msgspec.json.decode(message.payload, type=RawAggregatedSwitch)
        wire = self._each(raw.switch_interval_datas, SwitchInterval, Kind.AGGREGATED_SWITCH)
        energies = tuple(_switch_energy(interval, raw.utc_endtime) for interval in wire)
        return [
            SwitchEnergyUpdate(
                location=topic.location,
                energies=tuple(energy for energy in energies if _is_news(energy.ended_at, message)),
            )
        ]

    def _each[T](self, items: Sequence[msgspec.Raw], form: type[T], kind: Kind) -> list[T]:
        return decode_each(items, form, lambda error: self._report(kind, error))


def _is_news(ended_at: float | None, message: MqttMessage) -> bool:
    """Tell whether it can be known that an interval was not counted long ago."""
    return ended_at is not None or not message.retained


def _sensor_interval(wire: GwInterval, message_endtime: float | None) -> SensorInterval:
    temperature_dc = _within(LOWEST_TEMPERATURE_DC, wire.temperature, HIGHEST_TEMPERATURE_DC)
    return SensorInterval(
        number=str(wire.sensor_id),
        ended_at=_ended_at(wire.utc_endtime, message_endtime),
        pulses=tuple(
            _within(0, delta, HIGHEST_PULSES)
            for delta in (wire.index0_delta, wire.index1_delta, wire.index2_delta, wire.index3_delta)
        ),
        temperature_c=None if temperature_dc is None else temperature_dc / 10,
        humidity_percent=_within(0, wire.humidity, 100),
        battery_percent=_within(0, wire.batt_level, 100),
    )


def _switch_energy(wire: SwitchInterval, message_endtime: float | None) -> SwitchEnergy:
    return SwitchEnergy(
        number=str(wire.sensor_id),
        ended_at=_ended_at(wire.utc_endtime, message_endtime),
        energy_j=_within(0, wire.active_power, HIGHEST_SWITCH_ENERGY_J),
    )


def _ended_at(own_ms: float | None, message_ms: float | None) -> float | None:
    return seconds(message_ms if own_ms is None else own_ms)


def _within(lowest: float, value: float | None, highest: float) -> float | None:
    """Return a value that is possible."""
    return value if value is not None and lowest <= value <= highest else None
