"""The examples of docs/modules.md are what the program reads."""

import re
import tomllib
from pathlib import Path

import pytest

from mqtt_schema.dialects import INPUT_PRESETS, OUTPUT_PRESETS
from smappee_gateway.module_settings import modules_of
from tests import genius

GUIDE = (Path(__file__).parents[2] / "docs" / "modules.md").read_text()
EXAMPLES = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_can_be_used_as_it_stands(example: str) -> None:
    modules = modules_of(tomllib.loads(example), genius.SERIAL)
    assert len(modules.outputs) + len(modules.inputs) + len(modules.meters) == 1


def test_there_is_an_example_for_each_way_to_use_a_module() -> None:
    modules = [modules_of(tomllib.loads(example)) for example in EXAMPLES]
    outputs = [output for each in modules for output in each.outputs]
    assert {len(output.module.relays) for output in outputs} == {1, 2}
    assert {output.module.joint for output in outputs} == {True, False}
    assert {output.dialect.name for output in outputs} == set(OUTPUT_PRESETS)
    assert {inputs.dialect.name for each in modules for inputs in each.inputs} == set(INPUT_PRESETS)


def test_every_preset_is_described() -> None:
    for name in (*OUTPUT_PRESETS, *INPUT_PRESETS):
        assert f"`{name}` |" in GUIDE
