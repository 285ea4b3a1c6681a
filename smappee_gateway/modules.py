"""The Input and Output modules that their owner has declared, each with the dialect it is believed to speak."""

from dataclasses import dataclass, replace

from mqtt_schema.accessories import InputModule, Meter, OutputModule, Sensor, SwitchMeter
from mqtt_schema.dialects import InputDialect, OutputDialect
from mqtt_schema.model import Site
from mqtt_schema.quantities import Medium
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
class DeclaredMeter:
    """What its owner knows better of a meter than the gateway; None = what is told otherwise."""

    id: str
    """Identifier of the meter."""
    name: str | None = None
    medium: Medium | None = None
    unit: str | None = None
    pulses_per_unit: float | None = None
    offset: float | None = None

    def of(self, meter: Meter) -> Meter:
        """Return a meter as its owner knows it."""
        return replace(
            meter,
            name=meter.name if self.name is None else self.name,
            medium=self.medium or meter.medium,
            unit=meter.unit if self.unit is None else self.unit,
            pulses_per_unit=self.pulses_per_unit or meter.pulses_per_unit,
            offset=self.offset,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Modules:
    """Everything that is declared at one gateway. `module_settings` makes it of what people write."""

    outputs: tuple[DeclaredOutput, ...] = ()
    inputs: tuple[DeclaredInput, ...] = ()
    meters: tuple[DeclaredMeter, ...] = ()

    def site(self) -> Site:
        """Return a site of which nothing is known but what is declared."""
        site = Site(
            output_modules=tuple(declared.module for declared in self.outputs),
            input_modules=tuple(declared.module for declared in self.inputs),
        )
        return self.listed(site)

    def listed(
        self,
        site: Site,
        sensors: tuple[Sensor, ...] = (),
        meters: tuple[Meter, ...] = (),
        switch_meters: tuple[SwitchMeter, ...] = (),
    ) -> Site:
        """Return the site with what the gateway lists; what is declared wins."""
        site = with_listed(site, sensors, meters, switch_meters)
        known = {meter.id: meter for meter in self.meters}
        return replace(
            site, meters=tuple(known[meter.id].of(meter) if meter.id in known else meter for meter in site.meters)
        )


NO_MODULES = Modules()
