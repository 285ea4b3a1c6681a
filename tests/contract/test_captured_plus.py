"""Real messages of Plus gateways, as their vendor published them, decoded to the figures of the protocol facts."""

import msgspec
import pytest

from mqtt_schema.quantities import Role
from mqtt_schema.wire.ct_aggregated import CtAggregated
from smappee_gateway.mqtt_decoder import MqttDecoder, MqttMessage
from smappee_gateway.updates import IdentityUpdate
from tests import plus
from tests.captures import captured, text_of
from tests.feed import Feed


def roles(feed: Feed) -> list[Role]:
    return [channel.role for channel in feed.session.site.channels]


@pytest.fixture
def feed() -> Feed:
    feed = Feed(text_of("plus-config.json", "serialNumber"))
    send(feed, "config", "plus-config.json")
    return feed


def send(feed: Feed, name: str, file: str) -> None:
    location = text_of("plus-config.json", "serviceLocationUuid")
    feed.message(f"servicelocation/{location}/{name}", captured(file), retained=name != "aggregated")


def test_the_gateway_says_who_it_is(feed: Feed) -> None:
    identity = feed.session.site.identity
    assert identity is not None
    assert (identity.model, identity.firmware, identity.location_number) == ("Plus", "V3106", 100045)
    assert identity.booted_at == 1_520_261_397.469
    assert identity.time_zone == ""


def test_the_example_of_the_vendors_document_says_who_it_is() -> None:
    payload = captured("vendor-2018-config.json")
    (update,) = MqttDecoder().decode(MqttMessage("servicelocation/any/config", payload))
    assert isinstance(update, IdentityUpdate)
    assert (update.identity.serial, update.identity.firmware) == ("2004000025", "V3125")


def test_three_plugs_and_no_sensors(feed: Feed) -> None:
    send(feed, "sensorConfig", "plus-sensorConfig.json")
    send(feed, "homeControlConfig", "plus-homeControlConfig.json")
    site = feed.session.site
    assert [(plug.id, plug.name) for plug in site.plugs] == [("1", "Switch A"), ("2", "Switch B"), ("3", "Switch C")]
    assert (site.sensors, site.meters, site.switch_meters) == ((), (), ())
    assert not feed.decoder.unreadable


def test_always_on_is_59_watt(feed: Feed) -> None:
    send(feed, "aggregated", "plus-aggregated.json")
    assert feed.session.readings.always_on_w == 59.287


def test_the_averages_of_five_minutes_have_the_units_of_the_facts() -> None:
    (interval,) = msgspec.json.decode(captured("plus-aggregated.json"), type=CtAggregated).interval_datas
    assert (interval.utc_endtime, interval.version) == (1_520_262_300_000, 2)
    assert interval.voltages_dv == (2360, 2363, 2345)
    averages = interval.channel_interval_datas
    assert [ct.ct_input for ct in averages] == list(range(9))
    first, seventh = averages[0], averages[6]
    assert (first.current_ma, first.import_power_mw, first.export_power_mw) == (811, 60_430, 0)
    assert (first.apparent_power_mva, first.reactive_power_mvar, first.power_factor_percent) == (110_787, 92_853, 53)
    assert (seventh.import_power_mw, seventh.export_power_mw) == (0, 2159)


def test_a_configuration_that_is_cut_off_is_counted_and_stops_nothing(feed: Feed) -> None:
    send(feed, "channelConfig", "plus-channelConfig-truncated.txt")
    assert feed.decoder.unreadable == {"channelConfig": 1}
    assert roles(feed) == []
    location = text_of("plus-config.json", "serviceLocationUuid")
    feed.send("channelConfig", plus.channel_config(), location)
    assert roles(feed) == [Role.GRID, Role.SOLAR, Role.LOAD]
