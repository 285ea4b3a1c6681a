"""Anonymised messages: what is replaced, what stays, and that nothing leaks."""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smappee_gateway.anonymise import Anonymiser, masked
from smappee_gateway.capture import RecordedMessage
from tests import genius
from tests.genius import Ct

names = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=9, max_size=20).map(
    lambda name: f"Anna {name}"
)
serials = st.integers(0, 999_999).map(lambda number: f"50{10_000_000 + number}")


def anonymised(anonymiser: Anonymiser, name: str, payload: bytes) -> RecordedMessage:
    return anonymiser.message(RecordedMessage(at_s=0, topic=genius.topic(name), payload=payload))


def document(message: RecordedMessage) -> Any:  # noqa: ANN401 - JSON
    return json.loads(message.payload)


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
    payload = b'{ "totalPower" : 1.50, "x":[1e3, -0, 38000000000000000000], "since" : 1611296368404 }'
    assert anonymised(Anonymiser(Random(3)), "realtime", payload).payload == payload


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
    message = anonymised(Anonymiser(Random(3)), "etc/x", json.dumps({"jsonContent": inner}).encode())
    content = json.loads(document(message)["jsonContent"])
    assert content["power"] == 7
    assert "Anna" not in content["name"]
    assert content["serialNumber"] != "5010012345"
