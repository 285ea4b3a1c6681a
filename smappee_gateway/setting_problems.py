"""What can be wrong with what somebody has written about modules, and how it is said.

The English sentences are here, for files and the command line; user interfaces may say the same in other languages.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import override

import msgspec
from msgspec.structs import replace

type Step = str | int
"""A field of a table, or the place in a list, from 0."""


class Wrong(StrEnum):
    """A kind of mistake."""

    MISSING = "missing"
    NO_SUCH_FIELD = "no_such_field"
    NOT_A_TABLE = "not_a_table"
    NOT_A_LIST = "not_a_list"
    NOT_TABLES = "not_tables"
    NOT_AN_INPUT = "not_an_input"
    NOT_YES_OR_NO = "not_yes_or_no"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_TEXT = "not_a_text"
    NOT_AN_IDENTIFIER = "not_an_identifier"
    NOT_A_TOPIC = "not_a_topic"
    NOT_A_PATH = "not_a_path"
    NOT_A_WORD = "not_a_word"
    NO_SUCH_PLACEHOLDER = "no_such_placeholder"
    NO_WORD_FOR_EACH_STATE = "no_word_for_each_state"
    STATES_WITH_ONE_WORD = "states_with_one_word"
    TOO_MANY_MODULES = "too_many_modules"
    NO_GENIUS = "no_genius"
    NAMES_OF_SEPARATE_RELAYS = "names_of_separate_relays"
    NAMES_OF_COMBINED_RELAYS = "names_of_combined_relays"
    CONTACT_OF_COMBINED_RELAYS = "contact_of_combined_relays"
    INPUT_TWICE = "input_twice"
    MODULE_TWICE = "module_twice"
    METER_TWICE = "meter_twice"
    TOPIC_TWICE = "topic_twice"
    TOPIC_TAKEN = "topic_taken"
    PAYLOAD_WITHOUT_STATE = "payload_without_state"
    RELAYS_NOT_APART = "relays_not_apart"
    RELAYS_APART = "relays_apart"
    INPUTS_NOT_APART = "inputs_not_apart"
    NO_STATES_OF_CONTACTS = "no_states_of_contacts"
    COUNTS_WITHOUT_TOPIC = "counts_without_topic"
    OPEN_AND_CLOSED = "open_and_closed"


SENTENCES: Mapping[Wrong, str] = {
    Wrong.MISSING: "is missing",
    Wrong.NO_SUCH_FIELD: "no such field; there are: {allowed}",
    Wrong.NOT_A_TABLE: "must be a table with the fields {allowed}, not {value}",
    Wrong.NOT_A_LIST: "must be a list of at most {most}, not {value}",
    Wrong.NOT_TABLES: "must be tables, {allowed}, at most {most}; not {value}",
    Wrong.NOT_AN_INPUT: "must be a table whose kind is pulse or contact, not {value}",
    Wrong.NOT_YES_OR_NO: "must be true or false, not {value}",
    Wrong.NOT_A_NUMBER: "must be a number from {lowest} to {highest}, not {value}",
    Wrong.NOT_WHOLE: "must be a whole number from {lowest} to {highest}, not {value}",
    Wrong.NOT_A_CHOICE: "must be one of: {allowed}, not {value}",
    Wrong.NOT_A_TEXT: "must be a text of 1 to {most} letters, not {value}",
    Wrong.NOT_AN_IDENTIFIER: (
        "must be what stands in the topic: letters, digits and . _ -, at most {most}; not {value}"
    ),
    Wrong.NOT_A_TOPIC: "must be a topic below that of the service location, without + and #; not {value}",
    Wrong.NOT_A_PATH: "must be a path such as value or relays.0.state, not {value}",
    Wrong.NOT_A_WORD: "must be a word of letters, digits and _ . : + -, at most {most}; not {value}",
    Wrong.NO_SUCH_PLACEHOLDER: "no such placeholder: {value}; there are: {allowed}",
    Wrong.NO_WORD_FOR_EACH_STATE: (
        "must give a word for each of ON_ON, ON_OFF, OFF_ON and OFF_OFF, or for each of ON and OFF"
    ),
    Wrong.STATES_WITH_ONE_WORD: "must give each state a word of its own; capitals make no difference",
    Wrong.TOO_MANY_MODULES: "{count} modules: a gateway has at most {most} Input and Output modules together",
    Wrong.NO_GENIUS: (
        "gateway {serial}: Input and Output modules need a Gateway Module Advanced (Genius),"
        " whose serial number begins with {prefix}"
    ),
    Wrong.NAMES_OF_SEPARATE_RELAYS: "separate relays need {count} names",
    Wrong.NAMES_OF_COMBINED_RELAYS: "relays that act as one have one name",
    Wrong.CONTACT_OF_COMBINED_RELAYS: "relays that act as one are relay 1",
    Wrong.INPUT_TWICE: "input {input} is there twice",
    Wrong.MODULE_TWICE: "two modules have the identifier {module}",
    Wrong.METER_TWICE: "meter {meter} is there twice",
    Wrong.TOPIC_TWICE: "topic {topic} stands for two things; {placeholder} in it makes it different for each module",
    Wrong.TOPIC_TAKEN: "something else is said on {topic}; choose another topic",
    Wrong.PAYLOAD_WITHOUT_STATE: "must contain {placeholder}, where the word goes",
    Wrong.RELAYS_NOT_APART: (
        "with the words ON and OFF for each relay, {placeholder} must stand in state_topic or value_path,"
        " and in command_topic or payload"
    ),
    Wrong.RELAYS_APART: "{placeholder} has no meaning where one word speaks of both relays, or both act as one",
    Wrong.INPUTS_NOT_APART: "{placeholder} must stand in state_topic or {field}, or all inputs would read the same",
    Wrong.NO_STATES_OF_CONTACTS: "{dialect} tells no states of contacts; take inputmodule, or override state_topic",
    Wrong.COUNTS_WITHOUT_TOPIC: "running counts need a state_topic",
    Wrong.OPEN_AND_CLOSED: "{word} cannot mean both closed and open",
}
"""What is said of each, after its place."""


class Problem(msgspec.Struct, frozen=True):
    """One mistake: what it is, where it is, and what its sentence wants to know."""

    wrong: Wrong
    place: tuple[Step, ...] = ()
    """From the tables down: `output_module`, 0, `relays`, 1. Empty: it is no single field's."""
    values: Mapping[str, str] = {}
    name: str = ""
    """Of the module, where it has a valid one."""

    @override
    def __str__(self) -> str:
        """Say it in English, with its place, counted from 1: `output_module 1 (Cellar), relays 2: is missing`."""
        sentence = SENTENCES[self.wrong].format_map(self.values)
        whose = f"{written(self.place[:2])} ({self.name})" if self.name else written(self.place[:2])
        place = ", ".join(filter(None, (whose, written(self.place[2:]))))
        return f"{place}: {sentence}" if place else sentence

    def within(self, kind: str, index: int, name: str) -> "Problem":
        """Return the same problem as that of a module: its place was seen from there."""
        return replace(self, place=(kind, index, *self.place), name=name)


def written(place: tuple[Step, ...]) -> str:
    """Return a place in words, counted from 1: `output_module 1, relays 2`."""
    return "".join(f" {step + 1}" if isinstance(step, int) else f", {step}" for step in place).removeprefix(", ")
