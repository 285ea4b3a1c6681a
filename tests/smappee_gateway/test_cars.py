"""Loads that their owner has told to be charging points of electric cars: part of the house, and counted apart."""

import msgspec
import pytest

from mqtt_schema.points import points
from mqtt_schema.quantities import Role
from smappee_gateway.session import Session, SessionMemory
from smappee_gateway.told_loads import ToldLoads
from tests import genius
from tests.feed import STALE_AFTER_S, Feed

OVEN, PUMP = "5500000002_0", "5500000002_1"
"""Two loads of `genius.HOUSE`; here they stand for charging points. The second has two CTs."""
COUNTED_J = 36_000_000


def feed_of(told: ToldLoads, memory: SessionMemory | None = None) -> Feed:
    feed = Feed(memory=memory)
    feed.session = Session(genius.SERIAL, STALE_AFTER_S, memory, told=told)
    feed.introduce()
    return feed


def again(feed: Feed, told: ToldLoads) -> Feed:
    """The same gateway after its owner has told something else."""
    memory = msgspec.convert(msgspec.to_builtins(feed.session.memory), SessionMemory)
    return feed_of(told, memory)


def charge(feed: Feed, seconds: range, pump: int = 600, grid: int = 2000) -> None:
    """`pump` is the power of each of its two CTs."""
    for second in seconds:
        feed.second(genius.powers(second, grid1=grid, oven=100, pump1=pump, pump2=pump))


def values(feed: Feed) -> dict[tuple[str, str], object]:
    site, readings = feed.session.site, feed.session.readings
    return {(row.key, scope.id): row.value(site, readings, scope.id) for row, scope in points(site)}


def test_the_power_of_all_cars_is_part_of_the_house() -> None:
    feed = feed_of(ToldLoads(cars={OVEN, PUMP}))
    charge(feed, range(1, 2))
    found = values(feed)
    assert found["ev_power", ""] == 1300
    assert found["house_power", ""] == 2000


def test_a_car_has_the_data_points_of_a_load() -> None:
    as_load, as_car = feed_of(ToldLoads()), feed_of(ToldLoads(cars={PUMP}))
    for feed in (as_load, as_car):
        charge(feed, range(1, 4))
    assert values(as_car).keys() - values(as_load).keys() == {("ev_power", ""), ("ev_energy", "")}
    assert values(as_load).items() <= values(as_car).items()


def test_energy_of_all_cars_is_counted_and_what_they_give_back_is_not() -> None:
    feed = feed_of(ToldLoads(cars={PUMP}))
    charge(feed, range(1, 12))
    charge(feed, range(12, 17), pump=-400)
    energy = feed.session.readings.site_energy
    assert energy.ev_j == 10 * 1200
    assert energy.house_j == 15 * 2000


def test_a_car_that_is_unknown_leaves_the_house_known() -> None:
    feed = feed_of(ToldLoads(cars={PUMP}))
    feed.second(genius.realtime(genius.channels(grid1=500)[:-1], 1))
    power = feed.session.readings.site_power
    assert (power.grid_w, power.ev_w, power.house_w) == (500, None, 500)


def test_all_totals_go_on_when_a_load_becomes_a_car_and_a_load_again() -> None:
    feed = feed_of(ToldLoads())
    charge(feed, range(1, 12))
    feed = again(feed, ToldLoads(cars={PUMP}))
    charge(feed, range(12, 23))
    charged_j = feed.session.readings.site_energy.ev_j
    assert charged_j == 10 * 1200
    feed = again(feed, ToldLoads())
    charge(feed, range(23, 123))
    feed = again(feed, ToldLoads(cars={PUMP}))
    charge(feed, range(123, 154))
    energy = feed.session.readings.site_energy
    assert energy.house_j == 152 * 2000
    assert energy.ev_j is not None
    assert charged_j <= energy.ev_j <= charged_j + 31 * 1200
    assert values(feed)["load_import_energy", PUMP] == 2 * COUNTED_J / 3.6e6


def test_a_gap_is_filled_from_the_counters_of_the_cars() -> None:
    feed = feed_of(ToldLoads(cars={PUMP}))
    charge(feed, range(1, 12))
    feed.second(genius.powers(611, imported=COUNTED_J + 360_000, pump1=600, pump2=600))
    feed.second(genius.powers(612, imported=COUNTED_J + 360_000, pump1=600, pump2=600))
    assert feed.session.readings.site_energy.ev_j == pytest.approx(10 * 1200 + 2 * 360_000, abs=2500)


@pytest.mark.parametrize("load", ["5500000001_0", "5500000001_3", "nothing"])
def test_grid_and_solar_are_no_cars_whatever_is_told(load: str) -> None:
    assert feed_of(ToldLoads(cars={load})).session.site.cars == ()


def test_what_is_told_to_be_both_is_a_battery() -> None:
    site = feed_of(ToldLoads(batteries={PUMP}, cars={PUMP})).session.site
    assert site.load_by_id[PUMP].role is Role.BATTERY
    assert site.cars == ()
