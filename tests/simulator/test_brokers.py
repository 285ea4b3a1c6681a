"""A client on a real broker sees a gateway: what is retained, what comes each second, how commands are answered."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiomqtt
import pytest

from simulator import Fault, Gateway
from simulator.broker import embedded_broker
from simulator.endpoint import Endpoint
from simulator.runner import BrokerUnreachableError, run
from tests.mosquitto import Mosquitto, free_port
from tests.simulator.living import new_gateway

SPEED = 20.0


@asynccontextmanager
async def running(gateway: Gateway, broker: Endpoint) -> AsyncIterator[None]:
    task = asyncio.create_task(run(gateway, broker, speed=SPEED))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def client(broker: Endpoint) -> aiomqtt.Client:
    return aiomqtt.Client(broker.host, broker.port)


async def until_topic(messages: AsyncIterator[aiomqtt.Message], name: str) -> list[aiomqtt.Message]:
    """Messages up to and with the first whose topic ends in `name`."""
    seen = []
    async for message in messages:
        seen.append(message)
        if message.topic.value.endswith(name):
            return seen
    raise AssertionError(f"the stream ended before {name}")


async def test_a_client_that_was_there_sees_the_boot_in_order(broker: Endpoint) -> None:
    gateway = new_gateway("home")
    async with client(broker) as ours:
        await ours.subscribe("#", qos=1)
        async with running(gateway, broker):
            seen = await until_topic(ours.messages, "realtime")
    names = [message.topic.value.split("/", 2)[2] for message in seen]
    assert names == [
        "config",
        "sensorConfig",
        "homeControlConfig",
        "channelConfigV2",
        "presence",
        "plug/1/state",
        "plug/2/state",
        "realtime",
    ]
    assert seen[-1].qos == 1


async def test_a_client_that_comes_late_gets_every_retained_document_but_no_old_realtime(broker: Endpoint) -> None:
    gateway = new_gateway("home")
    async with running(gateway, broker):
        async with client(broker) as early:
            await early.subscribe(gateway.topic("realtime"))
            await until_topic(early.messages, "realtime")
        async with client(broker) as late:
            await late.subscribe("servicelocation/#", qos=1)
            seen = await until_topic(late.messages, "realtime")
    retained = {message.topic.value.split("/", 2)[2] for message in seen if message.retain}
    assert retained == {
        "config",
        "sensorConfig",
        "homeControlConfig",
        "channelConfigV2",
        "presence",
        "plug/1/state",
        "plug/2/state",
    }
    assert not seen[-1].retain


async def test_realtime_comes_second_by_second_without_loss(broker: Endpoint) -> None:
    gateway = new_gateway("full")
    async with client(broker) as ours:
        await ours.subscribe(gateway.topic("realtime"), qos=1)
        async with running(gateway, broker):
            stamps = [json.loads((await anext(ours.messages)).payload)["utcTimeStamp"] for _ in range(40)]
    assert stamps == [stamps[0] + 1000 * second for second in range(40)]


async def test_setstate_is_answered_by_a_retained_state(broker: Endpoint) -> None:
    gateway = new_gateway("home")
    async with running(gateway, broker), client(broker) as ours:
        await ours.subscribe(gateway.topic("realtime"))
        await until_topic(ours.messages, "realtime")
        await ours.publish(gateway.topic("plug/1/setstate"), b"{'value': 'ON'}")
        await ours.unsubscribe(gateway.topic("realtime"))
        await ours.subscribe(gateway.topic("plug/1/state"))
        state: dict[str, object] = {}
        while state.get("value") != "ON":
            state = json.loads((await until_topic(ours.messages, "plug/1/state"))[-1].payload)
    assert gateway.house.circuits["Garden lights"].closed


async def test_faults_reach_the_wire(broker: Endpoint) -> None:
    gateway = new_gateway("home")
    gateway.inject(Fault.BROKEN_JSON, after_s=5)
    async with client(broker) as ours:
        await ours.subscribe(gateway.topic("realtime"))
        async with running(gateway, broker):
            payloads = [(await anext(ours.messages)).payload for _ in range(6)]
    assert [payload.endswith(b"]}") for payload in payloads].count(False) == 1
    assert gateway.occurred[Fault.BROKEN_JSON] == 1


async def test_the_embedded_broker_logs_no_warning_in_normal_operation(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    gateway = new_gateway("home")
    async with embedded_broker(Endpoint("127.0.0.1", 0)) as broker, running(gateway, broker):
        for _ in range(3):
            async with client(broker) as ours:
                await ours.subscribe("#")
                await until_topic(ours.messages, "realtime")
    assert caplog.records == []


async def test_a_lost_broker_is_found_again_and_gets_the_retained_documents(mosquitto: Mosquitto) -> None:
    endpoint = Endpoint(mosquitto.host, mosquitto.port)
    async with running(new_gateway("home"), endpoint):
        async with client(endpoint) as ours:
            await ours.subscribe("#")
            await until_topic(ours.messages, "realtime")
        mosquitto.stop()
        mosquitto.start()
        async with client(endpoint) as ours:
            await ours.subscribe("#")
            seen = await until_topic(ours.messages, "realtime")
    assert any(message.topic.value.endswith("/config") for message in seen)


async def test_a_broker_that_is_not_there_is_named() -> None:
    endpoint = Endpoint("127.0.0.1", free_port())
    with pytest.raises(BrokerUnreachableError, match=str(endpoint.port)):
        await run(new_gateway("home"), endpoint)


async def test_a_taken_port_raises() -> None:
    async with embedded_broker(Endpoint("127.0.0.1", 0)) as taken:
        with pytest.raises(OSError, match="in use"):
            async with embedded_broker(taken):
                pass


@pytest.mark.parametrize("url", ["http://host", "mqtt://", "host:1883", "mqtt://host:port"])
def test_a_wrong_broker_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Endpoint.from_url(url)


def test_a_broker_address_carries_port_and_credentials() -> None:
    assert Endpoint.from_url("mqtt://ann:secret@example.org:1884") == Endpoint("example.org", 1884, "ann", "secret")
    assert str(Endpoint.from_url("mqtt://ann:secret@example.org")) == "mqtt://example.org:1883"
