"""From a preset and what its user overrides to a dialect, and whether that dialect can work for its module."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from mqtt_schema.dialects import INPUT_PRESETS, OUTPUT_PRESETS, Counting, InputDialect, OutputDialect
from mqtt_schema.templates import placeholders
from mqtt_schema.topics import PREFIX, Kind, parse
from smappee_gateway.decoders.module_sources import source_topics
from smappee_gateway.modules import INPUTS, OUTPUTS, DeclaredInput, DeclaredOutput
from smappee_gateway.setting_problems import Problem, Step, Wrong

_MODULE_TREES = frozenset({None, Kind.OUTPUT_MODULE})
_STATE_KINDS = _MODULE_TREES | {Kind.PLUG_STATE, Kind.OUTPUT_MODULE_STATE, Kind.INPUT_MODULE_STATE}
_COMMAND_KINDS = _MODULE_TREES | {Kind.PLUG_SET_STATE, Kind.OUTPUT_MODULE_SET_STATE}


def output_dialect(preset: str, override: Mapping[str, object]) -> OutputDialect:
    """Return a preset with what is overridden; every field has been checked."""
    return msgspec.convert({**_fields(OUTPUT_PRESETS[preset]), **override}, OutputDialect)


def input_dialect(preset: str, override: Mapping[str, object]) -> InputDialect:
    """Return a preset with what is overridden; every field has been checked."""
    return msgspec.convert({**_fields(INPUT_PRESETS[preset]), **override}, InputDialect)


def state_topics_of_output(declared: DeclaredOutput) -> frozenset[str]:
    """Return where an Output module tells its state, below the service location."""
    dialect = declared.dialect
    topics = source_topics(dialect.state_topic, declared.module.id, "output", dialect.first_output, OUTPUTS)
    return frozenset(topics)


def command_topics(declared: DeclaredOutput) -> frozenset[str]:
    """Return where an Output module takes commands, below the service location."""
    dialect = declared.dialect
    topics = source_topics(dialect.command_topic, declared.module.id, "output", dialect.first_output, OUTPUTS)
    return frozenset(topics)


def state_topics_of_input(declared: DeclaredInput) -> frozenset[str]:
    """Return where an Input module tells its states and counts, below the service location."""
    dialect = declared.dialect
    return frozenset(source_topics(dialect.state_topic, declared.module.id, "input", dialect.first_input, INPUTS))


def output_problems(declared: DeclaredOutput) -> Iterator[Problem]:
    """Say why a dialect cannot work for an Output module."""
    dialect, is_combined = declared.dialect, len(declared.module.relays) == 1
    tells = "output" in placeholders(dialect.state_topic) | placeholders(dialect.value_path)
    takes = "output" in placeholders(dialect.command_topic) | placeholders(dialect.payload)
    if "state" not in placeholders(dialect.payload):
        yield Problem(Wrong.PAYLOAD_WITHOUT_STATE, ("override", "payload"), {"placeholder": "{state}"})
    if (dialect.is_joint or is_combined) and (tells or takes):
        yield Problem(Wrong.RELAYS_APART, ("override",), {"placeholder": "{output}"})
    if not dialect.is_joint and not is_combined and not (tells and takes):
        yield Problem(Wrong.RELAYS_NOT_APART, ("override",), {"placeholder": "{output}"})
    yield from _misplaced(("override", "state_topic"), state_topics_of_output(declared), _STATE_KINDS)
    yield from _misplaced(("override", "command_topic"), command_topics(declared), _COMMAND_KINDS)


def input_problems(declared: DeclaredInput) -> Iterator[Problem]:
    """Say why a dialect cannot work for an Input module."""
    module, dialect = declared.module, declared.dialect
    if module.contacts and not dialect.state_topic:
        yield Problem(Wrong.NO_STATES_OF_CONTACTS, ("dialect",), {"dialect": dialect.name})
    counts_itself = bool(module.meters) and dialect.counting is Counting.RUNNING
    if counts_itself and not dialect.state_topic:
        yield Problem(Wrong.COUNTS_WITHOUT_TOPIC, ("override",))
    if module.contacts and not _tells_inputs_apart(dialect, dialect.state_path):
        yield Problem(Wrong.INPUTS_NOT_APART, ("override",), {"placeholder": "{input}", "field": "state_path"})
    if counts_itself and not _tells_inputs_apart(dialect, dialect.count_path):
        yield Problem(Wrong.INPUTS_NOT_APART, ("override",), {"placeholder": "{input}", "field": "count_path"})
    shared = {word.lower() for word in dialect.closed_words} & {word.lower() for word in dialect.open_words}
    if shared:
        yield Problem(Wrong.OPEN_AND_CLOSED, ("override",), {"word": repr(min(shared))})
    yield from _misplaced(("override", "state_topic"), state_topics_of_input(declared), _STATE_KINDS)


def _tells_inputs_apart(dialect: InputDialect, path: str) -> bool:
    return not dialect.state_topic or "input" in placeholders(dialect.state_topic) | placeholders(path)


def _misplaced(place: tuple[Step, ...], topics: Iterable[str], allowed: frozenset[Kind | None]) -> Iterator[Problem]:
    """Name topics on which something else is said."""
    for topic in sorted(topics):
        parsed = parse(f"{PREFIX}/uuid/{topic}")
        if parsed is None or parsed.kind not in allowed:
            yield Problem(Wrong.TOPIC_TAKEN, place, {"topic": repr(topic)})


def _fields(preset: OutputDialect | InputDialect) -> dict[str, object]:
    return msgspec.convert(msgspec.to_builtins(preset), dict[str, object])
