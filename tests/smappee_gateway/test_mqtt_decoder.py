"""What becomes of MQTT messages, good and bad."""

import logging

import pytest

from mqtt_schema.accessories import Plug
from mqtt_schema.quantities import Phase, Role, Topology
from smappee_gateway.mqtt_decoder import MqttDecoder, MqttMessage
from smappee_gateway.updates import (
    AlwaysOnUpdate,
    IdentityUpdate,
    PlugConnectionUpdate,
    PlugStateUpdate,
    PlugsUpdate,
    PresenceUpdate,
    ReadingsUpdate,
    SiteUpdate,
    TopologyUpdate,
)
from tests import genius

MEGABYTE = 1_000_000


@pytest.fixture
def decoder() -> MqttDecoder:
    return MqttDecoder()


def decode(decoder: MqttDecoder, name: str, document: object, *, retained: bool = False) -> SiteUpdate:
    (update,) = decoder.decode(MqttMessage(genius.topic(name), genius.encode(document), retained))
    assert update.location == genius.LOCATION
    return update


def readings(decoder: MqttDecoder, document: object) -> ReadingsUpdate:
    update = decode(decoder, "realtime", document)
    assert isinstance(update, ReadingsUpdate)
    return update


def topology(decoder: MqttDecoder, document: object) -> TopologyUpdate:
    update = decode(decoder, "channelConfigV2", document)
    assert isinstance(update, TopologyUpdate)
    return update


def test_a_gateway_says_who_it_is(decoder: MqttDecoder) -> None:
    update = decode(decoder, "config", genius.config())
    assert isinstance(update, IdentityUpdate)
    identity = update.identity
    assert (identity.serial, identity.model, identity.firmware) == (genius.SERIAL, "Genius", "V4.7.1")
    assert (identity.location_number, identity.time_zone) == (4711, "Europe/Brussels")
    assert identity.booted_at == genius.BOOT_MS / 1000


def test_old_firmware_nests_its_config(decoder: MqttDecoder) -> None:
    assert decode(decoder, "config", {"config": genius.config()}) == decode(decoder, "config", genius.config())


def test_channels_have_names_roles_phases_and_places(decoder: MqttDecoder) -> None:
    update = topology(decoder, genius.channel_config())
    assert update.topology is Topology.STAR
    assert [(c.index, c.name, c.role, c.phase, c.key) for c in update.channels] == [
        (0, "Mains L1", Role.GRID, Phase.L1, "5500000001_0"),
        (1, "Mains L2", Role.GRID, Phase.L2, "5500000001_1"),
        (2, "Mains L3", Role.GRID, Phase.L3, "5500000001_2"),
        (3, "Roof", Role.SOLAR, Phase.L1, "5500000001_3"),
        (4, "Oven", Role.LOAD, Phase.L2, "5500000002_0"),
        (5, "Heat pump", Role.LOAD, Phase.L1, "5500000002_1"),
        (6, "Heat pump", Role.LOAD, Phase.L2, "5500000002_2"),
    ]
    assert {channel.ct_type for channel in update.channels} == {"SCT2_50A"}
    assert [channel.place for channel in update.channels[2:5]] == ["5500000001/C", "5500000001/D", "5500000002/A"]


@pytest.mark.parametrize(
    ("word", "topology_of_word"),
    [
        ("ONE", Topology.SINGLE_PHASE),
        ("TWO", Topology.SPLIT_PHASE),
        ("THREE_DELTA", Topology.DELTA),
        ("SEVEN_STAR", Topology.UNKNOWN),
    ],
)
def test_the_supply_is_known_by_its_word(decoder: MqttDecoder, word: str, topology_of_word: Topology) -> None:
    assert topology(decoder, genius.channel_config(phase_type=word)).topology is topology_of_word


def test_a_channel_without_a_name_or_input_is_still_a_channel(decoder: MqttDecoder) -> None:
    measurement = {"publishIndex": 7, "name": "  ", "formula": "$a/0$+$b/1$", "flow": "CONSUMPTION"}
    document = {"dataProcessingSpecification": {"phaseType": "ONE", "measurements": [measurement]}}
    (channel,) = topology(decoder, document).channels
    assert (channel.key, channel.name, channel.role, channel.phase) == ("channel_7", "CT channel_7", Role.LOAD, None)
    assert channel.place == ""


