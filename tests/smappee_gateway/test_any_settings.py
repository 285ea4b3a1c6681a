"""Whatever is written about modules: it is understood, or it is said in whole sentences what is wrong."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from smappee_gateway.errors import ModuleSettingsError
from smappee_gateway.module_settings import modules_of
from smappee_gateway.setting_problems import Problem
from tests import genius, modules, plus

FIELDS = ("id", "name", "dialect", "combined", "relays", "normally_closed", "tried", "override", "inputs", "input")
FIELDS_OF_INPUTS = ("kind", "medium", "unit", "pulses_per_unit", "offset")
FIELDS_OF_DIALECTS = ("state_topic", "command_topic", "payload", "value_path", "words", "first_output", "counting")
WORDS = ("{module}/{output}", "{state}", "{input}", "a/#", "outputmodule", "plug", "pulse", "contact", "gas")
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=300), st.sampled_from((*WORDS, *FIELDS))
)
written_fields = st.sampled_from((*FIELDS, *FIELDS_OF_INPUTS, *FIELDS_OF_DIALECTS))
names = st.one_of(written_fields, st.integers(), st.text(max_size=3))
anything = st.recursive(
    scalars,
    lambda inside: st.one_of(st.lists(inside, max_size=5), st.dictionaries(names, inside, max_size=5)),
    max_leaves=20,
)


def changed(table: dict[str, object]) -> st.SearchStrategy[dict[str, object]]:
    """Return what may work, with a field that is anything, and another dialect."""
    fields = st.dictionaries(st.sampled_from(tuple(table)), anything, max_size=1)
    override = st.dictionaries(st.sampled_from(FIELDS_OF_DIALECTS), st.one_of(scalars, st.lists(scalars)), max_size=2)
    return st.builds(lambda some, dialect: {**table, "override": dialect, **some}, fields, override)


tables = st.fixed_dictionaries(
    {},
    optional={
        "output_module": st.one_of(anything, st.lists(changed(modules.output()), max_size=3)),
        "input_module": st.one_of(anything, st.lists(changed(modules.inputs()), max_size=3)),
        "meter": st.one_of(anything, st.lists(changed({"id": modules.WATER}), max_size=3)),
        "modules": anything,
    },
)


def problems(written: Mapping[str, object], serial: str) -> tuple[Problem, ...]:
    try:
        modules_of(written, serial)
    except ModuleSettingsError as error:
        return error.problems
    return ()


@given(written=tables, serial=st.sampled_from(("", genius.SERIAL, plus.SERIAL)))
def test_it_is_understood_or_explained(written: Mapping[str, object], serial: str) -> None:
    for problem in problems(written, serial):
        assert str(problem)
        assert problem.place == () or problem.place[0] in written
