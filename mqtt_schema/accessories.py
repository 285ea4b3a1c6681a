"""What hangs on a gateway beside its CTs: plugs, sensors, and Input and Output modules."""

from dataclasses import dataclass

from mqtt_schema.quantities import Medium

SWITCH_PREFIX = "4006"
"""How serial numbers of Smappee Switches begin (seen in code)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plug:
    """A comfort plug or a Smappee Switch."""

    id: str
    name: str
    serial: str = ""
    """Serial number; comfort plugs have none."""

    @property
    def measures(self) -> bool:
        """It is a Smappee Switch, which hears, answers and measures; a comfort plug only listens (inferred)."""
        return self.serial.startswith(SWITCH_PREFIX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor:
    """A gas & water sensor: two pulse inputs, and what it feels of its surroundings. Or an Input module (inferred)."""

    id: str
    """Its serial number, or `sensor_<number>` when it tells none; of a declared Input module the module's id."""
    number: str
    """What the gateway calls it in its live messages."""
    serial: str = ""
    feels: bool = True
    """It tells temperature, humidity and its battery; a declared Input module does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """A meter whose pulses are counted."""

    id: str
    """`<sensor id>_<input>`."""
    sensor: str
    """Identifier of the sensor, or of the Input module, that counts."""
    serial: str
    """Serial number of that sensor."""
    input: int
    """From 0."""
    medium: Medium
    unit: str = ""
    """The unit as the gateway or the module's owner writes it, e.g. m3; empty when none is told."""
    pulses_per_unit: float | None = None
    """None when the gateway tells none that makes sense; the pulses are counted all the same."""
    name: str = ""
    """What its owner calls it; the gateway tells none."""
    offset: float | None = None
    """What to add to what was counted, in the unit shown, to have what the meter itself shows; None = not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchMeter:
    """The meter inside a Smappee Switch. The switch itself is a `Plug`; the serial number leads to it (inferred)."""

    id: str
    """Its serial number, or `switch_<number>` when it tells none."""
    number: str
    """What the gateway calls it in its live messages."""
    name: str
    serial: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """One relay of an Output module, or both when they act as one."""

    id: str
    """`<module id>_<output>`."""
    name: str
    module: str
    """Identifier of the module."""
    output: int
    """0 or 1; 0 when both act as one."""
    normally_closed: bool = False
    """What it switches hangs on the NC contact (manual §11), so it has power while the relay is at rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputModule:
    """Two relays, used apart or as one (manual §11). Its owner declares it: how a gateway lists it is unknown."""

    id: str
    """What stands for it in topics."""
    name: str
    relays: tuple[Relay, ...]
    joint: bool
    """One command writes both relays, so neither may be written without knowing the other."""
    tried: bool = False
    """Its owner has seen it obey (docs/modules.md); until then nothing switches it but a trial."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """An input of an Input module that shows a state."""

    id: str
    """`<module id>_<input>`."""
    name: str
    module: str
    """Identifier of the module."""
    input: int
    """From 0."""
    normally_closed: bool = False
    """At rest it is closed, so that open is what it reports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputModule:
    """Four inputs, each of them a pulse meter or a contact (manual §10). Its owner declares it."""

    id: str
    """What stands for it in topics, or in the gateway's list of sensors."""
    name: str
    contacts: tuple[Contact, ...] = ()
    meters: tuple[Meter, ...] = ()
    in_intervals: bool = False
    """Its pulses come as those of a gas & water sensor; else as counts that run on."""
