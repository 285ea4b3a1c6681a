"""Site updates: what a decoder makes of one message, in domain terms, whatever the transport was.

Each update names the `location` it speaks for, so that a session can leave other gateways and child locations alone.
"""

from collections.abc import Mapping

import msgspec

from mqtt_schema.accessories import Meter, Plug, Sensor, SwitchMeter
from mqtt_schema.model import Channel, Identity
from mqtt_schema.quantities import Phase, Topology
from mqtt_schema.readings import ChannelReading


class IdentityUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """The gateway says who it is."""

    identity: Identity

    @property
    def location(self) -> str:
        """The location this update speaks for."""
        return self.identity.location


class TopologyUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """The gateway says what it measures."""

    location: str
    topology: Topology
    channels: tuple[Channel, ...]


class PlugsUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """The gateway says what it can switch."""

    location: str
    plugs: tuple[Plug, ...]


class ReadingsUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """One moment of all channels.

    `measured_at` is the gateway's time in seconds since the epoch, None when the gateway sends none.
    A channel that is not in `channels` is missing from this moment: unknown, not zero.
    """

    location: str
    measured_at: float | None
    channels: Mapping[int, ChannelReading]
    voltage_v: Mapping[Phase, float]
    frequency_hz: float | None = None


class AlwaysOnUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """The gateway's estimate of the always-on power, W."""

    location: str
    always_on_w: float
    ended_at: float
    """End of its interval, seconds since the epoch: intervals may come late."""


class PresenceUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """The gateway believes that somebody is (not) at home."""

    location: str
    present: bool


class PlugStateUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """A plug reports its relay: the echo of a command, or somebody else's doing."""

    location: str
    plug: str
    on: bool
    retained: bool = False
    """A retained state is a memory, so it never confirms a command."""


class PlugConnectionUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """A plug reports whether the gateway can reach it."""

    location: str
    plug: str
    connected: bool


class ModuleStateUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """An Output module reports relays: the echo of a command, or somebody else's doing."""

    location: str
    module: str
    states: Mapping[int, bool | None]
    """By output, those that the message tells of; None = neither on nor off, as two relays that ought to be as one."""
    retained: bool = False
    """A retained state is a memory, so it never confirms a command."""


class ModuleInputsUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """An Input module reports inputs, those that the message tells of."""

    location: str
    module: str
    closed: Mapping[int, bool | None]
    """Contacts by input; None = in a word that says nothing."""
    counts: Mapping[int, float]
    """Running counts of pulses by input."""


class SensorsUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """The gateway says what it counts and measures besides CTs."""

    location: str
    sensors: tuple[Sensor, ...]
    meters: tuple[Meter, ...]
    switch_meters: tuple[SwitchMeter, ...]


class SensorInterval(msgspec.Struct, frozen=True, kw_only=True):
    """What one gas & water sensor counted and felt; None = not told, or impossible."""

    number: str
    ended_at: float | None
    """Seconds since the epoch; None when the gateway sends none."""
    pulses: tuple[float | None, ...]
    """Of each input, in this interval."""
    temperature_c: float | None = None
    humidity_percent: float | None = None
    battery_percent: float | None = None


class SensorIntervalsUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """Intervals of gas & water sensors; they may be late, and in any order."""

    location: str
    intervals: tuple[SensorInterval, ...]


class SwitchEnergy(msgspec.Struct, frozen=True, kw_only=True):
    """What one switch measured in an interval, in J; None = not told, or impossible."""

    number: str
    ended_at: float | None
    energy_j: float | None


class SwitchEnergyUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """Intervals of switches; they may be late, and in any order."""

    location: str
    energies: tuple[SwitchEnergy, ...]


type SiteUpdate = (
    ReadingsUpdate
    | IdentityUpdate
    | TopologyUpdate
    | PlugsUpdate
    | AlwaysOnUpdate
    | PresenceUpdate
    | PlugStateUpdate
    | PlugConnectionUpdate
    | ModuleStateUpdate
    | ModuleInputsUpdate
    | SensorsUpdate
    | SensorIntervalsUpdate
    | SwitchEnergyUpdate
)
