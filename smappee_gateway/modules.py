"""The Input and Output modules that their owner has declared, each with the dialect it is believed to speak."""

from dataclasses import dataclass

from mqtt_schema.accessories import InputModule, OutputModule
from mqtt_schema.dialects import InputDialect, OutputDialect
from mqtt_schema.model import Site
from smappee_gateway.declared_inputs import with_listed

MOST_MODULES = 10
"""Input and Output modules together, at one gateway (manual §10, §11)."""
INPUTS, OUTPUTS = 4, 2
"""Of one Input and of one Output module (manual §10, §11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredOutput:
    """An Output module and how to talk to it."""

    module: OutputModule
    dialect: OutputDialect


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredInput:
    """An Input module and how to understand it."""

    module: InputModule
    dialect: InputDialect


@dataclass(frozen=True, slots=True, kw_only=True)
class Modules:
    """Everything that is declared at one gateway. `module_settings` makes it of what people write."""

    outputs: tuple[DeclaredOutput, ...] = ()
    inputs: tuple[DeclaredInput, ...] = ()

    def site(self) -> Site:
        """Return a site of which nothing is known but what is declared."""
        return with_listed(
            Site(
                output_modules=tuple(declared.module for declared in self.outputs),
                input_modules=tuple(declared.module for declared in self.inputs),
            )
        )


NO_MODULES = Modules()
