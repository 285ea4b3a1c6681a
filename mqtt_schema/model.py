"""The domain model: what is installed (`Site`) and what it reads now (`Readings`), for every kind of gateway."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from mqtt_schema.quantities import Medium, Phase, Role, Topology


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the gateway is."""

    serial: str
    location: str
    """Identifier of the service location; on MQTT the uuid of the topics."""
    location_number: int | None = None
    firmware: str = ""
    time_zone: str = ""
    booted_at: float | None = None
    """Boot stamp, seconds since the epoch. It changes exactly when the gateway restarts."""

    @property
    def model(self) -> str:
        """Product name by serial prefix (protocol facts §1.2); empty when the prefix is unknown."""
        return next((name for prefix, name in _MODELS if self.serial.startswith(prefix)), "")

    def is_child_of(self, other: "Identity") -> bool:
        """Tell whether this location was made after another one of the same gateway (lowest number first; inferred)."""
        return self.location != other.location and (self.location_number or 0) >= (other.location_number or 0)


_HUB_INPUTS = "ABCD"

SWITCH_PREFIX = "4006"
"""How serial numbers of Smappee Switches begin (seen in code)."""

_MODELS = (
    ("50", "Genius"),
    ("51", "Connect"),
    ("20", "Plus"),
    ("10", "Energy"),
    ("11", "Solar"),
    ("57", "P1/S1 module"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One CT."""

    index: int
    """The number the gateway uses in its live messages; it may change when CTs are added."""
    key: str
    """Where the CT is plugged in (`<hub serial>_<input>`); stable as long as nobody moves the plug."""
    name: str
    role: Role
    phase: Phase | None = None
    ct_type: str = ""
    reversed: bool = False
    balanced: bool = False
    """The gateway says that the CT stands for three equal phases; recorded, not applied (its meaning is inferred)."""
    hub: str = ""
    """Serial number of the CT hub (Genius); empty where the gateway itself has the inputs."""
    input: int | None = None
    """Which input of the hub, or of the gateway, from 0; None when that is not told."""
    sends_apparent: bool = False
    """Apparent power and power factor come with its live values (Genius)."""

    @property
    def place(self) -> str:
        """Where it is plugged in, as installers write it: `5500001259/D`, the letters as printed on a hub, or `3`."""
        if self.input is None:
            return ""
        if not self.hub or self.input >= len(_HUB_INPUTS):
            return str(self.input)
        return f"{self.hub}/{_HUB_INPUTS[self.input]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What the user gave one name: a circuit, an appliance, an inverter; one to three CTs."""

    id: str
    """The smallest key of its channels: survives renaming."""
    name: str
    role: Role
    channels: tuple[Channel, ...]


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
    """What the owner of an Input module calls it; the gateway tells none."""


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


@dataclass(frozen=True, kw_only=True)
class Site:
    """Everything that is installed. Immutable: a change of installation makes a new site."""

    identity: Identity | None = None
    topology: Topology = Topology.UNKNOWN
    channels: tuple[Channel, ...] = ()
    plugs: tuple[Plug, ...] = ()
    sensors: tuple[Sensor, ...] = ()
    meters: tuple[Meter, ...] = ()
    """The pulse inputs of Input modules too."""
    switch_meters: tuple[SwitchMeter, ...] = ()
    output_modules: tuple[OutputModule, ...] = ()
    input_modules: tuple[InputModule, ...] = ()
    phases: tuple[Phase, ...] = ()
    """The lines that have shown a voltage; 0 V means "not connected"."""

    @cached_property
    def loads(self) -> tuple[Load, ...]:
        """Channels grouped by role and name, in the order of their first channel."""
        groups: dict[tuple[Role, str], list[Channel]] = {}
        for channel in self.channels:
            groups.setdefault((channel.role, channel.name), []).append(channel)
        return tuple(
            Load(id=min(channel.key for channel in group), name=name, role=role, channels=tuple(group))
            for (role, name), group in groups.items()
        )

    @cached_property
    def load_by_id(self) -> Mapping[str, Load]:
        """Loads by their identifier."""
        return {load.id: load for load in self.loads}

    @cached_property
    def channel_by_key(self) -> Mapping[str, Channel]:
        """Channels by where they are plugged in."""
        return {channel.key: channel for channel in self.channels}

    @cached_property
    def plug_by_id(self) -> Mapping[str, Plug]:
        """Plugs by their identifier."""
        return {plug.id: plug for plug in self.plugs}

    @cached_property
    def sensor_by_id(self) -> Mapping[str, Sensor]:
        """Gas & water sensors by their identifier."""
        return {sensor.id: sensor for sensor in self.sensors}

    @cached_property
    def meter_by_id(self) -> Mapping[str, Meter]:
        """Pulse meters by their identifier."""
        return {meter.id: meter for meter in self.meters}

    @cached_property
    def switch_meter_by_id(self) -> Mapping[str, SwitchMeter]:
        """Meters of switches by their identifier."""
        return {meter.id: meter for meter in self.switch_meters}

    @cached_property
    def output_module_by_id(self) -> Mapping[str, OutputModule]:
        """Output modules by their identifier."""
        return {module.id: module for module in self.output_modules}

    @cached_property
    def relay_by_id(self) -> Mapping[str, Relay]:
        """Relays of all Output modules by their identifier."""
        return {relay.id: relay for module in self.output_modules for relay in module.relays}

    @cached_property
    def input_module_by_id(self) -> Mapping[str, InputModule]:
        """Input modules by their identifier."""
        return {module.id: module for module in self.input_modules}

    @cached_property
    def contact_by_id(self) -> Mapping[str, Contact]:
        """Contacts of all Input modules by their identifier."""
        return {contact.id: contact for module in self.input_modules for contact in module.contacts}

    @cached_property
    def grid(self) -> tuple[int, ...]:
        """Indexes of the channels that measure the grid connection."""
        return self._indexes(Role.GRID)

    @cached_property
    def solar(self) -> tuple[int, ...]:
        """Indexes of the channels that measure solar production."""
        return self._indexes(Role.SOLAR)

    @cached_property
    def battery(self) -> tuple[int, ...]:
        """Indexes of the channels that measure batteries."""
        return self._indexes(Role.BATTERY)

    def _indexes(self, role: Role) -> tuple[int, ...]:
        return tuple(channel.index for channel in self.channels if channel.role is role)


class ChannelReading(Protocol):
    """One channel at one moment; None = not given. Decoders bring their own class, so that nothing is copied."""

    @property
    def power_w(self) -> float | None:
        """Active power in W, sign as in `quantities`."""

    @property
    def import_j(self) -> float | None:
        """Counter as sent, in J; totals that people see come from `Readings.load_energy`."""

    @property
    def export_j(self) -> float | None:
        """Counter as sent, in J."""

    @property
    def current_a(self) -> float | None:
        """RMS current in A, without a sign."""

    @property
    def apparent_va(self) -> float | None:
        """Apparent power in VA, without a sign."""

    @property
    def power_factor_percent(self) -> float | None:
        """Power factor in %, with the sign of the power; made of noise where the apparent power is 0 (captured)."""


class LoadEnergy(Protocol):
    """Totals of one load; None until its counters have proved themselves."""

    @property
    def import_j(self) -> float | None:
        """Energy used (load) or produced (solar) in J."""

    @property
    def export_j(self) -> float | None:
        """Energy given back in J."""


@dataclass(slots=True)
class SitePower:
    """Powers of the whole house in watt, signs as in `quantities`; None when a channel needed for it is missing."""

    grid_w: float | None = None
    solar_w: float | None = None
    battery_w: float | None = None
    house_w: float | None = None


@dataclass(slots=True)
class SiteEnergy:
    """Energies of the whole house in joule, integrated by us since the first message; None = not yet measured."""

    import_j: float | None = None
    export_j: float | None = None
    solar_j: float | None = None
    charged_j: float | None = None
    discharged_j: float | None = None
    house_j: float | None = None
    approximated: bool = False
    """Part of the totals was filled in from counters because messages were missing."""


@dataclass(slots=True)
class PlugReading:
    """State of a plug; None = not yet told. `connected` is only sent by Smappee Switches."""

    on: bool | None = None
    connected: bool | None = None


@dataclass(slots=True)
class RelayReading:
    """State of a relay; None = not told since the gateway's last start, or neither on nor off."""

    on: bool | None = None
    assumed: bool = True
    """It may differ from what the relay does: its module has not answered a command yet, or not the latest."""


@dataclass(slots=True)
class SensorReading:
    """What a gas & water sensor feels; None = not told, or impossible."""

    temperature_c: float | None = None
    humidity_percent: float | None = None
    battery_percent: float | None = None


@dataclass(slots=True)
class Readings:
    """The live values of a site. Written by the session only, read by everyone."""

    channels: Mapping[int, ChannelReading] = field(default_factory=dict)
    voltage_v: Mapping[Phase, float] = field(default_factory=dict)
    frequency_hz: float | None = None
    site_power: SitePower = field(default_factory=SitePower)
    site_energy: SiteEnergy = field(default_factory=SiteEnergy)
    load_energy: Mapping[str, LoadEnergy] = field(default_factory=dict)
    """By load identifier."""
    always_on_w: float | None = None
    presence: bool | None = None
    plugs: dict[str, PlugReading] = field(default_factory=dict)
    relays: dict[str, RelayReading] = field(default_factory=dict)
    """By relay identifier; every declared relay is in it."""
    contacts: dict[str, bool | None] = field(default_factory=dict)
    """By contact identifier; every declared contact is in it. True = not as at rest; None = not told."""
    sensors: dict[str, SensorReading] = field(default_factory=dict)
    """By sensor identifier."""
    meter_pulses: Mapping[str, float] = field(default_factory=dict)
    """Pulses by meter identifier, counted since the meter was first seen."""
    meter_pulses_per_s: dict[str, float | None] = field(default_factory=dict)
    """By meter identifier, the mean of the latest interval; None = not told. Running counts tell none."""
    switch_energy_j: Mapping[str, float] = field(default_factory=dict)
    """Energy in J by switch meter identifier, counted since it was first seen."""
