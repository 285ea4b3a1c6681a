"""Anonymised messages: what is replaced, what stays, and that nothing leaks."""

import json
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smappee_gateway.anonymise import CONSTANTS, Anonymiser, masked
from smappee_gateway.capture import RecordedMessage
from smappee_gateway.privacy.protocol_words import PROTOCOL_WORDS
from tests import captures, genius, plus
from tests.genius import Ct

names = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=9, max_size=20).map(
    lambda name: f"Anna {name}"
)
serials = st.integers(0, 999_999).map(lambda number: f"50{10_000_000 + number}")


def anonymised(anonymiser: Anonymiser, name: str, payload: bytes) -> RecordedMessage:
    return anonymiser.message(RecordedMessage(at_s=0, topic=genius.topic(name), payload=payload))


def document(message: RecordedMessage) -> Any:  # noqa: ANN401 - JSON
    return json.loads(message.payload)


def replaced(content: object, name: str = "outputmodule/1/state") -> Any:  # noqa: ANN401 - JSON
    return document(anonymised(Anonymiser(Random(3)), name, json.dumps(content).encode()))


@given(serial=serials, hub=serials, ct_names=st.lists(names, min_size=2, max_size=4, unique=True), plug=names)
def test_no_serial_uuid_or_name_is_left(serial: str, hub: str, ct_names: list[str], plug: str) -> None:
    anonymiser = Anonymiser(Random(3))
    cts = [Ct(index, name, hub=hub, input=index) for index, name in enumerate(ct_names)]
    channels = [genius.channel(index) for index in range(len(cts))]
    sent = {
        "config": genius.config(serial),
        "channelConfigV2": genius.channel_config(cts),
        "homeControlConfig": genius.home_control((1, plug)),
        "realtime": genius.realtime([{**channel, "formula": f"${hub}/0$"} for channel in channels]),
    }
    results = [anonymised(anonymiser, name, genius.encode(content)) for name, content in sent.items()]
    text = "".join(message.topic + json.dumps(document(message), ensure_ascii=False) for message in results)
    for secret in (serial, hub, genius.LOCATION, "99999999-8888-7777-6666-555555555555", plug, *ct_names):
        assert secret not in text


def test_the_same_original_is_always_replaced_by_the_same() -> None:
    anonymiser = Anonymiser(Random(3))
    config = anonymised(anonymiser, "config", genius.encode(genius.config()))
    channels = document(anonymised(anonymiser, "channelConfigV2", genius.encode(genius.channel_config())))
    body = channels["dataProcessingSpecification"]
    assert config.topic == f"servicelocation/{document(config)['serviceLocationUuid']}/config"
    assert document(config)["serialNumber"].startswith("5010")
    assert body["serviceLocationId"] == document(config)["serviceLocationId"] != 4711
    hubs = [source["busAddress"]["serialNumber"] for source in body["dataSources"]]
    assert all(hub.startswith("5500") for hub in hubs)
    assert [source["name"] for source in body["dataSources"]] == [f"CTHub-{hub}" for hub in hubs]
    formulas = [measurement["formula"] for measurement in body["measurements"][:-1]]
    assert formulas == [f"${hub}/{ct.input}$" for hub, ct in zip(hubs, genius.HOUSE, strict=True)]
    pump = [m["name"] for m in body["measurements"] if m["publishIndex"] in {5, 6}]
    assert pump[0] == pump[1] != "Heat pump"


def test_measurements_stay_exactly_as_they_were_written() -> None:
    payload = b'{ "totalPower" : 1.50, "power":[1e3, -0, 38000000000000000000], "since" : 1611296368404 }'
    assert anonymised(Anonymiser(Random(3)), "realtime", payload).payload == payload


IDENTIFIERS_AND_NAMES = {"serialNumber", "serviceLocationUuid", "serviceLocationId", "deviceUuid", "name", "formula"}


