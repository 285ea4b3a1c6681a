"""Loads that contain others, as their owner tells: what is measured twice must not count twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqtt_schema.accessors import unmeasured_power
from mqtt_schema.model import Channel, Site
from mqtt_schema.quantities import Role
from smappee_gateway.session import Session
from smappee_gateway.told_loads import ToldLoads, is_in_circle, with_parents
from tests import genius
from tests.feed import STALE_AFTER_S, Feed

OVEN, PUMP, ROOF = "5500000002_0", "5500000002_1", "5500000001_3"


def feed_of(told: ToldLoads) -> Feed:
    feed = Feed()
    feed.session = Session(genius.SERIAL, STALE_AFTER_S, told=told)
    feed.introduce()
    return feed


def live(feed: Feed) -> float | None:
    """3 kW of a house with 500 W of oven and twice 400 W of heat pump."""
    feed.second(genius.powers(1, grid1=1000, roof=2000, oven=500, pump1=400, pump2=400))
    return unmeasured_power(feed.session.site, feed.session.readings, "")


def test_without_a_word_of_the_owner_every_load_stands_alone() -> None:
    feed = feed_of(ToldLoads())
    assert live(feed) == 3000 - 500 - 800
    assert {load.parent for load in feed.session.site.loads} == {""}


def test_a_contained_load_is_part_of_its_parent() -> None:
    feed = feed_of(ToldLoads(parents={OVEN: PUMP}))
    assert live(feed) == 3000 - 800
    assert feed.session.site.load_by_id[OVEN].parent == PUMP


def test_a_car_is_measured_and_a_battery_is_no_use_of_the_house() -> None:
    assert live(feed_of(ToldLoads(cars={OVEN}))) == 3000 - 500 - 800
    assert live(feed_of(ToldLoads(batteries={PUMP}))) == 3000 - 800 - 500


@pytest.mark.parametrize("missing", [0, 3, 4, 6], ids=["grid", "roof", "oven", "one CT of two"])
def test_it_is_unknown_while_any_part_is(missing: int) -> None:
    feed = feed_of(ToldLoads())
    channels = [channel for channel in genius.channels(grid1=1000) if channel["publishIndex"] != missing]
    feed.second(genius.realtime(channels, 1))
    assert unmeasured_power(feed.session.site, feed.session.readings, "") is None


def test_a_contained_load_that_is_missing_leaves_it_known() -> None:
    feed = feed_of(ToldLoads(parents={OVEN: PUMP}))
    channels = [channel for channel in genius.channels(grid1=1000) if channel["publishIndex"] != 4]
    feed.second(genius.realtime(channels, 1))
    assert unmeasured_power(feed.session.site, feed.session.readings, "") == 1000


@pytest.mark.parametrize(
    "parents",
    [{OVEN: "gone"}, {"gone": PUMP}, {OVEN: ROOF}, {ROOF: OVEN}, {OVEN: OVEN}, {OVEN: PUMP, PUMP: OVEN}],
    ids=["of no load", "no load", "of solar", "solar", "itself", "each other"],
)
def test_what_makes_no_sense_is_left_alone(parents: dict[str, str]) -> None:
    feed = feed_of(ToldLoads(parents=parents))
    assert {load.parent for load in feed.session.site.loads} == {""}


def test_a_load_below_a_circle_is_not_in_it() -> None:
    parents = {"a": "b", "b": "a", "c": "a"}
    assert [is_in_circle(load, parents) for load in "abc"] == [True, True, False]


names = st.sampled_from("abcdef")


@given(st.dictionaries(names, names))
def test_whatever_is_told_every_load_lies_below_one_that_stands_alone(parents: dict[str, str]) -> None:
    channels = tuple(Channel(index=index, key=key, name=key, role=Role.LOAD) for index, key in enumerate("abcdef"))
    site = Site(channels=with_parents(channels, parents))
    for load in site.loads:
        steps = 0
        while load.parent:
            load, steps = site.load_by_id[load.parent], steps + 1  # noqa: PLW2901 - upwards
            assert steps < len(site.loads)
    assert site.uncontained