@pytest.mark.parametrize("formula", ["$5500000001/7$", f"$5500000001/{'9' * 5000}$"])
def test_an_input_that_no_hub_has_is_no_fault(decoder: MqttDecoder, formula: str) -> None:
    measurement = {"publishIndex": 0, "name": "Odd", "formula": formula}
    (channel,) = topology(decoder, {"dataProcessingSpecification": {"measurements": [measurement]}}).channels
    assert channel.place in {"7", ""}


def test_two_channels_of_one_index_or_one_input_are_counted_once(decoder: MqttDecoder) -> None:
    cts = [genius.Ct(0, "First", input=0), genius.Ct(0, "Again", input=1), genius.Ct(1, "Same input", input=0)]
    assert [channel.name for channel in topology(decoder, genius.channel_config(cts)).channels] == ["First"]


def test_a_broken_measurement_of_the_configuration_is_dropped_alone(decoder: MqttDecoder) -> None:
    text = genius.encode(genius.channel_config()).decode().replace('"name":"Oven"', '"name":[1]')
    (update,) = decoder.decode(MqttMessage(genius.topic("channelConfigV2"), text.encode()))
    assert isinstance(update, TopologyUpdate)
    assert [channel.index for channel in update.channels] == [0, 1, 2, 3, 5, 6]
    assert decoder.unreadable["channelConfigV2"] == 1


def test_a_moment_has_powers_currents_voltages_and_frequency(decoder: MqttDecoder) -> None:
    update = readings(decoder, genius.powers(2, grid1=230, oven=-46))
    assert update.measured_at == genius.START_MS / 1000 + 2
    assert [update.channels[index].power_w for index in (0, 4)] == [230, -46]
    assert [update.channels[index].current_a for index in (0, 4)] == [1.0, 0.2]
    assert update.channels[0].import_j == 36_000_000
    assert update.voltage_v == {Phase.L1: 230, Phase.L2: 231, Phase.L3: 229}
    assert update.frequency_hz == 49.98


def test_no_voltage_means_not_connected(decoder: MqttDecoder) -> None:
    document = genius.realtime([], voltages=[230, 0, None])
    assert readings(decoder, document).voltage_v == {Phase.L1: 230}


def test_null_and_fractions_are_read(decoder: MqttDecoder) -> None:
    broken = {**genius.channel(0), "power": None, "current": 12.5, "importEnergy": 3600.5, "exportEnergy": None}
    channel = readings(decoder, genius.realtime([broken])).channels[0]
    assert (channel.power_w, channel.current_a, channel.import_j, channel.export_j) == (None, 1.25, 3600.5, None)


def test_missing_and_unknown_fields_are_no_fault(decoder: MqttDecoder) -> None:
    update = readings(decoder, {"channelPowers": [{"publishIndex": 3, "power": 5, "colour": "red"}], "news": {}})
    assert (update.channels[3].power_w, update.channels[3].current_a) == (5, None)
    assert (update.measured_at, update.voltage_v, update.frequency_hz) == (None, {}, None)
    assert not decoder.unreadable


@pytest.mark.parametrize(
    "fault",
    [
        {"power": "much"},
        {"power": 2_000_000},
        {"power": True},
        {"importEnergy": "lots"},
        {"publishIndex": "x"},
        {"publishIndex": None},
        {"publishIndex": 1.5},
        {"current": [1]},
        {"phaseId": {}},
    ],
)
def test_of_28_channels_only_the_broken_one_is_lost(decoder: MqttDecoder, fault: dict[str, object]) -> None:
    channels = [genius.channel(index, 10 * index) for index in range(28)]
    channels[13] |= fault
    update = readings(decoder, genius.realtime(channels))
    assert update.channels.keys() == set(range(28)) - {13}
    assert update.channels[27].power_w == 270
    assert update.voltage_v
    assert decoder.unreadable["realtime"] == 1


def test_a_channel_that_is_no_object_is_lost_alone(decoder: MqttDecoder) -> None:
    assert readings(decoder, genius.realtime([7, None, genius.channel(2, 9)])).channels.keys() == {2}