@pytest.mark.parametrize(
    ("topic", "content"),
    [
        ("config", genius.config()),
        ("channelConfigV2", genius.channel_config()),
        ("realtime", genius.realtime([genius.channel(0, 5_010_000_631, 5_010_000_631, 5_500_000_190)])),
        ("homeControlConfig", genius.home_control((1, "Lamp"))),
        ("config", plus.config()),
        ("channelConfig", plus.channel_config()),
        ("aggregated", {"intervalDatas": [plus.interval(300, 59_287)]}),
        ("sensorConfig", plus.sensor_config()),
        ("aggregatedGW", {"gwIntervalDatas": [plus.gas_water(50_100_006)]}),
        ("aggregatedSwitch", {"switchIntervalDatas": [plus.switched(5_010_000_631)]}),
    ],
)
def test_of_described_messages_only_identifiers_and_names_change(topic: str, content: object) -> None:
    assert changed_keys(content, replaced(content, topic)) <= IDENTIFIERS_AND_NAMES


@pytest.mark.parametrize(
    ("topic", "file"),
    [
        ("channelConfigV2", "genius-channelConfigV2-2021-01.json"),
        ("realtime", "genius-realtime.json"),
        ("aggregated", "plus-aggregated.json"),
        ("sensorConfig", "genius-sensorConfig.json"),
        ("config", "vendor-2018-config.json"),
    ],
)
def test_of_captured_messages_only_identifiers_and_names_change(topic: str, file: str) -> None:
    content = json.loads(captures.captured(file))
    assert changed_keys(content, replaced(content, topic)) <= IDENTIFIERS_AND_NAMES


def changed_keys(before: Any, after: Any, key: str = "") -> set[str]:  # noqa: ANN401 - JSON
    """The keys below which something is another than it was."""
    if isinstance(before, dict):
        assert list(before) == list(after)
        return {found for name in before for found in changed_keys(before[name], after[name], name)}
    if isinstance(before, list):
        return {found for old, new in zip(before, after, strict=True) for found in changed_keys(old, new, key)}
    return set() if before == after else {key}


def test_constants_belong_to_keys_of_the_protocol() -> None:
    assert CONSTANTS.keys() <= PROTOCOL_WORDS


def test_states_stay() -> None:
    payload = b'{"value":"ON","since":1611296368404}'
    assert anonymised(Anonymiser(Random(3)), "plug/1/state", payload).payload == payload


@pytest.mark.parametrize("payload", [b'{"name":"Anna', b"Anna's house 5010012345 \xc3\xa9\xff", b"{'name': 'Anna'}"])
def test_of_what_cannot_be_read_only_the_shape_is_kept(payload: bytes) -> None:
    message = anonymised(Anonymiser(Random(3)), "realtime", payload)
    assert message.payload == masked(payload)
    assert b"Anna" not in message.payload
    assert b"5010012345" not in message.payload
    assert len(message.payload) == len(payload)


def test_json_inside_a_string_is_anonymised_too() -> None:
    inner = json.dumps({"serialNumber": "5010012345", "name": "Anna's car", "power": 7})
    content = json.loads(replaced({"jsonContent": inner})["jsonContent"])
    assert content["power"] == 7
    assert content["name"] == "Name 1"
    assert content["serialNumber"] != "5010012345"


UNDESCRIBED = (
    (
        "outputmodule/2/relay/1/state",
        {"value": "ON_OFF", "relayState": "OPEN", "channels": [{"index": 1, "on": True, "switchCount": 12345678}]},
    ),
    (
        "inputmodule/1/pulsecounters",
        {"inputs": [{"index": 0, "pulses": 5012345678, "index0Delta": 50, "type": "WATER", "uom": "m³", "ppu": 0.5}]},
    ),
    (
        "etc/carcharger/acchargingcontroller/v1/devices/updated",
        {
            "minimumCurrent": 6,
            "customConfigurationProperties": {"etc.smart.device.type.car.charger.config.min.excesspct": 100},
            "messsageType": 1280,
            "iecStatus": {"current": "C2"},
            "chargingState": "CHARGING",
        },
    ),
    ("networkstatistics", {"rssi": -61, "uptime": 29648678, "firmwareVersion": "V4.7.1", "at": "07:30"}),
)


