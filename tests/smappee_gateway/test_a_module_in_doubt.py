"""An Output module and its session, through lost commands, lost echoes, boots and other people, as chance has it."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from smappee_gateway.changes import Changes
from smappee_gateway.commands import CONFIRMATION_TIMEOUT_S, Command, ModuleCommand
from smappee_gateway.errors import ModuleBusyError, RelayStateUnknownError
from smappee_gateway.mqtt_commands import publication
from tests import genius, modules
from tests.feed import Feed

TOPIC = f"outputmodule/{modules.OUTPUT}/state"
RELAYS = (modules.BOILER, modules.TOWELS)

fates = st.sampled_from(["echoed", "done without an echo", "done without an echo", "lost"])
"""What becomes of a command."""


class Life(RuleBasedStateMachine):
    """`relays` is where the real relays stand; `told` whether the session has heard of that."""

    def __init__(self) -> None:
        super().__init__()
        self.modules = modules.declared(modules.output())
        self.feed = Feed(modules=self.modules)
        self.session = self.feed.session
        self.relays = [False, False]
        self.told = False
        self.boots = 0
        self.sent: list[Command] = []
        self.ended: list[Command] = []

    @initialize()
    def meet(self) -> None:
        self.feed.introduce()
        self.tell()

    def tell(self, *, retained: bool = False) -> None:
        word = "_".join("ON" if on else "OFF" for on in self.relays)
        self.take(self.feed.send(TOPIC, {"value": word}, retained=retained))
        self.told = True

    def take(self, changes: Changes) -> None:
        self.ended += [*changes.confirmed, *changes.failed]

    @rule(number=st.sampled_from([0, 1]), on=st.booleans(), fate=fates, waits=st.booleans())
    def somebody_asks_for_a_relay(self, number: int, fate: str, *, on: bool, waits: bool) -> None:
        self.ask(number, fate, on=on)
        if waits:
            self.time_runs_out()

    def ask(self, number: int, fate: str, *, on: bool) -> None:
        before = list(self.relays)
        try:
            command = self.session.switch_relay(RELAYS[number], self.feed.now, on=on)
        except ModuleBusyError:
            assert self.session.unanswered(modules.OUTPUT) is not None
            return
        except RelayStateUnknownError:
            return
        assert isinstance(command, ModuleCommand)
        self.sent.append(command)
        topic, payload = publication(command, self.modules.outputs)
        assert topic == genius.topic(f"outputmodule/{modules.OUTPUT}/setstate")
        if fate != "lost":
            assert command.states[0] is not None
            assert command.states[1] is not None
            self.relays = [command.states[0], command.states[1]]
            assert self.relays[1 - number] is before[1 - number], payload
            self.told = self.told and self.relays == before
            if fate == "echoed":
                self.tell()

    @rule()
    def time_runs_out(self) -> None:
        self.feed.now += CONFIRMATION_TIMEOUT_S
        self.take(self.session.tick(self.feed.now))
        assert self.session.unanswered(modules.OUTPUT) is None

    @rule(first=st.booleans(), second=st.booleans())
    def somebody_else_switches(self, *, first: bool, second: bool) -> None:
        self.relays = [first, second]
        self.tell()

    @rule()
    def the_state_comes_late(self) -> None:
        self.tell()

    @rule(returns=st.booleans())
    def the_gateway_boots_and_relays_drop(self, *, returns: bool) -> None:
        self.boots += 1
        self.relays = [False, False]
        boot = genius.config(boot_ms=genius.BOOT_MS + 1000 * self.boots)
        self.take(self.feed.send("config", boot, retained=True))
        self.told = False
        assert all(reading.on is None for reading in self.session.readings.relays.values())
        if returns:
            self.tell()

    @precondition(lambda self: self.told)
    @invariant()
    def what_is_told_is_shown(self) -> None:
        readings = self.session.readings.relays
        assert [readings[relay].on for relay in RELAYS] == self.relays

    @invariant()
    def every_command_ends_once_or_is_the_one_under_way(self) -> None:
        waiting = self.session.unanswered(modules.OUTPUT)
        assert len(self.sent) == len(self.ended) + (waiting is not None)


TestLife = Life.TestCase
