"""Gateways whose CTs go by their input: Plus, Pro and Solar."""

import pytest

from mqtt_schema.accessors import load_import_energy, load_power
from mqtt_schema.quantities import Phase, Role, Topology
from smappee_gateway.mqtt_decoder import MqttDecoder, MqttMessage
from smappee_gateway.updates import ReadingsUpdate, SiteUpdate, TopologyUpdate
from tests import genius, plus
from tests.feed import Feed

KWH_J = 3_600_000
OVEN = "ct_5"


@pytest.fixture
def decoder() -> MqttDecoder:
    return MqttDecoder()


@pytest.fixture
def feed() -> Feed:
    return introduced(plus.SERIAL)


def introduced(serial: str) -> Feed:
    feed = Feed(serial)
    send(feed, "config", plus.config(serial))
    send(feed, "channelConfig", plus.channel_config())
    return feed


def send(feed: Feed, name: str, document: object) -> None:
    feed.now += 1
    feed.send(name, document, plus.LOCATION)


def decode(decoder: MqttDecoder, name: str, document: object) -> SiteUpdate:
    (update,) = decoder.decode(MqttMessage(genius.topic(name, plus.LOCATION), genius.encode(document)))
    return update


def powers(decoder: MqttDecoder, document: object) -> dict[int, float | None]:
    update = decode(decoder, "realtime", document)
    assert isinstance(update, ReadingsUpdate)
    return {index: channel.power_w for index, channel in update.channels.items()}


def oven_kwh(feed: Feed) -> float | None:
    return load_import_energy(feed.session.site, feed.session.readings, OVEN)


def test_the_inputs_in_use_are_channels(decoder: MqttDecoder) -> None:
    update = decode(decoder, "channelConfig", plus.channel_config())
    assert isinstance(update, TopologyUpdate)
    assert update.topology is Topology.UNKNOWN
    assert [(c.index, c.key, c.name, c.role, c.phase) for c in update.channels] == [
        (0, "ct_0", "Mains", Role.GRID, Phase.L1),
        (3, "ct_3", "Roof", Role.SOLAR, Phase.L1),
        (5, "ct_5", "Oven", Role.LOAD, Phase.L2),
    ]
    assert {(c.ct_type, c.reversed, c.balanced) for c in update.channels} == {("CT50_100_200", True, False)}
    assert [channel.place for channel in update.channels] == ["0", "3", "5"]


def test_that_a_ct_stands_for_three_phases_is_noted_and_changes_no_power(feed: Feed) -> None:
    document = plus.channel_config()
    inputs = [{**plus.input_channel(ct), "balanced": True} for ct in plus.HOUSE]
    send(feed, "channelConfig", {**document, "inputChannels": inputs})
    send(feed, "realtime", plus.running(1, 500))
    assert all(channel.balanced for channel in feed.session.site.channels)
    assert load_power(feed.session.site, feed.session.readings, OVEN) == 500


@pytest.mark.parametrize(
    "fault", [{"ctInput": "x"}, {"ctInput": None}, {"name": 5}, {"reversed": "yes"}, {"phase": []}, {"balanced": 1}]
)
def test_a_broken_input_is_lost_alone(decoder: MqttDecoder, fault: dict[str, object]) -> None:
    inputs = [plus.input_channel(ct) for ct in plus.HOUSE]
    inputs[3] |= fault
    update = decode(decoder, "channelConfig", {"inputChannels": inputs})
    assert isinstance(update, TopologyUpdate)
    assert [channel.index for channel in update.channels] == [0, 3]
    assert decoder.unreadable == {"channelConfig": 1}


def test_inputs_that_are_negative_doubled_nameless_or_of_no_phase(decoder: MqttDecoder) -> None:
    cts = [plus.Ct(-1, "Nowhere"), plus.Ct(2, " ", phase=7), plus.Ct(2, "Again")]
    update = decode(decoder, "channelConfig", plus.channel_config(cts))
    assert isinstance(update, TopologyUpdate)
    assert [(channel.name, channel.phase) for channel in update.channels] == [("CT 2", None)]


def test_a_configuration_without_inputs_is_unreadable_and_takes_nothing_away(feed: Feed) -> None:
    send(feed, "channelConfig", {"utcTimeStamp": plus.BOOT_MS})
    assert len(feed.session.site.channels) == 3
    assert feed.decoder.unreadable == {"channelConfig": 1}


def test_a_moment_has_powers_currents_and_voltages(feed: Feed) -> None:
    channels = [plus.channel(plus.GRID, -460), plus.channel(plus.SOLAR, 920), plus.channel(plus.OVEN, 230)]
    send(feed, "realtime", plus.realtime(channels))
    readings, power = feed.session.readings, feed.session.readings.site_power
    assert (power.grid_w, power.solar_w, power.house_w) == (-460, 920, 460)
    assert readings.channels[plus.OVEN].current_a == 1.0
    assert readings.voltage_v == {Phase.L1: 236, Phase.L2: 235}
    assert readings.frequency_hz is None
    assert not feed.decoder.unreadable


@pytest.mark.parametrize("fault", [{"power": "much"}, {"ctInput": None}, {"importEnergy": []}])
def test_of_many_channels_only_the_broken_one_is_lost(decoder: MqttDecoder, fault: dict[str, object]) -> None:
    decode(decoder, "channelConfig", plus.channel_config())
    channels = [plus.channel(ct, 10 * ct) for ct in range(9)]
    channels[4] |= fault
    assert powers(decoder, plus.realtime(channels)) == {ct: 10 * ct for ct in range(9) if ct != 4}
    assert decoder.unreadable == {"realtime": 1}