@pytest.mark.parametrize(("topic", "content"), UNDESCRIBED)
def test_what_a_module_says_in_technical_words_and_numbers_stays(topic: str, content: object) -> None:
    payload = json.dumps(content).encode()
    message = anonymised(Anonymiser(Random(3)), topic, payload)
    assert message.payload == payload
    assert message.topic.split("/", 2)[2] == topic


def test_a_state_that_is_no_json_stays() -> None:
    assert anonymised(Anonymiser(Random(3)), "outputmodule/1/state", b"ON_OFF").payload == b"ON_OFF"


def test_everything_below_a_key_for_a_name_is_a_name() -> None:
    content = {"name": ["Relay", {"text": "Input", "power": 5}], "displayLabel": {"state": "open"}, "title": ""}
    assert replaced(content) == {
        "name": ["Name 1", {"text": "Name 2", "power": 5}],
        "key1": {"state": "Name 3"},
        "title": "",
    }


def test_a_name_is_replaced_wherever_it_comes_again() -> None:
    anonymiser = Anonymiser(Random(3))
    anonymised(
        anonymiser, "channelConfigV2", genius.encode({"measurements": [{"name": "Pump relay"}, {"name": "Pump"}]})
    )
    message = anonymised(anonymiser, "pump/Pump/state", genius.encode({"Pump": "PUMP", "x": ["Pump", "Pump relay"]}))
    assert message.topic.split("/", 2)[2] == "level1/Name 2/state"
    assert document(message) == {"Name 2": "Text 1", "x": ["Name 2", "Name 1"]}


def test_a_name_that_is_a_word_of_the_protocol_does_not_break_the_protocol() -> None:
    anonymiser = Anonymiser(Random(3))
    anonymised(anonymiser, "homeControlConfig", genius.encode(genius.home_control((1, "power"), (2, "GRID"))))
    message = anonymised(anonymiser, "realtime", genius.encode({"power": 5}))
    assert document(message) == {"power": 5}
    config = document(anonymised(anonymiser, "channelConfigV2", genius.encode(genius.channel_config())))
    assert config["dataProcessingSpecification"]["measurements"][0]["connectionType"] == "GRID"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"Kitchen": 1, "kitchen_power": 2}, {"key1": 1, "key2": 2}),
        ({"x": "Anna's pump", "y": 'Zo\u00eb "\U0001f600" \\'}, {"x": "Text 1", "y": "Text 2"}),
        ({"type": "Anna", "unit": "Anna"}, {"type": "Text 1", "unit": "Text 1"}),
        ({"type": "ZWEMBAD", "unit": "ANNA"}, {"type": "Text 1", "unit": "Text 2"}),
        ({"gateway": "10.0.0.1", "input123456": "input1234-1234-1234"}, {"gateway": "Text 1", "key1": "Text 2"}),
        ({"status": "ZWEMBAD", "max": "Max"}, {"status": "Text 1", "key1": "Text 2"}),
        ({"a": "1C:9D:C2:D8:E2:4B", "b": "1C9DC2D8E24B"}, {"a": "Text 1", "b": "Text 2"}),
        ({"a": "192.168.0.4", "b": "tcp://10.0.0.1:1883"}, {"a": "Text 1", "b": "Text 2"}),
        ({"a": "fe80::1"}, {"a": "Text 1"}),
        ({"a": "QW5uYSBkZSBWcmllcw==", "b": "5010A12345"}, {"a": "Text 1", "b": "Text 2"}),
        ({"hostName": "gateway", "ssid": "Relay"}, {"hostName": "Name 1", "ssid": "Name 2"}),
        ({"email": "a@b.c", "x": "a@b.c"}, {"email": "Name 1", "x": "Name 1"}),
        ({"gps": [51.05, -3.7], "latitude": "51.05"}, {"gps": [0, 0], "latitude": "0"}),
        ({"location": {"x": 4, "city": "Gent"}}, {"location": {"x": 0, "city": "Name 1"}}),
        ({"a": "state", "b": "[not json"}, {"a": "state", "b": "Text 1"}),
    ],
)  # fmt: skip
def test_what_may_tell_whose_house_it_is_is_replaced(content: object, expected: object) -> None:
    assert replaced(content) == expected


