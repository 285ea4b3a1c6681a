"""What its owner knows better of a meter than the gateway: what it counts, how large a pulse is, what it shows."""

import msgspec
import pytest

from mqtt_schema.metering import meter_reading, meter_total
from mqtt_schema.quantities import Medium
from smappee_gateway.errors import ModuleSettingsError
from smappee_gateway.module_settings import modules_of
from smappee_gateway.session import SessionMemory
from tests import genius, plus
from tests.feed import Feed
from tests.modules import WATER, declared, inputs

GAS = "3003000078_0"


def introduced(memory: SessionMemory | None = None, **told: object) -> Feed:
    modules = modules_of({"meter": [{"id": GAS, **told}]} if told else {})
    feed = Feed(memory=memory, modules=modules)
    feed.introduce()
    feed.send("sensorConfig", plus.sensor_config(), retained=True)
    return feed


def gas(feed: Feed, pulses: int, ended_at_s: int) -> None:
    feed.now += 300
    feed.send("aggregatedGW", {"gwIntervalDatas": [plus.gas_water(pulses, ended_at_s)]})


def total(feed: Feed) -> float | None:
    return meter_total(feed.session.site, feed.session.readings, GAS)


def reading(feed: Feed) -> float | None:
    return meter_reading(feed.session.site, feed.session.readings, GAS)


def kept(feed: Feed) -> SessionMemory:
    """What the session remembers, through JSON."""
    return msgspec.convert(msgspec.json.decode(msgspec.json.encode(feed.session.memory)), SessionMemory)


def test_what_is_told_wins_over_what_the_gateway_lists() -> None:
    feed = introduced(name="Boiler", medium="heat", unit="GJ", pulses_per_unit=10)
    (meter,) = feed.session.site.meters
    assert (meter.name, meter.medium, meter.unit, meter.pulses_per_unit) == ("Boiler", Medium.HEAT, "GJ", 10)
    gas(feed, 36, 300)
    assert total(feed) == pytest.approx(1000)


def test_what_is_not_told_is_as_the_gateway_lists_it() -> None:
    (meter,) = introduced(offset=0).session.site.meters
    assert (meter.name, meter.medium, meter.unit, meter.pulses_per_unit) == ("", Medium.GAS, "m3", 100)


def test_an_offset_makes_the_reading_of_the_meter() -> None:
    feed = introduced(offset=4321.5)
    gas(feed, 250, 300)
    assert (total(feed), reading(feed)) == (2.5, 4324.0)


def test_without_an_offset_nobody_knows_what_the_meter_shows() -> None:
    assert reading(introduced()) is None


def test_corrected_pulses_change_what_comes_and_not_what_was_counted() -> None:
    feed = introduced()
    gas(feed, 100, 300)
    again = introduced(kept(feed), pulses_per_unit=10)
    assert total(again) == 1
    gas(again, 100, 600)
    assert total(again) == 11


def test_pulses_that_the_gateway_corrects_do_not_change_what_was_counted_either() -> None:
    feed = introduced()
    gas(feed, 100, 300)
    feed.send("sensorConfig", plus.sensor_config(ppu=10))
    assert total(feed) == 1
    feed.send("sensorConfig", plus.sensor_config(ppu=0))
    gas(feed, 100, 600)
    assert total(feed) == 11


def test_a_total_in_another_unit_begins_with_all_pulses() -> None:
    feed = introduced()
    gas(feed, 100, 300)
    again = introduced(kept(feed), medium="heat", unit="kWh", pulses_per_unit=2)
    assert total(again) == 50


def test_pulses_of_a_memory_without_totals_are_not_lost() -> None:
    feed = introduced()
    gas(feed, 100, 300)
    memory = kept(feed)
    memory.sensors.totals.clear()
    assert total(introduced(memory)) == 1


def test_the_meters_of_declared_modules_are_told_of_too() -> None:
    written = {"input_module": [inputs()], "meter": [{"id": WATER, "name": "Well", "offset": 12}]}
    feed = Feed(modules=modules_of(written))
    feed.introduce()
    assert feed.session.site.meter_by_id[WATER].name == "Well"
    assert meter_reading(feed.session.site, feed.session.readings, WATER) == 12
    assert declared(inputs()).site().meter_by_id[WATER].name == "Garden"


def test_what_is_told_of_a_meter_that_is_not_there_does_no_harm() -> None:
    feed = Feed(modules=modules_of({"meter": [{"id": "nowhere_0", "offset": 1}]}))
    feed.introduce(genius.channel_config())
    assert feed.session.site.meters == ()


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ([{"offset": 1}], "meter 1, id: is missing"),
        ([{"id": GAS, "offset": "12"}], "meter 1, offset: must be a number from -1000000000 to 1000000000, not '12'"),
        (
            [{"id": GAS, "pulses_per_unit": 0}],
            "meter 1, pulses_per_unit: must be a number from 0.001 to 1000000, not 0",
        ),
        ([{"id": GAS}, {"id": GAS}], f"meter {GAS} is there twice"),
    ],
)
def test_mistakes_are_said(written: list[dict[str, object]], problem: str) -> None:
    with pytest.raises(ModuleSettingsError) as caught:
        modules_of({"meter": written})
    assert str(caught.value) == problem