@pytest.mark.parametrize("stamp", [2**63, -1, 1e300, "now", None])
def test_an_absurd_time_stamp_is_none(decoder: MqttDecoder, stamp: object) -> None:
    updates = decoder.decode(MqttMessage(genius.topic("realtime"), genius.encode({"utcTimeStamp": stamp})))
    assert [update.measured_at for update in updates if isinstance(update, ReadingsUpdate)] in ([], [None])


def test_energies_of_any_size_are_read(decoder: MqttDecoder) -> None:
    channel = readings(decoder, genius.realtime([genius.channel(0, 1, 2**63, 2**70)])).channels[0]
    assert channel.import_j == 2**63


@pytest.mark.parametrize("current", [10**400, -(10**400), 10**40, 1e300])
def test_an_impossible_current_is_unknown_and_its_power_is_not(decoder: MqttDecoder, current: object) -> None:
    channel = readings(decoder, genius.realtime([{**genius.channel(0, 70), "current": current}])).channels[0]
    assert (channel.power_w, channel.current_a) == (70, None)


def test_a_retained_measurement_is_a_memory_and_no_measurement(decoder: MqttDecoder) -> None:
    payload = genius.encode(genius.powers())
    assert decoder.decode(MqttMessage(genius.topic("realtime"), payload, retained=True)) == []


def test_always_on_comes_from_the_location_of_the_latest_interval(decoder: MqttDecoder) -> None:
    kind = {"measurementKind": "ALWAYS_ON"}
    intervals = [
        {"utcEndtime": 600_000, "measurements": [{"type": kind, "value": 90_500}]},
        {"utcEndtime": 300_000, "measurements": [{"type": kind, "value": 80_000}]},
        {"utcEndtime": 600_000, "publishIndex": 0, "measurements": [{"type": kind, "value": 1}]},
        {"utcEndtime": 600_000, "measurements": [{"type": {"measurementKind": "LOADTOTAL_ACTIVE_POWER"}, "value": 2}]},
    ]
    updates = decoder.decode(MqttMessage(genius.topic("aggregated"), genius.encode({"intervalDatas": intervals})))
    assert [update.always_on_w for update in updates if isinstance(update, AlwaysOnUpdate)] == [80.0, 90.5]


def test_plugs_and_switches_are_listed(decoder: MqttDecoder) -> None:
    switch = {"nodeId": "9", "name": "Heater ", "serialNumber": "4006000001"}
    document = {**genius.home_control((1, "Lamp"), (2, "")), "switchActuators": [switch]}
    update = decode(decoder, "homeControlConfig", document)
    assert isinstance(update, PlugsUpdate)
    assert update.plugs == (
        Plug(id="1", name="Lamp"),
        Plug(id="2", name="Plug 2"),
        Plug(id="9", name="Heater", serial="4006000001"),
    )


@pytest.mark.parametrize(("value", "on"), [("ON", True), ("OFF", False), ("on", True)])
@pytest.mark.parametrize("retained", [True, False])
def test_a_plug_tells_its_state(decoder: MqttDecoder, value: str, on: bool, retained: bool) -> None:  # noqa: FBT001 - parametrised
    update = decode(decoder, "plug/7/state", {"value": value, "since": 1}, retained=retained)
    assert update == PlugStateUpdate(location=genius.LOCATION, plug="7", on=on, retained=retained)


def test_a_plug_with_an_unheard_of_state_is_unreadable(decoder: MqttDecoder) -> None:
    assert decoder.decode(MqttMessage(genius.topic("plug/7/state"), b'{"value":"HALF"}')) == []
    assert decoder.unreadable["plug/+/state"] == 1


def test_a_plug_tells_whether_it_is_reachable(decoder: MqttDecoder) -> None:
    update = decode(decoder, "plug/7/connectionState", {"value": "CONNECTED"})
    assert update == PlugConnectionUpdate(location=genius.LOCATION, plug="7", connected=True)


def test_presence_is_told(decoder: MqttDecoder) -> None:
    assert decode(decoder, "presence", {"value": True}) == PresenceUpdate(location=genius.LOCATION, present=True)