@pytest.mark.parametrize(
    "number", [5010012345, 1006000212, 2004000832, 5500000190, 4006000001, 3003000078, 6220017988, 541448920712345678]
)
@pytest.mark.parametrize("key", ["x", "value", "device", "parentId", "serial"])
def test_a_serial_number_is_replaced_also_where_it_is_written_as_a_number(key: str, number: int) -> None:
    result = replaced({key: number, "again": str(number)})
    assert isinstance(result[key], int)
    assert str(number) not in str(result)


def test_long_numbers_of_people_are_replaced_and_short_ones_stay() -> None:
    content = {"hostNumber": 1234, "phone": 32475123456, "parentId": 987654321, "streetNumber": 12, "id": 7}
    result = replaced(content)
    assert {key for key, number in content.items() if result[key] == number} == {"streetNumber", "id"}


def test_different_originals_stay_different() -> None:
    result = replaced({f"input{number}": f"{50_100_000 + number}" for number in range(300)})
    assert len(set(result.values())) == 300
    anonymiser = Anonymiser(Random(3))
    anonymised(anonymiser, "x", b'{"Anna":1}')
    assert len(document(anonymised(anonymiser, "x", b'{"Anna":1,"key1":2}'))) == 2


def test_a_serial_number_keeps_the_digits_that_tell_the_product() -> None:
    assert str(replaced({"device": 5500000190})["device"]).startswith("5500")
    assert not replaced({"x": "0475123456"})["x"].startswith("0475")


def test_a_serial_number_that_is_known_is_replaced_even_where_one_would_measure() -> None:
    anonymiser = Anonymiser(Random(3))
    serial = document(anonymised(anonymiser, "config", genius.encode(genius.config())))["serialNumber"]
    assert document(anonymised(anonymiser, "outputmodule/1", b'{"count":5010012345}')) == {"count": int(serial)}


def test_a_location_number_is_replaced_where_it_comes_again() -> None:
    anonymiser = Anonymiser(Random(3))
    number = document(anonymised(anonymiser, "config", genius.encode(genius.config())))["serviceLocationId"]
    message = anonymised(anonymiser, "x/4711", b'{"parent":4711,"power":4711}')
    assert document(message) == {"parent": number, "power": 4711}
    assert message.topic.endswith(f"/x/{number}")


def test_names_as_levels_of_a_topic_are_replaced_and_short_numbers_stay() -> None:
    anonymiser = Anonymiser(Random(3))
    message = anonymised(anonymiser, "outputmodule/Garage Anna/12/5010012345/state", b"{}")
    prefix, name, number, serial, state = message.topic.split("/", 2)[2].split("/")
    assert (prefix, name, number, state) == ("outputmodule", "level1", "12", "state")
    assert serial != "5010012345"


def test_whatever_names_the_location_becomes_a_uuid() -> None:
    message = Anonymiser(Random(3)).message(RecordedMessage(at_s=0, topic="servicelocation/relay/config", payload=b""))
    assert len(UUID(message.topic.split("/")[1]).bytes) == 16


def test_a_state_stays_where_somebody_has_given_this_name() -> None:
    anonymiser = Anonymiser(Random(3))
    plugs = document(anonymised(anonymiser, "homeControlConfig", genius.encode(genius.home_control((1, "ON")))))
    assert plugs["smartplugActuators"][0]["name"] == "Name 1"
    assert document(anonymised(anonymiser, "plug/1/state", b'{"value":"ON"}')) == {"value": "ON"}


def test_a_topic_of_somebody_else_is_replaced_too() -> None:
    message = Anonymiser(Random(3)).message(RecordedMessage(at_s=0, topic="anna/5010012345", payload=b""))
    assert message.topic.startswith("level1/5010")
    assert message.topic != "level1/5010012345"
