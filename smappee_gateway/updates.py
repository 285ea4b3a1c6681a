"""Site updates: what a decoder makes of one message, in domain terms, whatever the transport was.

Each update names the `location` it speaks for, so that a session can leave other gateways and child locations alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mqtt_schema.model import Channel, ChannelReading, Identity, Plug
from mqtt_schema.quantities import Phase, Topology


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityUpdate:
    """The gateway says who it is."""

    identity: Identity

    @property
    def location(self) -> str:
        """The location this update speaks for."""
        return self.identity.location


@dataclass(frozen=True, slots=True, kw_only=True)
class TopologyUpdate:
    """The gateway says what it measures."""

    location: str
    topology: Topology
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugsUpdate:
    """The gateway says what it can switch."""

    location: str
    plugs: tuple[Plug, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingsUpdate:
    """One moment of all channels.

    `measured_at` is the gateway's time in seconds since the epoch, None when the gateway sends none.
    A channel that is not in `channels` is missing from this moment: unknown, not zero.
    """

    location: str
    measured_at: float | None
    channels: Mapping[int, ChannelReading]
    voltage_v: Mapping[Phase, float]
    frequency_hz: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlwaysOnUpdate:
    """The gateway's estimate of the always-on power, W."""

    location: str
    always_on_w: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceUpdate:
    """The gateway believes that somebody is (not) at home."""

    location: str
    present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugStateUpdate:
    """A plug reports its relay: the echo of a command, or somebody else's doing."""

    location: str
    plug: str
    on: bool
    retained: bool = False
    """A retained state is a memory, so it never confirms a command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugConnectionUpdate:
    """A plug reports whether the gateway can reach it."""

    location: str
    plug: str
    connected: bool


type SiteUpdate = (
    ReadingsUpdate
    | IdentityUpdate
    | TopologyUpdate
    | PlugsUpdate
    | AlwaysOnUpdate
    | PresenceUpdate
    | PlugStateUpdate
    | PlugConnectionUpdate
)
