"""Relays of an Output module, commanded over a real Mosquitto: one after the other, each in one word."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiomqtt
import pytest

from smappee_gateway import backoff, commands
from smappee_gateway.broker import Broker
from smappee_gateway.errors import NotConfirmedError, RelayStateUnknownError
from smappee_gateway.gateway import Gateway
from smappee_gateway.mqtt_decoder import MqttDecoder, MqttMessage
from smappee_gateway.mqtt_transport import MqttTransport
from smappee_gateway.session import Session
from tests import genius, modules
from tests.cable import Cable, cable_to
from tests.feed import STALE_AFTER_S
from tests.mosquitto import Mosquitto
from tests.waiting import until

STATE = genius.topic(f"outputmodule/{modules.OUTPUT}/state")
COMMAND = genius.topic(f"outputmodule/{modules.OUTPUT}/setstate")


class Module:
    """The other side: notes each word, does it, and echoes it unless it is deaf."""

    def __init__(self, client: aiomqtt.Client) -> None:
        self.client = client
        self.words: list[str] = []
        self.is_deaf = False

    async def tell(self, word: str) -> None:
        await self.client.publish(STATE, json.dumps({"value": word}), qos=1, retain=True)

    async def obey(self) -> None:
        async for message in self.client.messages:
            assert isinstance(message.payload, bytes)
            word = json.loads(message.payload)["value"]
            self.words.append(word)
            if not self.is_deaf:
                await self.tell(word)


@asynccontextmanager
async def at_work(
    module: Module, broker: Mosquitto | Cable, known: Callable[[Session], bool]
) -> AsyncIterator[Gateway[MqttMessage]]:
    """A gateway object that is connected and knows its module, while the module obeys."""
    declared = modules.declared(modules.output())
    session = Session(genius.SERIAL, STALE_AFTER_S, modules=declared)
    transport = MqttTransport(Broker(broker.host, broker.port), modules=declared)
    gateway = Gateway[MqttMessage](session, transport, MqttDecoder(declared))
    tasks = [asyncio.create_task(gateway.run()), asyncio.create_task(module.obey())]
    await until(lambda: known(session))
    try:
        yield gateway
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def both_known(session: Session) -> bool:
    return session.site.identity is not None and all(relay.on is not None for relay in session.readings.relays.values())


@pytest.fixture
async def module(mosquitto: Mosquitto) -> AsyncIterator[Module]:
    """A module that is off, at a gateway that has introduced itself."""
    async with aiomqtt.Client(mosquitto.host, mosquitto.port) as client:
        await client.subscribe(COMMAND, qos=1)
        module = Module(client)
        await client.publish(genius.topic("config"), genius.encode(genius.config()), qos=1, retain=True)
        await module.tell("OFF_OFF")
        yield module


async def test_two_relays_switched_at_the_same_moment_both_end_right(mosquitto: Mosquitto, module: Module) -> None:
    async with at_work(module, mosquitto, both_known) as gateway:
        await asyncio.gather(
            gateway.switch_relay(modules.BOILER, on=True), gateway.switch_relay(modules.TOWELS, on=True)
        )
        readings = gateway.session.readings.relays
        assert module.words == ["ON_OFF", "ON_ON"]
        assert [readings[relay].on for relay in (modules.BOILER, modules.TOWELS)] == [True, True]
        assert not readings[modules.BOILER].assumed


async def test_many_wishes_at_once_are_carried_out_in_their_order(mosquitto: Mosquitto, module: Module) -> None:
    wishes = [(modules.BOILER, True), (modules.TOWELS, True), (modules.BOILER, False), (modules.TOWELS, False)]
    async with at_work(module, mosquitto, both_known) as gateway:
        await asyncio.gather(*(gateway.switch_relay(relay, on=on) for relay, on in wishes))
    assert module.words == ["ON_OFF", "ON_ON", "OFF_ON", "OFF_OFF"]


async def test_after_a_lost_echo_only_the_same_relay_may_be_switched_until_it_answers(
    mosquitto: Mosquitto, module: Module, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "CONFIRMATION_TIMEOUT_S", 0.5)
    module.is_deaf = True
    async with at_work(module, mosquitto, both_known) as gateway:
        first, second = await asyncio.gather(
            gateway.switch_relay(modules.BOILER, on=True),
            gateway.switch_relay(modules.TOWELS, on=True),
            return_exceptions=True,
        )
        assert isinstance(first, NotConfirmedError)
        assert isinstance(second, RelayStateUnknownError)
        assert module.words == ["ON_OFF"]
        monkeypatch.undo()
        module.is_deaf = False
        await gateway.switch_relay(modules.BOILER, on=True)
        await gateway.switch_relay(modules.TOWELS, on=True)
    assert module.words == ["ON_OFF", "ON_OFF", "ON_ON"]


async def test_nothing_is_sent_but_by_a_call(
    mosquitto: Mosquitto, module: Module, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not at the start, not when others switch, not when the gateway boots, and not after the connection was lost.

    What is sent keeps its order, so that anything that was sent before a call would stand before its word.
    """
    monkeypatch.setattr(backoff, "FIRST_S", 0.05)
    async with cable_to(mosquitto) as cable, at_work(module, cable, both_known) as gateway:
        for word in ("OFF_ON", "ON_ON", "what?", "OFF_ON"):
            await module.tell(word)
        boot = genius.encode(genius.config(boot_ms=genius.BOOT_MS + 60_000))
        await module.client.publish(genius.topic("config"), boot, qos=1, retain=True)
        await module.tell("ON_OFF")
        await until(lambda: gateway.session.readings.relays[modules.BOILER].on is True)
        await until(lambda: gateway.session.readings.relays[modules.TOWELS].on is False)
        await gateway.switch_relay(modules.TOWELS, on=True)
        cable.cut()
        await until(lambda: not gateway.connected)
        await until(lambda: gateway.connected)
        await gateway.switch_relay(modules.TOWELS, on=False)
    assert module.words == ["ON_ON", "ON_OFF"]
