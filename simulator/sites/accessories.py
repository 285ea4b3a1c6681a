"""What hangs on a gateway beside its CTs: gas and water sensors, Switches, Input and Output modules.

Plain descriptions; the providers of the same names bring them to life. Serial numbers of modules are invented.
"""

from dataclasses import dataclass
from typing import Final

from simulator.house.meter import Medium

MOST_MODULES: Final = 10
"""Input and Output modules together (the vendor's installation manual)."""


@dataclass(frozen=True, slots=True)
class PulseInput:
    """A meter's pulse output: ``pulses_per_m3`` is the wire's ``ppu`` with the unit m3."""

    medium: Medium
    pulses_per_m3: int


@dataclass(frozen=True, slots=True)
class GasWaterSensor:
    """A Gas & Water sensor: battery and radio, two pulse channels; None is a channel that is not used."""

    sensor_id: int
    serial_number: str
    channels: tuple[PulseInput | None, PulseInput | None]


@dataclass(frozen=True, slots=True)
class Switch:
    """A Smappee Switch: a plug that measures, on the circuit of the same name. It begins switched on.

    Its number as a sensor is not its node; the serial number (4006…) links the two (protocol facts 3.9, inferred).
    """

    node_id: int
    sensor_id: int
    name: str
    serial_number: str


@dataclass(frozen=True, slots=True)
class OutputModule:
    """Two relays on bus B and the circuit that each connects, "" for none.

    The same circuit twice is the combined use: both relays move together. ``node_id`` puts the module among the plugs.
    """

    serial_number: str
    circuits: tuple[str, str]
    node_id: int | None = None

    @property
    def combined(self) -> bool:
        """Whether both relays are one."""
        return self.circuits[0] == self.circuits[1]

    @property
    def topic(self) -> str:
        """Where it is commanded and tells its state, below the service location (invented, as is the other one)."""
        return f"outputmodule/{self.serial_number}" if self.node_id is None else f"plug/{self.node_id}"


@dataclass(frozen=True, slots=True)
class InputModule:
    """Four inputs on bus B: each counts a meter's pulses, or watches the contact of that name, or is not used."""

    sensor_id: int
    serial_number: str
    inputs: tuple[PulseInput | str | None, PulseInput | str | None, PulseInput | str | None, PulseInput | str | None]

    @property
    def pulse_inputs(self) -> tuple[PulseInput | None, ...]:
        """The inputs as pulse counters."""
        return tuple(each if isinstance(each, PulseInput) else None for each in self.inputs)

    @property
    def contacts(self) -> tuple[str, ...]:
        """The inputs as contacts, "" where there is none."""
        return tuple(each if isinstance(each, str) else "" for each in self.inputs)
