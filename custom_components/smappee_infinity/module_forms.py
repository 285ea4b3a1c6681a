"""The forms in which modules are declared, and the tables of docs/modules.md that they stand for."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import probatio
from homeassistant.const import CONF_ID, CONF_NAME
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    ObjectSelector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from ._vendor.mqtt_schema.dialects import INPUT_PRESETS, OUTPUT_PRESETS
from ._vendor.mqtt_schema.quantities import Medium
from ._vendor.smappee_gateway.module_settings import UNITS
from ._vendor.smappee_gateway.modules import INPUTS, OUTPUTS

CONF_DIALECT: Final = "dialect"
CONF_COMBINED: Final = "combined"
CONF_RELAYS: Final = "relays"
CONF_NORMALLY_CLOSED: Final = "normally_closed"
CONF_TRIED: Final = "tried"
CONF_OVERRIDE: Final = "override"
CONF_INPUTS: Final = "inputs"
CONF_KIND: Final = "kind"
CONF_MEDIUM: Final = "medium"
CONF_UNIT: Final = "unit"
CONF_PULSES_PER_UNIT: Final = "pulses_per_unit"
UNUSED, PULSE, CONTACT = "unused", "pulse", "contact"
KNOWN_UNITS: Final = ("m3", "L", "kWh", "Wh", "MWh", "MJ", "GJ", "kg", "t")
USUAL_PULSES_PER_UNIT: Final = 1000

type Input = Mapping[str, Any]
"""What a form gives back."""
type Table = dict[str, Any]
"""What a subentry keeps."""

MEDIUM_SELECTOR: Final = SelectSelector(
    SelectSelectorConfig(options=list(Medium), translation_key=CONF_MEDIUM, mode=SelectSelectorMode.DROPDOWN)
)
UNIT_SELECTOR: Final = SelectSelector(
    SelectSelectorConfig(options=list(KNOWN_UNITS), custom_value=True, mode=SelectSelectorMode.DROPDOWN)
)
PULSES_SELECTOR: Final = NumberSelector(NumberSelectorConfig(min=0.001, step="any", mode=NumberSelectorMode.BOX))


def output_schema(seen: Iterable[str]) -> probatio.Schema:
    """Return the form of an Output module; `seen`: identifiers to offer."""
    fields: dict[probatio.Marker, object] = {
        **_identity(seen, OUTPUT_PRESETS),
        probatio.Required(CONF_COMBINED, default=False): BooleanSelector(),
    }
    for number in range(1, OUTPUTS + 1):
        fields[probatio.Optional(relay_field(number))] = TextSelector()
        fields[probatio.Required(_contact_of(number), default=False)] = BooleanSelector()
    return probatio.Schema({**fields, **_override()})


def output_table(form: Input) -> Table:
    """Return the table of an Output module. Nobody has tried it yet."""
    numbers = range(1, OUTPUTS + 1)
    names = [form.get(relay_field(number), "").strip() or f"{form[CONF_NAME].strip()} {number}" for number in numbers]
    contacts = [number for number in numbers if form[_contact_of(number)]]
    return {
        **_told(form),
        CONF_COMBINED: form[CONF_COMBINED],
        CONF_RELAYS: [] if form[CONF_COMBINED] else names,
        CONF_NORMALLY_CLOSED: [number for number in contacts if number == 1 or not form[CONF_COMBINED]],
        CONF_TRIED: False,
    }


def output_form(table: Table) -> Input:
    """Return the form of a table."""
    names = {relay_field(number): name for number, name in enumerate(table[CONF_RELAYS], start=1)}
    contacts = {_contact_of(number): True for number in table[CONF_NORMALLY_CLOSED]}
    return {**table, **names, **contacts, CONF_OVERRIDE: {CONF_OVERRIDE: table[CONF_OVERRIDE]}}


def input_schema(seen: Iterable[str]) -> probatio.Schema:
    """Return the form of an Input module; `seen`: identifiers to offer."""
    kinds = SelectSelectorConfig(options=[UNUSED, PULSE, CONTACT], translation_key="input_kind")
    fields = {
        probatio.Required(CONF_KIND, default=UNUSED): SelectSelector(kinds),
        probatio.Optional(CONF_NAME): TextSelector(),
        probatio.Required(CONF_MEDIUM, default=Medium.WATER.value): MEDIUM_SELECTOR,
        probatio.Optional(CONF_UNIT): UNIT_SELECTOR,
        probatio.Required(CONF_PULSES_PER_UNIT, default=USUAL_PULSES_PER_UNIT): PULSES_SELECTOR,
        probatio.Required(CONF_NORMALLY_CLOSED, default=False): BooleanSelector(),
    }
    inputs = {
        probatio.Required(input_field(number)): section(probatio.Schema(fields), {"collapsed": number > 1})
        for number in range(1, INPUTS + 1)
    }
    return probatio.Schema({**_identity(seen, INPUT_PRESETS), **inputs, **_override()})


def input_table(form: Input) -> Table:
    """Return the table of an Input module; inputs that are not used do not stand in it."""
    numbered = ((number, form[input_field(number)]) for number in range(1, INPUTS + 1))
    inputs = [
        _input_table(number, of_input, f"{form[CONF_NAME].strip()} {number}")
        for number, of_input in numbered
        if of_input[CONF_KIND] != UNUSED
    ]
    return {**_told(form), CONF_INPUTS: inputs}


def input_form(table: Table) -> Input:
    """Return the form of a table."""
    inputs = {input_field(of_input["input"]): of_input for of_input in table[CONF_INPUTS]}
    return {**table, **inputs, CONF_OVERRIDE: {CONF_OVERRIDE: table[CONF_OVERRIDE]}}


def _input_table(number: int, form: Input, name: str) -> Table:
    kind = form[CONF_KIND]
    table = {"input": number, CONF_KIND: kind, CONF_NAME: form.get(CONF_NAME, "").strip() or name}
    if kind == CONTACT:
        return {**table, CONF_NORMALLY_CLOSED: form[CONF_NORMALLY_CLOSED]}
    medium = Medium(form[CONF_MEDIUM])
    table |= {CONF_MEDIUM: medium.value, CONF_PULSES_PER_UNIT: form[CONF_PULSES_PER_UNIT]}
    unit = form.get(CONF_UNIT, "").strip() or UNITS[medium]
    return {**table, CONF_UNIT: unit} if unit else table


def _identity(seen: Iterable[str], presets: Iterable[str]) -> dict[probatio.Marker, object]:
    ids = SelectSelectorConfig(options=sorted(seen), custom_value=True, mode=SelectSelectorMode.DROPDOWN)
    names = list(presets)
    dialects = SelectSelectorConfig(options=names, translation_key="dialect", mode=SelectSelectorMode.LIST)
    return {
        probatio.Required(CONF_ID): SelectSelector(ids),
        probatio.Required(CONF_NAME): TextSelector(),
        probatio.Required(CONF_DIALECT, default=names[0]): SelectSelector(dialects),
    }


def _override() -> dict[probatio.Marker, object]:
    fields = probatio.Schema({probatio.Optional(CONF_OVERRIDE): ObjectSelector()})
    return {probatio.Required(CONF_OVERRIDE): section(fields, {"collapsed": True})}


def _told(form: Input) -> Table:
    return {
        CONF_ID: form[CONF_ID].strip(),
        CONF_NAME: form[CONF_NAME].strip(),
        CONF_DIALECT: form[CONF_DIALECT],
        CONF_OVERRIDE: form[CONF_OVERRIDE].get(CONF_OVERRIDE) or {},
    }


def relay_field(number: int) -> str:
    """Return the name of the field that names a relay, from 1."""
    return f"relay_{number}"


def _contact_of(number: int) -> str:
    return f"normally_closed_{number}"


def input_field(number: int) -> str:
    """Return the name of the section of an input, from 1."""
    return f"input_{number}"
