"""Smappee Switches: plugs that measure and whose radio works both ways."""

import pytest

from simulator import Fault, Gateway
from tests.simulator.living import document, live, named, new_gateway

AQUARIUM_NODE, AQUARIUM_SENSOR = 3, 11


def energies_ws(gateway: Gateway, seconds: int) -> int:
    return sum(
        entry["activePower"]
        for message in named(live(gateway, seconds), "aggregatedSwitch")
        for entry in document(message)["switchIntervalDatas"]
        if entry["sensorId"] == AQUARIUM_SENSOR
    )


def test_a_switch_is_listed_as_actuator_and_as_sensor_with_one_serial_number() -> None:
    messages = live(new_gateway("everything"), 5)
    (control,) = (document(message) for message in named(messages, "homeControlConfig"))
    (sensors,) = (document(message) for message in named(messages, "sensorConfig"))
    actuator, sensor = control["switchActuators"][0], sensors["switchSensors"][0]
    assert actuator == {"nodeId": AQUARIUM_NODE, "name": "Aquarium", "serialNumber": "4006009901"}
    assert sensor == {"sensorId": AQUARIUM_SENSOR, "name": "Aquarium", "serialNumber": "4006009901"}
    assert [plug["nodeId"] for plug in control["smartplugActuators"]] == [1, 2]


def test_at_boot_state_and_link_are_told_and_retained() -> None:
    gateway = new_gateway("everything")
    told = {message.topic: message for message in live(gateway, 5)}
    state = told[gateway.topic(f"plug/{AQUARIUM_NODE}/state")]
    link = told[gateway.topic(f"plug/{AQUARIUM_NODE}/connectionState")]
    assert (document(state)["value"], document(link)["value"]) == ("ON", "CONNECTED")
    assert state.retain
    assert link.retain


def test_a_command_switches_and_is_echoed() -> None:
    gateway = new_gateway("everything")
    live(gateway, 5)
    (echo,) = gateway.handle(gateway.topic(f"plug/{AQUARIUM_NODE}/setstate"), b'{"value":"OFF"}')
    assert echo.topic == gateway.topic(f"plug/{AQUARIUM_NODE}/state")
    assert document(echo) == {"value": "OFF", "since": gateway.house.now_ms}
    live(gateway, 1)
    assert gateway.house.circuits["Aquarium"].demand == 0


@pytest.mark.parametrize("payload", [b'{"value":"ON_ON"}', b"", b'{"value":true}'])
def test_what_is_no_command_is_ignored(payload: bytes) -> None:
    gateway = new_gateway("everything")
    assert gateway.handle(gateway.topic(f"plug/{AQUARIUM_NODE}/setstate"), payload) == []
    assert gateway.house.circuits["Aquarium"].closed


def test_a_press_on_the_switch_itself_is_told_once() -> None:
    gateway = new_gateway("everything")
    live(gateway, 5)
    gateway.house.switch(AQUARIUM_NODE, on=False)
    told = [message for message in live(gateway, 5) if message.topic == gateway.topic(f"plug/{AQUARIUM_NODE}/state")]
    assert [document(message)["value"] for message in told] == ["OFF"]


def test_its_intervals_add_up_to_what_the_load_used() -> None:
    gateway = new_gateway("everything")
    assert energies_ws(gateway, 3600) == int(gateway.house.meter.loads_j["Aquarium"])


def test_a_reboot_loses_none_of_its_energy() -> None:
    gateway = new_gateway("everything")
    gateway.inject(Fault.REBOOT, after_s=100, duration_s=700)
    assert energies_ws(gateway, 1200) == int(gateway.house.meter.loads_j["Aquarium"])
