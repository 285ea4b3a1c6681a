"""What meters have counted, in units that people know."""

import pytest

from mqtt_schema.accessories import Meter, Sensor, SwitchMeter
from mqtt_schema.metering import hourly_flow, pulse_size, switch_energy, unit_of, water_flow
from mqtt_schema.model import Site
from mqtt_schema.points import points
from mqtt_schema.quantities import Medium
from mqtt_schema.readings import Readings, SensorReading
from smappee_gateway.sensor_book import CountedTotal

METER, SENSOR = "3003000078_0", "3003000078"


def site(medium: Medium, unit: str, pulses_per_unit: float | None = 100) -> Site:
    meter = Meter(
        id=METER, sensor=SENSOR, serial=SENSOR, input=0, medium=medium, unit=unit, pulses_per_unit=pulses_per_unit
    )
    return Site(sensors=(Sensor(id=SENSOR, number="7", serial=SENSOR),), meters=(meter,))


def shown(house: Site) -> dict[str, object]:
    """Values of the meter, by key."""
    (meter,) = house.meters
    size = pulse_size(meter)
    totals = {} if size is None else {METER: CountedTotal(unit_of(meter), size, 50 * size)}
    measured = Readings(meter_totals=totals, meter_pulses_per_s={METER: 0.5})
    return {row.key: row.value(house, measured, scope.id) for row, scope in points(house) if scope.id == METER}


@pytest.mark.parametrize(
    ("medium", "unit", "expected"),
    [
        (Medium.GAS, "m3", {"gas_volume": 0.5, "gas_flow": 18}),
        (Medium.WATER, "m³", {"water_volume": 0.5, "water_flow": 300}),
        (Medium.WATER, "L", {"water_volume": 0.0005, "water_flow": 0.3}),
        (Medium.ELECTRICITY, "kWh", {"meter_energy": 0.5}),
        (Medium.ELECTRICITY, "Wh", {"meter_energy": 0.0005}),
        (Medium.OTHER, "kWh", {"meter_energy": 0.5}),
        (Medium.HEAT, "GJ", {"meter_energy": pytest.approx(138.888889)}),
        (Medium.HEAT, "MJ", {"meter_energy": pytest.approx(0.138888889)}),
        (Medium.ELECTRICITY, "MWh", {"meter_energy": 500}),
        (Medium.AIR, "m3", {"meter_volume": 0.5, "meter_flow": 18}),
        (Medium.STEAM, "t", {"meter_mass": 500}),
        (Medium.STEAM, "kg", {"meter_mass": 0.5}),
        (Medium.OTHER, "m3", {"meter_volume": 0.5, "meter_flow": 18}),
        (Medium.WATER, "gal", {"meter_count": 0.5}),
        (Medium.GAS, "", {"meter_count": 0.5}),
    ],
)
def test_a_meter_is_shown_by_what_it_counts_and_in_which_unit(
    medium: Medium, unit: str, expected: dict[str, float]
) -> None:
    assert shown(site(medium, unit)) == pytest.approx(expected)


def test_without_pulses_per_unit_a_quantity_is_unknown() -> None:
    assert shown(site(Medium.GAS, "m3", None)) == {"gas_volume": None, "gas_flow": None}


def test_a_flow_that_is_not_told_is_unknown() -> None:
    for told in ({}, {METER: None}):
        readings = Readings(meter_pulses_per_s=dict[str, float | None](told))
        assert hourly_flow(site(Medium.GAS, "m3"), readings, METER) is None
        assert water_flow(site(Medium.WATER, "m3"), readings, METER) is None


def test_a_sensor_feels_its_surroundings_and_a_module_does_not() -> None:
    readings = Readings(sensors={SENSOR: SensorReading(temperature_c=21.5, humidity_percent=40, battery_percent=90)})
    felt = Site(sensors=(Sensor(id=SENSOR, number="7"),))
    values = {row.key: row.value(felt, readings, scope.id) for row, scope in points(felt) if scope.id == SENSOR}
    assert values == {"temperature": 21.5, "humidity": 40, "battery_level": 90}
    module = Site(sensors=(Sensor(id=SENSOR, number="7", feels=False),))
    assert SENSOR not in {scope.id for _, scope in points(module)}


def test_a_switch_has_counted_kilowatt_hours() -> None:
    house = Site(switch_meters=(SwitchMeter(id="4006000001", number="9", name="Heater"),))
    readings = Readings(switch_energy_j={"4006000001": 1_800_000})
    assert switch_energy(house, readings, "4006000001") == 0.5
    assert switch_energy(house, Readings(), "4006000001") is None
    assert [row.key for row, scope in points(house) if scope.id == "4006000001"] == ["switch_energy"]
