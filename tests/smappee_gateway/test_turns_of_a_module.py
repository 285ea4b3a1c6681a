"""Who wants a relay while its module is busy waits, also when the one before has given up or the gateway stops."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from mqtt_schema.model import Identity
from smappee_gateway import gateway as gateway_module
from smappee_gateway.commands import CONFIRMATION_TIMEOUT_S, ModuleCommand
from smappee_gateway.errors import CommandError, NotConfirmedError, NotConnectedError, UnknownTargetError
from smappee_gateway.gateway import Gateway
from smappee_gateway.session import Session
from smappee_gateway.updates import IdentityUpdate, ModuleStateUpdate, SiteUpdate
from tests import genius
from tests.feed import STALE_AFTER_S
from tests.modules import BOILER, OUTPUT, TOWELS, declared, output
from tests.smappee_gateway.fixed import HandTransport, PassingDecoder

OTHER = "5600009999"


class Bench:
    """A gateway with two modules, all relays off, whose every step the test decides."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.transport = HandTransport()
        modules = declared(output(), output(id=OTHER, name="Attic", relays=[]))
        session = Session(genius.SERIAL, STALE_AFTER_S, modules=modules)
        self.gateway = Gateway[SiteUpdate](session, self.transport, PassingDecoder(), lambda: self.now)
        self.running = asyncio.create_task(self.gateway.run())

    async def introduce(self) -> None:
        await self.transport.running.wait()
        self.transport.connect()
        identity = Identity(serial=genius.SERIAL, location=genius.LOCATION)
        self.transport.receive(IdentityUpdate(identity=identity))
        for module in (OUTPUT, OTHER):
            self.tell("OFF_OFF", module=module)

    def tell(self, word: str, module: str = OUTPUT) -> None:
        states = {output: half == "ON" for output, half in enumerate(word.split("_"))}
        self.transport.receive(ModuleStateUpdate(location=genius.LOCATION, module=module, states=states))

    def want(self, relay: str, *, on: bool) -> asyncio.Task[None]:
        return asyncio.create_task(self.gateway.switch_relay(relay, on=on))

    def sent(self) -> list[tuple[bool | None, ...]]:
        return [command.states for command in self.transport.sent if isinstance(command, ModuleCommand)]


@pytest.fixture
async def bench(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    monkeypatch.setattr(gateway_module, "TICK_S", 0.01)
    bench = Bench()
    await bench.introduce()
    yield bench
    bench.running.cancel()
    await asyncio.gather(bench.running, return_exceptions=True)


async def ticks() -> None:
    await asyncio.sleep(0.05)


async def test_the_second_is_sent_when_the_first_is_answered(bench: Bench) -> None:
    first, second = bench.want(BOILER, on=True), bench.want(TOWELS, on=True)
    await ticks()
    assert bench.sent() == [(True, False)]
    bench.tell("ON_OFF")
    await first
    await ticks()
    assert bench.sent() == [(True, False), (True, True)]
    bench.tell("ON_ON")
    await second


async def test_each_waits_for_the_one_before_it(bench: Bench) -> None:
    wishes = [bench.want(BOILER, on=True), bench.want(TOWELS, on=True), bench.want(BOILER, on=False)]
    for count, word in enumerate(("ON_OFF", "ON_ON", "OFF_ON"), 1):
        await ticks()
        assert len(bench.sent()) == count
        bench.tell(word)
    await asyncio.gather(*wishes)
    assert bench.sent() == [(True, False), (True, True), (False, True)]


async def test_modules_do_not_wait_for_each_other(bench: Bench) -> None:
    both = [bench.want(BOILER, on=True), bench.want(f"{OTHER}_0", on=True)]
    await ticks()
    assert bench.sent() == [(True, False), (True, False)]
    for module in (OUTPUT, OTHER):
        bench.tell("ON_OFF", module=module)
    await asyncio.gather(*both)


async def test_whoever_gives_up_keeps_its_turn_until_its_command_is_answered(bench: Bench) -> None:
    first, second = bench.want(BOILER, on=True), bench.want(TOWELS, on=True)
    await ticks()
    first.cancel()
    await ticks()
    assert bench.sent() == [(True, False)]
    bench.tell("ON_OFF")
    await ticks()
    assert bench.sent() == [(True, False), (True, True)]
    bench.tell("ON_ON")
    await second


async def test_whoever_gives_up_while_waiting_sends_nothing(bench: Bench) -> None:
    first, second = bench.want(BOILER, on=True), bench.want(TOWELS, on=True)
    await ticks()
    second.cancel()
    bench.tell("ON_OFF")
    await first
    await ticks()
    assert bench.sent() == [(True, False)]


async def test_a_command_without_an_answer_ends_and_the_same_relay_can_be_tried_again(bench: Bench) -> None:
    first = bench.want(BOILER, on=True)
    await ticks()
    bench.now += CONFIRMATION_TIMEOUT_S
    with pytest.raises(NotConfirmedError):
        await first
    again = bench.want(BOILER, on=True)
    await ticks()
    bench.tell("ON_OFF")
    await again
    assert bench.sent() == [(True, False), (True, False)]


async def test_without_a_connection_each_fails_at_once_and_leaves_no_doubt(bench: Bench) -> None:
    bench.transport.lose("gone")
    for relay in (BOILER, TOWELS):
        with pytest.raises(NotConnectedError):
            await bench.gateway.switch_relay(relay, on=True)
    bench.transport.connect()
    wish = bench.want(TOWELS, on=True)
    await ticks()
    assert bench.sent() == [(False, True)]
    bench.tell("OFF_ON")
    await wish


async def test_nobody_waits_for_ever_when_it_stops(bench: Bench) -> None:
    wishes = [bench.want(BOILER, on=True), bench.want(TOWELS, on=True)]
    await ticks()
    bench.running.cancel()
    outcomes = await asyncio.gather(*wishes, return_exceptions=True)
    assert isinstance(outcomes[0], NotConnectedError)
    assert isinstance(outcomes[1], CommandError)
    assert bench.sent() == [(True, False)]


async def test_an_undeclared_relay_is_refused(bench: Bench) -> None:
    with pytest.raises(UnknownTargetError):
        await bench.gateway.switch_relay("nobody_0", on=True)
    assert bench.sent() == []
