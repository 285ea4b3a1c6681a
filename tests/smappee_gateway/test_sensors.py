"""Gas & water sensors and switches that measure: each interval counts once, whatever order it comes in."""

import msgspec
import pytest

from mqtt_schema.accessories import Meter, Sensor, SwitchMeter
from mqtt_schema.metering import meter_total
from mqtt_schema.quantities import Medium
from mqtt_schema.readings import SensorReading
from smappee_gateway.changes import Changes
from smappee_gateway.sensor_book import REMEMBERED_INTERVALS
from smappee_gateway.session import SessionMemory
from tests import genius, plus
from tests.feed import Feed

SENSOR = "3003000078"
GAS = f"{SENSOR}_0"
SWITCH = "4006000001"


@pytest.fixture
def feed() -> Feed:
    return introduced()


def introduced(memory: SessionMemory | None = None) -> Feed:
    feed = Feed(memory=memory)
    feed.introduce()
    feed.send("sensorConfig", plus.sensor_config(), retained=True)
    return feed


def gas(feed: Feed, *intervals: object, retained: bool = False) -> Changes:
    feed.now += 300
    return feed.send("aggregatedGW", {"gwIntervalDatas": list(intervals)}, retained=retained)


def heater(feed: Feed, *intervals: object) -> Changes:
    feed.now += 300
    return feed.send("aggregatedSwitch", {"switchIntervalDatas": list(intervals)})


def pulses(feed: Feed) -> float:
    return feed.session.readings.meter_pulses[GAS]


def test_sensors_meters_and_switches_are_listed(feed: Feed) -> None:
    site = feed.session.site
    assert site.sensors == (Sensor(id=SENSOR, number="7", serial=SENSOR),)
    assert site.meters == (
        Meter(id=GAS, sensor=SENSOR, serial=SENSOR, input=0, medium=Medium.GAS, unit="m3", pulses_per_unit=100),
    )
    assert site.switch_meters == (SwitchMeter(id=SWITCH, number="9", name="Heater", serial=SWITCH),)
    assert feed.session.readings.meter_pulses == {GAS: 0}
    assert feed.session.readings.switch_energy_j == {SWITCH: 0}


def test_hosts_are_told_of_new_sensors_once(feed: Feed) -> None:
    assert not feed.send("sensorConfig", plus.sensor_config()).installation
    assert feed.send("sensorConfig", plus.sensor_config(ppu=10)).installation


def test_sensors_without_a_serial_number_go_by_their_number(feed: Feed) -> None:
    feed.send("sensorConfig", plus.sensor_config(serial="", switch_serial=""))
    site = feed.session.site
    assert [sensor.id for sensor in site.sensors] == ["sensor_7"]
    assert [meter.id for meter in site.meters] == ["sensor_7_0"]
    assert [switch.id for switch in site.switch_meters] == ["switch_9"]


@pytest.mark.parametrize("fault", [{"sensorId": None}, {"gwSensorChannelsConfig": 3}, {"serialNumber": []}])
def test_a_broken_sensor_is_lost_alone(feed: Feed, fault: dict[str, object]) -> None:
    document = dict(plus.sensor_config())
    sensors = document["gwSensors"]
    assert isinstance(sensors, list)
    document["gwSensors"] = [{**sensors[0], **fault}, {**sensors[0], "sensorId": 8, "serialNumber": "3003000079"}]
    feed.send("sensorConfig", document)
    assert [sensor.number for sensor in feed.session.site.sensors] == ["8"]
    assert feed.decoder.unreadable == {"sensorConfig": 1}


def test_pulses_add_up_to_a_quantity(feed: Feed) -> None:
    for number in range(1, 4):
        changes = gas(feed, plus.gas_water(50, 300 * number))
        assert changes.meters == {GAS}
    assert pulses(feed) == 150
    assert meter_total(feed.session.site, feed.session.readings, GAS) == 1.5


