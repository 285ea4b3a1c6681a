"""The vendor's own client, unchanged, takes the simulated gateway for a real one."""

import asyncio
import json
import socket
import time
from collections.abc import Callable

import pytest

from simulator.endpoint import Endpoint
from tests.simulator.living import new_gateway
from tests.simulator.test_brokers import client, running

mqtt = pytest.importorskip("pysmappee.mqtt", reason="the vendor's client is not installed: pip install pysmappee")


@pytest.fixture
def resolved(broker: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ``smappee<serial>.local`` be the broker, as mDNS would."""
    resolve = socket.getaddrinfo

    def to_loopback(host: str, port: int, family: int = 0, kind: int = 0) -> object:
        return resolve(broker.host if host.startswith("smappee") else host, port, family, kind)

    monkeypatch.setattr(socket, "getaddrinfo", to_loopback)
    monkeypatch.setitem(mqtt.config["MQTT"]["local"], "port", broker.port)


@pytest.mark.usefixtures("resolved")
@pytest.mark.filterwarnings("ignore:Callback API version 1 is deprecated")
async def test_it_reads_the_genius_and_switches_a_plug(broker: Endpoint) -> None:
    gateway = new_gateway("home")
    vendor = mqtt.SmappeeLocalMqtt(serial_number=gateway.house.site.identity.serial_number)
    async with running(gateway, broker), client(broker) as ours:
        await asyncio.to_thread(vendor.start)
        await asyncio.to_thread(until, lambda: vendor.realtime and vendor.phase_type and len(vendor.smart_plugs) == 2)
        await ours.subscribe(gateway.topic("plug/2/state"))
        vendor.set_actuator_state(None, 2, "ON_ON")
        echo = {"value": "OFF"}
        while echo["value"] != "ON":
            echo = json.loads((await anext(ours.messages)).payload)
        await asyncio.to_thread(vendor.stop)
    assert vendor.actuators_state[2] == "ON"
    assert vendor.is_config_ready() == gateway.house.site.identity.serial_number
    assert vendor.phase_type == "THREE_STAR"
    assert vendor.measurements["Grid"] == [0, 1, 2]
    assert vendor.measurements["EV charger"] == [4, 5, 6]
    assert [plug["name"] for plug in vendor.smart_plugs] == ["Garden lights", "Towel heater"]
    volts = [voltage["voltage"] for voltage in vendor.realtime["voltages"]]
    assert volts == pytest.approx([230] * 3, rel=0.05)


def until(reached: Callable[[], object]) -> None:
    """Wait for the client's own thread, which tells nobody."""
    while not reached():
        time.sleep(0.05)
