"""Gas & Water sensors, and Input modules in the same form: every pulse arrives, once, sooner or later."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest

from simulator import SITES, Fault, Gateway, House, Message
from simulator.house.meter import Medium
from tests.simulator.living import MIDSUMMER_NOON, Document, document, live, named, new_gateway

SENSOR, MODULE = 21, 31


def intervals(messages: Iterable[Message]) -> list[Document]:
    return [each for message in named(messages, "aggregatedGW") for each in document(message)["gwIntervalDatas"]]


def totals(entries: Iterable[Document]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for entry in entries:
        for index in range(4):
            counts[f"{entry['sensorId']}/{index}"] += entry.get(f"index{index}Delta", 0)
    return counts


def true_pulses(gateway: Gateway) -> dict[str, int]:
    volumes = gateway.house.meter.volumes_m3
    return {
        f"{SENSOR}/0": int(volumes[Medium.WATER] * 1000),
        f"{SENSOR}/1": int(volumes[Medium.GAS] * 100),
        f"{MODULE}/0": int(volumes[Medium.RAINWATER] * 2000),
    }


def test_pulses_times_their_value_are_the_true_meter() -> None:
    gateway = new_gateway("everything")
    gateway.house.plumbing.leak_l_per_h = 10.0
    counted = totals(intervals(live(gateway, 4 * 3600)))
    assert {key: counted[key] for key in true_pulses(gateway)} == true_pulses(gateway)
    assert counted[f"{SENSOR}/0"] / 1000 == pytest.approx(gateway.house.meter.volumes_m3[Medium.WATER], abs=0.001)
    assert all(pulses > 0 for pulses in true_pulses(gateway).values())


def test_the_sensors_introduce_themselves_with_unit_and_pulses_per_unit() -> None:
    (config,) = (document(m) for m in named(live(new_gateway("everything"), 5), "sensorConfig"))
    sensor, module = config["gwSensors"]
    assert sensor["sensorId"] == SENSOR
    assert sensor["serialNumber"].startswith("30")
    assert sensor["gwSensorChannelsConfig"] == [
        {"enabled": True, "type": "water", "uom": "m3", "ppu": 1000},
        {"enabled": True, "type": "gas", "uom": "m3", "ppu": 100},
    ]
    assert [channel["enabled"] for channel in module["gwSensorChannelsConfig"]] == [True, False, False, False]


def test_an_interval_comes_every_five_minutes_and_is_not_retained() -> None:
    gateway = new_gateway("everything")
    start_ms = gateway.house.now_ms
    messages = named(live(gateway, 900), "aggregatedGW")
    assert [message.at_ms - start_ms for message in messages] == [300_000, 600_000, 900_000]
    assert not any(message.retain for message in messages)
    sensor, module = document(messages[1])["gwIntervalDatas"]
    assert sensor["utcEndtime"] == start_ms + 600_000
    assert 100 < sensor["temperature"] < 300
    assert 20 < sensor["humidity"] < 90
    assert 0 < sensor["battLevel"] <= 100
    assert set(module) == {"utcEndtime", "sensorId", "index0Delta", "index1Delta", "index2Delta", "index3Delta"}


@pytest.mark.parametrize("fault", [Fault.REBOOT, Fault.COUNTER_RESET, Fault.REBOOT_REALTIME_FIRST])
def test_a_reboot_loses_no_pulse_the_intervals_come_late(fault: Fault) -> None:
    gateway = new_gateway("everything")
    gateway.house.plumbing.leak_l_per_h = 60.0
    before = intervals(live(gateway, 400))
    gateway.inject(fault, duration_s=1000)
    dark = live(gateway, 1000)
    assert intervals(dark) == []
    late = intervals(live(gateway, 100))
    of_sensor = [entry["utcEndtime"] - late[0]["utcEndtime"] for entry in late if entry["sensorId"] == SENSOR]
    assert of_sensor == [0, 300_000, 600_000, 900_000]
    assert {key: totals(before + late)[key] for key in true_pulses(gateway)} == true_pulses(gateway)
    assert gateway.occurred[fault] == 1


def test_a_past_that_was_lived_through_is_not_told_again() -> None:
    gateway = new_gateway("everything")
    gateway.fast_forward(hours=24)
    entries = [entry for entry in intervals(live(gateway, 300)) if entry["sensorId"] == SENSOR]
    assert len(entries) == 1


def test_a_site_without_sensors_sends_no_intervals() -> None:
    messages = live(new_gateway("home"), 310)
    assert not named(messages, "aggregatedGW")
    assert not named(messages, "aggregatedSwitch")


def test_a_plus_has_sensors_too() -> None:
    everything, plus = SITES["everything"], SITES["plus-star"]
    site = replace(plus, water_uses=everything.water_uses, sensors=everything.sensors)
    gateway = Gateway(House(site, seed=1, start=MIDSUMMER_NOON))
    gateway.house.plumbing.leak_l_per_h = 60.0
    counted = totals(intervals(live(gateway, 1200)))
    assert counted[f"{SENSOR}/0"] == true_pulses(gateway)[f"{SENSOR}/0"] >= 20