@pytest.mark.parametrize("ppu", [0, None, -1, 1e-300, 1e300, 10**400])
def test_without_sensible_pulses_per_unit_there_are_pulses_and_no_quantity(ppu: object) -> None:
    feed = Feed()
    feed.introduce()
    feed.send("sensorConfig", plus.sensor_config(ppu=ppu, unit=0))
    gas(feed, plus.gas_water(50))
    assert pulses(feed) == 50
    assert meter_total(feed.session.site, feed.session.readings, GAS) is None
    assert feed.session.site.meters[0].unit == ""


def test_a_sensor_feels_its_surroundings(feed: Feed) -> None:
    changes = gas(feed, plus.gas_water(0))
    assert changes.sensors == {SENSOR}
    assert pulses(feed) == 0
    assert feed.session.readings.sensors[SENSOR] == SensorReading(
        temperature_c=22.6, humidity_percent=41, battery_percent=100
    )


@pytest.mark.parametrize("temperature", [30_000, -10_000, 10**400, None])
def test_impossible_feelings_are_unknown(feed: Feed, temperature: object) -> None:
    gas(feed, plus.gas_water(5, temperature=temperature, humidity=101, battLevel=-1))
    assert feed.session.readings.sensors[SENSOR] == SensorReading()
    assert pulses(feed) == 5


@pytest.mark.parametrize("delta", [None, -5, 10**9])
def test_impossible_pulses_do_not_count(feed: Feed, delta: object) -> None:
    gas(feed, plus.gas_water(delta))
    assert pulses(feed) == 0
    assert feed.session.readings.sensors[SENSOR].humidity_percent == 41


def test_an_interval_that_comes_again_counts_once(feed: Feed) -> None:
    for _ in range(3):
        gas(feed, plus.gas_water(50), plus.gas_water(50))
    assert pulses(feed) == 50


def test_the_flow_is_that_of_the_newest_interval(feed: Feed) -> None:
    gas(feed, plus.gas_water(30, 600), plus.gas_water(90, 300))
    assert feed.session.readings.meter_pulses_per_s == {GAS: 0.1}
    assert gas(feed, plus.gas_water(0, 900)).meters == {GAS}
    assert feed.session.readings.meter_pulses_per_s == {GAS: 0}
    gas(feed, plus.gas_water(None, 1200))
    assert feed.session.readings.meter_pulses_per_s == {GAS: None}


def test_a_late_backlog_counts_and_leaves_the_newer_temperature(feed: Feed) -> None:
    gas(feed, plus.gas_water(1, 1500, temperature=250))
    gas(feed, *(plus.gas_water(10, end_s, temperature=100) for end_s in (1200, 600, 900, 1500)))
    assert pulses(feed) == 31
    assert feed.session.readings.sensors[SENSOR].temperature_c == 25


def test_one_end_time_may_stand_for_the_whole_message(feed: Feed) -> None:
    for _ in range(2):
        feed.now += 300
        feed.send("aggregatedGW", {"utcEndtime": 300_000, "gwIntervalDatas": [plus.gas_water(4, None)]})
    assert pulses(feed) == 4


def test_without_end_times_equal_messages_count_unless_they_follow_at_once(feed: Feed) -> None:
    gas(feed, plus.gas_water(50, None), plus.gas_water(50, None))
    assert pulses(feed) == 100
    gas(feed, plus.gas_water(50, None), plus.gas_water(50, None))
    assert pulses(feed) == 200
    feed.send("aggregatedGW", {"gwIntervalDatas": [plus.gas_water(50, None), plus.gas_water(50, None)]})
    assert pulses(feed) == 200


def test_a_retained_interval_counts_only_when_its_end_is_known(feed: Feed) -> None:
    gas(feed, plus.gas_water(50, None), retained=True)
    assert pulses(feed) == 0
    gas(feed, plus.gas_water(50, 300), retained=True)
    assert pulses(feed) == 50


def test_intervals_of_unknown_sensors_are_left_alone(feed: Feed) -> None:
    changes = gas(feed, {**plus.gas_water(50), "sensorId": 99})
    changes.merge(heater(feed, {**plus.switched(50), "sensorId": 99}))
    assert not changes
    assert pulses(feed) == 0


