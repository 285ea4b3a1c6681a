"""What people write about their modules: understood, or explained place by place."""

import math
from pathlib import Path

import pytest

from mqtt_schema.dialects import Counting
from mqtt_schema.quantities import Medium
from smappee_gateway.errors import ModuleFileError, ModuleSettingsError
from smappee_gateway.module_settings import load_modules, modules_of
from smappee_gateway.modules import Modules
from tests import genius, modules, plus

TWO_WORDS = {"ON": "1", "OFF": "0"}
APART = {"state_topic": "out/{module}/{output}", "command_topic": "out/{module}/{output}/set", "words": TWO_WORDS}


def problems(*tables: dict[str, object], serial: str = genius.SERIAL) -> tuple[str, ...]:
    """What is said against these tables."""
    written = {
        "output_module": [table for table in tables if "inputs" not in table],
        "input_module": [table for table in tables if "inputs" in table],
    }
    with pytest.raises(ModuleSettingsError) as caught:
        modules_of(written, serial)
    said = tuple(map(str, caught.value.problems))
    assert str(caught.value) == "\n".join(said)
    return said


def test_nothing_written_is_no_module() -> None:
    assert modules_of({}) == Modules()


def test_a_module_needs_its_number_and_a_name() -> None:
    declared = modules_of({"output_module": [{"id": 5600001234, "name": " Cellar "}]}).outputs[0]
    module = declared.module
    assert (module.id, module.name, module.tried, module.joint) == ("5600001234", "Cellar", False, True)
    assert [(relay.id, relay.name) for relay in module.relays] == [
        ("5600001234_0", "Cellar 1"),
        ("5600001234_1", "Cellar 2"),
    ]
    assert declared.dialect.state_topic == "outputmodule/{module}/state"


def test_combined_relays_are_one() -> None:
    (declared,) = modules.declared(modules.output(combined=True, relays=[])).outputs
    assert [(relay.id, relay.name) for relay in declared.module.relays] == [(modules.BOILER, "Cellar")]


def test_inputs_are_counted_from_1_by_people() -> None:
    (declared,) = modules.declared(modules.inputs()).inputs
    module = declared.module
    assert [(meter.id, meter.name, meter.medium, meter.unit, meter.pulses_per_unit) for meter in module.meters] == [
        (modules.WATER, "Garden", Medium.WATER, "m3", 1000),
        (modules.POWER, "Car", Medium.ELECTRICITY, "kWh", 500),
    ]
    assert [(contact.id, contact.name, contact.normally_closed) for contact in module.contacts] == [
        (modules.DOOR, "Door", False),
        (modules.TARIFF, "Tariff", True),
    ]


def test_pulses_have_the_usual_unit_of_what_they_count_unless_another_is_given() -> None:
    pulses = {"kind": "pulse", "name": "Meter", "pulses_per_unit": 100}
    media = ({"medium": "gas"}, {"medium": "electricity"}, {"medium": "other"}, {"medium": "water", "unit": "l"})
    inputs = [{"input": number, **pulses, **medium} for number, medium in enumerate(media, 1)]
    (declared,) = modules_of({"input_module": [{"id": "1", "name": "Meters", "inputs": inputs}]}).inputs
    assert [meter.unit for meter in declared.module.meters] == ["m3", "kWh", "", "l"]
    assert (declared.dialect.name, declared.module.in_intervals) == ("gas_water", True)


