"""What is wrong with declarations, in the language of the house, with the names that forms give to fields."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant

from . import texts
from ._vendor.smappee_gateway.setting_problems import Problem, Step, written

PREFIX: Final = "setting_"
STEPS: Final = {"output_module": "edit", "input_module": "edit", "meter": "meter"}
"""The form of each kind of table."""

type Tables = Mapping[str, Sequence[Mapping[str, Any]]]


def explained(hass: HomeAssistant, problems: Iterable[Problem], tables: Tables) -> str:
    """Return a line for each problem with these tables; with a mark, as some pages show all lines as one."""
    return "\n".join(f"• {_line(hass, problem, tables)}" for problem in problems)


def _line(hass: HomeAssistant, problem: Problem, tables: Tables) -> str:
    sentence = texts.message(hass, f"{PREFIX}{problem.wrong}").format_map(problem.values)
    place = _place(hass, problem.place, tables)
    return f"{place}: {sentence}" if place else sentence


def _place(hass: HomeAssistant, place: tuple[Step, ...], tables: Tables) -> str:
    """Return whose field it is, and what the form calls it; what stands in no form is called as it is written."""
    match place:
        case (str(kind), int(index), *steps):
            table = tables[kind][index]
            form = f"{kind}.step.{STEPS[kind]}"
            labels = (
                texts.text(hass, texts.FORMS, f"{form}.{key}") or written((as_written,))
                for key, as_written in _fields(table, steps)
            )
            return ", ".join(filter(None, (table.get(CONF_NAME), *labels)))
        case _:
            return written(place)


def _fields(table: Mapping[str, Any], steps: list[Step]) -> Iterable[tuple[str, Step]]:
    """Return the keys in the form's texts of the steps into a table, and the steps."""
    match steps:
        case ["relays", int(index)]:
            return [(f"data.relay_{index + 1}", steps[0])]
        case ["inputs", int(index), str(field)]:
            section = f"sections.input_{table['inputs'][index].get('input')}"
            return [(f"{section}.name", "inputs"), (f"{section}.data.{field}", field)]
        case ["override", *inside]:
            return [("sections.override.data.override", "override"), *(("", step) for step in inside)]
        case ["offset"]:
            return [("data.reading", "offset")]
        case _:
            return [(f"data.{step}", step) for step in steps]
