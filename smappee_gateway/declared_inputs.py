"""Declared Input modules among the sensors that the gateway lists: what their owner says of them wins."""

from collections.abc import Iterator
from dataclasses import replace

from mqtt_schema.accessories import InputModule, Meter, Sensor, SwitchMeter
from mqtt_schema.model import Site


def with_listed(
    site: Site,
    sensors: tuple[Sensor, ...],
    meters: tuple[Meter, ...],
    switch_meters: tuple[SwitchMeter, ...],
) -> Site:
    """Return the site with what the gateway lists and what its modules have. So no pulse has two meters."""
    declared = {sensor.id for sensor in sensors if any(_is(module, sensor) for module in site.input_modules)}
    return replace(
        site,
        sensors=(*(sensor for sensor in sensors if sensor.id not in declared), *_sensors_of_modules(site, sensors)),
        meters=(
            *(meter for meter in meters if meter.sensor not in declared),
            *(meter for module in site.input_modules for meter in module.meters),
        ),
        switch_meters=switch_meters,
    )


def _is(module: InputModule, sensor: Sensor) -> bool:
    return module.id in {sensor.serial, sensor.number}


def _sensors_of_modules(site: Site, listed: tuple[Sensor, ...]) -> Iterator[Sensor]:
    """Return a sensor for each module that counts in intervals.

    Live messages call it by its listed number, or by its own id when it is not listed.
    """
    for module in site.input_modules:
        if module.in_intervals:
            numbers = [sensor.number for sensor in listed if sensor.serial == module.id]
            number = numbers[0] if numbers else module.id
            yield Sensor(id=module.id, number=number, serial=module.id, feels=False)
