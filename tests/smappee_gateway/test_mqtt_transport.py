"""The MQTT transport with a real Mosquitto that comes and goes."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable

import aiomqtt
import pytest

from smappee_gateway import backoff
from smappee_gateway.broker import Broker
from smappee_gateway.commands import PlugCommand
from smappee_gateway.errors import CannotConnectError, NotConnectedError
from smappee_gateway.mqtt_decoder import MqttMessage
from smappee_gateway.mqtt_transport import MqttTransport
from tests import genius
from tests.mosquitto import Mosquitto, free_port
from tests.waiting import until

LAMP_ON = PlugCommand(location=genius.LOCATION, plug="7", on=True)


class Recorder:
    """A transport at work, and all it says."""

    def __init__(self, transport: MqttTransport) -> None:
        self.transport = transport
        self.messages: list[MqttMessage] = []
        self.connections: list[CannotConnectError | None] = []

    async def run(self) -> None:
        await self.transport.run(self.messages.append, self.connections.append)

    def is_up(self) -> bool:
        return self.connections[-1:] == [None]

    def is_down(self) -> bool:
        return bool(self.connections) and self.connections[-1] is not None

    def payloads(self) -> list[bytes]:
        return [message.payload for message in self.messages]

    async def received(self, count: int) -> None:
        await until(lambda: len(self.messages) >= count)


@pytest.fixture(autouse=True)
def brief_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 0.05)


def at_location_a(mosquitto: Mosquitto) -> Recorder:
    transport = MqttTransport(Broker(mosquitto.host, mosquitto.port))
    transport.focus("a")
    return Recorder(transport)


@pytest.fixture
async def recorder(mosquitto: Mosquitto) -> AsyncIterator[Recorder]:
    recorder = at_location_a(mosquitto)
    running = asyncio.create_task(recorder.run())
    await until(recorder.is_up)
    yield recorder
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def publish(mosquitto: Mosquitto, topic: str, payload: bytes, *, retain: bool = False) -> None:
    async with aiomqtt.Client(mosquitto.host, mosquitto.port) as client:
        await client.publish(topic, payload, qos=1, retain=retain)


async def test_messages_of_its_location_arrive_and_introductions_of_all(
    recorder: Recorder, mosquitto: Mosquitto
) -> None:
    await publish(mosquitto, "zigbee2mqtt/lamp", b"{}")
    await publish(mosquitto, "servicelocation/b/config", b"1")
    await publish(mosquitto, "servicelocation/b/plug/7/state", b"of another")
    await publish(mosquitto, "servicelocation/a/plug/7/state", b"\xff\x00")
    await recorder.received(2)
    assert recorder.messages == [
        MqttMessage("servicelocation/b/config", b"1", qos=1),
        MqttMessage("servicelocation/a/plug/7/state", b"\xff\x00", qos=1),
    ]


async def test_who_probes_hears_everybody(mosquitto: Mosquitto) -> None:
    for location in ("a", "b"):
        await publish(mosquitto, f"servicelocation/{location}/plug/7/state", b"1", retain=True)
    async with MqttTransport(Broker(mosquitto.host, mosquitto.port)).messages() as messages:
        heard = {(await anext(messages)).topic for _ in range(2)}
    assert heard == {"servicelocation/a/plug/7/state", "servicelocation/b/plug/7/state"}


async def test_a_megabyte_arrives(recorder: Recorder, mosquitto: Mosquitto) -> None:
    await publish(mosquitto, "servicelocation/a/realtime", b"x" * 1_000_000)
    await recorder.received(1)
    assert len(recorder.messages[0].payload) == 1_000_000


async def test_retained_messages_are_marked(mosquitto: Mosquitto) -> None:
    await publish(mosquitto, "servicelocation/a/config", b"1", retain=True)
    async with MqttTransport(Broker(mosquitto.host, mosquitto.port)).messages() as messages:
        assert await anext(messages) == MqttMessage("servicelocation/a/config", b"1", retained=True, qos=1)


async def test_a_broker_that_returns_is_found_and_subscribed_again(recorder: Recorder, mosquitto: Mosquitto) -> None:
    mosquitto.stop()
    await until(recorder.is_down)
    with pytest.raises(NotConnectedError):
        await recorder.transport.send(LAMP_ON)
    mosquitto.start()
    await until(recorder.is_up)
    await publish(mosquitto, "servicelocation/a/realtime", b"2")
    await recorder.received(1)
    assert str(recorder.connections[1]), "the reason of a lost connection is told"


async def test_what_a_location_has_told_before_comes_once_it_is_known(mosquitto: Mosquitto) -> None:
    await publish(mosquitto, "servicelocation/a/config", b"1", retain=True)
    await publish(mosquitto, "servicelocation/a/plug/7/state", b"2", retain=True)
    recorder = Recorder(MqttTransport(Broker(mosquitto.host, mosquitto.port)))
    running = asyncio.create_task(recorder.run())
    await recorder.received(1)
    assert recorder.payloads() == [b"1"]
    recorder.transport.focus("a")
    await publish(mosquitto, "servicelocation/b/config", b"3")
    await until(lambda: b"2" in recorder.payloads())
    running.cancel()


async def test_a_location_stays_the_only_one_when_the_broker_returns(recorder: Recorder, mosquitto: Mosquitto) -> None:
    mosquitto.stop()
    await until(recorder.is_down)
    mosquitto.start()
    await until(recorder.is_up)
    await publish(mosquitto, "servicelocation/b/realtime", b"1")
    await publish(mosquitto, "servicelocation/a/realtime", b"2")
    await recorder.received(1)
    assert recorder.payloads() == [b"2"]


async def test_a_gateway_that_moves_to_another_location_is_followed(recorder: Recorder, mosquitto: Mosquitto) -> None:
    await publish(mosquitto, "servicelocation/b/plug/7/state", b"kept by the broker", retain=True)
    recorder.transport.focus("b")
    await publish(mosquitto, "servicelocation/b/config", b"3")
    await recorder.received(2)
    assert recorder.messages[-1] == MqttMessage(
        "servicelocation/b/plug/7/state", b"kept by the broker", retained=True, qos=1
    )


async def test_a_location_that_is_no_part_of_a_topic_lets_all_be_heard(
    recorder: Recorder, mosquitto: Mosquitto
) -> None:
    for nonsense in ("", "a/#", "+", "\x00"):
        recorder.transport.focus(nonsense)
        await publish(mosquitto, "servicelocation/b/config", b"look again")
        await until(lambda: b"look again" in recorder.payloads())
        recorder.messages.clear()
    await publish(mosquitto, "servicelocation/b/realtime", b"heard")
    await until(lambda: b"heard" in recorder.payloads())
    assert recorder.connections == [None]


async def test_a_command_is_published_in_the_form_of_the_vendors_client(
    recorder: Recorder, mosquitto: Mosquitto
) -> None:
    async with aiomqtt.Client(mosquitto.host, mosquitto.port) as gateway:
        await gateway.subscribe("servicelocation/+/plug/+/setstate")
        await recorder.transport.send(LAMP_ON)
        command = await anext(gateway.messages)
    assert command.topic.value == f"servicelocation/{genius.LOCATION}/plug/7/setstate"
    assert json.loads(command.payload) == {"value": "ON"}
    assert (command.qos, command.retain) == (0, False)


async def test_two_clients_do_not_evict_each_other(recorder: Recorder, mosquitto: Mosquitto) -> None:
    second = at_location_a(mosquitto)
    running = asyncio.create_task(second.run())
    await until(second.is_up)
    await publish(mosquitto, "servicelocation/a/realtime", b"2")
    await recorder.received(1)
    await second.received(1)
    running.cancel()
    assert recorder.connections == second.connections == [None]


@pytest.mark.parametrize("host", ["127.0.0.1", "no-such-host.invalid", "", "bad host\x00"])
async def test_a_wrong_address_is_a_reason_and_no_crash(host: str) -> None:
    recorder = Recorder(MqttTransport(Broker(host, free_port())))
    running = asyncio.create_task(recorder.run())
    await until(lambda: len(recorder.connections) > 1)
    running.cancel()
    assert None not in recorder.connections
    assert all(map(str, recorder.connections))
    with pytest.raises(CannotConnectError):
        async with recorder.transport.messages():
            pass


async def test_something_that_speaks_no_mqtt_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smappee_gateway.mqtt_client.CONNECT_TIMEOUT_S", 1.0)

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(CannotConnectError, match=r".+"):
            async with MqttTransport(Broker("127.0.0.1", port)).messages():
                pass


def test_pauses_grow_to_a_minute_and_begin_again_after_a_success(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    pauses = backoff.Backoff(random.Random(1))
    for longest in (1, 2, 4, 8, 16, 32, 60, 60):
        assert longest / 2 <= pauses.pause_s() <= longest
    pauses.reset()
    assert pauses.pause_s() <= 1


async def listen(transport: MqttTransport, then: Callable[[], None]) -> None:
    """Connect, let something happen, and wait for a message."""
    async with transport.messages() as messages:
        then()
        await anext(messages)


async def test_a_connection_that_ends_is_told_apart_from_one_that_never_was(mosquitto: Mosquitto) -> None:
    transport = MqttTransport(Broker(mosquitto.host, mosquitto.port))
    with pytest.raises(CannotConnectError) as lost:
        await listen(transport, mosquitto.stop)
    with pytest.raises(CannotConnectError) as refused:
        await listen(transport, mosquitto.stop)
    assert (lost.value.lost, refused.value.lost) == (True, False)


async def test_a_fault_of_the_listener_is_not_taken_for_one_of_the_network(mosquitto: Mosquitto) -> None:
    def fill_the_disk() -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        await listen(MqttTransport(Broker(mosquitto.host, mosquitto.port)), fill_the_disk)
