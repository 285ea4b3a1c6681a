"""How Input and Output modules may speak on MQTT. Nobody has published it, so every dialect here is inferred.

A dialect is data: where a module tells its state, where it takes commands, and in which words. The presets are what is
most likely (protocol facts §3.9, §3.12); whoever has a module can change each field (docs/modules.md). Topics are below
`servicelocation/<uuid>/`; the templates and paths are those of `templates`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mqtt_schema.quantities import Confidence
from mqtt_schema.templates import placeholders

type States = tuple[bool, ...]
"""On or off, relay by relay."""

FOUR_WORDS = ("ON_ON", "ON_OFF", "OFF_ON", "OFF_OFF")
"""The states of an Output module in the cloud (documented). That the first half is relay 1 is inferred."""
TWO_WORDS = ("ON", "OFF")
"""The states of one relay, in the words of a plug (captured)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputDialect:
    """How an Output module tells and takes the states of its two relays.

    Placeholders: `{module}` is the module's id; `{output}` the number of a relay, for modules with a topic or a path
    for each; `{state}` the word, in the payload of a command.
    """

    name: str
    """Of the preset it began with."""
    state_topic: str
    command_topic: str
    payload: str
    """Of a command."""
    value_path: str
    """Where the word stands in a state message; empty when the message is the word alone."""
    words: Mapping[str, str]
    """What each of FOUR_WORDS or of TWO_WORDS is on the wire. Four speak of both relays together, two of a single relay
    or of two that act as one."""
    first_output: int = 1
    """What `{output}` is for the first relay."""
    confidence: Confidence = Confidence.INFERRED

    @property
    def is_joint(self) -> bool:
        """One word says both relays, so that whoever writes one writes the other too."""
        return len(self.words) == len(FOUR_WORDS)

    @property
    def tells_relays_apart(self) -> bool:
        """Each relay has a topic or a path of its own."""
        return "output" in placeholders(self.state_topic) | placeholders(self.value_path)

    def word(self, states: States) -> str:
        """Return the word for these states; a single one stands for both relays where words speak of both."""
        spoken = states * 2 if self.is_joint and len(states) == 1 else states
        return self.words["_".join("ON" if on else "OFF" for on in spoken)]

    def states(self, word: str) -> States:
        """Return what a received word, in small letters, says; raises ValueError for a word that says nothing."""
        for state, known in self.words.items():
            if known.lower() == word:
                return tuple(half == "ON" for half in state.split("_"))
        raise ValueError(f"none of the words {', '.join(self.words.values())}")


class Counting(StrEnum):
    """How an Input module tells its pulses."""

    INTERVALS = "intervals"
    """What was counted in each five minutes, in `aggregatedGW`, as a gas & water sensor does."""
    RUNNING = "running"
    """A count that runs on, in the module's own state message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputDialect:
    """How an Input module tells the states and pulses of its four inputs.

    Placeholders: `{module}` is the module's id, `{input}` the number of an input.
    """

    name: str
    """Of the preset it began with."""
    counting: Counting
    state_topic: str = ""
    """Empty when the module has no topic of its own; then there are pulses only."""
    state_path: str = ""
    """Where the state of a contact stands."""
    count_path: str = ""
    """Where the running count of an input stands."""
    closed_words: tuple[str, ...] = ("closed", "on", "high", "true", "1")
    open_words: tuple[str, ...] = ("open", "off", "low", "false", "0")
    first_input: int = 0
    """What `{input}` is for the first input."""
    confidence: Confidence = Confidence.INFERRED

    def is_closed(self, word: str) -> bool:
        """Return what a received word, in small letters, says; raises ValueError for a word that says nothing."""
        if word in map(str.lower, self.closed_words):
            return True
        if word in map(str.lower, self.open_words):
            return False
        raise ValueError(f"none of the words {', '.join((*self.closed_words, *self.open_words))}")


OUTPUT_PRESETS: Mapping[str, OutputDialect] = {
    dialect.name: dialect
    for dialect in (
        # A client names the tree; its levels and payloads are modelled on those of a plug.
        OutputDialect(
            name="outputmodule",
            state_topic="outputmodule/{module}/state",
            command_topic="outputmodule/{module}/setstate",
            payload='{"value":"{state}"}',
            value_path="value",
            words=dict(zip(FOUR_WORDS, FOUR_WORDS, strict=True)),
        ),
        # In the cloud a module is an actuator among plugs, so it may be one of them here too.
        OutputDialect(
            name="plug",
            state_topic="plug/{module}/state",
            command_topic="plug/{module}/setstate",
            payload='{"value":"{state}"}',
            value_path="value",
            words=dict(zip(FOUR_WORDS, FOUR_WORDS, strict=True)),
        ),
    )
}
INPUT_PRESETS: Mapping[str, InputDialect] = {
    dialect.name: dialect
    for dialect in (
        # In the cloud one request answers for Input modules and gas & water sensors alike.
        InputDialect(name="gas_water", counting=Counting.INTERVALS),
        InputDialect(
            name="inputmodule",
            counting=Counting.RUNNING,
            state_topic="inputmodule/{module}/state",
            state_path="inputs.{input}.state",
            count_path="inputs.{input}.count",
        ),
    )
}
