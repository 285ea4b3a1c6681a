"""A gateway at work: what its listeners hear, what becomes of commands, what the log says."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from mqtt_schema.accessories import Plug
from mqtt_schema.model import Identity
from smappee_gateway import gateway as gateway_module
from smappee_gateway.changes import Changes
from smappee_gateway.commands import CONFIRMATION_TIMEOUT_S, PlugCommand
from smappee_gateway.errors import (
    CannotConnectError,
    GatewayError,
    InvalidAuthError,
    NoDataError,
    NotASmappeeError,
    NotConfirmedError,
    NotConnectedError,
    UnknownTargetError,
    WrongGatewayError,
)
from smappee_gateway.gateway import Gateway
from smappee_gateway.mqtt_decoder import MqttDecoder, MqttMessage
from smappee_gateway.session import Session
from smappee_gateway.updates import IdentityUpdate, PlugStateUpdate, PlugsUpdate, SiteUpdate
from tests import genius
from tests.smappee_gateway.fixed import HandTransport, PassingDecoder

STALE_AFTER_S = 15.0
LAMP = Plug(id="1", name="Lamp")
LAMP_ON = PlugCommand(location=genius.LOCATION, plug="1", on=True)


class Clock:
    """Time that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Bench:
    """A running gateway with everything a test wants to touch."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.transport = HandTransport()
        self.session = Session(genius.SERIAL, STALE_AFTER_S)
        self.gateway = Gateway[SiteUpdate](self.session, self.transport, PassingDecoder(), self.clock)
        self.second = 0
        self._decoder = MqttDecoder()

    def receive(self, name: str, document: object) -> None:
        for update in self._decoder.decode(MqttMessage(genius.topic(name), genius.encode(document))):
            self.transport.receive(update)

    def introduce(self) -> None:
        self.receive("config", genius.config())
        self.receive("channelConfigV2", genius.channel_config())
        self.transport.receive(PlugsUpdate(location=genius.LOCATION, plugs=(LAMP,)))

    def measure(self) -> None:
        self.second += 1
        self.receive("realtime", genius.powers(self.second))

    def plug_tells(self, *, on: bool) -> None:
        self.transport.receive(PlugStateUpdate(location=genius.LOCATION, plug="1", on=on))


@pytest.fixture
async def bench(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    monkeypatch.setattr(gateway_module, "TICK_S", 0.01)
    bench = Bench()
    running = asyncio.create_task(bench.gateway.run())
    await bench.transport.running.wait()
    yield bench
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def measuring(bench: Bench) -> Bench:
    bench.transport.connect()
    bench.introduce()
    bench.measure()
    return bench


async def ticks() -> None:
    await asyncio.sleep(0.05)


async def test_it_is_ready_with_the_first_measurement_of_a_known_installation(bench: Bench) -> None:
    ready = asyncio.create_task(bench.gateway.wait_ready(10))
    bench.transport.connect()
    bench.introduce()
    await ticks()
    assert not ready.done()
    bench.measure()
    await ready
    assert bench.gateway.available
    assert bench.gateway.age_s == 0


async def test_it_does_not_wait_where_there_is_no_connection(bench: Bench) -> None:
    ready = asyncio.create_task(bench.gateway.wait_ready(1000))
    await ticks()
    bench.transport.lose("refused")
    with pytest.raises(CannotConnectError, match="refused"):
        await ready


async def missing(bench: Bench) -> GatewayError:
    with pytest.raises(GatewayError) as error:
        await bench.gateway.wait_ready(0.01)
    return error.value


async def test_it_says_what_is_missing(bench: Bench) -> None:
    bench.transport.lose("refused")
    error = await missing(bench)
    assert isinstance(error, CannotConnectError)
    assert str(error) == "refused"
    bench.transport.connect()
    assert isinstance(await missing(bench), NotASmappeeError)
    bench.transport.receive(IdentityUpdate(identity=Identity(serial="5010099999", location="elsewhere")))
    wrong = await missing(bench)
    assert isinstance(wrong, WrongGatewayError)
    assert (wrong.expected, wrong.found) == (genius.SERIAL, "5010099999")
    bench.introduce()
    assert isinstance(await missing(bench), NoDataError)


async def test_the_transport_learns_where_its_gateway_is_and_where_it_moves(bench: Bench) -> None:
    bench.transport.connect()
    bench.transport.receive(IdentityUpdate(identity=Identity(serial="5010099999", location="of the neighbours")))
    assert bench.transport.locations == []
    bench.introduce()
    assert set(bench.transport.locations) == {genius.LOCATION}
    bench.transport.receive(IdentityUpdate(identity=Identity(serial=genius.SERIAL, location="moved")))
    assert bench.transport.locations[-1] == "moved"


async def test_listeners_hear_every_change_until_they_leave(measuring: Bench) -> None:
    heard: list[Changes] = []
    leave = measuring.gateway.listen(heard.append)
    measuring.measure()
    leave()
    measuring.measure()
    assert len(heard) == 1
    assert heard[0].site


async def test_the_fault_of_a_listener_stops_nobody(measuring: Bench, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[Changes] = []

    def faulty(_changes: Changes) -> None:
        raise RuntimeError("listener")

    measuring.gateway.listen(faulty)
    measuring.gateway.listen(heard.append)
    measuring.measure()
    assert len(heard) == 1
    assert "listener" in caplog.text


async def test_a_fault_of_our_own_is_reported_once_and_stops_nobody(
    measuring: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        measuring.transport.receive(3)  # type: ignore[arg-type] # no update at all
    measuring.measure()
    assert measuring.gateway.failures == 2
    assert caplog.text.count("please report it") == 1
    assert measuring.gateway.available


async def test_a_transport_that_breaks_makes_it_unavailable() -> None:
    bench = Bench()
    heard: list[bool] = []
    bench.gateway.listen(lambda _changes: heard.append(bench.gateway.available))
    running = asyncio.create_task(bench.gateway.run())
    await bench.transport.running.wait()
    bench.transport.connect()
    bench.introduce()
    bench.measure()
    bench.transport.broken.set()
    with pytest.raises(ExceptionGroup):
        await running
    assert heard[-2:] == [True, False]
    assert "the transport broke" in bench.gateway.last_failure


async def test_a_lost_connection_and_silence_are_said_once_and_so_is_their_end(
    measuring: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    caplog.clear()
    for _ in range(2):
        measuring.transport.lose("gone")
    measuring.transport.connect()
    measuring.clock.now += STALE_AFTER_S + 1
    await ticks()
    measuring.measure()
    assert [record.getMessage() for record in caplog.records] == [
        f"Gateway {genius.SERIAL}: connection lost (gone)",
        f"Gateway {genius.SERIAL}: measurements arrive",
        f"Gateway {genius.SERIAL}: connected, but measurements have stopped",
        f"Gateway {genius.SERIAL}: measurements arrive",
    ]
    assert measuring.gateway.last_failure == "gone"


async def test_another_reason_for_a_lost_connection_is_heard_once(measuring: Bench) -> None:
    heard: list[bool] = []
    measuring.gateway.listen(lambda changes: heard.append(changes.freshness))
    measuring.transport.lose("gone")
    for _ in range(2):
        measuring.transport.lose("refused", InvalidAuthError)
    assert heard == [True, True]
    assert isinstance(measuring.gateway.what_is_missing(), InvalidAuthError)


async def test_a_command_ends_with_its_echo(measuring: Bench) -> None:
    switching = asyncio.create_task(measuring.gateway.switch_plug("1", on=True))
    await ticks()
    assert measuring.transport.sent == [LAMP_ON]
    assert not switching.done()
    measuring.plug_tells(on=True)
    await switching


async def test_two_who_want_the_same_are_answered_by_one_echo(measuring: Bench) -> None:
    both = [asyncio.create_task(measuring.gateway.switch_plug("1", on=True)) for _ in range(2)]
    await ticks()
    measuring.plug_tells(on=True)
    await asyncio.gather(*both)


async def test_a_command_without_an_echo_fails(measuring: Bench) -> None:
    switching = asyncio.create_task(measuring.gateway.switch_plug("1", on=True))
    await ticks()
    measuring.plug_tells(on=False)
    measuring.clock.now += CONFIRMATION_TIMEOUT_S
    with pytest.raises(NotConfirmedError):
        await switching


async def test_a_command_without_a_connection_fails_at_once(measuring: Bench) -> None:
    measuring.transport.lose("gone")
    with pytest.raises(NotConnectedError):
        await measuring.gateway.switch_plug("1", on=True)
    assert not measuring.session.tick(measuring.clock.now + 100).failed


async def test_a_command_to_nobody_is_refused(measuring: Bench) -> None:
    with pytest.raises(UnknownTargetError):
        await measuring.gateway.switch_plug("7", on=True)
    assert measuring.transport.sent == []


async def test_whoever_gives_up_waiting_leaves_the_others_waiting(measuring: Bench) -> None:
    first = asyncio.create_task(measuring.gateway.switch_plug("1", on=True))
    second = asyncio.create_task(measuring.gateway.switch_plug("1", on=True))
    await ticks()
    first.cancel()
    await ticks()
    measuring.plug_tells(on=True)
    await second


async def test_those_who_wait_when_it_stops_are_told() -> None:
    bench = Bench()
    running = asyncio.create_task(bench.gateway.run())
    await bench.transport.running.wait()
    bench.transport.connect()
    bench.introduce()
    switching = asyncio.create_task(bench.gateway.switch_plug("1", on=True))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(NotConnectedError):
        await switching
