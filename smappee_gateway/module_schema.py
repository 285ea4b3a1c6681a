"""What people may write about modules and meters: the fields, and what each may be."""

from collections.abc import Iterable, Mapping

import msgspec
import voluptuous as vol

from mqtt_schema.dialects import INPUT_PRESETS, OUTPUT_PRESETS, Counting
from mqtt_schema.quantities import Medium
from smappee_gateway.errors import ModuleSettingsError
from smappee_gateway.modules import INPUTS, OUTPUTS
from smappee_gateway.pulse_meters import FEWEST_PULSES_PER_UNIT, MOST_PULSES_PER_UNIT
from smappee_gateway.setting_checks import (
    YES_OR_NO,
    Refused,
    identifier,
    list_of,
    needed,
    number,
    one_of,
    path,
    problem,
    shown,
    table,
    template,
    text,
    topic,
    whole,
    word,
    words_of_states,
)
from smappee_gateway.setting_problems import Step, Wrong

HIGHEST_FIRST = 9
HIGHEST_READING = 1e9
MOST_WORDS = 20
MOST_TABLES = 100
"""More modules than a gateway can have are told as such."""


class OutputSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What is written about an Output module; valid field by field."""

    id: str
    name: str
    dialect: str
    combined: bool
    relays: tuple[str, ...]
    normally_closed: tuple[int, ...]
    """The relays, from 1, whose loads hang on the NC contact."""
    tried: bool
    override: dict[str, object]


class PulseSettings(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="pulse"):
    """What is written about an input that counts pulses."""

    input: int
    name: str
    medium: Medium
    pulses_per_unit: float
    unit: str | None = None


class ContactSettings(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="contact"):
    """What is written about an input that shows a state."""

    input: int
    name: str
    normally_closed: bool


class InputSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What is written about an Input module; valid field by field."""

    id: str
    name: str
    dialect: str
    inputs: tuple[PulseSettings | ContactSettings, ...]
    override: dict[str, object]


class MeterSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What is written about a meter, whoever lists it."""

    id: str
    name: str | None = None
    medium: Medium | None = None
    unit: str | None = None
    pulses_per_unit: float | None = None
    offset: float | None = None


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is written about modules and meters."""

    output_module: tuple[OutputSettings, ...]
    input_module: tuple[InputSettings, ...]
    meter: tuple[MeterSettings, ...]


def read_settings(written: Mapping[str, object]) -> Settings:
    """Return what is written; raises ModuleSettingsError with all that is wrong with the fields."""
    try:
        return msgspec.convert(_SETTINGS(dict(written)), Settings)
    except vol.MultipleInvalid as errors:
        raise ModuleSettingsError(problem(error, _place(error.path)) for error in errors.errors) from errors


def _place(path: Iterable[object]) -> tuple[Step, ...]:
    """Return where a field is, as voluptuous tells it."""
    return tuple(step if isinstance(step, int) else str(step) for step in path)


_OUTPUT_OVERRIDE = table(
    {
        vol.Optional("state_topic"): topic("module", "output"),
        vol.Optional("command_topic"): topic("module", "output"),
        vol.Optional("payload"): template("state", "module", "output"),
        vol.Optional("value_path"): path("output"),
        vol.Optional("words"): words_of_states,
        vol.Optional("first_output"): whole(0, HIGHEST_FIRST),
    }
)
_INPUT_OVERRIDE = table(
    {
        vol.Optional("counting"): one_of(Counting),
        vol.Optional("state_topic"): topic("module", "input"),
        vol.Optional("state_path"): path("input"),
        vol.Optional("count_path"): path("input"),
        vol.Optional("closed_words"): list_of(word, MOST_WORDS),
        vol.Optional("open_words"): list_of(word, MOST_WORDS),
        vol.Optional("first_input"): whole(0, HIGHEST_FIRST),
    }
)
_OUTPUT = table(
    {
        needed("id"): identifier,
        needed("name"): text,
        vol.Optional("dialect", default="outputmodule"): one_of(OUTPUT_PRESETS),
        vol.Optional("combined", default=False): YES_OR_NO,
        vol.Optional("relays", default=list): list_of(text, OUTPUTS),
        vol.Optional("normally_closed", default=list): list_of(whole(1, OUTPUTS), OUTPUTS),
        vol.Optional("tried", default=False): YES_OR_NO,
        vol.Optional("override", default=dict): _OUTPUT_OVERRIDE,
    }
)
_KINDS: Mapping[str, vol.Schema] = {
    "pulse": table(
        {
            needed("kind"): str,
            needed("input"): whole(1, INPUTS),
            needed("name"): text,
            needed("medium"): one_of(Medium),
            needed("pulses_per_unit"): number(FEWEST_PULSES_PER_UNIT, MOST_PULSES_PER_UNIT),
            vol.Optional("unit"): text,
        }
    ),
    "contact": table(
        {
            needed("kind"): str,
            needed("input"): whole(1, INPUTS),
            needed("name"): text,
            vol.Optional("normally_closed", default=False): YES_OR_NO,
        }
    ),
}


def _input(value: object) -> object:
    """Check one input by its kind."""
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        raise Refused(Wrong.NOT_AN_INPUT, value=shown(value))
    return _KINDS[kind](value)


_INPUT = table(
    {
        needed("id"): identifier,
        needed("name"): text,
        vol.Optional("dialect", default="gas_water"): one_of(INPUT_PRESETS),
        needed("inputs"): list_of(_input, INPUTS),
        vol.Optional("override", default=dict): _INPUT_OVERRIDE,
    }
)
_METER = table(
    {
        needed("id"): identifier,
        vol.Optional("name"): text,
        vol.Optional("medium"): one_of(Medium),
        vol.Optional("unit"): text,
        vol.Optional("pulses_per_unit"): number(FEWEST_PULSES_PER_UNIT, MOST_PULSES_PER_UNIT),
        vol.Optional("offset"): number(-HIGHEST_READING, HIGHEST_READING),
    }
)
_TABLES = "[[output_module]], [[input_module]] or [[meter]]"
_SETTINGS = table(
    {
        vol.Optional("output_module", default=list): list_of(_OUTPUT, MOST_TABLES, Wrong.NOT_TABLES, allowed=_TABLES),
        vol.Optional("input_module", default=list): list_of(_INPUT, MOST_TABLES, Wrong.NOT_TABLES, allowed=_TABLES),
        vol.Optional("meter", default=list): list_of(_METER, MOST_TABLES, Wrong.NOT_TABLES, allowed=_TABLES),
    }
)