def test_any_field_of_a_dialect_can_be_overridden() -> None:
    output = modules.output(override={**APART, "payload": '{"on":{state}}', "value_path": "", "first_output": 0})
    inputs = modules.inputs(override={"counting": "intervals", "closed_words": ["zu", 1], "open_words": ["auf", False]})
    declared = modules.declared(output, inputs)
    dialect = declared.outputs[0].dialect
    assert (dialect.name, dialect.first_output, dialect.word((True,)), dialect.is_joint) == (
        "outputmodule",
        0,
        "1",
        False,
    )
    assert (declared.inputs[0].dialect.counting, declared.inputs[0].dialect.open_words) == (
        Counting.INTERVALS,
        ("auf", "false"),
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "output_module 1, name: must be a text of 1 to 200 letters, not ''"),
        ({"name": "x" * 201}, f"name: must be a text of 1 to 200 letters, not '{'x' * 59}…"),
        ({"id": "a/b"}, "output_module 1, id: must be what stands in the topic"),
        ({"id": True}, "output_module 1, id: must be what stands in the topic"),
        ({"dialekt": "plug"}, "output_module 1, dialekt: no such field; there are: id, name, dialect, combined"),
        ({"dialect": "plugs"}, "output_module 1, dialect: must be one of: outputmodule, plug, not 'plugs'"),
        ({"tried": "yes"}, "output_module 1, tried: must be true or false, not 'yes'"),
        ({"relays": ["a", "b", "c"]}, "output_module 1, relays: must be a list of at most 2"),
        ({"relays": ["a", 7]}, "output_module 1, relays 2: must be a text"),
        ({"relays": ["one"]}, "output_module 1 (Cellar), relays: separate relays need 2 names"),
        ({"combined": True}, "output_module 1 (Cellar), relays: relays that act as one have one name"),
        ({"override": []}, "output_module 1, override: must be a table with the fields state_topic"),
        ({"override": {1: "a"}}, "output_module 1, override: must be a table with the fields state_topic"),
        ({"override": {"state_topic": "a/#"}}, "override, state_topic: must be a topic below that of the service"),
        ({"override": {"state_topic": "+/{module}"}}, "override, state_topic: must be a topic below that of the"),
        ({"override": {"state_topic": "a//{module}"}}, "override, state_topic: must be a topic below that of the"),
        ({"override": {"state_topic": "a/{modul}"}}, "no such placeholder: {modul}; there are: {module}, {output}"),
        ({"override": {"value_path": "a b"}}, "override, value_path: must be a path such as value or relays.0.state"),
        ({"override": {"payload": "ON"}}, "payload: must contain {state}, where the word goes"),
        ({"override": {"first_output": 10}}, "override, first_output: must be a whole number from 0 to 9, not 10"),
        ({"override": {"first_output": True}}, "override, first_output: must be a whole number from 0 to 9, not True"),
        ({"override": {"words": {"ON": "a"}}}, "override, words: must give a word for each of ON_ON"),
        ({"override": {"words": {"ON": "a", "OFF": "A"}}}, "must give each state a word of its own"),
        ({"override": {"words": TWO_WORDS}}, "override: with the words ON and OFF for each relay, {output} must stand"),
        ({"override": {"value_path": "relays.{output}"}}, "override: {output} has no meaning where one word speaks"),
        ({"override": {"state_topic": "realtime"}}, "state_topic: something else is said on 'realtime'"),
        ({"override": {"command_topic": "plug/{module}/state"}}, "command_topic: something else is said on"),
        ({"override": {"command_topic": "outputmodule/{module}/state"}}, "stands for two things"),
    ],
)
def test_what_is_wrong_with_an_output_module_is_said_with_its_place(fields: dict[str, object], said: str) -> None:
    found = problems(modules.output(**fields))
    assert any(said in problem for problem in found), found


