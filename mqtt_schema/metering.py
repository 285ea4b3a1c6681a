"""What pulse meters and the meters of switches have counted, in units that people know."""

from collections.abc import Mapping

from mqtt_schema.accessories import Meter
from mqtt_schema.model import Site
from mqtt_schema.quantities import JOULE_PER_KILOWATT_HOUR, Medium, Unit
from mqtt_schema.readings import Readings

SECONDS_PER_MINUTE, SECONDS_PER_HOUR = 60, 3600
LITRES_PER_CUBIC_METRE = 1000
KILOWATT_HOURS_PER_GIGAJOULE = 1e9 / JOULE_PER_KILOWATT_HOUR

_SCALES: Mapping[str, tuple[Unit, float]] = {
    "m3": (Unit.CUBIC_METRE, 1.0),
    "m³": (Unit.CUBIC_METRE, 1.0),
    "l": (Unit.CUBIC_METRE, 1 / LITRES_PER_CUBIC_METRE),
    "liter": (Unit.CUBIC_METRE, 1 / LITRES_PER_CUBIC_METRE),
    "litre": (Unit.CUBIC_METRE, 1 / LITRES_PER_CUBIC_METRE),
    "wh": (Unit.KILOWATT_HOUR, 1e-3),
    "kwh": (Unit.KILOWATT_HOUR, 1.0),
    "mwh": (Unit.KILOWATT_HOUR, 1e3),
    "mj": (Unit.KILOWATT_HOUR, KILOWATT_HOURS_PER_GIGAJOULE / 1e3),
    "gj": (Unit.KILOWATT_HOUR, KILOWATT_HOURS_PER_GIGAJOULE),
    "kg": (Unit.KILOGRAM, 1.0),
    "t": (Unit.KILOGRAM, 1e3),
}
"""By the unit as it is written, in small letters: the unit shown, and how much of it one is."""


def is_gas(site: Site, scope: str) -> bool:
    """It counts gas, in a unit of volume."""
    return _is_volume(site.meter_by_id[scope], Medium.GAS)


def is_water(site: Site, scope: str) -> bool:
    """It counts water, in a unit of volume."""
    return _is_volume(site.meter_by_id[scope], Medium.WATER)


def is_other_volume(site: Site, scope: str) -> bool:
    """It counts air, steam or something else in a unit of volume."""
    meter = site.meter_by_id[scope]
    return unit_of(meter) is Unit.CUBIC_METRE and meter.medium not in {Medium.GAS, Medium.WATER}


def is_energy(site: Site, scope: str) -> bool:
    """It counts energy."""
    return unit_of(site.meter_by_id[scope]) is Unit.KILOWATT_HOUR


def is_mass(site: Site, scope: str) -> bool:
    """It counts steam or something else in a unit of mass."""
    return unit_of(site.meter_by_id[scope]) is Unit.KILOGRAM


def is_anything_else(site: Site, scope: str) -> bool:
    """It counts in a unit that is not known."""
    return unit_of(site.meter_by_id[scope]) is None


def reads_gas(site: Site, scope: str) -> bool:
    """It counts gas, and its owner has told what it shows."""
    return is_gas(site, scope) and _is_read(site, scope)


def reads_water(site: Site, scope: str) -> bool:
    """It counts water, and its owner has told what it shows."""
    return is_water(site, scope) and _is_read(site, scope)


def reads_other_volume(site: Site, scope: str) -> bool:
    """It counts another volume, and its owner has told what it shows."""
    return is_other_volume(site, scope) and _is_read(site, scope)


def reads_energy(site: Site, scope: str) -> bool:
    """It counts energy, and its owner has told what it shows."""
    return is_energy(site, scope) and _is_read(site, scope)


def reads_mass(site: Site, scope: str) -> bool:
    """It counts a mass, and its owner has told what it shows."""
    return is_mass(site, scope) and _is_read(site, scope)


def reads_anything_else(site: Site, scope: str) -> bool:
    """It counts in a unit that is not known, and its owner has told what it shows."""
    return is_anything_else(site, scope) and _is_read(site, scope)


def meter_total(site: Site, readings: Readings, scope: str) -> float | None:
    """What a pulse meter has counted since it was first seen; unknown when its pulses per unit never were known."""
    total = readings.meter_totals.get(scope)
    return None if total is None or total.unit is not unit_of(site.meter_by_id[scope]) else total.amount


def meter_reading(site: Site, readings: Readings, scope: str) -> float | None:
    """What the meter itself shows, as its owner has read it once, and what was counted since."""
    total, offset = meter_total(site, readings, scope), site.meter_by_id[scope].offset
    return None if total is None or offset is None else total + offset


def hourly_flow(site: Site, readings: Readings, scope: str) -> float | None:
    """Flow in m³/h, the mean of the latest five minutes."""
    per_s = _flow_per_s(site, readings, scope)
    return None if per_s is None else per_s * SECONDS_PER_HOUR


def water_flow(site: Site, readings: Readings, scope: str) -> float | None:
    """Water in L/min, the mean of the latest five minutes."""
    per_s = _flow_per_s(site, readings, scope)
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


def unit_of(meter: Meter) -> Unit | None:
    """Return the unit that a meter is shown in; None = none that is known."""
    scale = _SCALES.get(meter.unit.lower())
    return None if scale is None else scale[0]


def shown_amount(meter: Meter, amount: float) -> float:
    """Return an amount in the unit that the meter is shown in; `amount` is in the unit as it is written."""
    _, size = _SCALES.get(meter.unit.lower(), (None, 1.0))
    return amount * size


def pulse_size(meter: Meter) -> float | None:
    """Return how much one pulse is, in the unit shown; None = not known."""
    return None if meter.pulses_per_unit is None else shown_amount(meter, 1.0) / meter.pulses_per_unit


def _is_volume(meter: Meter, medium: Medium) -> bool:
    return meter.medium is medium and unit_of(meter) is Unit.CUBIC_METRE


def _is_read(site: Site, scope: str) -> bool:
    return site.meter_by_id[scope].offset is not None


def _flow_per_s(site: Site, readings: Readings, scope: str) -> float | None:
    """Return the flow in the unit shown per second."""
    pulses_per_s, size = readings.meter_pulses_per_s.get(scope), pulse_size(site.meter_by_id[scope])
    return None if pulses_per_s is None or size is None else pulses_per_s * size
