"""Real messages of a real Genius (V4.7.1, January 2021), decoded to the figures of the protocol facts."""

import pytest

from mqtt_schema.accessors import load_power
from mqtt_schema.quantities import Phase, Role, Topology
from smappee_gateway.freshness import Feed as State
from tests.captures import captured, text_of
from tests.feed import Feed

TOPIC_OF_FILE = {
    "genius-config.json": "config",
    "genius-sensorConfig.json": "sensorConfig",
    "genius-plug-1-state.json": "plug/1/state",
    "genius-channelConfigV2-2021-01.json": "channelConfigV2",
    "genius-homeControlConfig.json": "homeControlConfig",
    "genius-presence.json": "presence",
    "genius-realtime.json": "realtime",
}
"""In the order in which they arrived at a new subscriber."""


@pytest.fixture
def feed() -> Feed:
    serial, location = (text_of("genius-config.json", key) for key in ("serialNumber", "serviceLocationUuid"))
    feed = Feed(serial)
    for file, name in TOPIC_OF_FILE.items():
        feed.message(f"servicelocation/{location}/{name}", captured(file), retained=name != "realtime")
    return feed


def test_every_message_is_understood(feed: Feed) -> None:
    assert feed.decoder.messages == len(TOPIC_OF_FILE)
    assert not feed.decoder.unreadable
    assert not feed.decoder.unknown_topics
    assert feed.session.feed is State.FRESH


def test_twelve_channels_have_ten_names(feed: Feed) -> None:
    site = feed.session.site
    assert site.topology is Topology.DELTA
    assert len(site.channels) == 12
    sizes = {load.name: len(load.channels) for load in site.loads}
    assert len(sizes) == 10
    assert [name for name, size in sizes.items() if size == 2] == ["Zonnepanelen", "Tesla"]
    roles = {role: [load for load in site.loads if load.role is role] for role in Role}
    assert sum(len(load.channels) for load in roles[Role.GRID]) == 2
    assert sum(len(load.channels) for load in roles[Role.SOLAR]) == 2
    assert len(roles[Role.LOAD]) == 7


def test_powers_are_those_of_the_facts(feed: Feed) -> None:
    power = feed.session.readings.site_power
    assert (power.grid_w, power.solar_w, power.house_w) == (-55, -119, -174)
    site = feed.session.site
    by_name = {load.name: load_power(site, feed.session.readings, load.id) for load in site.loads}
    assert by_name["Zonnepanelen"] == -119
    assert by_name["System D + Verwarming"] == 79


def test_voltages_currents_and_frequency_are_in_si_units(feed: Feed) -> None:
    readings = feed.session.readings
    assert readings.voltage_v == {Phase.L1: 230, Phase.L2: 231}
    assert readings.channels[0].current_a == 1.0
    assert readings.frequency_hz == pytest.approx(50.020624)
    assert feed.session.site.phases == (Phase.L1, Phase.L2)


def test_the_gateway_its_plug_and_the_people_are_known(feed: Feed) -> None:
    site, readings = feed.session.site, feed.session.readings
    assert site.identity is not None
    assert (site.identity.model, site.identity.firmware) == ("Genius", "V4.7.1")
    assert [(plug.id, plug.name, readings.plugs[plug.id].on) for plug in site.plugs] == [("1", "Tester", False)]
    assert readings.presence is False
