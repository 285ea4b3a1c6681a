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
from smappee_gateway.errors import ModuleSettingsError
from smappee_gateway.module_schema import (
    ContactSettings,
    InputSettings,
    OutputSettings,
    PulseSettings,
    Settings,
    read_settings,
)
from smappee_gateway.modules import MOST_MODULES, OUTPUTS, DeclaredInput, DeclaredMeter, DeclaredOutput, Modules

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
    """Read modules from a TOML file; raises ModuleSettingsError. `serial` is that of the gateway, when it is known."""
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModuleSettingsError([f"{file} cannot be read: {error.strerror}"]) from error
    except ValueError as error:
        raise ModuleSettingsError([f"{file} is not TOML: {error}"]) from error
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


def _at_this_gateway(modules: Modules, serial: str) -> Iterator[str]:
    """Say what no gateway, or not this one, can have."""
    count = len(modules.outputs) + len(modules.inputs)
    if count > MOST_MODULES:
        yield f"{count} modules: a gateway has at most {MOST_MODULES} Input and Output modules together"
    if count and serial and not serial.startswith(GENIUS_PREFIX):
        yield (
            f"gateway {serial}: Input and Output modules need a Gateway Module Advanced (Genius),"
            f" whose serial number begins with {GENIUS_PREFIX}"
        )


def _one_by_one(settings: Settings, modules: Modules) -> Iterator[str]:
    """Say what is wrong inside each module."""
    for number, (output, declared_output) in enumerate(zip(settings.output_module, modules.outputs, strict=True), 1):
        where = f"output_module {number} ({output.name})"
        yield from (f"{where}, {problem}" for problem in (*_relay_problems(output), *output_problems(declared_output)))
    for number, (inputs, declared_input) in enumerate(zip(settings.input_module, modules.inputs, strict=True), 1):
        where = f"input_module {number} ({inputs.name})"
        yield from (f"{where}, {problem}" for problem in (*_number_problems(inputs), *input_problems(declared_input)))


def _relay_problems(settings: OutputSettings) -> Iterator[str]:
    relays = 1 if settings.combined else OUTPUTS
    if settings.relays and len(settings.relays) != relays:
        yield f"relays: {'combined relays' if settings.combined else 'separate relays'} have {relays} name(s)"
    if any(output > relays for output in settings.normally_closed):
        yield "normally_closed: relays that act as one are relay 1"


def _number_problems(settings: InputSettings) -> Iterator[str]:
    for input_ in _repeated(input_.input for input_ in settings.inputs):
        yield f"inputs: input {input_} is there twice"


def _together(modules: Modules) -> Iterator[str]:
    """Say where modules are in each other's way."""
    ids = [output.module.id for output in modules.outputs] + [inputs.module.id for inputs in modules.inputs]
    for module in _repeated(ids):
        yield f"id {module}: two modules have it"
    for meter in _repeated(meter.id for meter in modules.meters):
        yield f"meter {meter}: it is there twice"
    told = [topic for output in modules.outputs for topic in state_topics_of_output(output)]
    told += [topic for inputs in modules.inputs for topic in state_topics_of_input(inputs)]
    taken = [topic for output in modules.outputs for topic in command_topics(output)]
    for topic in _repeated((*told, *taken)):
        yield f"topic {topic}: it stands for two things; {{module}} in it makes it different for each module"


def _repeated[T](things: Iterable[T]) -> list[T]:
    """Return what is there more than once."""
    return [thing for thing, count in Counter(things).items() if count > 1]
