"""What people write about their modules becomes `Modules`; what is wrong is said all at once, field by field.

The same settings may come from a file in TOML, from JSON or from a user interface (docs/modules.md).
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from mqtt_schema.accessories import Contact, InputModule, Meter, OutputModule, Relay
from mqtt_schema.dialects import Counting
from mqtt_schema.quantities import Medium
from smappee_gateway.dialect_settings import (
    command_topics,
    input_dialect,
    input_problems,
    output_dialect,
    output_problems,
    state_topics_of_input,
    state_topics_of_output,
)
from smappee_gateway.errors import ModuleFileError, ModuleSettingsError
from smappee_gateway.module_schema import (
    ContactSettings,
    InputSettings,
    OutputSettings,
    PulseSettings,
    Settings,
    read_settings,
)
from smappee_gateway.modules import MOST_MODULES, OUTPUTS, DeclaredInput, DeclaredMeter, DeclaredOutput, Modules
from smappee_gateway.setting_problems import Problem, Wrong

GENIUS_PREFIX = "50"
UNITS: Mapping[Medium, str] = {
    Medium.GAS: "m3",
    Medium.WATER: "m3",
    Medium.ELECTRICITY: "kWh",
    Medium.HEAT: "kWh",
    Medium.STEAM: "kg",
    Medium.AIR: "m3",
    Medium.OTHER: "",
}
"""In what a meter counts when its owner names no unit."""


def load_modules(file: Path, serial: str = "") -> Modules:
    """Read modules from a TOML file; raises ModuleFileError or ModuleSettingsError.

    `serial` is that of the gateway, when it is known.
    """
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModuleFileError(f"{file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ModuleFileError(f"{file} is not TOML: {error}") from error
    return modules_of(written, serial)


def modules_of(written: Mapping[str, object], serial: str = "") -> Modules:
    """Return the modules that are written down; raises ModuleSettingsError with every problem there is."""
    settings = read_settings(written)
    modules = Modules(
        outputs=tuple(map(_output, settings.output_module)),
        inputs=tuple(map(_input, settings.input_module)),
        meters=tuple(DeclaredMeter(**msgspec.structs.asdict(meter)) for meter in settings.meter),
    )
    problems = [*_at_this_gateway(modules, serial), *_one_by_one(settings, modules), *_together(modules)]
    if problems:
        raise ModuleSettingsError(problems)
    return modules


def _output(settings: OutputSettings) -> DeclaredOutput:
    dialect = output_dialect(settings.dialect, settings.override)
    names = settings.relays or _relay_names(settings)
    relays = (
        Relay(
            id=f"{settings.id}_{output}",
            name=name,
            module=settings.id,
            output=output,
            normally_closed=output + 1 in settings.normally_closed,
        )
        for output, name in enumerate(names)
    )
    module = OutputModule(
        id=settings.id, name=settings.name, relays=tuple(relays), joint=dialect.is_joint, tried=settings.tried
    )
    return DeclaredOutput(module=module, dialect=dialect)


def _relay_names(settings: OutputSettings) -> tuple[str, ...]:
    """Return the names of relays that have none of their own."""
    if settings.combined:
        return (settings.name,)
    return tuple(f"{settings.name} {output}" for output in range(1, OUTPUTS + 1))


def _input(settings: InputSettings) -> DeclaredInput:
    dialect = input_dialect(settings.dialect, settings.override)
    module = InputModule(
        id=settings.id,
        name=settings.name,
        contacts=tuple(
            _contact(settings.id, contact) for contact in settings.inputs if isinstance(contact, ContactSettings)
        ),
        meters=tuple(_meter(settings.id, pulses) for pulses in settings.inputs if isinstance(pulses, PulseSettings)),
        in_intervals=dialect.counting is Counting.INTERVALS,
    )
    return DeclaredInput(module=module, dialect=dialect)


def _contact(module: str, settings: ContactSettings) -> Contact:
    input_ = settings.input - 1
    return Contact(
        id=f"{module}_{input_}",
        name=settings.name,
        module=module,
        input=input_,
        normally_closed=settings.normally_closed,
    )


def _meter(module: str, settings: PulseSettings) -> Meter:
    input_ = settings.input - 1
    return Meter(
        id=f"{module}_{input_}",
        sensor=module,
        serial=module,
        input=input_,
        medium=settings.medium,
        unit=UNITS[settings.medium] if settings.unit is None else settings.unit,
        pulses_per_unit=settings.pulses_per_unit,
        name=settings.name,
    )


def _at_this_gateway(modules: Modules, serial: str) -> Iterator[Problem]:
    """Say what no gateway, or not this one, can have."""
    count = len(modules.outputs) + len(modules.inputs)
    if count > MOST_MODULES:
        yield Problem(Wrong.TOO_MANY_MODULES, values={"count": str(count), "most": str(MOST_MODULES)})
    if count and serial and not serial.startswith(GENIUS_PREFIX):
        yield Problem(Wrong.NO_GENIUS, values={"serial": serial, "prefix": GENIUS_PREFIX})


def _one_by_one(settings: Settings, modules: Modules) -> Iterator[Problem]:
    """Say what is wrong inside each module."""
    for index, (output, declared_output) in enumerate(zip(settings.output_module, modules.outputs, strict=True)):
        for problem in (*_relay_problems(output), *output_problems(declared_output)):
            yield problem.within("output_module", index, output.name)
    for index, (inputs, declared_input) in enumerate(zip(settings.input_module, modules.inputs, strict=True)):
        for problem in (*_number_problems(inputs), *input_problems(declared_input)):
            yield problem.within("input_module", index, inputs.name)


def _relay_problems(settings: OutputSettings) -> Iterator[Problem]:
    if settings.combined and len(settings.relays) > 1:
        yield Problem(Wrong.NAMES_OF_COMBINED_RELAYS, ("relays",))
    if not settings.combined and settings.relays and len(settings.relays) != OUTPUTS:
        yield Problem(Wrong.NAMES_OF_SEPARATE_RELAYS, ("relays",), {"count": str(OUTPUTS)})
    if settings.combined and any(output > 1 for output in settings.normally_closed):
        yield Problem(Wrong.CONTACT_OF_COMBINED_RELAYS, ("normally_closed",))


def _number_problems(settings: InputSettings) -> Iterator[Problem]:
    for input_ in _repeated(input_.input for input_ in settings.inputs):
        yield Problem(Wrong.INPUT_TWICE, ("inputs",), {"input": str(input_)})


def _together(modules: Modules) -> Iterator[Problem]:
    """Say where modules are in each other's way."""
    ids = [output.module.id for output in modules.outputs] + [inputs.module.id for inputs in modules.inputs]
    for module in _repeated(ids):
        yield Problem(Wrong.MODULE_TWICE, values={"module": module})
    for meter in _repeated(meter.id for meter in modules.meters):
        yield Problem(Wrong.METER_TWICE, values={"meter": meter})
    told = [topic for output in modules.outputs for topic in state_topics_of_output(output)]
    told += [topic for inputs in modules.inputs for topic in state_topics_of_input(inputs)]
    taken = [topic for output in modules.outputs for topic in command_topics(output)]
    for topic in _repeated((*told, *taken)):
        yield Problem(Wrong.TOPIC_TWICE, values={"topic": topic, "placeholder": "{module}"})


def _repeated[T](things: Iterable[T]) -> list[T]:
    """Return what is there more than once."""
    return [thing for thing, count in Counter(things).items() if count > 1]
