"""Comfort plugs: every form of command in use, and what comes back."""

from itertools import pairwise

import pytest

from tests.simulator.living import document, live, new_gateway

FORMS = [
    b'{"value":"ON"}',
    b'{"value":"ON","since":1611296368404,"nodeId":"1"}',
    b'{"value":"ON", "since":1611296368404}',
    b'{"value": "ON", "since": "1611296368404"}',
    b"{'value': 'ON', 'since': 1611296368404}",
]


@pytest.mark.parametrize("payload", FORMS)
def test_every_form_of_setstate_is_obeyed_and_echoed(payload: bytes) -> None:
    gateway = new_gateway("home")
    live(gateway, 10)
    (echo,) = gateway.handle(gateway.topic("plug/1/setstate"), payload)
    assert echo.topic == gateway.topic("plug/1/state")
    assert (echo.retain, echo.qos) == (True, 1)
    assert document(echo) == {"value": "ON", "since": gateway.house.now_ms}


def test_off_is_obeyed_too_and_since_is_fresh() -> None:
    gateway = new_gateway("home")
    setstate = gateway.topic("plug/2/setstate")
    (on,) = gateway.handle(setstate, b'{"value":"ON"}')
    live(gateway, 3)
    (off,) = gateway.handle(setstate, b'{"value":"OFF"}')
    assert document(off) == {"value": "OFF", "since": document(on)["since"] + 3000}


def test_the_plug_switches_its_load() -> None:
    gateway = new_gateway("home")
    heater = gateway.house.circuits["Towel heater"]
    live(gateway, 1)
    assert heater.demand == 0
    gateway.handle(gateway.topic("plug/2/setstate"), b'{"value":"ON"}')
    before = gateway.house.meter.loads_j["Towel heater"]
    live(gateway, 60)
    assert gateway.house.meter.loads_j["Towel heater"] - before == pytest.approx(500 * 60)


def test_the_state_is_told_again_after_a_boot() -> None:
    gateway = new_gateway("home")
    gateway.handle(gateway.topic("plug/1/setstate"), b'{"value":"ON"}')
    gateway.boot()
    states = [m for m in live(gateway, 5) if m.topic == gateway.topic("plug/1/state")]
    assert [document(state)["value"] for state in states] == ["ON"]


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("plug/9/setstate", b'{"value":"ON"}'),
        ("plug/1/state", b'{"value":"ON"}'),
        ("plug/x/setstate", b'{"value":"ON"}'),
        ("plug/1/setstate", b'{"value":"MAYBE"}'),
        ("plug/1/setstate", b'{"value":1}'),
        ("plug/1/setstate", b'["ON"]'),
        ("plug/1/setstate", b"\xff\x00 not JSON"),
        ("plug/1/setstate", b""),
    ],
)
def test_what_is_no_command_is_ignored(name: str, payload: bytes) -> None:
    gateway = new_gateway("home")
    assert gateway.handle(gateway.topic(name), payload) == []
    assert not gateway.house.circuits["Garden lights"].closed


def test_another_locations_command_is_ignored() -> None:
    gateway = new_gateway("home")
    assert gateway.handle(new_gateway("full").topic("plug/1/setstate"), b'{"value":"ON"}') == []


def test_presence_is_told_on_change_only() -> None:
    gateway = new_gateway("home")
    told = [m for m in live(gateway, 6 * 3600) if m.topic == gateway.topic("presence")]
    values = [document(message)["value"] for message in told]
    assert len(values) > 1
    assert all(earlier != later for earlier, later in pairwise(values))
    assert all(message.retain for message in told)