def test_an_interval_that_comes_before_its_sensor_is_known_can_come_again() -> None:
    feed = Feed()
    feed.introduce()
    gas(feed, plus.gas_water(50))
    feed.send("sensorConfig", plus.sensor_config())
    gas(feed, plus.gas_water(50))
    assert pulses(feed) == 50


def test_a_switch_adds_up_its_energy(feed: Feed) -> None:
    assert heater(feed, plus.switched(30_000, 600)).switch_meters == {SWITCH}
    heater(feed, plus.switched(30_000, 300), plus.switched(30_000, 600))
    assert not heater(feed, plus.switched(0, 900)).switch_meters
    heater(feed, plus.switched(-5, 1200), plus.switched(None, 1500))
    assert feed.session.readings.switch_energy_j == {SWITCH: 60_000}


def test_equal_energies_without_end_times_count_unless_they_follow_at_once(feed: Feed) -> None:
    heater(feed, plus.switched(10, None))
    heater(feed, plus.switched(10, None))
    feed.send("aggregatedSwitch", {"switchIntervalDatas": [plus.switched(10, None)]})
    assert feed.session.readings.switch_energy_j == {SWITCH: 20}


@pytest.mark.parametrize("name", ["aggregatedGW", "aggregatedSwitch"])
def test_a_broken_interval_is_lost_alone(feed: Feed, name: str) -> None:
    key = {"aggregatedGW": "gwIntervalDatas", "aggregatedSwitch": "switchIntervalDatas"}[name]
    good = {"aggregatedGW": plus.gas_water(3), "aggregatedSwitch": plus.switched(3)}[name]
    feed.send(name, {key: [{}, 5, good]})
    readings = feed.session.readings
    assert {"aggregatedGW": pulses(feed), "aggregatedSwitch": readings.switch_energy_j[SWITCH]}[name] == 3
    assert feed.decoder.unreadable == {name: 2}


def test_totals_survive_a_restart_and_nothing_counts_twice(feed: Feed) -> None:
    gas(feed, plus.gas_water(50, 300))
    heater(feed, plus.switched(1000, 300))
    stored = msgspec.to_builtins(feed.session.memory)
    later = introduced(msgspec.convert(stored, SessionMemory))
    assert pulses(later) == 50
    gas(later, plus.gas_water(50, 300), plus.gas_water(7, 600))
    heater(later, plus.switched(1000, 300))
    assert pulses(later) == 57
    assert later.session.readings.switch_energy_j == {SWITCH: 1000}


def test_what_was_stored_before_there_were_sensors_is_still_read() -> None:
    stored = msgspec.to_builtins(SessionMemory(clock=5.0))
    del stored["sensors"]
    assert msgspec.convert(stored, SessionMemory).sensors.pulses == {}


def test_a_meter_that_is_gone_keeps_its_total_until_it_returns(feed: Feed) -> None:
    gas(feed, plus.gas_water(50))
    feed.send("sensorConfig", {"gwSensors": [], "switchSensors": []})
    assert feed.session.site.meters == ()
    gas(feed, plus.gas_water(50, 600))
    feed.send("sensorConfig", plus.sensor_config())
    assert pulses(feed) == 50


def test_the_memory_of_intervals_is_bounded_and_the_oldest_count_no_more(feed: Feed) -> None:
    many = [plus.gas_water(1, 300 * number) for number in range(10, REMEMBERED_INTERVALS + 20)]
    gas(feed, *many)
    assert pulses(feed) == len(many)
    gas(feed, plus.gas_water(1, 300), *many)
    assert pulses(feed) == len(many)
    assert len(feed.session.memory.sensors.counted[SENSOR]) == REMEMBERED_INTERVALS


def test_sensors_of_another_gateway_are_left_alone(feed: Feed) -> None:
    feed.send("aggregatedGW", {"gwIntervalDatas": [plus.gas_water(50)]}, "another-location")
    assert pulses(feed) == 0
    assert genius.LOCATION not in feed.session.other_serials
