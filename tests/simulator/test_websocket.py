"""MQTT over WebSocket, as the vendor's Node-RED nodes speak it: the same broker behind a second door."""

import json

import aiomqtt
import pytest

from simulator.broker import embedded_broker
from simulator.endpoint import Endpoint
from simulator.options import parse
from tests.mosquitto import free_port
from tests.simulator.living import new_gateway
from tests.simulator.test_brokers import client, running, until_topic

ANY_PORT = Endpoint("127.0.0.1", 0)


def websocket_client(port: int, path: str = "/mqtt") -> aiomqtt.Client:
    return aiomqtt.Client("127.0.0.1", port, transport="websockets", websocket_path=path)


async def test_a_client_on_the_websocket_sees_the_gateway() -> None:
    port = free_port()
    gateway = new_gateway("home")
    async with embedded_broker(ANY_PORT, websocket_port=port) as broker, websocket_client(port) as ours:
        await ours.subscribe("#", qos=1)
        async with running(gateway, broker):
            seen = await until_topic(ours.messages, "realtime")
    assert json.loads(seen[0].payload)["serialNumber"] == gateway.house.site.identity.serial_number


async def test_both_doors_lead_to_one_broker() -> None:
    port = free_port()
    async with (
        embedded_broker(ANY_PORT, websocket_port=port) as broker,
        client(broker) as plain,
        websocket_client(port) as web,
    ):
        await plain.subscribe("hello")
        await web.publish("hello", b"from the web", qos=1)
        assert (await anext(plain.messages)).payload == b"from the web"


async def test_another_path_is_refused() -> None:
    port = free_port()
    async with embedded_broker(ANY_PORT, websocket_port=port):
        with pytest.raises(aiomqtt.MqttError):
            async with websocket_client(port, "/elsewhere"):
                pass


async def test_a_taken_websocket_port_raises_and_leaves_the_other_port_free() -> None:
    port, taken = free_port(), free_port()
    async with embedded_broker(ANY_PORT, websocket_port=taken):
        with pytest.raises(OSError, match="in use"):
            async with embedded_broker(Endpoint("127.0.0.1", port), websocket_port=taken):
                pass
        async with embedded_broker(Endpoint("127.0.0.1", port)) as again:
            assert again.port == port


def test_a_websocket_needs_the_embedded_broker(capsys: pytest.CaptureFixture[str]) -> None:
    assert parse(["--ws-port", "1884"]).websocket_port == 1884
    with pytest.raises(SystemExit):
        parse(["--ws-port", "1884", "--broker", "mqtt://example.org"])
    assert "--ws-port needs the embedded broker" in capsys.readouterr().err
