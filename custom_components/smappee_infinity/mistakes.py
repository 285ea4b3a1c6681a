"""What is wrong with declarations, in the language of the house, with the names that forms give to fields."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant

from . import texts
from ._vendor.smappee_gateway.errors import ModuleSettingsError
from ._vendor.smappee_gateway.module_settings import modules_of
from ._vendor.smappee_gateway.setting_problems import Problem, Step, written
from .declared import INPUT_MODULE, METER, OUTPUT_MODULE, Tables, tables
from .module_forms import Table, input_field, relay_field

PREFIX: Final = "setting_"
STEPS: Final = {OUTPUT_MODULE: "edit", INPUT_MODULE: "edit", METER: "meter"}
"""The form of each kind of table."""


def found(hass: HomeAssistant, entry: ConfigEntry, kind: str, table: Table, *, instead_of: str | None) -> str:
    """Say what is wrong with a table beside all others; empty: nothing. `instead_of`: the subentry that it replaces."""
    declared = tables(entry, without=instead_of)
    declared[kind] += [table]
    try:
        modules_of(declared, str(entry.unique_id))
    except ModuleSettingsError as error:
        return explained(hass, error.problems, declared)
    return ""


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
            return ", ".join(filter(None, (str(table.get(CONF_NAME, "")), *_labels(hass, kind, table, steps))))
        case _:
            return written(place)


def _labels(hass: HomeAssistant, kind: str, table: Mapping[str, Any], steps: list[Step]) -> list[str]:
    keys, inside = _in_form(table, steps)
    labels = [texts.text(hass, texts.FORMS, f"{kind}.step.{STEPS[kind]}.{key}") for key in keys]
    known = [label for label in labels if label is not None]
    return [*known, written(tuple(inside))] if len(known) == len(keys) else [written(tuple(steps))]


def _in_form(table: Mapping[str, Any], steps: list[Step]) -> tuple[list[str], list[Step]]:
    """Return the keys of the field in the form's texts, and the steps into what is written in it."""
    match steps:
        case ["relays", int(index)]:
            return [f"data.{relay_field(index + 1)}"], []
        case ["inputs", int(index), str(field)]:
            section = f"sections.{input_field(table['inputs'][index].get('input'))}"
            return [f"{section}.name", f"{section}.data.{field}"], []
        case ["override", *inside]:
            return ["sections.override.data.override"], inside
        case ["offset"]:
            return ["data.reading"], []
        case _:
            return [f"data.{step}" for step in steps], []
