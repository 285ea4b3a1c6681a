"""Everything that can be configured, with the defaults that work untouched."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from pathlib import Path
from types import MappingProxyType

from energy_control.running import Settings as RunningSettings
from mqtt_schema.quantities import Quantity
from smappee_gateway.broker import Broker
from smappee_gateway.modules import NO_MODULES, Modules
from smappee_gateway.told_loads import NOTHING_TOLD, ToldLoads


class HomieVersion(Enum):
    """Which convention is spoken. openHAB and most others know 4 and not 5."""

    V4 = "4"
    V5 = "5"


class LogFormat(StrEnum):
    """How the log is written."""

    TEXT = "text"
    JSON = "json"
    """One object a line, for log collectors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """One gateway, and what its owner tells about its house."""

    broker: Broker
    """Its own, or the one it sends to."""
    serial: str | None = None
    """None = the only one that speaks there."""
    time_zone: str = "UTC"
    """IANA name; used while the gateway does not tell its own. Days and months begin in it."""
    loads: ToldLoads = NOTHING_TOLD
    running: Mapping[str, RunningSettings] = MappingProxyType({})
    """By load: when it counts as running; others have the usual settings."""
    modules: Modules = NO_MODULES


@dataclass(frozen=True, slots=True, kw_only=True)
class HomieSettings:
    """The Homie devices."""

    enabled: bool = True
    versions: frozenset[HomieVersion] = frozenset({HomieVersion.V4})
    prefix: str = "homie"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSettings:
    """The plain topics."""

    enabled: bool = True
    prefix: str = "smappee"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoverySettings:
    """Home Assistant's discovery: only for those who cannot install the component."""

    enabled: bool = False
    prefix: str = "homeassistant"
    per_device: bool = False
    """One payload for a whole device, as Home Assistant and openHAB from 5.2 on take it, instead of one per entity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often values of one quantity are worth a message."""

    deadband: float = 0.0
    """A smaller change waits, in the unit of the data point."""
    min_interval_s: float = 0.0
    """Two messages are at least so far apart; states that somebody switched never wait."""


USUAL_PACES: Mapping[Quantity, Pace] = MappingProxyType(
    {
        Quantity.POWER: Pace(deadband=5.0, min_interval_s=2.0),
        Quantity.APPARENT_POWER: Pace(deadband=10.0, min_interval_s=10.0),
        Quantity.REACTIVE_POWER: Pace(deadband=10.0, min_interval_s=10.0),
        Quantity.POWER_FACTOR: Pace(deadband=2.0, min_interval_s=10.0),
        Quantity.CURRENT: Pace(deadband=0.2, min_interval_s=2.0),
        Quantity.VOLTAGE: Pace(deadband=1.0, min_interval_s=10.0),
        Quantity.FREQUENCY: Pace(deadband=0.02, min_interval_s=10.0),
        Quantity.ENERGY: Pace(deadband=0.005, min_interval_s=10.0),
        Quantity.VOLUME_FLOW: Pace(min_interval_s=10.0),
        Quantity.SHARE: Pace(deadband=1.0, min_interval_s=60.0),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficSettings:
    """What is left out so that brokers and databases stay small."""

    paces: Mapping[Quantity, Pace] = USUAL_PACES
    """Quantities that are not named are published whenever they change."""
    settle_s: float = 60.0
    """A change that a deadband holds back is published after this time all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """The status page, /health and /metrics."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: int = 8480


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole configuration."""

    target: Broker
    """Where everything is published."""
    gateways: tuple[GatewaySettings, ...]
    """At least one."""
    all_points: bool = False
    """Whether data points that are not shown unasked are published, too."""
    homie: HomieSettings = field(default_factory=HomieSettings)
    topics: TopicSettings = field(default_factory=TopicSettings)
    discovery: DiscoverySettings = field(default_factory=DiscoverySettings)
    traffic: TrafficSettings = field(default_factory=TrafficSettings)
    web: WebSettings = field(default_factory=WebSettings)
    state_folder: Path | None = None
    """Where totals are kept over restarts; None = the usual place of this system's services and users."""
    log: LogFormat = LogFormat.TEXT