def test_live_values_are_read_before_any_configuration(decoder: MqttDecoder) -> None:
    assert powers(decoder, plus.running(1, 500)) == dict.fromkeys((plus.GRID, plus.SOLAR, plus.OVEN), 500)
    assert not decoder.unreadable


def test_a_location_that_becomes_a_genius_is_read_as_one(decoder: MqttDecoder) -> None:
    assert powers(decoder, plus.running(1))
    assert powers(decoder, genius.powers(1, grid1=70))[0] == 70
    decode(decoder, "channelConfig", plus.channel_config())
    assert powers(decoder, genius.powers(2, grid1=71))[0] == 71
    decode(decoder, "channelConfigV2", genius.channel_config())
    assert powers(decoder, plus.running(2, 72))[plus.OVEN] == 72
    assert not decoder.unreadable


def test_any_number_of_locations_can_speak(decoder: MqttDecoder) -> None:
    document = genius.encode(plus.running(1))
    for number in range(200):
        (update,) = decoder.decode(MqttMessage(genius.topic("realtime", f"location-{number}"), document))
        assert isinstance(update, ReadingsUpdate)
        assert len(update.channels) == 3
    assert powers(decoder, plus.running(2))
    assert not decoder.unreadable


def test_energy_goes_on_when_the_counters_restart_at_zero_with_the_gateway(feed: Feed) -> None:
    for second in range(1, 3601):
        send(feed, "realtime", plus.running(second))
    assert oven_kwh(feed) == pytest.approx(1, rel=1e-3)
    send(feed, "config", plus.config(boot_ms=plus.BOOT_MS + 3_620_000))
    send(feed, "channelConfig", plus.channel_config())
    for second in range(3621, 3621 + 3600):
        send(feed, "realtime", plus.running(second, since_boot=3620))
    assert oven_kwh(feed) == pytest.approx(2, rel=1e-3)
    assert feed.session.ignored_counter_values == 0


def test_a_restart_that_nobody_announced_costs_nothing_either(feed: Feed) -> None:
    for second in range(1, 3601):
        send(feed, "realtime", plus.running(second))
    for second in range(3601, 3661):
        send(feed, "realtime", plus.running(second, since_boot=3600))
    assert oven_kwh(feed) == pytest.approx(3660 * 1000 / KWH_J, rel=1e-3)


def test_a_counter_of_a_solar_wraps_into_the_negative_half() -> None:
    feed = introduced(plus.SOLAR_SERIAL)
    identity = feed.session.site.identity
    assert identity is not None
    assert identity.model == "Solar"
    for second, counter in enumerate([2**31 - 3000, 2**31 - 1500, -(2**31), -(2**31) + 1500]):
        send(feed, "realtime", plus.realtime([plus.channel(ct, 1500, counter) for ct in (0, 3, 5)], second))
    assert oven_kwh(feed) == pytest.approx((2**31 + 1500) / KWH_J)


def test_the_captured_negative_counter_of_a_solar_is_a_total() -> None:
    feed = introduced(plus.SOLAR_SERIAL)
    for second in range(3):
        channels = [plus.channel(ct, 253, -1_915_874_588 + 253 * second) for ct in (0, 3, 5)]
        send(feed, "realtime", plus.realtime(channels, second))
    assert oven_kwh(feed) == pytest.approx((2**32 - 1_915_874_588 + 506) / KWH_J)


def test_a_solar_may_send_some_inputs_only(feed: Feed) -> None:
    send(feed, "realtime", plus.realtime([plus.channel(plus.SOLAR, 900), plus.channel(plus.OVEN, 253)]))
    power = feed.session.readings.site_power
    assert (power.grid_w, power.solar_w, power.house_w) == (None, 900, None)


def always_on(feed: Feed, *intervals: object) -> float | None:
    send(feed, "aggregated", {"intervalDatas": list(intervals)})
    return feed.session.readings.always_on_w


def test_always_on_is_that_of_the_newest_of_late_intervals(feed: Feed) -> None:
    end_s = 1_520_262_300
    late = [plus.interval(end_s + 300 * number, 1000 * (50 + number)) for number in (2, 0, 1)]
    assert always_on(feed, *late) == 52
    assert always_on(feed, plus.interval(end_s, 99_000)) == 52
    assert always_on(feed, plus.interval(end_s + 900, 60_000)) == 60


def test_always_on_of_a_genius_is_not_overwritten_by_a_late_one_either(feed: Feed) -> None:
    def interval(end_s: int, value: int) -> object:
        measurement = {"type": {"measurementKind": "ALWAYS_ON"}, "value": value}
        return {"utcEndtime": end_s * 1000, "measurements": [measurement]}

    assert always_on(feed, interval(900, 80_000)) == 80
    assert always_on(feed, interval(600, 70_000), {"utcEndtime": 900_000, "publishIndex": 0}) == 80


def test_a_time_from_the_far_future_does_not_stop_always_on(feed: Feed) -> None:
    assert always_on(feed, plus.interval(4_000_000_000, 1000)) == 1
    assert always_on(feed, plus.interval(1_520_262_300, 2000)) == 2


@pytest.mark.parametrize("value", [-1, 10**12, None, "much", [], 10**400])
def test_an_impossible_always_on_is_none(feed: Feed, value: object) -> None:
    assert always_on(feed, plus.interval(300, value)) is None
    assert always_on(feed, plus.interval(300, value), plus.interval(600, 5000)) == 5


def test_a_broken_channel_of_an_interval_does_not_cost_the_always_on(feed: Feed) -> None:
    assert always_on(feed, {**plus.interval(300, 7000), "channelIntervalDatas": [{"ctInput": "x"}, 3]}) == 7
