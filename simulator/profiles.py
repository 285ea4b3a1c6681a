"""The kinds of gateway to choose from."""

from typing import Final

from simulator.counters import BootCounters, LifetimeCounters, WattSecondCounters
from simulator.genius import Genius
from simulator.input_modules import InputModules
from simulator.output_modules import OutputModules
from simulator.plugs import Plugs
from simulator.plus import Plus
from simulator.presence import Presence
from simulator.profile import Profile
from simulator.pulse_sensors import PulseSensors
from simulator.site import GatewayKind
from simulator.solar_monitor import SolarMonitor
from simulator.stamps import unaligned, whole_seconds
from simulator.switches import Switches

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