GARBAGE = {
    "empty": b"",
    "bytes": b"\x00\xff\xfe garbage",
    "words": b"nonsense",
    "null": b"null",
    "list": b"[]",
    "number": b"3",
    "text": b'"text"',
    "cut off": genius.encode(genius.powers())[:-30],
    "nested a million times": b"[" * MEGABYTE,
    "a megabyte of text": b'{"value":"' + b"x" * MEGABYTE,
    "another encoding": '{"value":"ON"}'.encode("utf-16"),
}


@pytest.mark.parametrize("payload", GARBAGE.values(), ids=GARBAGE.keys())
@pytest.mark.parametrize(
    "name",
    [
        "config",
        "channelConfigV2",
        "channelConfig",
        "homeControlConfig",
        "sensorConfig",
        "realtime",
        "aggregated",
        "aggregatedGW",
        "aggregatedSwitch",
        "presence",
        "plug/1/state",
    ],
)
def test_garbage_says_nothing_and_stops_nothing(decoder: MqttDecoder, name: str, payload: bytes) -> None:
    assert decoder.decode(MqttMessage(genius.topic(name), payload)) == []
    assert sum(decoder.unreadable.values()) == bool(payload)


def test_forty_thousand_broken_channels_say_nothing(decoder: MqttDecoder) -> None:
    document = {"channelPowers": [{"publishIndex": "x"}] * 40_000}
    assert readings(decoder, document).channels == {}
    assert decoder.unreadable["realtime"] == 40_000


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "/",
        "servicelocation",
        "servicelocation//realtime",
        "servicelocation/x/",
        "servicelocation/x/unheardOf",
        "servicelocation/x/plug/1",
        "servicelocation/x/plug/1/other",
        "zigbee2mqtt/lamp/state",
        "servicelocation/x/" + "y/" * 30_000,
    ],
)
def test_unknown_topics_are_counted(decoder: MqttDecoder, topic: str) -> None:
    assert decoder.decode(MqttMessage(topic, b"{}")) == []
    assert decoder.unknown_topics == 1


def test_known_topics_that_carry_nothing_for_us_are_no_fault(decoder: MqttDecoder) -> None:
    for name in ("scheduler", "outputmodule/1/state", "etc/carcharger/v1/devices", "x/action/setcurrent"):
        assert decoder.decode(MqttMessage(genius.topic(name), b"whatever")) == []
    assert not decoder.unknown_topics
    assert not decoder.unreadable


@pytest.mark.parametrize("payload", [b"{'value':'ON'}", b'{"value":"ON","since":"1"}', b"ON", b""])
def test_a_command_of_somebody_else_is_no_fault(decoder: MqttDecoder, payload: bytes) -> None:
    assert decoder.decode(MqttMessage(genius.topic("plug/1/setstate"), payload)) == []
    assert not decoder.unreadable
    assert not decoder.unknown_topics


def test_unknown_topics_are_known_by_their_name_and_nothing_else(decoder: MqttDecoder) -> None:
    for name in ("inputmodule/1/pulses", "inputmodule/1/pulses", f"station/6220017988/{genius.LOCATION}/properties"):
        decoder.decode(MqttMessage(genius.topic(name), b'{"secret":1}'))
    decoder.decode(MqttMessage("zigbee2mqtt/lamp", b"{}"))
    assert decoder.unknown_topic_names == {"inputmodule/1/pulses": 2, "station/+/+/properties": 1}
    assert decoder.unknown_topics == 4


def test_the_names_of_unknown_topics_are_bounded(decoder: MqttDecoder) -> None:
    for number in range(60):
        decoder.decode(MqttMessage(genius.topic(f"{number}/" + "x" * 60_000), b"{}"))
    decoder.decode(MqttMessage(genius.topic("0/" + "x" * 60_000), b"{}"))
    names = decoder.unknown_topic_names
    assert (len(names), max(map(len, names)), sum(names.values())) == (50, 100, 51)
    assert decoder.unknown_topics == 61


def test_the_log_names_each_kind_of_fault_once_and_never_its_content(
    decoder: MqttDecoder, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        for name in ("config", "realtime"):
            decoder.decode(MqttMessage(genius.topic(name), b'{"serialNumber":"5010099999'))
    assert [record.levelno for record in caplog.records] == [logging.WARNING, logging.WARNING]
    assert "5010099999" not in caplog.text
    assert decoder.unreadable == {"config": 3, "realtime": 3}
    assert decoder.messages == 6
