"""Templates, paths and words: how a dialect says where something stands; and the presets agree with the documents."""

import json
from collections.abc import Mapping

import msgspec
import pytest

from mqtt_schema.dialects import FOUR_WORDS, INPUT_PRESETS, OUTPUT_PRESETS, InputDialect, OutputDialect
from mqtt_schema.quantities import Confidence
from mqtt_schema.templates import document_of, fill, pick, placeholders, word_of
from mqtt_schema.topics import Kind, parse
from mqtt_schema.wire.modules import InputModuleState, OutputModuleState

PRESETS: Mapping[str, OutputDialect | InputDialect] = {**OUTPUT_PRESETS, **INPUT_PRESETS}
DOCUMENT = {"value": "ON", "relays": [{"state": True}, {"state": 0}], "3": {"x": 1}}


def test_a_template_is_filled_and_the_braces_of_json_stay() -> None:
    template = '{"value":"{state}","of":{"module":"{module}"}}'
    assert placeholders(template) == {"state", "module"}
    filled = fill(template, {"state": "{module}", "module": "M1"})
    assert json.loads(filled) == {"value": "{module}", "of": {"module": "M1"}}


def test_a_placeholder_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        fill("plug/{modul}/state", {"module": "1"})


@pytest.mark.parametrize(
    ("path", "value"), [("value", "ON"), ("relays.0.state", True), ("relays.1.state", 0), ("3.x", 1), ("", DOCUMENT)]
)
def test_a_path_leads_through_keys_and_positions(path: str, value: object) -> None:
    assert pick(DOCUMENT, path) == value


@pytest.mark.parametrize("path", ["valu", "relays.2", "relays.-1", "relays.state", "value.0", "value.x.y", "relays."])
def test_a_path_that_leads_nowhere_is_an_error(path: str) -> None:
    with pytest.raises(KeyError):
        pick(DOCUMENT, path)


def test_without_a_path_the_payload_is_the_word() -> None:
    assert document_of(b"ON_OFF", "") == "ON_OFF"
    assert document_of(b'{"value":1}', "value") == {"value": 1}


@pytest.mark.parametrize(
    ("value", "word"), [(" On_Off ", "on_off"), ('"ON"', "on"), (True, "true"), (False, "false"), (1, "1"), (0, "0")]
)
def test_a_value_is_a_word(value: object, word: str) -> None:
    assert word_of(value) == word


@pytest.mark.parametrize("value", [None, 0.5, [], {}])
def test_other_values_are_no_words(value: object) -> None:
    with pytest.raises(ValueError, match="neither"):
        word_of(value)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_is_inferred_and_has_its_name(name: str) -> None:
    assert PRESETS[name].confidence is Confidence.INFERRED
    assert PRESETS[name].name == name


@pytest.mark.parametrize("name", sorted(OUTPUT_PRESETS))
@pytest.mark.parametrize(
    ("word", "states"),
    [("ON_ON", (True, True)), ("ON_OFF", (True, False)), ("OFF_ON", (False, True)), ("OFF_OFF", (False, False))],
)
def test_the_first_half_of_a_word_is_the_first_relay(name: str, word: str, states: tuple[bool, ...]) -> None:
    dialect = OUTPUT_PRESETS[name]
    assert dialect.is_joint
    assert dialect.word(states) == word
    assert dialect.states(word.lower()) == states


def test_one_state_stands_for_both_relays_where_words_speak_of_both() -> None:
    dialect = OUTPUT_PRESETS["outputmodule"]
    assert (dialect.word((True,)), dialect.word((False,))) == ("ON_ON", "OFF_OFF")


def test_a_word_that_says_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="ON_ON, ON_OFF, OFF_ON, OFF_OFF"):
        OUTPUT_PRESETS["plug"].states("on")
    with pytest.raises(ValueError, match="closed"):
        INPUT_PRESETS["inputmodule"].is_closed("ajar")


@pytest.mark.parametrize(
    ("template", "kind"),
    [
        (OUTPUT_PRESETS["outputmodule"].state_topic, Kind.OUTPUT_MODULE_STATE),
        (OUTPUT_PRESETS["outputmodule"].command_topic, Kind.OUTPUT_MODULE_SET_STATE),
        (OUTPUT_PRESETS["plug"].state_topic, Kind.PLUG_STATE),
        (OUTPUT_PRESETS["plug"].command_topic, Kind.PLUG_SET_STATE),
        (INPUT_PRESETS["inputmodule"].state_topic, Kind.INPUT_MODULE_STATE),
    ],
)
def test_the_topics_of_presets_are_in_the_table(template: str, kind: Kind) -> None:
    parsed = parse("servicelocation/uuid/" + fill(template, {"module": "M1"}))
    assert parsed is not None
    assert (parsed.kind, parsed.node) == (kind, "M1")


def test_the_payloads_of_presets_are_those_of_the_documents() -> None:
    dialect = OUTPUT_PRESETS["outputmodule"]
    payload = fill(dialect.payload, {"state": FOUR_WORDS[1]}).encode()
    assert msgspec.json.decode(payload, type=OutputModuleState).value == "ON_OFF"
    assert pick(document_of(payload, dialect.value_path), dialect.value_path) == "ON_OFF"

    inputs = INPUT_PRESETS["inputmodule"]
    payload = b'{"inputs":[{"state":"OPEN"},{"count":7}]}'
    assert [(input_.state, input_.count) for input_ in msgspec.json.decode(payload, type=InputModuleState).inputs] == [
        ("OPEN", None),
        (None, 7),
    ]
    document = document_of(payload, inputs.state_path)
    assert pick(document, fill(inputs.state_path, {"input": "0"})) == "OPEN"
    assert pick(document, fill(inputs.count_path, {"input": "1"})) == 7
