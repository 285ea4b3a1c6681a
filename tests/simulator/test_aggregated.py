"""Five-minute averages, in the form a client of a Genius reads."""

from datetime import timedelta
from statistics import fmean

import pytest

from simulator.gateway.averages import Averages
from tests.simulator.living import MIDSUMMER_NOON, Document, document, live, named, new_gateway, realtimes

PERIOD_MS = 300_000


def test_it_comes_at_each_multiple_of_five_minutes() -> None:
    messages = named(live(new_gateway("home", start=MIDSUMMER_NOON + timedelta(minutes=3)), 1000), "aggregated")
    assert [message.at_ms % PERIOD_MS for message in messages] == [0, 0, 0]
    ends = {entry["utcEndtime"] for message in messages for entry in document(message)["intervalDatas"]}
    assert ends == {message.at_ms for message in messages}


def test_an_entry_for_each_channel_and_the_last_for_the_location() -> None:
    (message,) = named(live(new_gateway("home"), 300), "aggregated")
    *channels, location = document(message)["intervalDatas"]
    assert [entry["publishIndex"] for entry in channels] == list(range(16))
    assert list(location) == ["utcEndtime", "measurements"]
    assert kinds(channels[0]) == ["ACTIVE_POWER", "REACTIVE_POWER", "VOLTAGE", "CURRENT"]
    assert kinds(location) == [
        "ALWAYS_ON",
        "LOADTOTAL_ACTIVE_POWER",
        "PRODUCTIONTOTAL_ACTIVE_POWER",
        "IMPORTTOTAL_ACTIVE_POWER",
        "EXPORTTOTAL_ACTIVE_POWER",
    ]
    assert channels[0]["measurements"][0]["type"] == {
        "commodity": "ELECTRICITY",
        "measurementKind": "ACTIVE_POWER",
        "unit": "WATT",
        "phase": "PHASEA",
        "channel": 0,
        "mRID": "1.37.128.38",
    }


def test_values_are_thousandths_and_agree_with_realtime() -> None:
    messages = live(new_gateway("home"), 600)
    seen = [r for r in realtimes(messages) if r["utcTimeStamp"] > messages[0].at_ms + PERIOD_MS]
    entries = document(named(messages, "aggregated")[-1])["intervalDatas"]
    for index in range(16):
        power, _, voltage, current = (measurement["value"] / 1000 for measurement in entries[index]["measurements"])
        channel = [realtime["channelPowers"][index] for realtime in seen]
        assert power == pytest.approx(fmean(c["power"] for c in channel), abs=0.6)
        assert current == pytest.approx(fmean(c["current"] / 10 for c in channel), abs=0.06)
        assert voltage == pytest.approx(230, rel=0.05)


def test_the_location_tells_load_production_import_and_export() -> None:
    gateway = new_gateway("home")
    live(gateway, 300)
    before = (meter := gateway.house.meter).house_j, meter.solar_j, meter.import_j, meter.export_j
    (message,) = named(live(gateway, 300), "aggregated")
    after = meter.house_j, meter.solar_j, meter.import_j, meter.export_j
    always_on, *watts = (m["value"] / 1000 for m in document(message)["intervalDatas"][-1]["measurements"])
    truth = [(late - early) / 300 for early, late in zip(before, after, strict=True)]
    assert watts == pytest.approx(truth, abs=0.001)
    assert 0 < always_on <= watts[0]


def test_always_on_is_the_least_load_of_the_last_day() -> None:
    gateway = new_gateway("home")
    gateway.fast_forward(hours=24)
    (message,) = named(live(gateway, 300), "aggregated")
    always_on, load, *_ = (m["value"] / 1000 for m in document(message)["intervalDatas"][-1]["measurements"])
    assert 150 < always_on < 400
    assert always_on < load


def test_averages_of_a_plus_agree_with_realtime() -> None:
    messages = live(new_gateway("plus-star"), 600)
    seen = [r for r in realtimes(messages) if r["utcTimeStamp"] > messages[0].at_ms + PERIOD_MS - 1000]
    (interval,) = document(named(messages, "aggregated")[-1])["intervalDatas"]
    assert interval["averageRMSVoltages"] == pytest.approx([2300] * 3, rel=0.03)
    assert 100_000 < interval["alwaysOn"] < 500_000
    for position, average in enumerate(interval["channelIntervalDatas"]):
        channel = [realtime["channelPowers"][position] for realtime in seen]
        net = average["averageImportRMSActivePower"] - average["averageExportRMSActivePower"]
        assert average["ctInput"] == position
        assert net / 1000 == pytest.approx(fmean(c["power"] for c in channel), abs=1)
        assert average["averageRMSCurrent"] / 1000 == pytest.approx(fmean(c["current"] / 10 for c in channel), abs=0.06)


def test_import_and_export_are_averaged_apart() -> None:
    averages = Averages(1, 1)
    for power_va, seconds in ((100 + 30j, 150.0), (-60 + 10j, 150.0)):
        averages.add_channels([power_va], [230.0], [1.0], seconds)
        averages.add_site(power_va.real, 0.0, [231.0], seconds)
    average = averages.close(0)
    assert average
    (channel,) = average.channels
    assert (channel.import_w, channel.export_w, channel.active_power_w) == (50.0, 30.0, 20.0)
    assert (channel.reactive_power_var, average.voltages_v) == (20.0, (231.0,))


def test_a_solar_sends_no_averages() -> None:
    assert named(live(new_gateway("solar-single"), 700), "aggregated") == []


def kinds(entry: Document) -> list[str]:
    return [measurement["type"]["measurementKind"] for measurement in entry["measurements"]]
