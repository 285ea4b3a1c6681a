"""Who speaks at an address? Asked at a real Mosquitto."""

import asyncio
from collections.abc import AsyncIterator

import aiomqtt
import pytest

from smappee_gateway import probe
from smappee_gateway.broker import Broker
from smappee_gateway.errors import CannotConnectError, NoDataError, NotASmappeeError
from smappee_gateway.mqtt_transport import MqttTransport
from smappee_gateway.probe import identify
from tests import genius
from tests.mosquitto import Mosquitto, free_port

NEIGHBOUR = "5010099999"
NEIGHBOURS_LOCATION = "77777777-2222-3333-4444-555555555555"
ENOUGH_S = 15.0
BRIEF_S = 0.5


@pytest.fixture(autouse=True)
def settles_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "SETTLE_S", 0.4)


@pytest.fixture
async def client(mosquitto: Mosquitto) -> AsyncIterator[aiomqtt.Client]:
    async with aiomqtt.Client(mosquitto.host, mosquitto.port) as client:
        yield client


@pytest.fixture
def transport(mosquitto: Mosquitto) -> MqttTransport:
    return MqttTransport(Broker(mosquitto.host, mosquitto.port))


async def introduce(client: aiomqtt.Client, serial: str, location: str) -> None:
    for name, document in (("config", genius.config(serial, location)), ("channelConfigV2", genius.channel_config())):
        await client.publish(genius.topic(name, location), genius.encode(document), qos=1, retain=True)


async def measure(client: aiomqtt.Client, *locations: str) -> None:
    for second in range(1000):
        for location in locations:
            await client.publish(genius.topic("realtime", location), genius.encode(genius.powers(second)))
        await asyncio.sleep(0.02)


async def test_a_gateway_that_measures_is_found(client: aiomqtt.Client, transport: MqttTransport) -> None:
    await introduce(client, genius.SERIAL, genius.LOCATION)
    measuring = asyncio.create_task(measure(client, genius.LOCATION))
    (found,) = await identify(transport, ENOUGH_S)
    measuring.cancel()
    assert (found.serial, found.model, found.location) == (genius.SERIAL, "Genius", genius.LOCATION)


async def test_all_gateways_of_a_broker_are_found(client: aiomqtt.Client, transport: MqttTransport) -> None:
    await introduce(client, genius.SERIAL, genius.LOCATION)
    await introduce(client, NEIGHBOUR, NEIGHBOURS_LOCATION)
    measuring = asyncio.create_task(measure(client, genius.LOCATION, NEIGHBOURS_LOCATION))
    found = await identify(transport, ENOUGH_S)
    measuring.cancel()
    assert {identity.serial for identity in found} == {genius.SERIAL, NEIGHBOUR}


async def test_of_two_gateways_only_the_one_that_measures_is_found(
    client: aiomqtt.Client, transport: MqttTransport
) -> None:
    await introduce(client, genius.SERIAL, genius.LOCATION)
    await introduce(client, NEIGHBOUR, NEIGHBOURS_LOCATION)
    measuring = asyncio.create_task(measure(client, NEIGHBOURS_LOCATION))
    found = await identify(transport, ENOUGH_S)
    measuring.cancel()
    assert [identity.serial for identity in found] == [NEIGHBOUR]


async def test_a_silent_gateway_is_named(client: aiomqtt.Client, transport: MqttTransport) -> None:
    await introduce(client, genius.SERIAL, genius.LOCATION)
    with pytest.raises(NoDataError, match=genius.SERIAL):
        await identify(transport, BRIEF_S)


async def test_a_broker_without_a_gateway_is_no_smappee(client: aiomqtt.Client, transport: MqttTransport) -> None:
    await client.publish("homeassistant/status", b"online", retain=True)
    await client.publish(genius.topic("config"), b"garbage", retain=True)
    with pytest.raises(NotASmappeeError):
        await identify(transport, BRIEF_S)


async def test_an_address_without_a_broker_cannot_be_connected() -> None:
    with pytest.raises(CannotConnectError):
        await identify(MqttTransport(Broker("127.0.0.1", free_port())), ENOUGH_S)
