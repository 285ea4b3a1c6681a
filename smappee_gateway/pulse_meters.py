"""From `sensorConfig` to the sensors, pulse meters and switch meters of a site."""

from collections.abc import Iterable

from mqtt_schema.accessories import Meter, Sensor, SwitchMeter
from mqtt_schema.quantities import Medium
from mqtt_schema.wire.sensors import GwSensor, GwSensorChannel, SwitchSensor

FEWEST_PULSES_PER_UNIT, MOST_PULSES_PER_UNIT = 1e-3, 1e6
"""What meters are built with; anything else, 0 above all, says nothing."""
INPUTS = 4
"""A gas & water sensor has two pulse inputs (seen in code), an Input module listed like one four (inferred)."""

_MEDIA = {"gas": Medium.GAS, "water": Medium.WATER, "electricity": Medium.ELECTRICITY}


def sensors_of(wire: Iterable[GwSensor]) -> tuple[Sensor, ...]:
    """Return the gas & water sensors. Of two with one identifier the first counts."""
    sensors: dict[str, Sensor] = {}
    for sensor in wire:
        found = Sensor(id=_sensor_id(sensor), number=str(sensor.sensor_id), serial=sensor.serial_number)
        sensors.setdefault(found.id, found)
    return tuple(sensors.values())


def meters_of(wire: Iterable[GwSensor]) -> tuple[Meter, ...]:
    """Return the meters at inputs that are in use. Of two with one identifier the first counts."""
    meters: dict[str, Meter] = {}
    for sensor in wire:
        for input_, channel in enumerate(sensor.gw_sensor_channels_config[:INPUTS]):
            if channel.enabled:
                meter = _meter(sensor, input_, channel)
                meters.setdefault(meter.id, meter)
    return tuple(meters.values())


def switch_meters_of(wire: Iterable[SwitchSensor]) -> tuple[SwitchMeter, ...]:
    """Return the switches that measure. Of two with one identifier the first counts."""
    meters: dict[str, SwitchMeter] = {}
    for switch in wire:
        number, serial = str(switch.sensor_id), switch.serial_number
        id_ = serial or f"switch_{number}"
        name = switch.name.strip() or f"Switch {number}"
        meters.setdefault(id_, SwitchMeter(id=id_, number=number, name=name, serial=serial))
    return tuple(meters.values())


def _sensor_id(sensor: GwSensor) -> str:
    return sensor.serial_number or f"sensor_{sensor.sensor_id}"


def _meter(sensor: GwSensor, input_: int, channel: GwSensorChannel) -> Meter:
    pulses_per_unit = channel.ppu
    if pulses_per_unit is not None and not FEWEST_PULSES_PER_UNIT <= pulses_per_unit <= MOST_PULSES_PER_UNIT:
        pulses_per_unit = None
    return Meter(
        id=f"{_sensor_id(sensor)}_{input_}",
        sensor=_sensor_id(sensor),
        serial=sensor.serial_number,
        input=input_,
        medium=_MEDIA.get((channel.type or "").strip().lower(), Medium.OTHER),
        unit=channel.uom.strip() if isinstance(channel.uom, str) else "",
        pulses_per_unit=pulses_per_unit,
    )