PULSE = {"input": 1, "kind": "pulse", "name": "Garden", "medium": "water", "pulses_per_unit": 1000}
DOOR = {"input": 3, "kind": "contact", "name": "Door"}
RUNNING = {"counting": "running", "count_path": "{input}"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"inputs": "all"}, "input_module 1, inputs: must be a list of at most 4"),
        ({"inputs": [7]}, "input_module 1, inputs 1: must be a table whose kind is pulse or contact"),
        ({"inputs": [{**PULSE, "kind": "puls"}]}, "input_module 1, inputs 1: must be a table whose kind is pulse or"),
        (
            {"inputs": [DOOR, {**PULSE, "input": 5}]},
            "input_module 1, inputs 2, input: must be a whole number from 1 to 4",
        ),
        (
            {"inputs": [{**PULSE, "pulses_per_unit": 0}]},
            "pulses_per_unit: must be a number from 0.001 to 1000000, not 0",
        ),
        ({"inputs": [{**PULSE, "pulses_per_unit": True}]}, "must be a number from 0.001 to 1000000, not True"),
        ({"inputs": [{**PULSE, "pulses_per_unit": math.nan}]}, "must be a number from 0.001 to 1000000, not nan"),
        (
            {"inputs": [{**PULSE, "medium": "beer"}]},
            "medium: must be one of: gas, water, electricity, heat, steam, air, other, not 'beer'",
        ),
        ({"inputs": [{"input": 1, "kind": "contact"}]}, "input_module 1, inputs 1, name: is missing"),
        ({"inputs": [DOOR, {**DOOR, "name": "Gate"}]}, "input_module 1 (Meters), inputs: input 3 is there twice"),
        (
            {"dialect": "gas_water", "inputs": [DOOR]},
            "dialect: gas_water tells no states of contacts; take inputmodule",
        ),
        ({"dialect": "gas_water", "inputs": [PULSE], "override": RUNNING}, "running counts need a state_topic"),
        ({"override": {"state_topic": "sensorConfig"}}, "state_topic: something else is said on 'sensorConfig'"),
        ({"override": {"state_path": "state"}}, "{input} must stand in state_topic or state_path"),
        ({"override": {"count_path": "count"}}, "{input} must stand in state_topic or count_path"),
        ({"override": {"open_words": ["Closed"]}}, "override: 'closed' cannot mean both closed and open"),
        ({"override": {"closed_words": [None]}}, "closed_words 1: must be a word of letters"),
    ],
)
def test_what_is_wrong_with_an_input_module_is_said_with_its_place(fields: dict[str, object], said: str) -> None:
    found = problems(modules.inputs(**fields))
    assert any(said in problem for problem in found), found


def test_all_that_is_wrong_is_said_at_once() -> None:
    said = problems(modules.output(name="", tried=1), modules.inputs(dialect="x"))
    assert [problem.partition(":")[0] for problem in said] == [
        "output_module 1, name",
        "output_module 1, tried",
        "input_module 1, dialect",
    ]


def test_a_table_in_single_brackets_is_told_how_tables_are_written() -> None:
    with pytest.raises(ModuleSettingsError) as caught:
        modules_of({"output_module": modules.output()})
    said = "output_module: must be tables, [[output_module]], [[input_module]] or [[meter]], at most 100; not {'id'"
    assert str(caught.value).startswith(said)


def test_two_modules_cannot_have_one_number_or_one_topic() -> None:
    said = problems(modules.output(), modules.output(name="Attic"))
    assert f"two modules have the identifier {modules.OUTPUT}" in said
    assert any(problem.startswith(f"topic outputmodule/{modules.OUTPUT}/state stands for two") for problem in said)


def test_a_gateway_has_ten_modules_at_most() -> None:
    tables = [modules.output(id=str(number), name=str(number)) for number in range(11)]
    assert problems(*tables) == ("11 modules: a gateway has at most 10 Input and Output modules together",)
    assert len(modules.declared(*tables[:10]).outputs) == 10


def test_only_a_genius_has_modules() -> None:
    (said,) = problems(modules.output(), serial=plus.SERIAL)
    assert said.startswith(f"gateway {plus.SERIAL}: Input and Output modules need a Gateway Module Advanced (Genius)")


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "modules.toml"
    file.write_text('[[output_module]]\nid = "5600001234"\nname = "Cellar"\n')
    assert [declared.module.name for declared in load_modules(file).outputs] == ["Cellar"]


def test_a_file_that_cannot_be_read_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ModuleFileError, match=r"nowhere\.toml cannot be read: No such file or directory"):
        load_modules(tmp_path / "nowhere.toml")
    file = tmp_path / "modules.toml"
    for content in (b"[[output_module", b"\xff\xfe"):
        file.write_bytes(content)
        with pytest.raises(ModuleFileError, match=r"modules\.toml is not TOML: "):
            load_modules(file)


def test_relays_with_an_nc_contact_are_counted_from_1() -> None:
    (declared,) = modules.declared(modules.output(normally_closed=[2])).outputs
    assert [relay.normally_closed for relay in declared.module.relays] == [False, True]
    assert problems(modules.output(normally_closed=[3])) == (
        "output_module 1, normally_closed 1: must be a whole number from 1 to 2, not 3",
    )
    assert problems(modules.output(combined=True, relays=[], normally_closed=[2])) == (
        "output_module 1 (Cellar), normally_closed: relays that act as one are relay 1",
    )
