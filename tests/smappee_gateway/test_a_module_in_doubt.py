"""An Output module and its session, through lost, late and unanswered commands, boots and other people, by chance."""

from typing import override

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from smappee_gateway.changes import Changes
from smappee_gateway.commands import CONFIRMATION_TIMEOUT_S, Command, ModuleCommand
from smappee_gateway.errors import ModuleBusyError, RelayStateUnknownError
from smappee_gateway.modules import Modules
from smappee_gateway.mqtt_commands import publication
from tests import genius, modules
from tests.feed import Feed

TOPIC = f"outputmodule/{modules.OUTPUT}/state"
RELAYS = (modules.BOILER, modules.TOWELS)
WORDS = {f'{{"value":"{a}_{b}"}}'.encode(): [a == "ON", b == "ON"] for a in ("ON", "OFF") for b in ("ON", "OFF")}

fates = st.sampled_from(["echoed", "done without an echo", "done without an echo", "lost", "late"])
"""What becomes of a command."""


class Life(RuleBasedStateMachine):
    """`relays` is where the real relays stand; `told` whether the session has heard of that.

    `late` are words that the module has got and not obeyed yet. A state that is told before them looks like an answer
    to them: from then until the module is heard again without any, the session is `misled` and cannot know better.
    `heard`: the module has told its state since the last boot, and since the last command without an answer.
    """

    combined = False

    def __init__(self) -> None:
        super().__init__()
        self.modules = self.declared()
        self.feed = Feed(modules=self.modules)
        self.session = self.feed.session
        self.relays = [False, False]
        self.late: list[list[bool]] = []
        self.told = False
        self.misled = False
        self.heard = False
        self.boots = 0
        self.sent: list[Command] = []
        self.ended: list[Command] = []

    def declared(self) -> Modules:
        return modules.declared(modules.output())

    @initialize()
    def meet(self) -> None:
        self.feed.introduce()
        self.tell()

    def tell(self) -> None:
        word = "_".join("ON" if on else "OFF" for on in self.relays)
        self.take(self.feed.send(TOPIC, {"value": word}))
        self.told = self.heard = True
        self.misled = bool(self.late)

    def take(self, changes: Changes) -> None:
        self.ended += [*changes.confirmed, *changes.failed]

    @rule(number=st.sampled_from([0, 1]), on=st.booleans(), fate=fates, waits=st.booleans())
    def somebody_asks_for_a_relay(self, number: int, fate: str, *, on: bool, waits: bool) -> None:
        word = self.ask(number, on=on)
        if word is not None and fate == "late":
            self.late.append(word)
        elif word is not None and fate != "lost":
            self.late.append(word)
            self.the_module_gets_to_its_commands(echoes=fate == "echoed")
        if waits:
            self.time_runs_out()

    def ask(self, number: int, *, on: bool) -> list[bool] | None:
        """Ask for a relay; returns the word that is sent."""
        try:
            command = self.session.switch_relay(self.relay(number), self.feed.now, on=on)
        except ModuleBusyError:
            assert self.session.unanswered(modules.OUTPUT) is not None
            return None
        except RelayStateUnknownError:
            assert not self.combined
            assert not self.heard
            return None
        assert isinstance(command, ModuleCommand)
        self.sent.append(command)
        topic, payload = publication(command, self.modules.outputs)
        assert topic == genius.topic(f"outputmodule/{modules.OUTPUT}/setstate")
        word = WORDS[payload]
        assert word[number] is on
        self.spares_the_other(number, word)
        return word

    def relay(self, number: int) -> str:
        return RELAYS[number]

    def spares_the_other(self, number: int, word: list[bool]) -> None:
        """The word leaves the other relay where it is, also when the module is still to obey earlier words."""
        assert self.misled or word[1 - number] is [self.relays, *self.late][-1][1 - number]

    @precondition(lambda self: self.late)
    @rule(echoes=st.booleans())
    def the_module_gets_to_its_commands(self, *, echoes: bool) -> None:
        """In the order in which they came."""
        while self.late:
            before, self.relays = self.relays, self.late.pop(0)
            self.told = self.told and self.relays == before
            if echoes:
                self.tell()

    @rule()
    def time_runs_out(self) -> None:
        self.feed.now += CONFIRMATION_TIMEOUT_S
        changes = self.session.tick(self.feed.now)
        self.heard = self.heard and not changes.failed
        self.take(changes)
        assert self.session.unanswered(modules.OUTPUT) is None

    @rule(first=st.booleans(), second=st.booleans())
    def somebody_else_switches(self, *, first: bool, second: bool) -> None:
        self.relays = [first, second]
        self.tell()

    @rule()
    def the_state_comes_again(self) -> None:
        self.tell()

    @rule(returns=st.booleans())
    def the_gateway_boots_and_relays_drop(self, *, returns: bool) -> None:
        self.boots += 1
        self.relays = [False, False]
        self.late.clear()
        boot = genius.config(boot_ms=genius.BOOT_MS + 1000 * self.boots)
        self.take(self.feed.send("config", boot, retained=True))
        self.told = self.misled = self.heard = False
        assert all(reading.on is None for reading in self.session.readings.relays.values())
        if returns:
            self.tell()

    @precondition(lambda self: self.told)
    @invariant()
    def what_is_told_is_shown(self) -> None:
        assert [reading.on for reading in self.session.readings.relays.values()] == self.shown()

    def shown(self) -> list[bool | None]:
        return [*self.relays]

    @invariant()
    def every_command_ends_once_or_is_the_one_under_way(self) -> None:
        waiting = self.session.unanswered(modules.OUTPUT)
        assert len(self.sent) == len(self.ended) + (waiting is not None)


class CombinedLife(Life):
    """The same with two relays that act as one. Others may still command them apart; then the one is neither."""

    combined = True

    @override
    def declared(self) -> Modules:
        return modules.declared(modules.output(combined=True, relays=["Pump"]))

    @override
    def relay(self, _number: int) -> str:
        return modules.BOILER

    @override
    def spares_the_other(self, _number: int, word: list[bool]) -> None:
        """There is no other: both move together."""
        assert word[0] is word[1]

    @override
    def shown(self) -> list[bool | None]:
        return [self.relays[0] if self.relays[0] is self.relays[1] else None]


TestLife = Life.TestCase
TestCombinedLife = CombinedLife.TestCase
