"""What pulse meters and the meters of switches have counted, in units that people know."""

from collections.abc import Mapping

from mqtt_schema.accessories import Meter
from mqtt_schema.model import Site
from mqtt_schema.quantities import JOULE_PER_KILOWATT_HOUR, Medium, Unit
from mqtt_schema.readings import Readings

SECONDS_PER_MINUTE, SECONDS_PER_HOUR = 60, 3600
LITRES_PER_CUBIC_METRE = 1000

_SCALES: Mapping[str, tuple[Unit, float]] = {
    "m3": (Unit.CUBIC_METRE, 1.0),
    "m³": (Unit.CUBIC_METRE, 1.0),
    "l": (Unit.CUBIC_METRE, 1 / LITRES_PER_CUBIC_METRE),
    "liter": (Unit.CUBIC_METRE, 1 / LITRES_PER_CUBIC_METRE),
    "litre": (Unit.CUBIC_METRE, 1 / LITRES_PER_CUBIC_METRE),
    "kwh": (Unit.KILOWATT_HOUR, 1.0),
    "wh": (Unit.KILOWATT_HOUR, 1e-3),
}
"""By the unit as it is written, in small letters: the unit shown, and how much of it one is."""


def is_gas(site: Site, scope: str) -> bool:
    """It counts gas, in a unit of volume."""
    return _is_volume(site.meter_by_id[scope], Medium.GAS)


def is_water(site: Site, scope: str) -> bool:
    """It counts water, in a unit of volume."""
    return _is_volume(site.meter_by_id[scope], Medium.WATER)


def is_energy(site: Site, scope: str) -> bool:
    """It counts energy."""
    return _unit(site.meter_by_id[scope]) is Unit.KILOWATT_HOUR


def is_anything_else(site: Site, scope: str) -> bool:
    """It counts something else, or in a unit that is not known."""
    return not (is_gas(site, scope) or is_water(site, scope) or is_energy(site, scope))


def meter_total(site: Site, readings: Readings, scope: str) -> float | None:
    """What a pulse meter has counted since it was first seen; unknown when its pulses per unit are."""
    return _quantity(site.meter_by_id[scope], readings.meter_pulses.get(scope))


def gas_flow(site: Site, readings: Readings, scope: str) -> float | None:
    """Gas in m³/h, the mean of the latest five minutes."""
    per_s = _quantity(site.meter_by_id[scope], readings.meter_pulses_per_s.get(scope))
    return None if per_s is None else per_s * SECONDS_PER_HOUR


def water_flow(site: Site, readings: Readings, scope: str) -> float | None:
    """Water in L/min, the mean of the latest five minutes."""
    per_s = _quantity(site.meter_by_id[scope], readings.meter_pulses_per_s.get(scope))
    return None if per_s is None else per_s * LITRES_PER_CUBIC_METRE * SECONDS_PER_MINUTE


def switch_energy(_site: Site, readings: Readings, scope: str) -> float | None:
    """Energy through a Smappee Switch in kWh, since it was first seen."""
    energy_j = readings.switch_energy_j.get(scope)
    return None if energy_j is None else energy_j / JOULE_PER_KILOWATT_HOUR


def temperature(_site: Site, readings: Readings, scope: str) -> float | None:
    """Temperature at a gas & water sensor in °C."""
    reading = readings.sensors.get(scope)
    return None if reading is None else reading.temperature_c


def humidity(_site: Site, readings: Readings, scope: str) -> float | None:
    """Relative humidity at a gas & water sensor in %."""
    reading = readings.sensors.get(scope)
    return None if reading is None else reading.humidity_percent


def battery_level(_site: Site, readings: Readings, scope: str) -> float | None:
    """What is left in the battery of a gas & water sensor in %."""
    reading = readings.sensors.get(scope)
    return None if reading is None else reading.battery_percent


def feels(site: Site, scope: str) -> bool:
    """It feels its surroundings, which an Input module does not."""
    return site.sensor_by_id[scope].feels


def _is_volume(meter: Meter, medium: Medium) -> bool:
    return meter.medium is medium and _unit(meter) is Unit.CUBIC_METRE


def _unit(meter: Meter) -> Unit | None:
    scale = _SCALES.get(meter.unit.lower())
    return None if scale is None else scale[0]


def _quantity(meter: Meter, pulses: float | None) -> float | None:
    if pulses is None or meter.pulses_per_unit is None:
        return None
    _, size = _SCALES.get(meter.unit.lower(), (None, 1.0))
    return pulses / meter.pulses_per_unit * size
