"""Gas & water sensors and the meters of switches: `sensorConfig`, `aggregatedGW`, `aggregatedSwitch`.

Only an empty `sensorConfig` was captured; the rest is from a client's parser and the vendor's example.
"""

from typing import Annotated

import msgspec

from mqtt_schema.quantities import Confidence
from mqtt_schema.wire.base import Number, Wire, meaning


class GwSensorChannel(Wire):
    """One of the two pulse inputs of a gas & water sensor; an Input module may be listed with four (inferred)."""

    enabled: Annotated[bool, meaning("a meter is connected", Confidence.SEEN_IN_CODE)] = False
    type: Annotated[str | None, meaning("gas or water", Confidence.SEEN_IN_CODE)] = None
    uom: Annotated[Number | str, meaning("unit of the meter, e.g. m3", Confidence.SEEN_IN_CODE)] = None
    ppu: Annotated[Number, meaning("pulses per unit", Confidence.SEEN_IN_CODE)] = None


class GwSensor(Wire):
    """A gas & water sensor, and perhaps an Input module (inferred)."""

    sensor_id: Annotated[int | str, meaning("key into aggregatedGW", Confidence.SEEN_IN_CODE)]
    serial_number: Annotated[str, meaning("30…", Confidence.SEEN_IN_CODE)] = ""
    gw_sensor_channels_config: Annotated[
        tuple[GwSensorChannel, ...], meaning("its two inputs", Confidence.SEEN_IN_CODE)
    ] = ()


class SwitchSensor(Wire):
    """The meter inside a Smappee Switch."""

    sensor_id: Annotated[int | str, meaning("key into aggregatedSwitch; not the nodeId", Confidence.SEEN_IN_CODE)]
    name: Annotated[str, meaning("the user's name", Confidence.SEEN_IN_CODE)] = ""
    serial_number: Annotated[str, meaning("4006…, that of the switch", Confidence.SEEN_IN_CODE)] = ""


class SensorConfig(Wire):
    """What counts pulses and what is measured besides CTs (retained; captured empty)."""

    gw_sensors: Annotated[tuple[GwSensor, ...], meaning("gas & water sensors", Confidence.CAPTURED)]
    switch_sensors: Annotated[tuple[SwitchSensor, ...], meaning("switches", Confidence.CAPTURED)] = ()
    utc_time_stamp: Annotated[Number, meaning("publish time", Confidence.CAPTURED, "ms")] = None


class GwInterval(Wire):
    """Five minutes of one gas & water sensor."""

    sensor_id: Annotated[int | str, meaning("the sensor of sensorConfig", Confidence.SEEN_IN_CODE)]
    utc_endtime: Annotated[Number, meaning("end of the interval, if sent", Confidence.INFERRED, "ms")] = None
    temperature: Annotated[Number, meaning("temperature", Confidence.SEEN_IN_CODE, "0.1 °C")] = None
    humidity: Annotated[Number, meaning("relative humidity", Confidence.SEEN_IN_CODE, "%")] = None
    batt_level: Annotated[Number, meaning("battery", Confidence.SEEN_IN_CODE, "%")] = None
    index0_delta: Annotated[Number, meaning("pulses of the first input", Confidence.SEEN_IN_CODE)] = None
    index1_delta: Annotated[Number, meaning("pulses of the second input", Confidence.SEEN_IN_CODE)] = None
    index2_delta: Annotated[Number, meaning("pulses of the third, of an Input module", Confidence.INFERRED)] = None
    index3_delta: Annotated[Number, meaning("pulses of the fourth, of an Input module", Confidence.INFERRED)] = None


class AggregatedGw(Wire):
    """Envelope of `aggregatedGW`."""

    gw_interval_datas: Annotated[tuple[GwInterval, ...], meaning("one entry per sensor", Confidence.SEEN_IN_CODE)]
    utc_endtime: Annotated[Number, meaning("end of the intervals, if sent", Confidence.INFERRED, "ms")] = None


class SwitchInterval(Wire):
    """Five minutes of one switch."""

    sensor_id: Annotated[int | str, meaning("the switch of sensorConfig", Confidence.SEEN_IN_CODE)]
    utc_endtime: Annotated[Number, meaning("end of the interval, if sent", Confidence.INFERRED, "ms")] = None
    active_power: Annotated[Number, meaning("energy in the interval", Confidence.SEEN_IN_CODE, "Ws")] = None


class AggregatedSwitch(Wire):
    """Envelope of `aggregatedSwitch`."""

    switch_interval_datas: Annotated[
        tuple[SwitchInterval, ...], meaning("one entry per switch", Confidence.SEEN_IN_CODE)
    ]
    utc_endtime: Annotated[Number, meaning("end of the intervals, if sent", Confidence.INFERRED, "ms")] = None


class RawSensorConfig(Wire):
    """`sensorConfig` with its lists still encoded, so that a broken sensor is lost alone."""

    gw_sensors: list[msgspec.Raw]
    switch_sensors: list[msgspec.Raw] = []


class RawAggregatedGw(Wire):
    """`aggregatedGW` with its intervals still encoded, so that a broken one is lost alone."""

    gw_interval_datas: list[msgspec.Raw]
    utc_endtime: Number = None


class RawAggregatedSwitch(Wire):
    """`aggregatedSwitch` with its intervals still encoded, so that a broken one is lost alone."""

    switch_interval_datas: list[msgspec.Raw]
    utc_endtime: Number = None
