"""Loads that their owner has told to be batteries: they are no use of the house, and take and give energy."""

from datetime import UTC, datetime

import msgspec
import pytest

from mqtt_schema.electrical import channel_power
from mqtt_schema.points import points
from mqtt_schema.quantities import Role
from simulator import SITES, Gateway, House
from smappee_gateway.session import Session, SessionMemory
from smappee_gateway.told_loads import ToldLoads
from tests import genius
from tests.feed import STALE_AFTER_S, Feed

PUMP = "5500000002_1"
"""Heat pump of `genius.HOUSE`, two CTs: here it stands for a battery."""
EVERYTHING = SITES["everything"]


def feed_of(*batteries: str, memory: SessionMemory | None = None, serial: str = genius.SERIAL) -> Feed:
    feed = Feed(serial, memory)
    feed.session = Session(serial, STALE_AFTER_S, memory, told=ToldLoads(batteries=frozenset(batteries)))
    return feed


@pytest.fixture
def feed() -> Feed:
    feed = feed_of(PUMP)
    feed.introduce()
    return feed


def live(feed: Feed, second: int, grid: int, roof: int, battery: int) -> None:
    """`battery` is what each of its two CTs reads: + charging."""
    feed.second(genius.powers(second, grid1=grid, roof=roof, pump1=battery, pump2=battery))


def test_the_load_has_the_role_and_no_other_has(feed: Feed) -> None:
    roles = {load.name: load.role for load in feed.session.site.loads}
    assert roles["Heat pump"] is Role.BATTERY
    assert [name for name, role in roles.items() if role is Role.BATTERY] == ["Heat pump"]


def test_what_a_battery_takes_is_no_use_of_the_house(feed: Feed) -> None:
    live(feed, 1, grid=-200, roof=2000, battery=600)
    power = feed.session.readings.site_power
    assert (power.battery_w, power.house_w) == (-1200, 600)
    live(feed, 2, grid=100, roof=0, battery=-300)
    power = feed.session.readings.site_power
    assert (power.battery_w, power.house_w) == (600, 700)


def test_energy_taken_and_energy_given_are_two_totals(feed: Feed) -> None:
    for second in range(1, 12):
        live(feed, second, grid=0, roof=2000, battery=600)
    for second in range(12, 17):
        live(feed, second, grid=0, roof=0, battery=-400)
    energy = feed.session.readings.site_energy
    assert (energy.charged_j, energy.discharged_j) == (10 * 1200, 5 * 800)
    assert energy.house_j == 10 * 800 + 5 * 800


def test_its_data_points_have_the_sign_of_a_battery(feed: Feed) -> None:
    live(feed, 1, grid=0, roof=0, battery=-400)
    site, readings = feed.session.site, feed.session.readings
    values = {(row.key, scope.id): row.value(site, readings, scope.id) for row, scope in points(site)}
    assert values["battery_power", ""] == values["storage_power", PUMP] == 800
    assert channel_power(site, readings, PUMP) == 400
    assert ("load_power", PUMP) not in values
    assert ("load_power", "5500000002_0") in values


def test_an_unknown_battery_makes_the_house_unknown(feed: Feed) -> None:
    channels = genius.channels(grid1=500)
    feed.second(genius.realtime(channels[:-1], 1))
    power = feed.session.readings.site_power
    assert (power.grid_w, power.battery_w, power.house_w) == (500, None, None)


@pytest.mark.parametrize("load", ["5500000001_0", "5500000001_3", "nothing"])
def test_grid_and_solar_are_no_batteries_whatever_is_told(load: str) -> None:
    feed = feed_of(load)
    feed.introduce()
    assert feed.session.site.battery == ()


def test_the_house_goes_on_when_a_battery_becomes_a_load_again(feed: Feed) -> None:
    for second in range(1, 12):
        live(feed, second, grid=0, roof=2000, battery=600)
    before = feed.session.readings.site_energy.house_j
    assert before == 8000
    later = feed_of(memory=msgspec.convert(msgspec.to_builtins(feed.session.memory), SessionMemory))
    later.introduce()
    for second in range(12, 22):
        live(later, second, grid=0, roof=2000, battery=600)
    house_j = later.session.readings.site_energy.house_j
    assert house_j is not None
    assert house_j == pytest.approx(before + 10 * 2000)


def test_a_day_with_a_battery_is_that_of_the_true_meter() -> None:
    gateway = Gateway(House(EVERYTHING, seed=3, start=datetime(2026, 6, 21, 8, tzinfo=UTC)), seed=3)
    battery = min(f"{ct.hub}_{ct.hub_input}" for ct in EVERYTHING.transformers if ct.circuit == "Battery")
    feed = feed_of(battery, serial=EVERYTHING.identity.serial_number)
    meter, begin = gateway.house.meter, (0.0, 0.0, 0.0)
    for _ in range(8 * 3600):
        feed.now += 1
        for message in gateway.step():
            feed.message(message.topic, message.payload, retained=message.retain)
        if feed.session.readings.site_energy.house_j is None:
            begin = (meter.charged_j, meter.discharged_j, meter.house_j)
    energy = feed.session.readings.site_energy
    ours = (energy.charged_j, energy.discharged_j, energy.house_j)
    true = (meter.charged_j, meter.discharged_j, meter.house_j)
    assert meter.charged_j > 3.6e6
    assert ours == pytest.approx([end - start for end, start in zip(true, begin, strict=True)], rel=0.005, abs=10_000)
