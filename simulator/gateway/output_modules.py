"""Output modules: two relays each, commanded by one word of four.

INVENTED. A client names a topic tree ``outputmodule/`` and the cloud knows the words ``ON_ON``, ``ON_OFF``, ``OFF_ON``
and ``OFF_OFF`` (protocol facts 3.12; first word relay 1, inferred). Everything else is made up here: the topics below
that tree, the JSON around the word, the echo, that relays drop when their power fails, and the other possibility, a
module among the plugs.
"""

import json
from dataclasses import dataclass
from typing import Final, override

from simulator.gateway.message import compact
from simulator.gateway.plugs import SETSTATE
from simulator.gateway.provider import Provider, Publication
from simulator.house.house import House
from simulator.sites.accessories import OutputModule

COMMANDS: Final = "outputmodule/+/setstate"

type Relays = tuple[bool, bool]

WORDS: Final[dict[str, Relays]] = {
    "ON_ON": (True, True),
    "ON_OFF": (True, False),
    "OFF_ON": (False, True),
    "OFF_OFF": (False, False),
}
WORD_OF: Final = {relays: word for word, relays in WORDS.items()}
DROPPED: Final = WORDS["OFF_OFF"]


@dataclass(slots=True)
class Behaviour:
    """How modules take commands, for tests: whether the relays move, whether an echo comes and after how many seconds.

    A module that echoes without acting tells the state it really has.
    """

    acts: bool = True
    echoes: bool = True
    delay_s: float = 0.0


class LiveModule:
    """A module at work: where its relays stand and since when (ms UTC)."""

    def __init__(self, module: OutputModule, house: House) -> None:
        self.module = module
        self.relays = DROPPED
        self.since_ms = house.now_ms
        self._house = house

    def move(self, relays: Relays) -> None:
        """Let each relay connect what it carries."""
        self.relays = relays
        self.since_ms = self._house.now_ms
        for on, circuit in zip(relays, self.module.circuits, strict=True):
            if circuit:
                self._house.connect(circuit, on=on)

    def state(self, _: int) -> bytes:
        """The document."""
        return compact({"value": WORD_OF[self.relays], "since": self.since_ms})


class OutputModules(Provider):
    """The Output modules of a house; ``behaviour`` is how they take commands from now on."""

    commands = (COMMANDS, SETSTATE)

    def __init__(self, house: House) -> None:
        self.behaviour = Behaviour()
        self.modules = {module.serial_number: LiveModule(module, house) for module in house.site.output_modules}
        self._house = house
        self._by_topic = {f"{live.module.topic}/setstate": live for live in self.modules.values()}
        self._echoes: list[tuple[float, LiveModule]] = []

    @override
    def documents(self) -> list[Publication]:
        return [_state(live) for live in self.modules.values()]

    @override
    def every_second(self) -> list[Publication]:
        now_ms = self._house.now_ms
        due = [live for at_ms, live in self._echoes if at_ms <= now_ms]
        self._echoes = [(at_ms, live) for at_ms, live in self._echoes if at_ms > now_ms]
        return [_state(live) for live in due]

    @override
    def handle(self, name: str, payload: bytes) -> list[Publication] | None:
        live = self._by_topic.get(name)
        if live is None:
            return None
        relays = commanded_relays(payload)
        if relays is None or (live.module.combined and relays[0] != relays[1]):
            return []
        if self.behaviour.acts:
            live.move(relays)
        return self._echo(live)

    @override
    def power_off(self) -> None:
        self._echoes.clear()
        for live in self.modules.values():
            live.move(DROPPED)

    def _echo(self, live: LiveModule) -> list[Publication]:
        if not self.behaviour.echoes:
            return []
        if not self.behaviour.delay_s:
            return [_state(live)]
        self._echoes.append((self._house.now_ms + 1000.0 * self.behaviour.delay_s, live))
        return []


def commanded_relays(payload: bytes) -> Relays | None:
    """Where the relays shall stand, None when the payload tells none of the four words as its ``value``."""
    try:
        command = json.loads(payload)
    except ValueError:
        return None
    word = command.get("value") if isinstance(command, dict) else None
    return WORDS.get(word) if isinstance(word, str) else None


def _state(live: LiveModule) -> Publication:
    return Publication(f"{live.module.topic}/state", live.state)
