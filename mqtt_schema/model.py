"""The domain model: what is installed, for every kind of gateway."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from mqtt_schema.accessories import Contact, InputModule, Meter, OutputModule, Plug, Relay, Sensor, SwitchMeter
from mqtt_schema.quantities import CONSUMING, Phase, Role, Topology


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
    parent: str = ""
    """Identifier of the load that contains its load; empty when none does, or its owner has not told."""

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
    parent: str = ""
    """Identifier of the load that contains it, which measures it, too; empty when none does."""


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
            Load(
                id=min(channel.key for channel in group),
                name=name,
                role=role,
                channels=tuple(group),
                parent=group[0].parent,
            )
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

    @cached_property
    def cars(self) -> tuple[int, ...]:
        """Indexes of the channels that measure charging points of electric cars."""
        return self._indexes(Role.EV)

    @cached_property
    def uncontained(self) -> tuple[int, ...]:
        """Indexes of the channels whose loads no other load contains; together they are what is measured of the use."""
        return tuple(channel.index for channel in self.channels if channel.role in CONSUMING and not channel.parent)

    def _indexes(self, role: Role) -> tuple[int, ...]:
        return tuple(channel.index for channel in self.channels if channel.role is role)
