"""The kinds of gateway to choose from."""

from typing import Final

from simulator.gateway.counters import BootCounters, LifetimeCounters, WattSecondCounters
from simulator.gateway.genius import Genius
from simulator.gateway.input_modules import InputModules
from simulator.gateway.output_modules import OutputModules
from simulator.gateway.plugs import Plugs
from simulator.gateway.plus import Plus
from simulator.gateway.presence import Presence
from simulator.gateway.profile import Profile
from simulator.gateway.pulse_sensors import PulseSensors
from simulator.gateway.solar_monitor import SolarMonitor
from simulator.gateway.stamps import unaligned, whole_seconds
from simulator.gateway.switches import Switches
from simulator.sites.site import GatewayKind

GENIUS: Final = Profile(
    kind=GatewayKind.GENIUS,
    title="Genius",
    serial_prefix="50",
    wire=Genius,
    counters=LifetimeCounters,
    stamps=whole_seconds,
    providers=(Presence, Plugs, Switches, PulseSensors, OutputModules, InputModules),
    providers_after_ms=3400,
    realtime_after_ms=4000,
)

PLUS: Final = Profile(
    kind=GatewayKind.PLUS,
    title="Plus",
    serial_prefix="20",
    wire=Plus,
    counters=BootCounters,
    stamps=unaligned,
    providers=(Presence, Plugs, Switches, PulseSensors),
    providers_after_ms=1600,
    realtime_after_ms=3000,
)

SOLAR: Final = Profile(
    kind=GatewayKind.SOLAR,
    title="Solar",
    serial_prefix="11",
    wire=SolarMonitor,
    counters=WattSecondCounters,
    stamps=unaligned,
    providers=(),
    providers_after_ms=1600,
    realtime_after_ms=3000,
)

PROFILES: Final = {profile.kind: profile for profile in (GENIUS, PLUS, SOLAR)}
