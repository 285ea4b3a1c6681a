"""Brokers give retained messages in any order; whichever it is, the same house is known in the end."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smappee_gateway.early_updates import MOST_UPDATES
from tests import genius, modules, plus
from tests.feed import Feed

RETAINED = (
    ("config", genius.config()),
    ("channelConfigV2", genius.channel_config()),
    ("homeControlConfig", genius.home_control((1, "Lamp"))),
    ("sensorConfig", plus.sensor_config()),
    ("presence", {"value": True}),
    ("plug/1/state", {"value": "ON", "since": 1}),
    (f"outputmodule/{modules.OUTPUT}/state", {"value": "ON_OFF"}),
)
CHILD = "22222222-2222-3333-4444-555555555555"


def known(order: tuple[tuple[str, object], ...]) -> tuple[object, ...]:
    feed = Feed(modules=modules.declared(modules.output()))
    for name, document in order:
        feed.send(name, document, retained=True)
    readings = feed.session.readings
    return feed.session.site, readings.presence, readings.plugs, readings.relays


@given(st.permutations(RETAINED))
def test_the_order_makes_no_difference(order: list[tuple[str, object]]) -> None:
    assert known(tuple(order)) == known(RETAINED)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_a_child_location_is_left_alone_in_any_order(order: tuple[int, ...]) -> None:
    said = (
        ("config", genius.config(), genius.LOCATION),
        ("channelConfigV2", genius.channel_config(), genius.LOCATION),
        ("config", genius.config(location=CHILD, number=4712), CHILD),
        ("channelConfigV2", genius.channel_config(genius.HOUSE[:1]), CHILD),
    )
    feed = Feed()
    for number in order:
        name, document, location = said[number]
        feed.send(name, document, location, retained=True)
    identity = feed.session.site.identity
    assert identity
    assert identity.location == genius.LOCATION
    assert len(feed.session.site.channels) == len(genius.HOUSE)


def test_measurements_are_not_kept_and_make_nothing_fresh() -> None:
    feed = Feed()
    feed.send("channelConfigV2", genius.channel_config(), retained=True)
    feed.second(genius.powers(1, grid1=500))
    feed.send("config", genius.config(), retained=True)
    assert feed.session.readings.site_power.grid_w is None
    feed.second(genius.powers(2, grid1=600))
    assert feed.session.readings.site_power.grid_w == 600


def test_only_the_latest_of_each_counts() -> None:
    feed = Feed()
    feed.send("channelConfigV2", genius.channel_config(genius.HOUSE[:1]), retained=True)
    feed.send("channelConfigV2", genius.channel_config(), retained=True)
    feed.send("config", genius.config(), retained=True)
    assert len(feed.session.site.channels) == len(genius.HOUSE)


def test_noise_is_bounded_and_what_came_before_it_is_kept() -> None:
    feed = Feed()
    feed.send("channelConfigV2", genius.channel_config(), retained=True)
    for number in range(3 * MOST_UPDATES):
        feed.send("presence", {"value": True}, f"noise-{number}", retained=True)
    feed.send("config", genius.config(), retained=True)
    assert len(feed.session.site.channels) == len(genius.HOUSE)
    for number in range(3 * MOST_UPDATES):
        feed.send("config", genius.config("5010099999", f"noise-{number}"), retained=True)
    assert feed.session.site.identity
    assert feed.session.site.identity.serial == genius.SERIAL
